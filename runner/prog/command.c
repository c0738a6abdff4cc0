/* Owns what the subcommands share: options, usage, and names. */
#include "command.h"

#include "common.h"
#include "utf8.h"

#include <errno.h>
#include <getopt.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

#define OPTIONS_MAX 24
#define LONG_BASE 256

int
command_usage(const char *why)
{
	fprintf(stderr, "match-run: %s; see match-run -h\n", why);
	return EXIT_USAGE;
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
	fprintf(stderr, "match-run: %s: %s%s\n", helper, strerror(errno), errno == EACCES
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
