/*
 * match-run: one match between bots, each in a jail of its own, judged by a game that is in one,
 * too, and what belongs to it. It has no privilege and needs none: bot-jail has.
 */
#include "command.h"

#include <string.h>
#include <unistd.h>

/* To play is what it is for. */
static int
play(int argc, char *argv[])
{
	if (argv[1][0] != '-' && !strpbrk(argv[1], "./") && access(argv[1], F_OK))
		return command_usage("there is no such command, and no such file");
	return play_run(argc, argv);
}

int
main(int argc, char *argv[])
{
	return command_main(argc, argv, play);
}
