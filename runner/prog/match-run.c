/*
 * match-run: one match between bots, each in a jail of its own, judged by a game that is in one,
 * too, and what belongs to it. It has no privilege and needs none: bot-jail has.
 */
#include "command.h"
#include "common.h"

#include <string.h>

#define HELP_WIDTH 14

static void
print_options(const struct option_text *options)
{
	for (; options && options->name; options++) {
		char word[40];

		snprintf(word, sizeof(word), "%s --%s %s", options->letter
		    ? (char[]){ '-', options->letter, ',', '\0' } : "   ", options->name,
		    options->value ? options->value : "");
		printf("  %-22s %s\n", word, options->what);
	}
}

static int
help(void)
{
	printf("usage: match-run [OPTION]... MATCH.json      play a match\n"
	    "       match-run COMMAND [ARGUMENT]...\n\n");
	for (const struct command *command = commands; command->name; command++)
		printf("  %-*s %-34s %s\n", HELP_WIDTH, command->name, command->arguments, command->what);
	printf("\nOptions of play:\n");
	print_options(commands[0].options);
	printf("\nmatch-run COMMAND --help tells the options of a command.\n"
	    "Exit status: 0 the game ended it; 1 a fault of a bot did; 2 wrong usage or match file; "
	    "75 ours, try again.\n");
	return fflush(stdout) ? EXIT_OURS : 0;
}

static int
help_command(const struct command *command)
{
	printf("usage: match-run %s %s\n%s\n", command->name, command->arguments, command->what);
	print_options(command->options);
	return fflush(stdout) ? EXIT_OURS : 0;
}

static const struct command *
find(const char *name)
{
	for (const struct command *command = commands; command->name; command++)
		if (strcmp(command->name, name) == 0)
			return command;
	return NULL;
}

static bool
is_one_of(const char *word, const char *letter, const char *name)
{
	return strcmp(word, letter) == 0 || strcmp(word, name) == 0;
}

int
main(int argc, char *argv[])
{
	if (argc < 2)
		return command_usage("a match file or a command is wanted");
	if (is_one_of(argv[1], "-h", "--help"))
		return help();
	if (is_one_of(argv[1], "-V", "--version"))
		return puts("match-run " VERSION) < 0;
	const struct command *command = find(argv[1]);
	if (!command && argv[1][0] != '-' && !strpbrk(argv[1], "./") && access(argv[1], F_OK))
		return command_usage("there is no such command, and no such file");
	if (!command)	/* to play is what it is for */
		return play_run(argc, argv);
	if (argc > 2 && is_one_of(argv[2], "-h", "--help"))
		return help_command(command);
	return command->run(argc - 1, argv + 1);
}
