/* Owns what the subcommands share: options, usage, and names. */
#include "command.h"

#include "common.h"
#include "utf8.h"

#include <errno.h>
#include <getopt.h>
#include <stdarg.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

#define OPTIONS_MAX 64
#define LONG_BASE 256
#define HELP_WIDTH 14

int
command_usage(const char *why)
{
	return command_fail(EXIT_USAGE, "%s; see %s -h", why, cli.name);
}

int
command_fail(int status, const char *format, ...)
{
	char line[1024];
	va_list args;

	va_start(args, format);
	vsnprintf(line, sizeof(line), format, args);
	va_end(args);
	utf8_make_plain(line);
	fprintf(stderr, "%s: %s\n", cli.name, line);
	return status;
}

bool
command_number(const char *text, uint64_t most, uint64_t *number)
{
	char *end;

	errno = 0;
	*number = strtoull(text, &end, 10);
	return errno == 0 && *end == '\0' && *text >= '0' && *text <= '9' && *number <= most;
}

int
command_option(const struct option_text *options, int argc, char *argv[])
{
	struct option longs[OPTIONS_MAX + 1] = { { 0 } };
	char letters[2 * OPTIONS_MAX + 2] = ":", *at = letters + 1, why[160];
	int count = 0;

	for (; count < OPTIONS_MAX && options[count].name; count++) {
		longs[count] = (struct option){ options[count].name, options[count].value != NULL, NULL,
			LONG_BASE + count };
		if (options[count].letter)
			*at++ = options[count].letter;
		if (options[count].letter && options[count].value)
			*at++ = ':';
	}
	*at = '\0';
	opterr = 0;
	int found = getopt_long(argc, argv, letters, longs, NULL);
	if (found == -1 || found >= LONG_BASE)
		return found == -1 ? -1 : found - LONG_BASE;
	for (int i = 0; i < count && found != ':' && found != '?'; i++)
		if (options[i].letter == found)
			return i;
	snprintf(why, sizeof(why), found == ':' ? "%s needs a value" : "no such option: %s",
	    argv[optind - 1]);
	(void)command_usage(why);
	return -2;
}

const char *
command_helper(void)
{
	static const char helper[] = BIN_DIR "/bot-jail";

	/* Only who is in the helper's group may execute it. */
	if (access(helper, X_OK) == 0)
		return helper;
	(void)command_fail(0, "%s: %s%s", helper, strerror(errno), errno == EACCES
	    ? ": you are not in group bot-jail: sudo adduser $USER bot-jail, then log in anew or: sg bot-jail"
	    : ": see bot-jail-setup --check");
	return NULL;
}

uint64_t
command_seed(void)
{
	uint64_t seed;

	if (getrandom(&seed, sizeof(seed), 0) != sizeof(seed))
		seed = (uint64_t)time(NULL);
	return seed >> 11;	/* JSON numbers hold 53 bits */
}

void
command_folder(const char *base, char folder[4096])
{
	for (int i = 1; i < 100000; i++) {
		snprintf(folder, 4096, "%s-%d", base, i);
		if (access(folder, F_OK))
			return;
	}
}

void
command_put_plain(FILE *out, const char *text, size_t length)
{
	while (length > 0) {
		size_t character = utf8_length(text, length);

		if (*text == '\n' || utf8_is_shown(text, length))
			(void)fwrite(text, 1, character, out);
		else
			putc('?', out);
		character = character ? character : 1;
		text += character;
		length -= character;
	}
}

void
command_print_plain(const char *text)
{
	command_put_plain(stdout, text, strlen(text));
}

char *
command_picture(struct raw view)
{
	struct raw text = raw_get(view, "text");
	char *picture = text.bytes ? malloc(text.length) : NULL;

	if (picture && raw_string(text, picture, text.length) >= 0)
		return picture;
	free(picture);
	return NULL;
}

/* --- the program */

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
	printf("%s", cli.usage);
	for (const struct command *command = cli.commands; command->name; command++)
		printf("  %-*s %-34s %s\n", HELP_WIDTH, command->name, command->arguments, command->what);
	printf("\nOptions of %s:\n", cli.commands[0].name);
	print_options(cli.commands[0].options);
	printf("\n%s COMMAND --help tells the options of a command.\nExit status: %s\n", cli.name, cli.status);
	return fflush(stdout) ? EXIT_OURS : 0;
}

static int
help_command(const struct command *command)
{
	printf("usage: %s %s %s\n%s\n", cli.name, command->name, command->arguments, command->what);
	print_options(command->options);
	return fflush(stdout) ? EXIT_OURS : 0;
}

static const struct command *
find(const char *name)
{
	for (const struct command *command = cli.commands; command->name; command++)
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
command_main(int argc, char *argv[], int (*other)(int, char **))
{
	if (argc < 2)
		return command_usage("an argument is wanted");
	if (is_one_of(argv[1], "-h", "--help"))
		return help();
	if (is_one_of(argv[1], "-V", "--version"))
		return printf("%s " VERSION "\n", cli.name) < 0;
	const struct command *command = find(argv[1]);
	if (!command)
		return other(argc, argv);
	if (argc > 2 && is_one_of(argv[2], "-h", "--help"))
		return help_command(command);
	return command->run(argc - 1, argv + 1);
}
