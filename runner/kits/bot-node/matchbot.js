// The bot's side of match-protocol(7): one view a line in, one action a line out. It never plays.
"use strict";
const fs = require("fs");

// Answers are written to descriptor 1 by say() alone; what else would print there goes to the log.
Object.defineProperty(process, "stdout", { get: () => process.stderr });
globalThis.console = new console.Console(process.stderr, process.stderr);

function say(line) {
	let bytes = Buffer.from(line + "\n");
	while (bytes.length > 0) {
		try {
			bytes = bytes.subarray(fs.writeSync(1, bytes));
		} catch (error) {
			if (error.code !== "EAGAIN")	// a pipe that is full for a moment
				throw error;
		}
	}
}

// A generator of random numbers (splitmix64) that starts from the text of BOT_SEED.
const mask = (1n << 64n) - 1n;
let state = BigInt("0x" + require("crypto").createHash("sha256")
	.update(process.env.BOT_SEED ?? require("crypto").randomBytes(8)).digest("hex").slice(0, 16));

function dice(sides) {
	state = (state + 0x9e3779b97f4a7c15n) & mask;
	let mixed = ((state ^ (state >> 30n)) * 0xbf58476d1ce4e5b9n) & mask;
	mixed = ((mixed ^ (mixed >> 27n)) * 0x94d049bb133111ebn) & mask;
	return Number((mixed ^ (mixed >> 31n)) % BigInt(sides));
}

function pick(list) {
	return list[dice(list.length)];
}

// Lines end at "\n" only: the readline module would also split at U+2028, which JSON allows inside a string.
async function* lines(stream) {
	let parts = [];
	stream.setEncoding("utf8");
	for await (const chunk of stream) {
		const pieces = chunk.split("\n");
		for (const piece of pieces.slice(0, -1)) {
			yield parts.join("") + piece;
			parts = [];
		}
		parts.push(pieces[pieces.length - 1]);
	}
}

// Answers every view until the end of input. An exception in choose() is not caught: it ends the bot with status 1.
async function play(choose, finished = () => {}) {
	say("__READY__");
	for await (const line of lines(process.stdin)) {
		const view = JSON.parse(line);
		if (Object.keys(view).join() === "end") {
			await finished(view.end);
			continue;
		}
		const answer = JSON.stringify(await choose(view));
		if (answer === undefined || answer === "null")
			throw new TypeError("choose() returned nothing: does every path through it end in a return?");
		say(answer);
	}
	process.exit(0);
}

module.exports = { play, dice, pick };
