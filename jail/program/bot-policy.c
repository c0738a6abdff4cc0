/*
 * bot-policy: check, compile, list, show, compare and explain policies. It reads text; bot-jail
 * reads what it writes.
 */
#include "config.h"
#include "policy.h"
#include "policy_files.h"
#include "policy_show.h"

#include <stdio.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

static int command_help(const struct policy_dirs *dirs, char *const words[]);

static int
command_check(const struct policy_dirs *dirs, char *const words[])
{
	struct findings findings = { .say = policy_say };

	(void)dirs;
	for (; *words; words++)
		(void)policy_check_file(*words, &findings);	/* findings counts */
	return findings.errors ? 1 : 0;
}

static int
command_compile(const struct policy_dirs *dirs, char *const words[])
{
	struct findings findings = { .say = policy_say, .quiet = true };
	const char *into = STATE_DIR;

	if (words[0] && strcmp(words[0], "-o") == 0 && words[1]) {
		into = words[1];
		words += 2;
	}
	return policy_compile_into(dirs, into, words, &findings);
}

static int
command_list(const struct policy_dirs *dirs, char *const words[])
{
	static char names[NAMES_MAX][NAME_BYTES];
	struct findings findings = { .say = policy_say, .quiet = true };
	int n = policy_names(dirs, names);

	(void)words;
	for (int i = 0; i < n; i++) {
		const struct policy *policy = policy_load(dirs, names[i], &findings);

		if (policy)
			policy_print_line(policy);
	}
	return n > 0 && findings.errors == 0 ? 0 : 1;
}

static int
command_show(const struct policy_dirs *dirs, char *const words[])
{
	struct findings findings = { .say = policy_say, .quiet = true };
	const struct policy *policy = policy_load(dirs, words[0], &findings);

	if (!policy)
		return 1;
	policy_show(policy);
	return 0;
}

static int
command_diff(const struct policy_dirs *dirs, char *const words[])
{
	struct findings findings = { .say = policy_say, .quiet = true };
	const struct policy *first = policy_load(dirs, words[0], &findings);
	const struct policy *second = first ? policy_load(dirs, words[1], &findings) : NULL;

	return second ? policy_diff(first, second) : 2;
}

static int
command_explain(const struct policy_dirs *dirs, char *const words[])
{
	struct findings findings = { .say = policy_say, .quiet = true };
	const struct policy *policy = policy_load(dirs, words[0], &findings);

	return policy ? policy_explain(policy, words[1]) : 1;
}

static const struct command {
	const char *name;
	int least, most;
	int (*run)(const struct policy_dirs *dirs, char *const words[]);
	const char *form, *what;
} commands[] = {
	{ "check",   1, 99, command_check,   "check FILE...",
	    "read policy files and tell every mistake" },
	{ "compile", 0, 99, command_compile, "compile [-o DIR] [NAME]...",
	    "compile all policies, or those named, for bot-jail" },
	{ "list",    0,  0, command_list,    "list",
	    "name every policy with its limits" },
	{ "show",    1,  1, command_show,    "show NAME",
	    "everything in a policy, with who says so and why" },
	{ "diff",    2,  2, command_diff,    "diff NAME NAME",
	    "what one policy grants and the other does not" },
	{ "explain", 2,  2, command_explain, "explain NAME SYSCALL",
	    "what a policy answers to a system call" },
	{ "help",    0,  0, command_help,    "help",
	    "print this (also -h, --help)" },
};

static int
command_help(const struct policy_dirs *dirs, char *const words[])
{
	(void)dirs, (void)words;
	printf("usage: bot-policy [-d DIR] COMMAND [ARG]...\n\n");
	for (size_t i = 0; i < COUNT(commands); i++)
		printf("  %-28s %s\n", commands[i].form, commands[i].what);
	printf("\nPolicies are the *.policy and *.set files of DIR, or else of " ADMIN_DIR "\nand " VENDOR_DIR
	    ", where the former win. bot-policy(5) tells the language.\n");
	return fflush(stdout) ? 1 : 0;
}

static int
run(const struct policy_dirs *dirs, int argc, char *const argv[])
{
	const char *name = argc > 0 ? argv[0] : "help";
	int given = argc > 0 ? argc - 1 : 0;

	if (strcmp(name, "-h") == 0 || strcmp(name, "--help") == 0)
		name = "help";
	if (strcmp(name, "-V") == 0 || strcmp(name, "--version") == 0)
		return puts("bot-policy " VERSION) < 0;
	for (size_t i = 0; i < COUNT(commands); i++) {
		const struct command *command = &commands[i];

		if (strcmp(command->name, name) != 0)
			continue;
		if (given >= command->least && given <= command->most)
			return command->run(dirs, argv + argc - given);
		fprintf(stderr, "bot-policy: want: bot-policy %s\n", command->form);
		return 2;
	}
	fprintf(stderr, "bot-policy: no command is called '%s'; see bot-policy help\n", name);
	return 2;
}

int
main(int argc, char *argv[])
{
	if (argc < 1)
		return 2;
	if (argc > 2 && strcmp(argv[1], "-d") == 0) {
		const struct policy_dirs own = { { argv[2] }, 1, false };

		return run(&own, argc - 3, argv + 3);
	}
	return run(&policy_standard_dirs, argc - 1, argv + 1);
}
