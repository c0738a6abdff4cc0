/* The subcommands of a program, and what they share. */
#ifndef COMMAND_H
#define COMMAND_H

#include "raw.h"
#include "setup.h"

#include <stdio.h>

#define EXIT_FINISHED 0
#define EXIT_CLIENT_ERROR 1
#define EXIT_USAGE 2
#define EXIT_OURS 75		/* sysexits(3): EX_TEMPFAIL; the same may be tried again */

/* One option of a subcommand: for getopt_long(3) and for the help. */
struct option_text {
	const char *name;	/* long; NULL ends the list */
	char letter;		/* short; 0: there is none */
	const char *value;	/* what it takes; NULL: nothing */
	const char *what;
};

struct command {
	const char *name, *arguments, *what;
	const struct option_text *options;
	int (*run)(int argc, char *argv[]);
};

/* Each program that has subcommands defines one. */
struct cli {
	const char *name, *usage;
	const struct command *commands;		/* the first one is the one that is meant without its name */
	const char *status;			/* what its exit status says */
};
extern const struct cli cli;

/* Runs what argv asks for: help, version, a command; or `other` when it is no command's name. */
int command_main(int argc, char *argv[], int (*other)(int, char **));

/*
 * The next option of the list: its index, -1 at the end, -2 when it is wrong (which was told). As
 * getopt_long(3): optarg and optind are set.
 */
int command_option(const struct option_text *options, int argc, char *argv[]);

/* Prints "PROGRAM: WHY; see PROGRAM -h" and returns EXIT_USAGE. */
int command_usage(const char *why);

/* Prints "PROGRAM: " and these words as one line to the standard error, and returns `status`. */
int command_fail(int status, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* A number, all of the text, up to `most`. */
bool command_number(const char *text, uint64_t most, uint64_t *number);

/* Where bot-jail is. NULL, and a message, when this user cannot call it. */
const char *command_helper(void);

uint64_t command_seed(void);

/* The name of a folder that does not exist yet: `base` and a number. */
void command_folder(const char *base, char folder[4096]);

/* Text of strangers: no control character of theirs reaches the terminal. */
void command_put_plain(FILE *out, const char *text, size_t length);
void command_print_plain(const char *text);

/* A picture is the text of a view, if the game gives one: match-protocol(7). To be freed; NULL. */
char *command_picture(struct raw view);

int play_run(int argc, char *argv[]);
int verify_run(int argc, char *argv[]);
int rejudge_run(int argc, char *argv[]);
int explain_run(int argc, char *argv[]);
int show_run(int argc, char *argv[]);
int exec_run(int argc, char *argv[]);
int new_run(int argc, char *argv[]);
int init_run(int argc, char *argv[]);
int relay_run(int argc, char *argv[]);
int check_run(int argc, char *argv[]);
int check_game_run(int argc, char *argv[]);

#endif
