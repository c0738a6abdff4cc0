#!/usr/bin/node
/*
 * Chess as a game for match-run: it speaks match-protocol(7) on its standard input and output. The rules are those of
 * chess.js from npm; "npm ci" in this folder installs it.
 *
 * Views and actions, one JSON value each:
 *   to the player who moves   {"you": 1, "color": "b", "fen": "rnbqkbnr/... now", "start": "startpos",
 *                              "moves": ["e2e4"], "last": "e2e4", "legal": ["e7e5", ...]}
 *   from him                  "e7e5", "e7e8q" to promote, "e1g1" to castle   or   {"move": "e7e5"}
 * Moves are written as in UCI; an action may be in the short notation of PGN, too, such as "Nf3", "exd8=Q" or "O-O",
 * which is how some engines castle. "start" is what the position command of UCI takes: "startpos", or "fen " and what
 * the option "fen" says; "last" is null before the first move. Player 0 is white. A player who gives no action plays
 * the first of "legal".
 *
 * Mate and stalemate, and without being claimed the third repetition, fifty moves without capture or pawn move, too
 * little material to mate, and the option "max_plies" (half moves of this game) end the game.
 */
"use strict";

const readline = require("node:readline");
const { Chess, DEFAULT_POSITION } = require("chess.js");

const lines = readline.createInterface({ input: process.stdin, crlfDelay: Infinity })[Symbol.asyncIterator]();

function say(message) {
	process.stdout.write(JSON.stringify(message) + "\n");
}

async function hear() {
	const line = await lines.next();
	if (line.done)
		process.exit(0);	// the match is over
	return JSON.parse(line.value);
}

function fail(why) {
	console.error(why);
	process.exit(1);
}

/* At most 100 characters of what a stranger sent, in ASCII. */
function quote(action) {
	const ascii = JSON.stringify(action).slice(0, 100).replace(/[^ -~]/g,
		(character) => "\\u" + character.charCodeAt(0).toString(16).padStart(4, "0"));
	return ascii.slice(0, 100);
}

function openBoard(fen) {
	try {
		return new Chess(fen);
	} catch (error) {
		return fail(`option fen: ${error.message}`);
	}
}

function readOptions({ fen = null, max_plies: maxPlies = 400 }) {
	if (fen !== null && typeof fen !== "string")
		fail("option fen: a position in Forsyth-Edwards notation, or null");
	if (!Number.isInteger(maxPlies) || maxPlies < 1 || maxPlies > 10000)
		fail("option max_plies: a whole number, 1 to 10000");
	return { fen, maxPlies, chess: openBoard(fen ?? DEFAULT_POSITION) };
}

/* Why a game is over: [the reason, and whether the side to move has lost], or null. */
function ending(chess, plies, maxPlies) {
	const reasons = [
		[() => chess.isCheckmate(), "checkmate", true],
		[() => chess.isStalemate(), "stalemate"],
		[() => chess.isInsufficientMaterial(), "insufficient material"],
		[() => chess.isThreefoldRepetition(), "threefold repetition"],
		[() => chess.isDrawByFiftyMoves(), "fifty moves"],
		[() => plies >= maxPlies, "move limit"],
	];
	const found = reasons.find(([holds]) => holds());
	return found ? { why: found[1], lost: Boolean(found[2]) } : null;
}

/* The legal move that an action names, or undefined. */
function moveOf(action, legal) {
	const text = typeof action === "object" && action !== null ? action.move : action;
	if (typeof text !== "string")
		return undefined;
	const plain = (san) => san.replace(/[+#]$/, "");
	return legal.find((move) => move.lan === text || plain(move.san) === plain(text));
}

async function ask(id, player, view, legal) {
	say({ t: "ask", id, to: { [player]: view }, default: { [player]: legal[0].lan } });
	for (;;) {
		const { acts } = await hear();
		if (!Object.hasOwn(acts, player))
			return legal[0];
		const move = moveOf(acts[player], legal);
		if (move)
			return move;
		say({ t: "bad", player, why: `no legal move: ${quote(acts[player])}` });
	}
}

/* The board as 8 strings, from white's side, '.' for an empty square. */
function picture(chess) {
	return chess.board().map((row) => row.map((square) =>
		!square ? "." : square.color === "w" ? square.type.toUpperCase() : square.type).join(""));
}

function show(chess, names, move, note, more = {}) {
	const board = picture(chess);
	const rows = board.map((row, index) => `${8 - index}  ${[...row].join(" ")}`);
	const text = [...rows, "   a b c d e f g h", `white (capitals) ${names[0]}   black ${names[1]}   ${note}`];
	say({ t: "frame", view: { board, fen: chess.fen(), last: move?.lan ?? null, san: move?.san ?? null, ...more,
		text: text.join("\n") + "\n" } });
}

function pgn(chess, names, start, result) {
	const tag = (text) => text.replace(/["\\]/g, "\\$&");
	for (const [name, value] of [["White", tag(names[0])], ["Black", tag(names[1])], ["Result", result],
		...(start === "startpos" ? [] : [["SetUp", "1"], ["FEN", start.slice(4)]])])
		chess.setHeader(name, value);
	return chess.pgn();
}

/* How the end counts, for white and black. */
function outcome(chess, lost) {
	if (!lost)
		return { result: "1/2-1/2", ranks: [1, 1], scores: [0.5, 0.5] };
	return chess.turn() === "b" ? { result: "1-0", ranks: [1, 2], scores: [1, 0] } :
		{ result: "0-1", ranks: [2, 1], scores: [0, 1] };
}

async function play(names, { fen, maxPlies, chess }) {
	const start = fen === null ? "startpos" : `fen ${chess.fen()}`;
	const moves = [];
	let last = null;
	let note = "start";
	let end;
	while (!(end = ending(chess, moves.length, maxPlies))) {
		show(chess, names, last, note);
		const player = chess.turn() === "w" ? 0 : 1;
		const number = `${chess.moveNumber()}${player === 0 ? "." : "..."}`;
		const legal = chess.moves({ verbose: true });
		const view = { you: player, color: chess.turn(), fen: chess.fen(), start, moves, last: last?.lan ?? null,
			legal: legal.map((move) => move.lan) };
		last = await ask(moves.length, player, view, legal);
		chess.move(last);
		moves.push(last.lan);
		note = `${number} ${last.san}`;
	}
	const { result, ranks, scores } = outcome(chess, end.lost);
	show(chess, names, last, `${note}: ${result}, ${end.why}`, { result, pgn: pgn(chess, names, start, result) });
	say({ t: "end", ranks, scores, why: end.why });
}

async function main() {
	const init = await hear();
	const names = init.players.map((player) => player.name);
	if (names.length !== 2)
		fail("chess is for two players");
	const options = readOptions(init.options ?? {});
	say({ t: "ready" });
	await play(names, options);
	await hear();		// stay until the runner closes
}

main();
