/* match-tournament: many matches, each played by match-run; what came of them, and who is how strong. It has no
 * privilege. */
#include "contests.h"

#include "nearest.h"

#include <string.h>
#include <unistd.h>

int
contest_failed(const struct cup *cup)
{
	return command_fail(cup->status ? cup->status : EXIT_USAGE, "%s", cup->wrong);
}

/* A word that is no command, or a file without one: to run it is what it is for. */
static int
other(int argc, char *argv[])
{
	const char *names[16] = { NULL }, *nearest;

	if (argv[1][0] == '-' || strpbrk(argv[1], "./") || access(argv[1], F_OK) == 0)
		return run_run(argc, argv);
	for (int i = 0; cli.commands[i].name; i++)
		names[i] = cli.commands[i].name;
	nearest = nearest_word(argv[1], names);
	return command_fail(EXIT_USAGE, nearest ? "there is no command '%s'; did you mean '%s'?"
	    : "there is no command '%s', and no such file; see match-tournament -h", argv[1], nearest);
}

int
main(int argc, char *argv[])
{
	return command_main(argc, argv, other);
}
