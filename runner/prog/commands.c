/* The list of match-run's subcommands. */
#include "command.h"

extern const struct option_text play_options[], rejudge_options[], exec_options[], relay_options[], check_options[];

static const struct command commands[] = {
	{ "play", "MATCH.json", "play a match", play_options, play_run },
	{ "verify", "RESULT", "does the replay lead to the result, and is it whole?", NULL, verify_run },
	{ "rejudge", "[--clock=KIND] REPLAY", "which losses on time would stand by another clock?",
	    rejudge_options, rejudge_run },
	{ "explain", "RESULT", "why the loser lost, with the numbers", NULL, explain_run },
	{ "replay", "REPLAY", "step through the pictures of a match", NULL, show_run },
	{ "exec", "BOTDIR --input JSON", "one job of one agent: JSON in, JSON out", exec_options, exec_run },
	{ "new", "bot|game LANGUAGE DIR", "a folder to begin a bot or a game with", NULL, new_run },
	{ "init", "DIR", "lay out the folders of an event", NULL, init_run },
	{ "relay", "BOTS.json -- ENGINE ARG...", "run an engine that starts bots itself, by match-relay",
	    relay_options, relay_run },
	{ "check", "[-g GAME] BOT", "would this bot play? every failure with its fix", check_options, check_run },
	{ "check-game", "GAME", "exercise a game with scripted players", NULL, check_game_run },
	{ NULL, NULL, NULL, NULL, NULL },
};

const struct cli cli = {
	.name = "match-run",
	.usage = "usage: match-run [OPTION]... MATCH.json      play a match\n"
	    "       match-run COMMAND [ARGUMENT]...\n\n",
	.commands = commands,
	.status = "0 the game ended it; 1 a fault of a bot did; 2 wrong usage or match file; 75 ours, try again.",
};
