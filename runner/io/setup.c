/* Owns the form of match.json. What describes one program is in program.c, the rules in rules.c. */
#include "setup.h"

#include "common.h"
#include "rules.h"

#include <libgen.h>
#include <string.h>

#define LINE_BYTES (1 << 20)
#define TURN_BYTES (4 << 20)
#define MATCH_BYTES (64 << 20)
#define LOG_BYTES (5 << 20)
#define GAME_BYTES (256 << 20)
#define GAME_MS 60000
#define GAME_MS_MAX (7.0 * 24 * 60 * 60 * 1000)
#define BYTES_MAX (INT64_C(1) << 30)

static int
take_bots(struct setup *setup, const struct reader *reader, const struct js *bots)
{
	if (!js_is_array(bots) || js_count(bots) < 1 || js_count(bots) > PLAYERS_MAX)
		return reader_wrong(reader, "bots must be an array of 1 to %d", PLAYERS_MAX);
	setup->rules.players = (int)js_count(bots);
	for (int i = 0; i < setup->rules.players; i++) {
		struct program *bot = &setup->bot[i];
		char where[32];

		snprintf(where, sizeof(where), "bots[%d]", i);
		if (program_read(reader, js_at(bots, (size_t)i), where, "bot.json", bot))
			return -1;
		if (strcmp(setup->game.name, bot->name) == 0)
			return reader_wrong(reader, "a bot and the game are both called '%s': give one a name",
			    bot->name);
		for (int j = 0; j < i; j++)
			if (strcmp(setup->bot[j].name, bot->name) == 0)
				return reader_wrong(reader, "two bots are called '%s'", bot->name);
	}
	return 0;
}

/* The players, options and turns that the game's own manifest tells. */
static int
take_game(struct setup *setup, const struct reader *reader, const struct js *game)
{
	const struct program *program = &setup->game;
	const struct js *counts = js_get(program->manifest, "players");
	const char *turns = js_string(program_setting(program, game, "turns"));
	int64_t least = 1, most = PLAYERS_MAX;

	(void)js_integer(js_at(counts, 0), &least);	/* it may say nothing */
	(void)js_integer(js_at(counts, 1), &most);
	if (setup->rules.players < least || setup->rules.players > most)
		return reader_wrong(reader, "%s is for %d%s%.0d players, and there are %d bots", program->name,
		    (int)least, least < most ? " to " : "", least < most ? (int)most : 0,
		    setup->rules.players);
	setup->one_by_one = turns && strcmp(turns, "one") == 0;
	setup->options = js_merge(js_get(program->manifest, "options"), js_get(game, "options"));
	return 0;
}

static int
take_seed(struct setup *setup, const struct reader *reader, const struct js *seed)
{
	int64_t value;

	if (!seed)
		return 0;
	if (!js_integer(seed, &value) || value < 0)
		return reader_wrong(reader, "seed must be an integer of 0 or more");
	setup->seed = (uint64_t)value;
	setup->has_seed = true;
	return 0;
}

/* That one is no rule: no machine needs it to judge a match again. */
static int
take_game_time(struct setup *setup, const struct reader *reader, const struct js *value)
{
	double ms = GAME_MS;

	if (value && (!js_number(value, &ms) || !(ms > 0) || ms > GAME_MS_MAX))
		return reader_wrong(reader, "clock.game_ms must be a number of milliseconds, up to a week");
	setup->game_us = (int64_t)(ms * 1000);
	return 0;
}

static int
take_caps(struct setup *setup, const struct reader *reader, const struct js *caps)
{
	static const char *const known[] = { "line", "turn", "match", "log", "game", NULL };
	int64_t *const values[] = { &setup->caps.line, &setup->caps.turn, &setup->caps.match,
	    &setup->caps.log, &setup->caps.game };

	setup->caps = (struct caps){ LINE_BYTES, TURN_BYTES, MATCH_BYTES, LOG_BYTES, GAME_BYTES };
	if (!caps)
		return 0;
	if (reader_keys(reader, caps, "caps", known))
		return -1;
	for (size_t i = 0; known[i]; i++) {
		const struct js *value = js_get(caps, known[i]);

		if (value && (!js_integer(value, values[i]) || *values[i] < 2 || *values[i] > BYTES_MAX))
			return reader_wrong(reader, "caps.%s must be a number of bytes, up to 1 GiB", known[i]);
	}
	return 0;
}

static int
take_cpu(struct setup *setup, const struct reader *reader, const struct js *cpu)
{
	int64_t number;

	setup->cpu = CPU_AUTO;
	if (!cpu || (js_string(cpu) && strcmp(js_string(cpu), "auto") == 0))
		return 0;
	if (js_string(cpu) && strcmp(js_string(cpu), "off") == 0)
		setup->cpu = CPU_OFF;
	else if (js_integer(cpu, &number) && number >= 0 && number < 4096)
		setup->cpu = (int)number;
	else
		return reader_wrong(reader, "cpu must be \"auto\", \"off\" or the number of a CPU");
	return 0;
}

static int
take_document(struct setup *setup, struct reader *reader, bool with_game)
{
	static const char *const known[] = { "game", "bots", "clock", "faults", "pause", "cpu", "caps",
	    "seed", "ready", NULL };
	const struct js *document = setup->document, *game = js_get(document, "game");

	if (reader_keys(reader, document, "the match", known) ||
	    (with_game && program_read(reader, game, "game", "game.json", &setup->game)) ||
	    take_bots(setup, reader, js_get(document, "bots")) ||
	    (with_game && take_game(setup, reader, game)) ||
	    rules_take(reader, document, &setup->rules) ||
	    take_game_time(setup, reader, js_get(js_get(document, "clock"), "game_ms")) ||
	    take_caps(setup, reader, js_get(document, "caps")) ||
	    take_cpu(setup, reader, js_get(document, "cpu")))
		return -1;
	return take_seed(setup, reader, js_get(document, "seed"));
}

static int
take(struct setup *setup, struct js *document, const char *path, bool with_game)
{
	struct reader reader = { .path = path, .error = setup->wrong,
		.ready = js_get(document, "ready") };
	cleanup_free char *copy = strdup(path);

	memset(setup, 0, sizeof(*setup));
	setup->document = document;
	snprintf(reader.base, sizeof(reader.base), "%s", copy ? dirname(copy) : ".");
	return take_document(setup, &reader, with_game);
}

int
setup_take(struct setup *setup, struct js *document, const char *path)
{
	return take(setup, document, path, true);
}

struct js *
setup_document(struct setup *setup, const char *path)
{
	cleanup_free char *text = NULL;

	memset(setup, 0, sizeof(*setup));
	return document_read(path, &text, setup->wrong);
}

int
setup_read(struct setup *setup, const char *path)
{
	struct js *document = setup_document(setup, path);

	return document ? setup_take(setup, document, path) : -1;
}

int
setup_read_bots(struct setup *setup, const char *path)
{
	struct js *document = setup_document(setup, path);

	return document ? take(setup, document, path, false) : -1;
}

void
setup_free(struct setup *setup)
{
	program_free(&setup->game);
	for (int i = 0; i < PLAYERS_MAX; i++)
		program_free(&setup->bot[i]);
	js_free(setup->options);
	js_free(setup->document);
	setup->options = setup->document = NULL;
}
