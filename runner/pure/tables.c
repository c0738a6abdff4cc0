/*
 * Owns tables of more than two: in each round those who have played least sit down, as many as fill whole tables,
 * each at one with those whom they have met least. The others wait, and are among the first of the next round.
 */
#include "format.h"

#include "seed.h"

struct hall {
	const struct contest *contest;
	int count, *bot;	/* not seated yet, in order */
	int *played;
};

static void
count_played(const struct hall *hall)
{
	for (int bot = 0; bot < hall->contest->bots; bot++)
		hall->played[bot] = 0;
	for (size_t i = 0; i < hall->contest->count; i++)
		for (int seat = 0; seat < hall->contest->entry[i].players; seat++)
			hall->played[hall->contest->entry[i].bot[seat]]++;
}

/* Who has played as much as another goes before him by lot. */
static bool
is_before(const struct hall *hall, const double *lot, int a, int b)
{
	return hall->played[a] != hall->played[b] ? hall->played[a] < hall->played[b] : lot[a] < lot[b];
}

static void
sort(const struct hall *hall, int round)
{
	double *lot = hall->contest->work;

	for (int bot = 0; bot < hall->contest->bots; bot++)
		lot[bot] = (double)seed_of((uint64_t)hall->contest->rules->seed,
		    (unsigned)round * BOTS_MAX + (unsigned)bot);
	for (int i = 1; i < hall->count; i++) {
		int bot = hall->bot[i], at = i;

		for (; at > 0 && is_before(hall, lot, bot, hall->bot[at - 1]); at--)
			hall->bot[at] = hall->bot[at - 1];
		hall->bot[at] = bot;
	}
}

static int
met_at(const struct hall *hall, const struct pairing *table, int bot)
{
	int met = 0;

	for (int seat = 0; seat < table->players; seat++)
		met += hall->contest->met[table->bot[seat] * hall->contest->bots + bot];
	return met;
}

static void
seat_best(struct hall *hall, struct pairing *table)
{
	int best = 0;

	for (int i = 1; i < hall->count; i++)
		if (met_at(hall, table, hall->bot[i]) < met_at(hall, table, hall->bot[best]))
			best = i;
	table->bot[table->players++] = hall->bot[best];
	for (hall->count--; best < hall->count; best++)
		hall->bot[best] = hall->bot[best + 1];
}

void
tables_next(const struct contest *contest, struct draw *draw)
{
	int bots = contest->bots, round = contest_round(contest) + 1, *list = contest->met + bots * bots;
	struct hall hall = { contest, contest_list(contest, list), list, list + bots };

	if (round > contest->rules->rounds)
		return;
	contest_met(contest);
	count_played(&hall);
	sort(&hall, round);
	hall.count -= hall.count % contest->rules->seats;
	while (hall.count > 0) {
		struct pairing table = { .round = round };

		while (table.players < contest->rules->seats)
			seat_best(&hall, &table);
		draw->count++;
		draw->take(draw, &table);
	}
}
