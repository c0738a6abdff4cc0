#!/usr/bin/node
// A bot for match-run. Your part is choose(); the protocol is in matchbot.js, which you need not read.
"use strict";
const { play, dice, pick } = require("./matchbot");	// first: from here on console.log() goes to your log

// ------------------------------------ YOUR STRATEGY ------------------------------------

// Returns your action for one turn (or a promise of it).
// view is what the game shows you, e.g. {"you": 0, "legal": ["up", "left"], ...}; console.log(view) shows it.
// Any element of view.legal is an action; the game's description may know others.
// dice(6) is a random number from 0 to 5, pick(list) a random element; BOT_SEED makes them the same again.
function choose(view) {
	return pick(view.legal);
}

// Called once after the match if bot.json says "final": true; end is {"you": 0, "ranks": [1, 2], "scores": ...}.
function finished(end) {
}

// ---------------------------------------------------------------------------------------

play(choose, finished);
