/* The list of match-run's subcommands. */
#include "command.h"

extern const struct option_text play_options[];

const struct command commands[] = {
	{ "play", "MATCH.json", "play a match", play_options, play_run },
	{ NULL, NULL, NULL, NULL, NULL },
};
