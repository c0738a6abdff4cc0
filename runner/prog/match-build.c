/* match-build: from what a stranger handed in to a bot that can play. It has no privilege: bot-jail has. */
#include "builds.h"

static const struct command commands[] = {
	{ "build", "ARCHIVE", "unpack, check, compile and store a submission", build_options, build_run },
	{ "list", "", "the bots in the store", list_options, list_run },
	{ "show", "BOT", "the manifest of one, by digest or name", show_store_options, show_store_run },
	{ "remove", "--owner NAME [BOT]", "take an owner's bots out of the store", remove_options, remove_run },
	{ "gc", "", "remove what killed builds left, and bots without owners", gc_options, gc_run },
	{ NULL, NULL, NULL, NULL, NULL },
};

const struct cli cli = {
	.name = "match-build",
	.usage = "usage: match-build [OPTION]... ARCHIVE      build a submission\n"
	    "       match-build COMMAND [ARGUMENT]...\n\n",
	.commands = commands,
	.status = "0 it is in the store; 1 the submission is refused; 2 wrong usage; 75 ours, try again.",
};

int
main(int argc, char *argv[])
{
	return command_main(argc, argv, build_run);
}
