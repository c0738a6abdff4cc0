/* Owns the command line of bot-jail. It opens, reads and changes nothing outside the request. */
#include "request_parse.h"

#include "value.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

static const struct option {
	char letter;
	const char *value, *what;
} options[] = {
#define OPTION(letter, value, what) { letter, value, what },
#include "options.def"
#undef OPTION
};
#define OPTIONS (sizeof(options) / sizeof(*options))

static int
take_policy(struct request *request, const char *value, struct complaint *complaint)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789-";

	if (request->policy)
		return complain(complaint, "-p %s: only one policy can be given", value);
	if (!*value || strlen(value) >= NAME_BYTES || value[strspn(value, letters)])
		return complain(complaint,
		    "-p %s: not a policy name (a-z, 0-9, -); see bot-policy list",
		    value);
	request->policy = value;
	return 0;
}

/* Splits NAME=REST; NULL when there is no name or no '='. */
static const char *
split(const char *text, char name[NAME_BYTES])
{
	size_t length = strcspn(text, "=");

	if (length == 0 || length >= NAME_BYTES || !text[length])
		return NULL;
	memcpy(name, text, length);
	name[length] = '\0';
	return text + length + 1;
}

static int
take_limit(struct request *request, const char *value, struct complaint *complaint)
{
	char name[NAME_BYTES];
	const char *text = split(value, name);

	if (!text)
		return complain(complaint, "-l %s: want LIMIT=VALUE", value);
	enum limit i = limit_find(name);
	if (i == LIMITS)
		return complain(complaint, "-l %s: no limit is called %s; see bot-jail -h", value,
		    name);
	if (request->limit[i] != LIMIT_NONE)
		return complain(complaint, "-l %s: %s is given twice", value, name);
	const char *why = value_parse(text, limit_rows[i].unit, &request->limit[i]);
	return why ? complain(complaint, "-l %s: %s %s", value, text, why) : 0;
}

static int
take_slot(struct request *request, const char *value, struct complaint *complaint)
{
	struct request_slot *slot = &request->slot[request->slots];

	if (request->slots == SLOTS_MAX)
		return complain(complaint, "-d %s: more than %d slots", value, SLOTS_MAX);
	slot->dir = split(value, slot->name);
	if (!slot->dir || !*slot->dir)
		return complain(complaint, "-d %s: want SLOT=DIR", value);
	request->slots++;
	return 0;
}

static int
take_env(struct request *request, const char *value, struct complaint *complaint)
{
	if (request->envs == ENVS_MAX)
		return complain(complaint, "-e %s: more than %d variables", value, ENVS_MAX);
	if (*value == '=' || !strchr(value, '='))
		return complain(complaint, "-e %s: want NAME=VALUE", value);
	request->env[request->envs++] = value;
	return 0;
}

static int
take_fd(int *fd, char letter, const char *value, struct complaint *complaint)
{
	uint64_t number;

	if (number_parse(value, INT_MAX, &number))
		return complain(complaint, "-%c %s: not the number of a descriptor", letter, value);
	if (*fd >= 0)
		return complain(complaint, "-%c %s: given twice", letter, value);
	*fd = (int)number;
	return 0;
}

static int
take(struct request *request, char letter, const char *value, struct complaint *complaint)
{
	switch (letter) {
	case 'p': return take_policy(request, value, complaint);
	case 'l': return take_limit(request, value, complaint);
	case 'd': return take_slot(request, value, complaint);
	case 'e': return take_env(request, value, complaint);
	case 's': return take_fd(&request->status_fd, letter, value, complaint);
	case 'c': return take_fd(&request->control_fd, letter, value, complaint);
	case 'n': request->dry = true; return 0;
	case 'h': request->help = true; return 0;
	default:  request->version = true; return 0;
	}
}

/* Takes the option at *argv and steps over it and its value. */
static int
take_word(struct request *request, char *const **argv, struct complaint *complaint)
{
	const char *word = *(*argv)++, *value = word + 2;
	const struct option *option = options;
	char letter = word[1];

	if (strcmp(word, "--help") == 0 || strcmp(word, "--version") == 0) {
		letter = word[2] == 'h' ? 'h' : 'V';
		value = "";
	}
	while (option < options + OPTIONS && option->letter != letter)
		option++;
	if (option == options + OPTIONS || (!option->value && *value))
		return complain(complaint, "%s: no such option; see bot-jail -h", word);
	if (option->value && !*value && !(value = **argv))
		return complain(complaint, "-%c: %s is missing; see bot-jail -h", letter,
		    option->value);
	if (option->value && value == **argv)
		(*argv)++;
	return take(request, letter, value, complaint);
}

int
request_parse(int argc, char *const argv[], struct request *request, struct complaint *complaint)
{
	struct complaint later;
	bool wrong = false;

	*request = (struct request){ .status_fd = -1, .control_fd = -1 };
	for (int i = 0; i < LIMITS; i++)
		request->limit[i] = LIMIT_NONE;
	if (argc < 1)
		return complain(complaint, "started without arguments");
	/* After the first mistake the rest is read only for the sake of -s. */
	for (argv++; *argv && (*argv)[0] == '-' && (*argv)[1];) {
		if (strcmp(*argv, "--") == 0) {
			argv++;
			break;
		}
		wrong |= take_word(request, &argv, wrong ? &later : complaint) != 0;
	}
	request->argv = argv;
	if (wrong || request->help || request->version)
		return wrong ? -1 : 0;
	if (!request->policy)
		return complain(complaint, "no policy: -p POLICY is missing; see bot-policy list");
	if (!*argv && !request->dry)
		return complain(complaint, "no program given; see bot-jail -h");
	return 0;
}

void
request_help(void)
{
	puts("usage: bot-jail -p POLICY [OPTION]... [--] PROGRAM [ARG]...\n"
	    "Start PROGRAM in a jail of its own, wait, and report: bot-jail(1).\n");
	for (size_t i = 0; i < OPTIONS; i++)
		printf("  -%c %-12s %s\n", options[i].letter, options[i].value ? options[i].value
		    : "",
		    options[i].what);
	puts("\nLimits, each a ceiling (lower is tighter, 0 is none at all):");
	for (int i = 0; i < LIMITS; i++)
		printf("  %-16s %s\n", limit_rows[i].name, limit_rows[i].what);
}
