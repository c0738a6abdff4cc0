/* Owns the form of match.json. It opens that one file and looks whether folders exist. */
#include "setup.h"

#include "common.h"

#include <errno.h>
#include <libgen.h>
#include <stdarg.h>
#include <string.h>
#include <sys/stat.h>

#define FILE_MAX (1 << 20)
#define READY_US (10 * 1000 * 1000)
#define TURN_US (1000 * 1000)
#define MS_MAX (24 * 60 * 60 * 1000)

struct reader {
	struct setup *setup;
	const char *path;
	char base[4096];	/* folder of the match file */
	char *error;
};

static int
wrong(const struct reader *reader, const char *format, ...)
{
	int length = snprintf(reader->error, SETUP_ERROR_BYTES, "%s: ", reader->path);
	va_list args;

	va_start(args, format);
	if (length > 0 && length < SETUP_ERROR_BYTES)
		vsnprintf(reader->error + length, SETUP_ERROR_BYTES - (size_t)length, format, args);
	va_end(args);
	return -1;
}

static int
check_keys(const struct reader *reader, const struct js *object, const char *where,
    const char *const *known)
{
	if (!js_is_object(object))
		return wrong(reader, "%s is missing, or no object", where);
	const char *key = js_unknown_key(object, known);
	if (!key)
		return 0;
	char list[256] = "";
	for (; *known; known++) {
		strncat(list, *known, sizeof(list) - strlen(list) - 1);
		strncat(list, known[1] ? ", " : "", sizeof(list) - strlen(list) - 1);
	}
	return wrong(reader, "unknown key '%s' in %s; there are %s", key, where, list);
}

/* Copies an array of strings of at most `most`; the pointers are the document's. */
static int
take_strings(const struct reader *reader, const struct js *array, const char *where,
    const char **strings, size_t most)
{
	if (!js_is_array(array) || js_count(array) > most)
		return wrong(reader, "%s must be an array of at most %zu strings", where, most);
	for (size_t i = 0; i < js_count(array); i++)
		if (!(strings[i] = js_string(js_at(array, i))))
			return wrong(reader, "%s must hold strings only", where);
	strings[js_count(array)] = NULL;
	return 0;
}

static int
take_dir(const struct reader *reader, const char *dir, const char *where, char absolute[4096])
{
	char joined[8192], *real;
	struct stat st;

	snprintf(joined, sizeof(joined), "%s%s%s", dir[0] == '/' ? "" : reader->base, dir[0] == '/'
	    ? "" : "/", dir);
	real = realpath(joined, NULL);
	if (!real)
		return wrong(reader, "%s: dir '%s': %s", where, dir, strerror(errno));
	snprintf(absolute, 4096, "%s", real);
	free(real);
	if (stat(absolute, &st) || !S_ISDIR(st.st_mode))
		return wrong(reader, "%s: dir '%s' is no folder", where, dir);
	return 0;
}

static bool
is_name(const char *name)
{
	return name && *name && strlen(name) < NAME_MAX_BYTES &&
	    strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-") == strlen(name) &&
	    name[0] != '.' && name[0] != '-';
}

static int
take_program(const struct reader *reader, const struct js *object, const char *where,
    struct program *program)
{
	static const char *const known[] = { "name", "dir", "command", "policy", "limits",
	    "options", NULL };
	const char *dir = js_string(js_get(object, "dir")),
	    *policy = js_string(js_get(object, "policy"));

	if (check_keys(reader, object, where, known))
		return -1;
	if (!dir || !is_name(policy))
		return wrong(reader, "%s needs a dir and a policy (see bot-policy list)", where);
	snprintf(program->policy, sizeof(program->policy), "%s", policy);
	if (take_dir(reader, dir, where, program->dir) ||
	    take_strings(reader, js_get(object, "command"), "command", program->command, ARGS_MAX))
		return -1;
	if (!program->command[0])
		return wrong(reader, "%s: command is empty", where);
	return js_get(object, "limits")
	    ? take_strings(reader, js_get(object, "limits"), "limits", program->limits, ARGS_MAX)
	    : 0;
}

static int
take_bots(const struct reader *reader, const struct js *bots)
{
	struct setup *setup = reader->setup;

	if (!js_is_array(bots) || js_count(bots) < 1 || js_count(bots) > PLAYERS_MAX)
		return wrong(reader, "bots must be an array of 1 to %d", PLAYERS_MAX);
	setup->rules.players = (int)js_count(bots);
	for (int i = 0; i < setup->rules.players; i++) {
		const struct js *bot = js_at(bots, (size_t)i);
		const char *name = js_string(js_get(bot, "name"));
		char where[32];

		snprintf(where, sizeof(where), "bots[%d]", i);
		if (!is_name(name))
			return wrong(reader, "%s needs a name of letters, digits, . _ -", where);
		for (int j = 0; j < i; j++)
			if (strcmp(setup->bot[j].name, name) == 0)
				return wrong(reader, "two bots are called '%s'", name);
		snprintf(setup->bot[i].name, NAME_MAX_BYTES, "%s", name);
		if (take_program(reader, bot, where, &setup->bot[i]))
			return -1;
	}
	return 0;
}

static int
take_ms(const struct reader *reader, const struct js *clock, const char *key, int64_t *us)
{
	const struct js *value = js_get(clock, key);
	double ms;

	if (!value)
		return 0;
	if (!js_number(value, &ms) || !(ms > 0) || ms > MS_MAX)
		return wrong(reader, "clock.%s must be a number of milliseconds, up to a day", key);
	*us = (int64_t)(ms * 1000);
	return 0;
}

static int
take_clock(const struct reader *reader, const struct js *clock)
{
	static const char *const known[] = { "ready_ms", "turn_ms", NULL };
	struct match_rules *rules = &reader->setup->rules;

	rules->ready_us = READY_US;
	rules->turn_us = TURN_US;
	if (!clock)
		return 0;
	if (check_keys(reader, clock, "clock", known) ||
	    take_ms(reader, clock, "ready_ms", &rules->ready_us))
		return -1;
	return take_ms(reader, clock, "turn_ms", &rules->turn_us);
}

static int
take_seed(const struct reader *reader, const struct js *seed)
{
	int64_t value;

	if (!seed)
		return 0;
	if (!js_integer(seed, &value) || value < 0)
		return wrong(reader, "seed must be an integer of 0 or more");
	reader->setup->seed = (uint64_t)value;
	reader->setup->has_seed = true;
	return 0;
}

static int
take_document(const struct reader *reader)
{
	static const char *const known[] = { "game", "bots", "clock", "seed", "ready", NULL };
	struct setup *setup = reader->setup;
	const struct js *document = setup->document, *game = js_get(document, "game");

	if (check_keys(reader, document, "the match", known) ||
	    take_program(reader, game, "game", &setup->game) ||
	    take_bots(reader, js_get(document, "bots")) ||
	    take_clock(reader, js_get(document, "clock")) ||
	    take_seed(reader, js_get(document, "seed")))
		return -1;
	const char *name = js_string(js_get(game, "name"));
	snprintf(setup->game.name, NAME_MAX_BYTES, "%s", is_name(name) ? name : "game");
	setup->options = js_get(game, "options");
	setup->ready[0] = "__READY__";
	return js_get(document, "ready")
	    ? take_strings(reader, js_get(document, "ready"), "ready", setup->ready,
	    COUNT(setup->ready) - 1) : 0;
}

int
setup_read(struct setup *setup, const char *path, char error[SETUP_ERROR_BYTES])
{
	struct reader reader = { .setup = setup, .path = path, .error = error };
	cleanup_file FILE *file = fopen(path, "re");
	cleanup_free char *text = malloc(FILE_MAX), *copy = strdup(path);
	char why[JS_ERROR_BYTES];

	memset(setup, 0, sizeof(*setup));
	if (!file || !text || !copy)
		return wrong(&reader, "%s", strerror(errno));
	size_t length = fread(text, 1, FILE_MAX, file);
	if (ferror(file) || length == FILE_MAX)
		return wrong(&reader, "cannot be read, or is larger than 1 MiB");
	setup->document = js_parse(text, length, why);
	if (!setup->document) {
		snprintf(error, SETUP_ERROR_BYTES, "%s:%s", path, why);
		return -1;
	}
	snprintf(reader.base, sizeof(reader.base), "%s", dirname(copy));
	return take_document(&reader);
}

void
setup_free(struct setup *setup)
{
	js_free(setup->document);
	setup->document = NULL;
}
