/*
 * Claim: the tournament formats are fair, and end. Tournaments are played here in memory, with results by strength and by lot, in
 * any order, with failures and with bots that are withdrawn; what must be true of every format is looked for in every plan.
 */
#include "matching.h"
#include "nearest.h"
#include "points.h"
#include "tap.h"

#include <math.h>
#include <stdlib.h>

#define SMALL 33		/* bots */
#define SEED 1

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
	size_t count;
};

static uint64_t
mix(uint64_t a, uint64_t b)
{
	uint64_t z = (a * 0x100000001b3 ^ b) + 0x9e3779b97f4a7c15;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
	z = (z ^ z >> 27) * 0x94d049bb133111eb;
	return z ^ z >> 31;
}

static int
below(uint64_t *state, int most)
{
	*state = mix(*state, 7);
	return (int)(*state % (uint64_t)most);
}

/* --- playing a tournament as cup.c does */

static void
take(struct draw *draw, const struct pairing *pairing)
{
	struct world *world = (struct world *)draw;
	int entries = format_entries(&world->rules, pairing);

	for (int seat = 0; seat < pairing->players; seat++)
		world->wrong |= pairing->bot[seat] < 0 || pairing->bot[seat] >= world->bots || world->gone[pairing->bot[seat]];
	world->entry = realloc(world->entry, (world->count + (size_t)entries) * sizeof(*world->entry));
	world->pairings++;
	for (int i = 0; i < entries; i++, world->count++)
		world->entry[world->count] = format_entry(&world->rules, pairing, world->pairings, i, (int)world->count + 1);
}

static void *
lend(size_t size, int filling)
{
	return memset(malloc(size ? size : 1), filling, size ? size : 1);
}

static void *
copy_of(const void *bytes, size_t size)
{
	void *copy = lend(size, 0);

	return size ? memcpy(copy, bytes, size) : copy;
}

/* All that is lent has its exact size, for ASan, and rubbish in it. */
static struct contest
contest_of(const struct world *world)
{
	size_t bots = (size_t)world->bots;

	return (struct contest){ &world->rules, copy_of(world->entry, world->count * sizeof(struct entry)), world->count,
		world->bots, copy_of(world->gone, bots), lend(CONTEST_MET(bots) * sizeof(int), world->shuffled ? 0x5a : 0),
		lend(CONTEST_WORK(bots) * sizeof(double), world->shuffled ? 0x5a : 0),
		lend(world->count * sizeof(struct bout), 0x5a) };
}

static void
give_back(struct contest *contest)
{
	free((void *)contest->entry);
	free((void *)contest->gone);
	free(contest->met);
	free(contest->work);
	free(contest->bouts);
}

static size_t
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

static int
value_of(const struct world *world, const struct entry *entry, int seat)
{
	return world->habit == BY_STRENGTH ? world->strength[entry->bot[seat]]
	    : world->habit == BY_LOT ? (int)(mix(world->luck + (uint64_t)entry->number, (uint64_t)entry->bot[seat]) % 3) : 0;
}

static void
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

static size_t
end_of(const struct world *world, size_t first)
{
	size_t end = first;

	while (end < world->count && world->entry[end].pairing == world->entry[first].pairing)
		end++;
	return end;
}

static void
settle(struct world *world, size_t index)
{
	size_t first = index;

	while (first > 0 && world->entry[first - 1].pairing == world->entry[index].pairing)
		first--;
	(void)format_settle(&world->rules, &world->entry[first], end_of(world, first) - first);
}

static void
withdraw(struct world *world, int bot)
{
	world->gone[bot] = true;
	for (size_t i = 0; i < world->count; i++)
		if (entry_is_open(&world->entry[i]) && entry_seat(&world->entry[i], bot) >= 0)
			world->entry[i].state = ENTRY_DROPPED;
}

static void
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
static void
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

static struct world *
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

static struct world *
played(const struct format_rules *rules, int bots, enum habit habit)
{
	struct world *world = begin(rules, bots);

	world->habit = habit;
	run(world);
	return world;
}

static void
end(struct world *world)
{
	free(world->entry);
	free(world);
}

/* --- what is true of every plan */

static int
compare_seeds(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;

	return x->seed != y->seed ? (x->seed < y->seed ? -1 : 1) : x->number - y->number;
}

/* One seed for each set, and for nothing else. */
static int
wrong_seeds(const struct world *world)
{
	struct entry *sorted = copy_of(world->entry, world->count * sizeof(*sorted));
	int wrong = 0;

	qsort(sorted, world->count, sizeof(*sorted), compare_seeds);
	for (size_t i = 1; i < world->count; i++)
		wrong += (sorted[i].seed == sorted[i - 1].seed) !=
		    (sorted[i].pairing == sorted[i - 1].pairing && sorted[i].set == sorted[i - 1].set);
	free(sorted);
	return wrong;
}

static int
wrong_entry(const struct world *world, size_t index)
{
	const struct entry *entry = &world->entry[index], *before = index ? entry - 1 : NULL;
	int wrong = entry->number != (int)index + 1 || entry->round < (before ? before->round : 1) ||
	    entry->pairing != (before ? before->pairing : 1) + (before && entry->pairing != before->pairing) ||
	    entry->pool >= world->rules.pool[entry->game] || entry->seed < 0 || entry_is_open(entry);

	for (int seat = 0; seat < entry->players; seat++)
		wrong += entry_seat(entry, entry->bot[seat]) != seat;
	return wrong;
}

/* Each bot has each seat once in a set, except at the end of a best of an odd number. */
static int
wrong_rotation(const struct world *world, size_t first, size_t end_at)
{
	const struct entry *entry = &world->entry[first];
	bool series = world->rules.best_of && world->rules.knockout && entry->round >= world->rules.knockout;
	int turns = entry->players == 1 ? 1 : series ? 2 : world->rules.rotate ? entry->players : 1, wrong = 0;

	for (size_t i = first; i < end_at; i++) {
		int set = (int)(i - first) / turns, turn = (int)(i - first) % turns;

		wrong += world->entry[i].set != set || world->entry[i].game != set % world->rules.games;
		for (int seat = 0; seat < entry->players; seat++)
			wrong += world->entry[i].bot[seat] != entry->bot[(seat + turn) % entry->players];
	}
	int sets = (int)(end_at - first) / turns;
	return wrong + (!series && (sets % world->rules.games || (int)(end_at - first) % turns));
}

/* Dropped is what comes after a decision, and nothing else; if nobody was withdrawn. */
static int
wrong_drops(const struct world *world, size_t first, size_t end_at)
{
	bool series = world->rules.best_of && world->rules.knockout && world->entry[first].round >= world->rules.knockout;
	int wrong = 0, a = world->entry[first].bot[0];
	double lead = 0;

	for (size_t i = first; series && i < end_at; i++) {
		const struct entry *entry = &world->entry[i];

		wrong += (entry->state == ENTRY_DROPPED) != (fabs(lead) > (double)(end_at - i));
		if (entry->state == ENTRY_PLAYED && entry->players == 2)
			lead += 2 * entry_points(entry, entry_seat(entry, a)) - 1;
	}
	for (size_t i = first; !series && !world->rules.has_sprt && i < end_at; i++)
		wrong += world->entry[i].state == ENTRY_DROPPED;
	return wrong;
}

static int
wrong_plan(const struct world *world)
{
	int wrong = world->wrong + wrong_seeds(world);

	for (size_t i = 0; i < world->count; i++)
		wrong += wrong_entry(world, i);
	for (size_t i = 0, next; i < world->count; i = next) {
		next = end_of(world, i);
		wrong += wrong_rotation(world, i, next) + (world->leave ? 0 : wrong_drops(world, i, next));
	}
	return wrong;
}

static bool
is_same(const struct world *a, const struct world *b)
{
	bool same = a->count == b->count;

	for (size_t i = 0; same && i < a->count; i++) {
		const struct entry *x = &a->entry[i], *y = &b->entry[i];

		same = x->round == y->round && x->pairing == y->pairing && x->set == y->set && x->game == y->game &&
		    x->pool == y->pool && x->seed == y->seed && x->players == y->players && x->state == y->state &&
		    memcmp(x->bot, y->bot, sizeof(x->bot)) == 0 &&
		    (x->state != ENTRY_PLAYED || memcmp(x->rank, y->rank, sizeof(x->rank)) == 0);
	}
	return same;
}

/* Of two that met in a knockout, only one plays on: also when somebody is withdrawn later. */
static int
count_returns(const struct world *world)
{
	struct contest contest = { .entry = world->entry, .count = world->count };
	int returns = 0, lost[BOTS_MAX] = { 0 };

	for (size_t i = 0; world->rules.knockout && i < world->count; i = end_of(world, i)) {
		const struct entry *entry = &world->entry[i];
		bool extra = entry->round < world->rules.knockout || entry->players == 1;

		/* A tie has two pairings in its round. */
		for (size_t j = i; !extra && j > 0 && world->entry[j - 1].round == entry->round; j--)
			extra |= world->entry[j - 1].pairing != entry->pairing && entry_seat(&world->entry[j - 1], entry->bot[0]) >= 0;
		if (extra)
			continue;
		bool first = contest_plays_after(&contest, entry->round, entry->bot[0]),
		    second = contest_plays_after(&contest, entry->round, entry->bot[1]);
		returns += world->rules.format != FORMAT_DOUBLE && first && second;
		lost[entry->bot[0]] += world->rules.format == FORMAT_DOUBLE && !first;
		lost[entry->bot[1]] += world->rules.format == FORMAT_DOUBLE && !second;
	}
	for (int bot = 0; bot < world->bots; bot++)
		returns += lost[bot] > 2;
	return returns;
}

#define SIMPLE .rounds = 1, .sets = 1, .games = 1, .groups = 2, .advance = 2, .starve = 4, .seats = 2, .seed = SEED
#define RULES(name, ...) (struct format_rules){ .format = FORMAT_##name, SIMPLE, .rotate = true, __VA_ARGS__ }

static const struct format_rules settings[] = {
	{ .format = FORMAT_ROUND_ROBIN, SIMPLE, .rotate = true },
	{ .format = FORMAT_ROUND_ROBIN, .rounds = 3, .sets = 2, .games = 2, .seats = 2, .seed = 5 },
	{ .format = FORMAT_ROUND_ROBIN, .rounds = 1, .sets = 9, .games = 1, .seats = 2, .rotate = true, .has_sprt = true,
	    .sprt = { 0, 200, 0.1, 0.1 } },
	{ .format = FORMAT_GAUNTLET, SIMPLE, .rotate = true, .hero = { true } },
	{ .format = FORMAT_GAUNTLET, .rounds = 2, .sets = 1, .games = 3, .seats = 2, .hero = { false, true, false, true } },
	{ .format = FORMAT_SWISS, .rounds = 3, .sets = 1, .games = 1, .seats = 2, .rotate = true },
	{ .format = FORMAT_SWISS, .rounds = 5, .sets = 1, .games = 1, .seats = 2 },
	{ .format = FORMAT_SINGLE, SIMPLE, .rotate = true },
	{ .format = FORMAT_SINGLE, SIMPLE },
	{ .format = FORMAT_SINGLE, SIMPLE, .rotate = true, .best_of = 5 },
	{ .format = FORMAT_DOUBLE, SIMPLE, .rotate = true },
	{ .format = FORMAT_DOUBLE, .rounds = 1, .sets = 2, .games = 2, .seats = 2, .best_of = 4 },
	{ .format = FORMAT_GROUPS, SIMPLE, .rotate = true },
	{ .format = FORMAT_GROUPS, .rounds = 2, .sets = 1, .games = 1, .groups = 3, .advance = 2, .seats = 2, .best_of = 3 },
	{ .format = FORMAT_GROUPS, .rounds = 1, .sets = 1, .games = 1, .groups = 7, .advance = 3, .seats = 2, .rotate = true },
	{ .format = FORMAT_GROUPS, .rounds = 1, .sets = 1, .games = 1, .groups = 1, .advance = 1, .seats = 2, .rotate = true },
	{ .format = FORMAT_LADDER, .rounds = 6, .sets = 1, .games = 1, .starve = 4, .seats = 2, .rotate = true },
	{ .format = FORMAT_LADDER, .rounds = 9, .sets = 1, .games = 1, .pairs = 2, .starve = 3, .seats = 2 },
	{ .format = FORMAT_TABLES, .rounds = 5, .sets = 1, .games = 2, .seats = 3, .rotate = true },
	{ .format = FORMAT_TABLES, .rounds = 4, .sets = 2, .games = 1, .seats = 16 },
};
#define SETTINGS (sizeof(settings) / sizeof(*settings))

static void
test_one(const struct format_rules *rules, int *wrong, int *other, int *withdrawn)
{
	for (int n = 0; n < (SMALL + 1) * HABITS; n++) {
		struct world *plain = begin(rules, n / HABITS), *again = begin(rules, n / HABITS), *left = begin(rules, n / HABITS);

		plain->habit = again->habit = left->habit = (enum habit)(n % HABITS);
		again->shuffled = left->shuffled = true;
		left->leave = 1 + n / 3;
		left->luck = SEED + (uint64_t)n;
		if (!plain->wrong) {
			run(plain);
			run(again);
			run(left);
			*wrong += wrong_plan(plain);
			*other += !is_same(plain, again);
			*withdrawn += wrong_plan(left) + count_returns(left) + count_returns(plain);
		}
		end(plain);
		end(again);
		end(left);
	}
}

static void
test_all(void)
{
	printf("# seed %d\n", SEED);
	for (size_t i = 0; i < SETTINGS; i++) {
		int wrong = 0, other = 0, withdrawn = 0;

		test_one(&settings[i], &wrong, &other, &withdrawn);
		ok(!wrong && !other && !withdrawn, "%s, setting %zu: ends, is well formed (%d not), the same whatever was played first"
		    " (%d not), and stays so when bots are withdrawn (%d not)", format_names[settings[i].format], i, wrong, other,
		    withdrawn);
	}
}

/* --- what pairings there were */

struct meetings {
	int bots, times[SMALL + 2][SMALL + 2];	/* pairings of two */
	int seats[SMALL + 2];			/* first less last */
	int twice;				/* bots that met two in a round */
	int byes[SMALL + 2], extra;
};

static struct meetings
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

static int
last_round(const struct world *world)
{
	return world->count ? world->entry[world->count - 1].round : 0;
}

static int
most_lean(const struct meetings *met)
{
	int most = 0;

	for (int bot = 0; bot < met->bots; bot++)
		most = abs(met->seats[bot]) > most ? abs(met->seats[bot]) : most;
	return most;
}

/* Pairs that did not meet so often. */
static int
not_met(const struct meetings *met, int times)
{
	int wrong = 0;

	for (int a = 0; a < met->bots; a++)
		for (int b = 0; b < a; b++)
			wrong += met->times[a][b] != times;
	return wrong;
}

static void
test_robin(void)
{
	int wrong = 0, turns = 0, lean = 0, later = 0;

	for (int bots = 1; bots <= SMALL; bots++)
		for (int rounds = 1; rounds <= 3; rounds++) {
			struct world *world = played(&RULES(ROUND_ROBIN, .rounds = rounds, .rotate = false), bots, BY_LOT);
			struct meetings met = meetings_of(world, last_round(world));

			wrong += not_met(&met, rounds) + met.twice;
			turns += last_round(world) != rounds * circle_rounds(bots);
			lean += most_lean(&met) > (bots % 2 == 0 && rounds % 2);
			world->bots++;
			run(world);
			met = meetings_of(world, last_round(world));
			later += not_met(&met, rounds) + met.twice + (most_lean(&met) > 2) + world->wrong;
			end(world);
		}
	ok(wrong == 0 && turns == 0, "round robin: each meets each, one in a round, in as few rounds as can be");
	ok(lean == 0, "and without rotation has both seats as often, or once more (%d not)", lean);
	ok(later == 0, "who was added later meets all as often as they each other (%d not)", later);
}

static void
test_gauntlet(void)
{
	int wrong = 0, lean = 0;

	for (int bots = 2; bots <= SMALL; bots++)
		for (int set = 0; set < 4; set++) {
			struct format_rules rules = RULES(GAUNTLET, .rounds = 2, .rotate = false);
			int heroes = 0;

			for (int bot = 0; bot < bots; bot++)
				heroes += rules.hero[bot] = set == 0 ? bot == 0 : set == 1 ? bot % 2 : set == 2 ? bot % 3 == 1 : bot < bots - 1;
			struct world *world = played(&rules, bots, BY_LOT);
			struct meetings met = meetings_of(world, last_round(world)), once = meetings_of(world, last_round(world) / 2);
			for (int a = 0; a < bots; a++)
				for (int b = 0; b < bots; b++)
					wrong += met.times[a][b] != (rules.hero[a] != rules.hero[b] ? 2 : 0);
			wrong += last_round(world) != 2 * (bots - heroes) || (world->count && world->entry[0].round != 1);
			lean += most_lean(&met) > 0 || most_lean(&once) > 1;
			end(world);
		}
	ok(wrong == 0, "gauntlet: heroes meet all others, who do not meet each other (%d not)", wrong);
	ok(lean == 0, "and all have both seats as often, or once more (%d not)", lean);
}

/* --- swiss, and matching */

struct random_graph {
	int count;
	bool joined[12][12];
};

static bool
is_joined(const void *what, int a, int b)
{
	return ((const struct random_graph *)what)->joined[a][b];
}

/* The most pairs, by trying all. */
static int
most_pairs(const struct random_graph *graph, unsigned taken)
{
	int a = 0, most;

	while (a < graph->count && taken >> a & 1)
		a++;
	if (a >= graph->count)
		return 0;
	most = most_pairs(graph, taken | 1u << a);
	for (int b = a + 1; b < graph->count; b++)
		if (!(taken >> b & 1) && graph->joined[a][b]) {
			int pairs = 1 + most_pairs(graph, taken | 1u << a | 1u << b);

			most = pairs > most ? pairs : most;
		}
	return most;
}

static int
wrong_matching(const struct random_graph *random)
{
	struct graph graph = { random->count, is_joined, random };
	int *mate = lend((size_t)graph.count * sizeof(int), 0x5a), *work = lend((size_t)MATCHING_WORK(graph.count) * sizeof(int), 0x5a),
	    wrong = 0, paired = 0;

	matching_find(&graph, mate, work);
	for (int a = 0; a < graph.count; a++) {
		paired += mate[a] >= 0;
		wrong += mate[a] >= 0 && (mate[a] >= graph.count || mate[mate[a]] != a || !random->joined[a][mate[a]]);
	}
	free(mate);
	free(work);
	return wrong + (paired != 2 * most_pairs(random, 0));
}

static void
test_matching(void)
{
	uint64_t dice = SEED;
	int wrong = 0;

	for (int n = 0; n < 20000; n++) {
		struct random_graph graph = { .count = n % 11 };
		int most = 1 + below(&dice, 99);

		for (int a = 0; a < graph.count; a++)
			for (int b = 0; b < a; b++)
				graph.joined[a][b] = graph.joined[b][a] = below(&dice, 100) < most;
		wrong += wrong_matching(&graph);
	}
	ok(wrong == 0, "matching: as many pairs as trying all finds, on random graphs of up to 10 (%d not)", wrong);
}

/* Before a round: could all meet somebody new, and who rests have had no bye when somebody had none? */
static bool
could_be_new(const struct meetings *met)
{
	struct random_graph graph = { .count = met->bots + met->bots % 2 };
	int least = met->byes[0];

	for (int a = 0; a < met->bots; a++)
		least = met->byes[a] < least ? met->byes[a] : least;
	for (int a = 0; a < met->bots; a++) {
		for (int b = 0; b < met->bots; b++)
			graph.joined[a][b] = a != b && met->times[a][b] == 0;
		if (met->bots % 2)
			graph.joined[a][met->bots] = graph.joined[met->bots][a] = met->byes[a] == least;
	}
	return most_pairs(&graph, 0) == graph.count / 2;
}

static int
count_rematches(const struct meetings *met)
{
	int rematches = 0;

	for (int a = 0; a < met->bots; a++)
		for (int b = 0; b < a; b++)
			rematches += met->times[a][b] > 1 ? met->times[a][b] - 1 : 0;
	return rematches;
}

static int
spread(const int *numbers, int count)
{
	int least = numbers[0], most = numbers[0];

	for (int i = 1; i < count; i++) {
		least = numbers[i] < least ? numbers[i] : least;
		most = numbers[i] > most ? numbers[i] : most;
	}
	return most - least;
}

struct swiss_faults {
	int rounds, byes, rematches, lean;
};

static void
look_at_swiss(const struct world *world, struct swiss_faults *faults)
{
	struct meetings before = meetings_of(world, 0);

	for (int round = 1; round <= world->rules.rounds; round++) {
		struct meetings met = meetings_of(world, round);
		int again = count_rematches(&met) - count_rematches(&before);

		faults->rounds += met.twice;
		for (int bot = 0, all; bot < met.bots; bot++) {
			all = met.byes[bot];
			for (int other = 0; other < met.bots; other++)
				all += met.times[bot][other];
			faults->rounds += all != round;
		}
		faults->byes += spread(met.byes, met.bots) > 1;
		faults->rematches += again > 0 && (met.bots > 10 ? 2 * round < met.bots : could_be_new(&before));
		faults->lean = most_lean(&met) > faults->lean ? most_lean(&met) : faults->lean;
		before = met;
	}
}

static void
test_swiss(void)
{
	struct swiss_faults faults = { 0, 0, 0, 0 };

	for (int n = 0; n < 2000; n++) {
		int bots = n < 1500 ? 2 + n % 9 : 11 + n % (SMALL - 10), rounds = 1 + n / 9 % circle_rounds(bots);
		struct world *world = begin(&RULES(SWISS, .rounds = rounds > 12 ? 12 : rounds, .rotate = false), bots);

		world->habit = n % 7 ? BY_LOT : BY_STRENGTH;
		world->luck = SEED + (uint64_t)n;
		run(world);
		look_at_swiss(world, &faults);
		end(world);
	}
	ok(faults.rounds == 0, "swiss: in each round everybody has one rival, or the bye");
	ok(faults.byes == 0, "nobody has a second bye before all had one (%d did)", faults.byes);
	ok(faults.rematches == 0, "nobody meets again while there is another way (%d rounds)", faults.rematches);
	ok(faults.lean <= 3, "without rotation all have both seats about as often (%d more at most)", faults.lean);
}

/* The largest difference of points in a pair. */
static double
most_apart(const struct world *world)
{
	double points[SMALL + 2] = { 0 }, before[SMALL + 2], most = 0;

	for (size_t i = 0; i < world->count; i++) {
		const struct entry *entry = &world->entry[i];

		if (i == 0 || entry->round != world->entry[i - 1].round)
			memcpy(before, points, sizeof(before));
		for (int seat = 0; seat < entry->players; seat++)
			points[entry->bot[seat]] += entry_points(entry, seat);
		most = entry->players == 2 ? fmax(most, fabs(before[entry->bot[0]] - before[entry->bot[1]])) : most;
	}
	return most;
}

static void
shuffle_strength(struct world *world, uint64_t *dice)
{
	for (int i = world->bots - 1; i > 0; i--) {
		int j = below(dice, i + 1), kept = world->strength[i];

		world->strength[i] = world->strength[j];
		world->strength[j] = kept;
	}
}

static void
test_swiss_winner(void)
{
	int lost = 0, apart = 0;
	uint64_t dice = SEED;

	for (int n = 0; n < 600; n++) {
		int bots = 2 + n % (SMALL - 1), rounds = (int)ceil(log2(bots));
		struct world *world = begin(&RULES(SWISS, .rounds = rounds, .rotate = false), bots);
		struct standing *standing = lend((size_t)bots * sizeof(*standing), 0);
		double *points = lend((size_t)bots * sizeof(*points), 0);

		shuffle_strength(world, &dice);
		run(world);
		struct contest contest = contest_of(world);
		points_fold(&contest, standing, points);
		lost += world->strength[standing[0].bot] != 0 || standing[0].points != rounds || standing[1].points == rounds;
		apart += most_apart(world) > 1;
		give_back(&contest);
		end(world);
		free(standing);
		free(points);
	}
	ok(lost == 0, "the strongest wins alone in as many rounds as a knockout has (%d did not)", lost);
	ok(apart == 0, "and those who meet are a point apart at most (%d not)", apart);
}
