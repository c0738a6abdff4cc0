/* The list of match-tournament's subcommands. */
#include "contests.h"

static const struct command commands[] = {
	{ "run", "TOURNAMENT.json|DIR", "play it, or what is left of it", run_options, run_run },
	{ "plan", "TOURNAMENT.json|DIR", "print the list of matches, or write each as a match file",
	    plan_options, plan_run },
	{ "show", "DIR [MATCH]", "standings, and how far it is; or one match", status_options, status_run },
	{ "rate", "DIR", "ratings, and how likely one bot is stronger than another", rate_options, rate_run },
	{ "report", "DIR", "write pages about it; or json, csv, pgn", report_options, report_run },
	{ "add", "DIR BOTDIR", "one bot more, also while it runs", add_options, add_run },
	{ "withdraw", "DIR BOT", "one bot less, also while it runs", NULL, withdraw_run },
	{ "redo", "DIR BOT", "play all matches of a bot again, after it was mended", NULL, redo_run },
	{ "collect", "TOURNAMENT.json|DIR RESULTS", "count results that match-run made elsewhere",
	    collect_options, collect_run },
	{ NULL, NULL, NULL, NULL, NULL },
};

const struct cli cli = {
	.name = "match-tournament",
	.usage = "usage: match-tournament run [OPTION]... TOURNAMENT.json\n"
	    "       match-tournament COMMAND [ARGUMENT]...\n\n",
	.commands = commands,
	.status = "0 finished; 1 finished, but some matches failed and count for nobody; 2 wrong usage or file; "
	    "75 not finished: run it again.",
};
