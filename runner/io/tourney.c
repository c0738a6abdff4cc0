/* Owns the form of tournament.json, and of the match files that a tournament makes. */
#include "tourney.h"

#include "common.h"
#include "setup.h"
#include "utf8.h"

#include <libgen.h>
#include <stddef.h>
#include <string.h>

#define PRIOR 2.0
#define TAU 0.5
#define RETRIES 2
#define LADDER_ROUNDS 10
#define STARVE 4

const char *const system_names[SYSTEMS] = { "elo", "bt", "glicko2", "openskill" };

/* Members that every match file of the tournament has as they are. */
static const char *const common[] = { "clock", "faults", "pause", "caps", "ready", NULL };

/* --- whole numbers */

static const struct number {
	const char *key;
	size_t at;		/* in format_rules */
	int least, most;
	unsigned formats;	/* a bit for each format that has it; 0: all */
} numbers[] = {
#define RULE(member) offsetof(struct format_rules, member)
#define OF(format) (1u << FORMAT_##format)
	{ "rounds", RULE(rounds), 1, 10000, ~(OF(SINGLE) | OF(DOUBLE)) },
	{ "sets", RULE(sets), 1, 10000, 0 },
	{ "best_of", RULE(best_of), 1, 999, OF(SINGLE) | OF(DOUBLE) | OF(GROUPS) },
	{ "groups", RULE(groups), 1, BOTS_MAX / 2, OF(GROUPS) },
	{ "advance", RULE(advance), 1, BOTS_MAX, OF(GROUPS) },
	{ "pairs", RULE(pairs), 1, BOTS_MAX / 2, OF(LADDER) },
	{ "starve", RULE(starve), 1, 10000, OF(LADDER) },
	{ "players", RULE(seats), 2, PLAYERS_MAX, OF(TABLES) },
#undef OF
#undef RULE
};

static int
take_integer(const struct reader *reader, const struct js *object, const char *key, int least, int most, int *number)
{
	const struct js *value = js_get(object, key);
	int64_t integer;

	if (!value)
		return 0;
	if (!js_integer(value, &integer) || integer < least || integer > most)
		return reader_wrong_key(reader, key, "%s must be a whole number from %d to %d", key, least, most);
	*number = (int)integer;
	return 0;
}

static int
take_numbers(const struct reader *reader, const struct js *document, struct format_rules *rules)
{
	for (size_t i = 0; i < COUNT(numbers); i++) {
		const struct number *number = &numbers[i];

		if (js_get(document, number->key) && number->formats && !(number->formats >> rules->format & 1))
			return reader_wrong_key(reader, number->key, "%s has no meaning for a %s", number->key,
			    format_names[rules->format]);
		if (take_integer(reader, document, number->key, number->least, number->most,
		    (int *)((char *)rules + number->at)))
			return -1;
	}
	return 0;
}

static int
take_real(const struct reader *reader, const struct js *object, const char *key, double least, double most,
    double *real)
{
	const struct js *value = js_get(object, key);

	if (value && (!js_number(value, real) || !(*real >= least) || *real > most))
		return reader_wrong_key(reader, key, "%s must be a number from %g to %g", key, least, most);
	return 0;
}

/* --- the format */

static int
take_word(const struct reader *reader, const struct js *object, const char *key, const char *const *words, int count,
    int *index)
{
	const struct js *value = js_get(object, key);
	char list[160] = "";

	if (!value)
		return 0;
	*index = js_string(value) ? name_index(words, count, js_string(value)) : -1;
	if (*index >= 0)
		return 0;
	for (int i = 0; i < count; i++)
		snprintf(list + strlen(list), sizeof(list) - strlen(list), "%s%s", i ? ", " : "", words[i]);
	return reader_wrong_key(reader, key, "%s must be one of %s", key, list);
}

static int
log2_of(int count)
{
	int rounds = 1;

	while (1 << rounds < count)
		rounds++;
	return rounds;
}

static void
set_defaults(struct format_rules *rules, int bots)
{
	rules->rounds = rules->format == FORMAT_SWISS ? log2_of(bots)
	    : rules->format == FORMAT_LADDER || rules->format == FORMAT_TABLES ? LADDER_ROUNDS : 1;
	rules->sets = 1;
	rules->groups = 2;
	rules->advance = 2;
	rules->starve = STARVE;
	rules->seats = 2;
	rules->rotate = true;
}

/* Who meets all others in a gauntlet: the first bot if nothing is said. */
static int
take_heroes(const struct reader *reader, const struct js *document, struct tourney *tourney)
{
	const struct js *heroes = js_get(document, "heroes");

	if (heroes && (tourney->rules.format != FORMAT_GAUNTLET || !js_is_array(heroes) || js_count(heroes) < 1))
		return reader_wrong_key(reader, "heroes", "heroes is an array of the names of bots, for a gauntlet");
	tourney->rules.hero[0] = !heroes;
	for (size_t i = 0; heroes && i < js_count(heroes); i++) {
		const char *name = js_string(js_at(heroes, i));
		int bot = name ? lineup_find(&tourney->lineup, name) : -1;

		if (bot < 0)
			return reader_wrong_key(reader, "heroes", "heroes: there is no bot '%s'", name ? name : "?");
		tourney->rules.hero[bot] = true;
	}
	return 0;
}

static int
take_sprt(const struct reader *reader, const struct js *sprt, struct format_rules *rules)
{
	static const char *const known[] = { "elo0", "elo1", "alpha", "beta", NULL };

	rules->sprt = (struct sprt_rules){ 0, 10, 0.05, 0.05 };
	rules->has_sprt = sprt != NULL;
	if (!sprt)
		return 0;
	if (reader_keys(reader, sprt, "sprt", known) ||
	    take_real(reader, sprt, "elo0", -1000, 1000, &rules->sprt.elo0) ||
	    take_real(reader, sprt, "elo1", -1000, 1000, &rules->sprt.elo1) ||
	    take_real(reader, sprt, "alpha", 0.0001, 0.4999, &rules->sprt.alpha) ||
	    take_real(reader, sprt, "beta", 0.0001, 0.4999, &rules->sprt.beta))
		return -1;
	if (rules->sprt.elo0 >= rules->sprt.elo1)
		return reader_wrong_key(reader, "sprt", "sprt: elo0 must be less than elo1");
	if (rules->games > 1 || !rules->rotate)
		return reader_wrong_key(reader, "sprt", "sprt needs one game, and seats that rotate");
	return 0;
}

static int
take_seed(const struct reader *reader, const struct js *seed, int64_t *number)
{
	*number = 1;
	if (seed && (!js_integer(seed, number) || *number < 0))
		return reader_wrong_key(reader, "seed", "seed must be an integer of 0 or more");
	return 0;
}

static int
check_players(const struct reader *reader, const struct tourney *tourney)
{
	const struct lineup *lineup = &tourney->lineup;

	for (int i = 0; i < lineup->games; i++)
		if (tourney->rules.seats < lineup->game[i].least || tourney->rules.seats > lineup->game[i].most)
			return reader_wrong_key(reader, "format",
			    "%s is for %d to %d players, and a match of this %s has %d", lineup->game[i].name,
			    lineup->game[i].least, lineup->game[i].most, format_names[tourney->rules.format],
			    tourney->rules.seats);
	return 0;
}

static int
take_format(const struct reader *reader, const struct js *document, struct tourney *tourney)
{
	struct format_rules *rules = &tourney->rules;
	int format = FORMAT_ROUND_ROBIN;

	if (take_word(reader, document, "format", format_names, FORMATS, &format))
		return -1;
	rules->format = (enum format)format;
	set_defaults(rules, tourney->lineup.bots);
	rules->rotate = !js_get(document, "rotate") || js_is_true(js_get(document, "rotate"));
	rules->games = tourney->lineup.games;
	for (int i = 0; i < rules->games; i++)
		rules->pool[i] = tourney->lineup.game[i].pool ? (int)js_count(tourney->lineup.game[i].pool) : 1;
	if (take_numbers(reader, document, rules) || take_heroes(reader, document, tourney) ||
	    take_sprt(reader, js_get(document, "sprt"), rules) ||
	    take_seed(reader, js_get(document, "seed"), &rules->seed) || check_players(reader, tourney))
		return -1;
	struct misfit misfit = format_begin(rules, tourney->lineup.bots);
	if (!misfit.what)
		return 0;
	char why[160];
	/* The literals are format_begin()'s, each with two %d. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
	snprintf(why, sizeof(why), misfit.what, misfit.asked, misfit.possible);
#pragma GCC diagnostic pop
	return reader_wrong_key(reader, "format", "%s", why);
}

static int
take_rating(const struct reader *reader, const struct js *rating, struct tourney *tourney)
{
	static const char *const known[] = { "system", "prior", "tau", NULL };
	int system = SYSTEM_ELO;

	tourney->elo = (struct elo_rules){ .prior = PRIOR };
	tourney->tau = TAU;
	if (rating && (reader_keys(reader, rating, "rating", known) ||
	    take_word(reader, rating, "system", system_names, SYSTEMS, &system) ||
	    take_real(reader, rating, "prior", 0.01, 1000, &tourney->elo.prior) ||
	    take_real(reader, rating, "tau", 0.01, 2, &tourney->tau)))
		return -1;
	tourney->system = (enum system)system;
	return 0;
}

/* --- the whole file */

static int
take_title(const struct reader *reader, const struct js *document, const char *path, struct tourney *tourney)
{
	const char *name = js_string(js_get(document, "name")), *slash = strrchr(path, '/');
	const char *base = slash ? slash + 1 : path, *output = js_string(js_get(document, "output"));

	if (js_get(document, "name") && (!name || !*name || strlen(name) >= TITLE_BYTES))
		return reader_wrong_key(reader, "name", "name must be a text of 1 to %d bytes", TITLE_BYTES - 1);
	if (name)
		snprintf(tourney->title, sizeof(tourney->title), "%s", name);
	else
		snprintf(tourney->title, sizeof(tourney->title), "%.*s", (int)strcspn(base, "."), base);
	utf8_make_plain(tourney->title);
	if (js_get(document, "output") && (!output || !*output))
		return reader_wrong_key(reader, "output", "output must be the path of a folder");
	if (output) {
		char joined[2 * PATH_BYTES];

		reader_path(reader, output, joined);
		snprintf(tourney->output, sizeof(tourney->output), "%s", joined);
	}
	return 0;
}

static void
take_common(const struct js *document, struct tourney *tourney)
{
	tourney->common = js_new_object();
	for (const char *const *key = common; *key; key++)
		if (js_get(document, *key))
			js_set(tourney->common, *key, js_copy(js_get(document, *key)));
}

static int
take_document(const struct reader *reader, const struct js *document, const char *path, struct tourney *tourney)
{
	static const char *const known[] = { "name", "game", "games", "bots", "format", "rounds", "sets",
		"best_of", "groups", "advance", "pairs", "starve", "players", "heroes", "rotate", "sprt",
		"seed", "rating", "concurrency", "retries", "output", "clock", "faults", "pause", "caps",
		"ready", NULL };

	tourney->retries = RETRIES;
	if (reader_keys(reader, document, "the tournament", known) || take_title(reader, document, path, tourney) ||
	    lineup_take(reader, document, &tourney->lineup) || take_format(reader, document, tourney) ||
	    take_rating(reader, js_get(document, "rating"), tourney) ||
	    take_integer(reader, document, "concurrency", 1, 4096, &tourney->concurrency) ||
	    take_integer(reader, document, "retries", 0, 100, &tourney->retries))
		return -1;
	take_common(document, tourney);
	return 0;
}

static struct reader
reader_of(struct tourney *tourney, const char *path, const char *text)
{
	struct reader reader = { .path = path, .text = text, .error = tourney->wrong };
	cleanup_free char *copy = strdup(path);

	snprintf(reader.base, sizeof(reader.base), "%s", copy ? dirname(copy) : ".");
	return reader;
}

int
tourney_take(struct tourney *tourney, struct js *document, const char *path, const char *text)
{
	struct reader reader = reader_of(tourney, path, text);

	memset(tourney, 0, sizeof(*tourney));
	tourney->document = document;
	reader.ready = js_get(document, "ready");
	reader.stored = !text;
	return take_document(&reader, document, path, tourney);
}

int
tourney_read(struct tourney *tourney, const char *path)
{
	cleanup_free char *text = NULL;

	memset(tourney, 0, sizeof(*tourney));
	struct js *document = document_read(path, &text, tourney->wrong);
	return document ? tourney_take(tourney, document, path, text) : -1;
}

int
tourney_add(struct tourney *tourney, const struct js *bot, const char *path)
{
	struct reader reader = reader_of(tourney, path, NULL);

	reader.ready = js_get(tourney->document, "ready");
	return lineup_add(&reader, bot, &tourney->lineup);
}

void
tourney_free(struct tourney *tourney)
{
	lineup_free(&tourney->lineup);
	js_free(tourney->common);
	js_free(tourney->document);
	tourney->common = tourney->document = NULL;
}

/* --- what is made of it */

struct js *
tourney_resolved(const struct tourney *tourney)
{
	struct js *document = js_copy(tourney->document), *bots = js_new_array();

	for (int i = 0; i < tourney->lineup.bots; i++)
		js_add(bots, lineup_new_bot(&tourney->lineup.bot[i]));
	js_set(document, "name", js_new_string(tourney->title));
	js_drop(document, "game");
	js_drop(document, "output");
	js_set(document, "games", lineup_new_games(&tourney->lineup));
	js_set(document, "bots", bots);
	return document;
}

struct js *
tourney_match(const struct tourney *tourney, const struct entry *entry)
{
	const struct game *game = &tourney->lineup.game[entry->game];
	struct js *match = js_copy(tourney->common), *object = js_copy(game->object), *bots = js_new_array();

	if (game->pool)
		js_set(object, "options", js_merge(game->options, js_at(game->pool, (size_t)entry->pool)));
	for (int seat = 0; seat < entry->players; seat++)
		js_add(bots, js_copy(tourney->lineup.bot[entry->bot[seat]].object));
	js_set(match, "game", object);
	js_set(match, "bots", bots);
	js_set(match, "seed", js_new_integer(entry->seed));
	return match;
}

int
tourney_try(struct tourney *tourney, const char *path)
{
	static struct setup setup;
	struct entry entry = { .players = tourney->rules.seats };

	if (tourney->lineup.bots < entry.players)
		return 0;
	for (int seat = 0; seat < entry.players; seat++)
		entry.bot[seat] = seat;
	for (entry.game = 0; entry.game < tourney->lineup.games; entry.game++) {
		int wrong = setup_take(&setup, tourney_match(tourney, &entry), path);

		snprintf(tourney->wrong, sizeof(tourney->wrong), "%s", setup.wrong);
		setup_free(&setup);
		if (wrong)
			return -1;
	}
	return 0;
}
