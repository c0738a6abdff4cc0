/* Owns what all formats share: from a pairing to its matches, and when a pairing is decided. */
#include "format.h"

#include "seed.h"

const char *const format_names[FORMATS] = {
	"round-robin", "gauntlet", "swiss", "single-elimination", "double-elimination", "groups", "ladder", "tables",
};

static int
count_heroes(const struct format_rules *rules, int bots)
{
	int heroes = 0;

	for (int bot = 0; bot < bots; bot++)
		heroes += rules->hero[bot];
	return heroes;
}

/* More pairings than a format can have. */
static double
most_pairings(const struct format_rules *rules, int bots)
{
	int heroes = count_heroes(rules, bots);

	switch (rules->format) {
	case FORMAT_ROUND_ROBIN:	return (double)rules->rounds * bots * (bots - 1) / 2;
	case FORMAT_GAUNTLET:	return (double)rules->rounds * heroes * (bots - heroes);
	case FORMAT_SINGLE:
	case FORMAT_DOUBLE:	return 4.0 * bots;
	case FORMAT_GROUPS:	return (double)rules->rounds * bots * bots / rules->groups + 2.0 * bots;
	default:	return (double)rules->rounds * (bots + 1) / 2;
	}
}

static bool
is_too_much(const struct format_rules *rules, int bots)
{
	double entries = (double)rules->games * rules->sets * (rules->rotate ? rules->seats : 1);

	return most_pairings(rules, bots) * (entries > rules->best_of ? entries : rules->best_of) > MATCHES_MAX;
}

/* What each format can not do. */
struct misfit
format_begin(struct format_rules *rules, int bots)
{
	bool elimination = rules->format == FORMAT_SINGLE || rules->format == FORMAT_DOUBLE;

	rules->knockout = elimination ? 1 : 0;
	if (is_too_much(rules, bots))
		return (struct misfit){ "%d bots make more than %d matches by these numbers", bots, MATCHES_MAX };
	if (rules->format == FORMAT_GAUNTLET && bots > 1 && count_heroes(rules, bots) == bots)
		return (struct misfit){ "a gauntlet of %d heroes needs rivals: there are only %d bots", bots, bots };
	if (rules->format == FORMAT_SWISS && rules->rounds > circle_rounds(bots) && bots > 1)
		return (struct misfit){ "a swiss of %d rounds needs more opponents: there are %d for each bot",
		    rules->rounds, circle_rounds(bots) };
	if (rules->format == FORMAT_TABLES && rules->seats > bots)
		return (struct misfit){ "tables of %d players need more bots than %d", rules->seats, bots };
	if (rules->format != FORMAT_GROUPS)
		return (struct misfit){ NULL, 0, 0 };
	if (rules->groups * 2 > bots)
		return (struct misfit){ "%d groups of two or more need more bots than %d", rules->groups, bots };
	if (rules->advance > bots / rules->groups)
		return (struct misfit){ "%d of each group can not go on: some have %d", rules->advance,
		    bots / rules->groups };
	groups_begin(rules, bots);
	return (struct misfit){ NULL, 0, 0 };
}

bool
format_rests(const struct format_rules *rules)
{
	return rules->format != FORMAT_ROUND_ROBIN && rules->format != FORMAT_GAUNTLET;
}

void
format_next(const struct contest *contest, struct draw *draw)
{
	static void (*const next[FORMATS])(const struct contest *, struct draw *) = {
		robin_next, gauntlet_next, swiss_next, single_next, double_next, groups_next, ladder_next, tables_next,
	};

	draw->count = 0;
	next[contest->rules->format](contest, draw);
}

void
draw_pair(struct draw *draw, int round, int a, int b)
{
	struct pairing pairing = { .round = round, .players = 2, .bot = { a, b } };

	draw->count++;
	draw->take(draw, &pairing);
}

void
draw_in_turn(struct draw *draw, int round, int turn, int a, int b)
{
	draw_pair(draw, round, turn % 2 ? b : a, turn % 2 ? a : b);
}

void
draw_bye(struct draw *draw, int round, int bot)
{
	struct pairing pairing = { .round = round, .players = 1, .bot = { bot } };

	draw->count++;
	draw->take(draw, &pairing);
}

int
contest_round(const struct contest *contest)
{
	return contest->count ? contest->entry[contest->count - 1].round : 0;
}

void
contest_met(const struct contest *contest)
{
	int bots = contest->bots, last = 0;

	for (size_t i = 0; i < (size_t)bots * (size_t)bots; i++)
		contest->met[i] = 0;
	for (size_t i = 0; i < contest->count; i++) {
		const struct entry *entry = &contest->entry[i];

		if (entry->pairing == last)
			continue;
		last = entry->pairing;
		for (int a = 0; a < entry->players; a++)
			for (int b = 0; b < entry->players; b++)
				contest->met[entry->bot[a] * bots + entry->bot[b]] += a != b;
	}
}

void
contest_points(const struct contest *contest, int before, double *points)
{
	for (int bot = 0; bot < contest->bots; bot++)
		points[bot] = 0;
	for (size_t i = 0; i < contest->count && contest->entry[i].round < before; i++)
		for (int seat = 0; seat < contest->entry[i].players; seat++)
			points[contest->entry[i].bot[seat]] += entry_points(&contest->entry[i], seat);
}

int
contest_list(const struct contest *contest, int *bots)
{
	int count = 0;

	for (int bot = 0; bot < contest->bots; bot++)
		if (!contest->gone[bot])
			bots[count++] = bot;
	return count;
}

/* How much more often he had the first seat than the last. */
static int
lean(const struct contest *contest, int bot)
{
	int sum = 0;

	for (size_t i = 0; i < contest->count; i++) {
		int seat = entry_seat(&contest->entry[i], bot);

		if (contest->entry[i].players == 2 && seat >= 0)
			sum += seat == 0 ? 1 : -1;
	}
	return sum;
}

void
contest_seats(const struct contest *contest, int *a, int *b)
{
	int first = *a;

	if (lean(contest, *a) <= lean(contest, *b))
		return;
	*a = *b;
	*b = first;
}

/* --- from a pairing to its matches */

static bool
is_series(const struct format_rules *rules, int round, int players)
{
	return rules->best_of > 0 && players == 2 && rules->knockout && round >= rules->knockout;
}

static int
rotations(const struct format_rules *rules, const struct pairing *pairing)
{
	return rules->rotate ? pairing->players : 1;
}

int
format_entries(const struct format_rules *rules, const struct pairing *pairing)
{
	if (pairing->players == 1)
		return 1;
	if (is_series(rules, pairing->round, pairing->players))
		return pairing->extra ? 2 : rules->best_of;
	return rules->games * (pairing->extra ? 1 : rules->sets) * rotations(rules, pairing);
}

/* All rotations of a set come one after the other, with one seed; then the next set, or the next game. */
struct entry
format_entry(const struct format_rules *rules, const struct pairing *pairing, int pairing_number, int index, int number)
{
	bool series = is_series(rules, pairing->round, pairing->players);
	int turns = series ? 2 : rotations(rules, pairing), set = index / turns;
	struct entry entry = { .number = number, .round = pairing->round, .pairing = pairing_number,
		.set = set, .game = set % rules->games, .players = pairing->players };

	entry.seed = (int64_t)seed_of(seed_of((uint64_t)rules->seed, (unsigned)pairing_number), (unsigned)set);
	entry.pool = (pairing_number - 1 + set / rules->games) % rules->pool[entry.game];
	/* Where sets are not rotated, each has another first seat than the one before; so has each of one game. */
	int turn = series || rules->rotate ? index % turns
	    : (set / rules->games + set % rules->games) % pairing->players;
	for (int seat = 0; seat < pairing->players; seat++)
		entry.bot[seat] = pairing->bot[(seat + turn) % pairing->players];
	if (pairing->players == 1) {
		entry.state = ENTRY_PLAYED;
		entry.rank[0] = 1;
	}
	return entry;
}

/* --- when a pairing is decided */

static int
drop_from(struct entry *entry, size_t count, size_t first)
{
	int dropped = 0;

	for (size_t i = first; i < count; i++)
		if (entry[i].state != ENTRY_DROPPED) {
			entry[i].state = ENTRY_DROPPED;
			dropped++;
		}
	return dropped;
}

/* The second can not catch up any more. */
static int
settle_series(struct entry *entry, size_t count)
{
	double lead = 0;

	for (size_t i = 0; i < count && !entry_is_open(&entry[i]); i++) {
		int first = entry_seat(&entry[i], entry[0].bot[0]);

		if (entry[i].state == ENTRY_PLAYED)
			lead += entry_points(&entry[i], first) - entry_points(&entry[i], 1 - first);
		if (lead > (double)(count - i - 1) || -lead > (double)(count - i - 1))
			return drop_from(entry, count, i + 1);
	}
	return 0;
}

/* A set counts when both its matches were played. */
size_t
format_test(const struct format_rules *rules, const struct entry *entry, size_t count, struct sprt *sprt)
{
	*sprt = (struct sprt){ { 0 } };
	for (size_t i = 0; i + 1 < count && !entry_is_open(&entry[i]) && !entry_is_open(&entry[i + 1]); i += 2) {
		if (entry[i].state != ENTRY_PLAYED || entry[i + 1].state != ENTRY_PLAYED)
			continue;
		sprt->seen[(int)(2 * (entry_points(&entry[i], 0) + entry_points(&entry[i + 1], 1)))]++;
		if (sprt_verdict(sprt, &rules->sprt) != SPRT_OPEN)
			return i + 2;
	}
	return 0;
}

static int
settle_test(const struct format_rules *rules, struct entry *entry, size_t count)
{
	struct sprt sprt;
	size_t end = format_test(rules, entry, count, &sprt);

	return end ? drop_from(entry, count, end) : 0;
}

int
format_settle(const struct format_rules *rules, struct entry *entry, size_t count)
{
	if (is_series(rules, entry[0].round, entry[0].players))
		return settle_series(entry, count);
	return rules->has_sprt && entry[0].players == 2 ? settle_test(rules, entry, count) : 0;
}
