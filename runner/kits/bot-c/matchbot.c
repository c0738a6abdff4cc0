/*
 * The bot's side of match-protocol(7): one view a line in, one action a line out. It never plays.
 * Answers get a descriptor of their own; descriptor 1 becomes the log, so that no printf() can be
 * taken for an answer.
 */
#include "matchbot.h"

#include <fcntl.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

static uint64_t dice_state;

static void
die(const char *why)
{
	fprintf(stderr, "bot: %s\n", why);
	exit(1);
}

static void
dice_start(const char *seed)
{
	if (!seed) {
		if (getrandom(&dice_state, sizeof(dice_state), 0) < 0)
			die("getrandom failed");
		return;
	}
	dice_state = 0xcbf29ce484222325;		/* FNV-1a: any text will do as a seed */
	for (; *seed; seed++)
		dice_state = (dice_state ^ (unsigned char)*seed) * 0x100000001b3;
}

unsigned
dice(unsigned sides)
{
	uint64_t mixed = dice_state += 0x9e3779b97f4a7c15;	/* splitmix64 */

	mixed = (mixed ^ mixed >> 30) * 0xbf58476d1ce4e5b9;
	mixed = (mixed ^ mixed >> 27) * 0x94d049bb133111eb;
	mixed ^= mixed >> 31;
	return sides ? mixed % sides : 0;
}

struct json
action(const char *format, ...)
{
	static char text[65536];
	va_list arguments;

	va_start(arguments, format);
	int length = vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	if (length < 0 || length >= (int)sizeof(text))
		die("an action is too long");
	return json_parse(text);
}

static FILE *
keep_answers(void)
{
	int fd = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3);
	FILE *answers = fd < 0 ? NULL : fdopen(fd, "w");

	if (!answers || dup2(STDERR_FILENO, STDOUT_FILENO) < 0)
		die("no descriptor for answers");
	setvbuf(stdout, NULL, _IOLBF, 0);
	return answers;
}

static void
say(FILE *answers, const char *text, size_t length)
{
	fwrite(text, 1, length, answers);
	fputc('\n', answers);
	if (fflush(answers))
		die("cannot write an answer");
}

static void
serve(FILE *answers, struct json line)
{
	if (!line.text)
		die("a line is no JSON");
	struct json key = json_first(line), value = json_value(key);
	if (json_is(key, "end") && !json_next(value).text) {	/* and nothing else */
		finished(value);
		return;
	}
	struct json answer = choose(line);
	if (!answer.text)
		die("choose() returned nothing: the element or member it looked for is not there");
	if (memchr(answer.text, '\n', answer.length))
		die("an action has a line break in it");
	say(answers, answer.text, answer.length);
}

int
main(void)
{
	FILE *answers = keep_answers();
	char *line = NULL;
	size_t size = 0;

	dice_start(getenv("BOT_SEED"));
	say(answers, "__READY__", 9);
	while (getline(&line, &size, stdin) > 0)
		serve(answers, json_parse(line));
	free(line);
	return 0;
}
