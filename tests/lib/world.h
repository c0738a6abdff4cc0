/* A tournament that is played in memory, as cup.c does on disk; and who met whom in it. */
#ifndef WORLD_H
#define WORLD_H

#include "points.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Later initializers replace those of SIMPLE. */
#pragma GCC diagnostic ignored "-Woverride-init"
#define SIMPLE .rounds = 1, .sets = 1, .games = 1, .groups = 2, .advance = 2, .starve = 4, .seats = 2, .seed = SEED
#define RULES(name, ...) (struct format_rules){ .format = FORMAT_##name, SIMPLE, .rotate = true, __VA_ARGS__ }

#define SMALL 33		/* bots */
#ifndef SEED
#define SEED 1
#endif

enum habit { BY_STRENGTH, BY_LOT, ALL_TIED, ALL_FAILED, HABITS };

struct world {
	struct draw draw;	/* first: take() finds the rest by it */
	struct format_rules rules;
	int bots, parts, pairings, leave;	/* leave: one of so many matches ends with a withdrawal; 0: none does */
	bool shuffled, wrong;
	enum habit habit;
	uint64_t luck;
	int strength[BOTS_MAX];	/* less is better */
	bool gone[BOTS_MAX];
	struct entry *entry;
	size_t count, room;
};

static inline uint64_t
mix(uint64_t a, uint64_t b)
{
	uint64_t z = (a * 0x100000001b3 ^ b) + 0x9e3779b97f4a7c15;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
	z = (z ^ z >> 27) * 0x94d049bb133111eb;
	return z ^ z >> 31;
}

static inline int
below(uint64_t *state, int most)
{
	*state = mix(*state, 7);
	return (int)(*state % (uint64_t)most);
}

/* --- playing a tournament as cup.c does */

static inline void
take(struct draw *draw, const struct pairing *pairing)
{
	struct world *world = (struct world *)draw;
	int entries = format_entries(&world->rules, pairing);

	for (int seat = 0; seat < pairing->players; seat++)
		world->wrong |= pairing->bot[seat] < 0 || pairing->bot[seat] >= world->bots ||
		    world->gone[pairing->bot[seat]];
	if (world->count + (size_t)entries > world->room) {
		world->room = 2 * (world->count + (size_t)entries);
		world->entry = realloc(world->entry, world->room * sizeof(*world->entry));
	}
	world->pairings++;
	for (int i = 0; i < entries; i++, world->count++)
		world->entry[world->count] = format_entry(&world->rules, pairing, world->pairings, i,
		    (int)world->count + 1);
}

static inline void *
lend(size_t size, int filling)
{
	return memset(malloc(size ? size : 1), filling, size ? size : 1);
}

static inline void *
copy_of(const void *bytes, size_t size)
{
	void *copy = lend(size, 0);

	return size ? memcpy(copy, bytes, size) : copy;
}

/* All that is lent has its exact size, for ASan, and rubbish in it. */
static inline struct contest
contest_of(const struct world *world)
{
	size_t bots = (size_t)world->bots;
	int filling = world->shuffled ? 0x5a : 0;

	return (struct contest){ .rules = &world->rules, .count = world->count, .bots = world->bots,
		.entry = copy_of(world->entry, world->count * sizeof(struct entry)), .gone = copy_of(world->gone, bots),
		.met = lend(CONTEST_MET(bots) * sizeof(int), filling),
		.work = lend(CONTEST_WORK(bots) * sizeof(double), filling),
		.bouts = lend(world->count * sizeof(struct bout), filling) };
}

static inline void
give_back(struct contest *contest)
{
	free((void *)contest->entry);
	free((void *)contest->gone);
	free(contest->met);
	free(contest->work);
	free(contest->bouts);
}

static inline size_t
grow(struct world *world)
{
	struct contest contest = contest_of(world);
	size_t before = world->count;

	world->draw.take = take;
	format_next(&contest, &world->draw);
	give_back(&contest);
	world->parts++;
	return world->count - before;
}

static inline int
value_of(const struct world *world, const struct entry *entry, int seat)
{
	return world->habit == BY_STRENGTH ? world->strength[entry->bot[seat]]
	    : world->habit == BY_LOT ? (int)(mix(world->luck + (uint64_t)entry->number,
	    (uint64_t)entry->bot[seat]) % 3) : 0;
}

static inline void
play(const struct world *world, struct entry *entry)
{
	bool fails = world->habit == ALL_FAILED ||
	    (world->habit == BY_LOT && mix(world->luck, (uint64_t)entry->number) % 16 == 0);

	entry->state = fails ? ENTRY_FAILED : ENTRY_PLAYED;
	for (int seat = 0; seat < entry->players; seat++) {
		entry->rank[seat] = 1;
		for (int rival = 0; rival < entry->players; rival++)
			entry->rank[seat] += value_of(world, entry, rival) < value_of(world, entry, seat);
	}
}

static inline size_t
end_of(const struct world *world, size_t first)
{
	size_t end = first;

	while (end < world->count && world->entry[end].pairing == world->entry[first].pairing)
		end++;
	return end;
}

static inline void
settle(struct world *world, size_t index)
{
	size_t first = index;

	while (first > 0 && world->entry[first - 1].pairing == world->entry[index].pairing)
		first--;
	(void)format_settle(&world->rules, &world->entry[first], end_of(world, first) - first);
}

static inline void
withdraw(struct world *world, int bot)
{
	world->gone[bot] = true;
	for (size_t i = 0; i < world->count; i++)
		if (entry_is_open(&world->entry[i]) && entry_seat(&world->entry[i], bot) >= 0)
			world->entry[i].state = ENTRY_DROPPED;
}

static inline void
play_part(struct world *world, size_t first, uint64_t *dice)
{
	size_t left = world->count - first, *order = lend(left * sizeof(*order), 0);

	for (size_t i = 0; i < left; i++) {
		size_t at = world->shuffled ? (size_t)below(dice, (int)i + 1) : i;

		order[i] = order[at];
		order[at] = first + i;
	}
	for (size_t i = 0; i < left; i++) {
		if (!entry_is_open(&world->entry[order[i]]))
			continue;
		play(world, &world->entry[order[i]]);
		settle(world, order[i]);
		if (world->leave && below(dice, world->leave) == 0)
			withdraw(world, below(dice, world->bots));
	}
	free(order);
}

/* Until it is over; or for so long that it never would be. */
static inline void
run(struct world *world)
{
	uint64_t dice = world->luck;

	for (size_t first = world->count; grow(world) > 0; first = world->count) {
		play_part(world, first, &dice);
		world->wrong |= world->parts > 4 * world->bots + world->rules.rounds + 8;
		if (world->wrong)
			break;
	}
}

static inline struct world *
begin(const struct format_rules *rules, int bots)
{
	struct world *world = lend(sizeof(*world), 0);

	world->rules = *rules;
	world->bots = bots;
	world->luck = SEED;
	for (int i = 0; i < GAMES_MAX; i++)
		world->rules.pool[i] = 1 + i;
	for (int bot = 0; bot < bots; bot++)
		world->strength[bot] = bot;
	world->wrong = format_begin(&world->rules, bots).what != NULL;
	return world;
}

static inline struct world *
played(const struct format_rules *rules, int bots, enum habit habit)
{
	struct world *world = begin(rules, bots);

	world->habit = habit;
	run(world);
	return world;
}

static inline void
end(struct world *world)
{
	free(world->entry);
	free(world);
}

/* --- what pairings there were */

struct meetings {
	int bots, times[SMALL + 2][SMALL + 2];	/* pairings of two */
	int seats[SMALL + 2];			/* first less last */
	int twice;				/* bots that met two in a round */
	int byes[SMALL + 2], extra;
};

static inline struct meetings
meetings_of(const struct world *world, int until)
{
	struct meetings met = { .bots = world->bots };
	int round[SMALL + 2] = { 0 };

	for (size_t i = 0; i < world->count && world->entry[i].round <= until; i = end_of(world, i)) {
		const struct entry *entry = &world->entry[i];

		for (int a = 0; a < entry->players; a++) {
			met.twice += round[entry->bot[a]] == entry->round;
			round[entry->bot[a]] = entry->round;
			met.seats[entry->bot[a]] += entry->players == 1 ? 0 : a == 0 ? 1 : -1;
			met.byes[entry->bot[a]] += entry->players == 1;
			for (int b = 0; b < entry->players; b++)
				met.times[entry->bot[a]][entry->bot[b]] += a != b;
		}
	}
	return met;
}

static inline int
last_round(const struct world *world)
{
	return world->count ? world->entry[world->count - 1].round : 0;
}

static inline int
most_lean(const struct meetings *met)
{
	int most = 0;

	for (int bot = 0; bot < met->bots; bot++)
		most = abs(met->seats[bot]) > most ? abs(met->seats[bot]) : most;
	return most;
}

/* Who had one seat more than twice oftener than the other. */
static inline int
count_lean(const struct meetings *met)
{
	int count = 0;

	for (int bot = 0; bot < met->bots; bot++)
		count += abs(met->seats[bot]) > 2;
	return count;
}

static inline int
spread(const int *numbers, int count)
{
	int least = numbers[0], most = numbers[0];

	for (int i = 1; i < count; i++) {
		least = numbers[i] < least ? numbers[i] : least;
		most = numbers[i] > most ? numbers[i] : most;
	}
	return most - least;
}

static inline int
count_rematches(const struct meetings *met)
{
	int rematches = 0;

	for (int a = 0; a < met->bots; a++)
		for (int b = 0; b < a; b++)
			rematches += met->times[a][b] > 1 ? met->times[a][b] - 1 : 0;
	return rematches;
}

static inline void
shuffle_strength(struct world *world, uint64_t *dice)
{
	for (int i = world->bots - 1; i > 0; i--) {
		int j = below(dice, i + 1), kept = world->strength[i];

		world->strength[i] = world->strength[j];
		world->strength[j] = kept;
	}
}

#endif
