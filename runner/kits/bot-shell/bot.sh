#!/bin/sh
# A bot for match-run. Your part is choose(); the protocol is in matchbot.sh, which you need not read.
. ./matchbot.sh		# first: from here on what you echo goes to standard error, your log

# ------------------------------------ YOUR STRATEGY ------------------------------------

# Sets answer to your action for one turn, as JSON text.
# $view is what the game shows you, e.g. {"you": 0, "legal": ["up", "left"], ...}; echo "$view" to see it in the log.
#	member legal		prints the elements of "legal" as they are, one a line ("you": its value)
#	pick LIST		sets answer to one line of a list, at random
#	dice 6			sets rolled to a random number from 0 to 5; BOT_SEED makes them the same again
# Any element of "legal" is an action; the game's description may know others: answer='{"column": 3}'
choose() {
	pick "$(member legal)"
}

# Called once after the match if bot.json says "final": true; $end is {"you": 0, "ranks": [1, 2], "scores": ...}.
finished() {
	:
}

# ---------------------------------------------------------------------------------------

play
