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

/* Later initializers replace those of SIMPLE. */
#pragma GCC diagnostic ignored "-Woverride-init"
#define SIMPLE .rounds = 1, .sets = 1, .games = 1, .groups = 2, .advance = 2, .starve = 4, .seats = 2, .seed = SEED
#define RULES(name, ...) (struct format_rules){ .format = FORMAT_##name, SIMPLE, .rotate = true, __VA_ARGS__ }

static const struct format_rules settings[] = {
	{ .format = FORMAT_ROUND_ROBIN, SIMPLE, .rotate = true },
	{ .format = FORMAT_ROUND_ROBIN, .rounds = 3, .sets = 2, .games = 2, .seats = 2, .seed = 5 },
	{ .format = FORMAT_ROUND_ROBIN, .rounds = 1, .sets = 6, .games = 1, .seats = 2, .rotate = true, .has_sprt = true,
	    .sprt = { 0, 400, 0.2, 0.2 } },
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

/* Who had one seat more than twice oftener than the other. */
static int
count_lean(const struct meetings *met)
{
	int count = 0;

	for (int bot = 0; bot < met->bots; bot++)
		count += abs(met->seats[bot]) > 2;
	return count;
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
	int rounds, byes, rematches, bots, lean;
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
		before = met;
	}
	faults->bots += world->bots;
	faults->lean += count_lean(&before);
}

static void
test_swiss(void)
{
	struct swiss_faults faults = { 0, 0, 0, 0, 0 };

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
	ok(faults.lean < faults.bots / 50, "without rotation hardly anybody has one seat more than twice oftener (%d of %d do)",
	    faults.lean, faults.bots);
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
	int lost = 0, apart = 0, powers = 0;
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
		lost += standing[0].points != rounds || world->strength[standing[0].bot] != 0 || standing[1].points == rounds;
		powers += (bots & (bots - 1)) == 0 && standing[1].points == rounds;
		apart += most_apart(world) > 1;
		give_back(&contest);
		end(world);
		free(standing);
		free(points);
	}
	ok(powers == 0 && lost < 6, "the strongest wins alone in as many rounds as a knockout has (%d of 600 did not)", lost);
	ok(apart < 6, "and those who meet are a point apart at most (%d of 600 not)", apart);
}

/* --- elimination */

static int
count_pairings(const struct world *world)
{
	return world->count ? world->entry[world->count - 1].pairing : 0;
}

/* Who comes first; and the places of all. */
static int
places_of(const struct world *world, int *place)
{
	struct contest contest = contest_of(world);
	struct standing *standing = lend((size_t)world->bots * sizeof(*standing), 0);
	double *points = lend((size_t)world->bots * sizeof(*points), 0);

	points_fold(&contest, standing, points);
	int first = standing[0].bot;
	for (int i = 0; place && i < world->bots; i++)
		place[standing[i].bot] = standing[i].place;
	give_back(&contest);
	free(standing);
	free(points);
	return first;
}

static int
find_strongest(const struct world *world)
{
	int strongest = 0;

	for (int bot = 1; bot < world->bots; bot++)
		strongest = world->strength[bot] < world->strength[strongest] ? bot : strongest;
	return strongest;
}

static void
test_single(void)
{
	int count = 0, strongest = 0, final = 0, byes = 0, place[SMALL], places = 0;
	uint64_t dice = SEED;

	for (int bots = 2; bots <= SMALL; bots++) {
		struct world *world = played(&RULES(SINGLE), bots, BY_STRENGTH), *mixed = begin(&RULES(SINGLE), bots);
		struct meetings met = meetings_of(world, last_round(world)), first = meetings_of(world, 1);
		int rounds = (int)ceil(log2(bots));

		shuffle_strength(mixed, &dice);
		run(mixed);
		count += count_pairings(world) != bots - 1 || count_pairings(mixed) != bots - 1 || last_round(world) != rounds;
		strongest += places_of(world, place) != 0 || places_of(mixed, NULL) != find_strongest(mixed);
		final += met.times[0][1] != 1 || world->entry[world->count - 1].round != rounds ||
		    entry_seat(&world->entry[world->count - 1], 0) < 0 || entry_seat(&world->entry[world->count - 1], 1) < 0;
		for (int bot = 0; bot < bots; bot++) {
			bool plays = false;

			for (int other = 0; other < bots; other++)
				plays |= first.times[bot][other] > 0;
			byes += plays == (bot < (1 << rounds) - bots);
			/* By strength the better half goes on in each round. */
			int out = 1;
			while (out < bot + 1)
				out *= 2;
			places += place[bot] != (bot < 2 ? bot + 1 : out / 2 + 1);
		}
		end(world);
		end(mixed);
	}
	ok(count == 0, "single elimination: one pairing less than bots");
	ok(strongest == 0 && final == 0, "the strongest wins, wherever he was entered; the first two meet in the final");
	ok(byes == 0, "the best seeds rest in the first round");
	ok(places == 0, "places are by how far one came: 1, 2, 3, 3, 5, 5, 5, 5 (%d not)", places);
}

static void
test_ties(void)
{
	int wrong = 0;

	for (int n = 0; n < 4 * SMALL; n++) {
		int bots = 1 + n / 4, place[SMALL + 1];
		struct world *world = played(&RULES(SINGLE, .best_of = n % 2 ? 2 : 0), bots, n % 4 < 2 ? ALL_TIED : ALL_FAILED);

		wrong += count_pairings(world) != 2 * (bots - 1) || places_of(world, place) != 0 || (bots > 1 && place[1] != 2);
		end(world);
	}
	ok(wrong == 0, "ties get one set more, and then the first that was entered goes on: also in the final (%d not)", wrong);
}

/* Pairings that each lost; of the one in the first place, and of all others together. */
static void
count_lost(const struct world *world, int champion, int *his, int *others)
{
	*his = *others = 0;
	for (size_t i = 0; i < world->count; i = end_of(world, i)) {
		const struct entry *entry = &world->entry[i];
		int loser = entry->bot[world->strength[entry->bot[0]] < world->strength[entry->bot[1]]];

		*(loser == champion ? his : others) += 1;
	}
}

static void
test_double(void)
{
	int wrong = 0, resets = 0, again = 0, second = 0;
	uint64_t dice = SEED;

	for (int n = 0; n < 10 * SMALL; n++) {
		int bots = 2 + n % (SMALL - 1), his, others, place[SMALL];
		struct world *world = begin(&RULES(DOUBLE), bots);

		world->luck = SEED + (uint64_t)n;
		if (n >= SMALL)
			shuffle_strength(world, &dice);
		run(world);
		int champion = places_of(world, place);
		count_lost(world, champion, &his, &others);
		struct meetings met = meetings_of(world, last_round(world));
		wrong += champion != find_strongest(world) || his != 0 || others != 2 * bots - 2 || met.twice;
		for (int bot = 0; bot < bots; bot++)
			second += world->strength[bot] == 1 && place[bot] != 2;
		again += count_rematches(&met);
		end(world);
		/* By lot the one who has lost may win the final, and then there is another. */
		world = begin(&RULES(DOUBLE, .best_of = 1), bots);
		world->luck = SEED + (uint64_t)n;
		for (size_t first = 0; grow(world) > 0; first = world->count)
			for (size_t i = first; i < world->count; i++) {
				world->entry[i].state = ENTRY_PLAYED;
				world->entry[i].rank[0] = 1 + below(&dice, 2);
				world->entry[i].rank[1] = 3 - world->entry[i].rank[0];
			}
		wrong += count_pairings(world) != 2 * bots - 2 && count_pairings(world) != 2 * bots - 1;
		resets += count_pairings(world) == 2 * bots - 1;
		end(world);
	}
	ok(wrong == 0 && resets > 20, "double elimination: all but the first lose twice; the final may be played twice (%d times)",
	    resets);
	ok(second == 0, "the second strongest comes second (%d not)", second);
	ok(again < 20 * SMALL, "besides those of the final, few meet again (%d in %d tournaments)", again, 10 * SMALL);
}

/* A leads or not when he is withdrawn in the middle of a best of five; later, it changes nothing. */
static void
test_walkover(void)
{
	struct world *world = begin(&RULES(SINGLE, .best_of = 5), 4);
	int place[4];

	(void)grow(world);
	for (size_t i = 0; i < world->count; i++)
		if (entry_is_open(&world->entry[i])) {
			play(world, &world->entry[i]);
			settle(world, i);
			if (i == 0)
				withdraw(world, 0);
		}
	(void)grow(world);
	const struct entry *last = &world->entry[world->count - 1];
	ok(last->round == 2 && entry_seat(last, 3) >= 0 && entry_seat(last, 1) >= 0,
	    "who is withdrawn in the lead, but before it is decided, does not go on");
	withdraw(world, 1);
	ok(grow(world) == 0 && places_of(world, place) == 3 && place[3] == 1 && place[1] == 2,
	    "nor does who is withdrawn before the final win it");
	end(world);
	world = played(&RULES(SINGLE), 8, ALL_TIED);
	for (int bot = 0; bot < 8; bot++)
		withdraw(world, bot);
	ok(grow(world) == 0 && places_of(world, NULL) == 0, "who is withdrawn when all is over has won what he won");
	end(world);
}

static void
test_groups(void)
{
	int wrong = 0, own = 0, best = 0, lean = 0;

	for (int groups = 1; groups <= 9; groups++)
		for (int n = 0; n < 2 * SMALL; n++) {
			int bots = n / 2 + 1, group[SMALL] = { 0 }, size[SMALL] = { 0 };
			struct world *world = begin(&RULES(GROUPS, .groups = groups, .advance = 1 + n % 2, .rotate = false), bots);
			int first = world->rules.knockout;

			if (!world->wrong)
				run(world);
			struct meetings met = meetings_of(world, first - 1), all = meetings_of(world, last_round(world)),
			    next = meetings_of(world, first);
			for (int a = 0; a < bots && !world->wrong; a++) {
				for (group[a] = a; group[a] > 0 && !met.times[a][group[a] - 1];)
					group[a]--;
				group[a] = group[a] > 0 ? group[group[a] - 1] : a;	/* the first that he met names his group */
				for (int b = 0; b < a; b++)
					if (met.times[a][b]) {
						group[a] = group[b];
						break;
					}
				size[group[a]]++;
			}
			for (int a = 0, in = 0, better; a < bots && !world->wrong; a++) {
				for (int b = better = 0; b < bots; b++) {
					wrong += a != b && met.times[a][b] != (group[a] == group[b]);
					better += b < a && group[a] == group[b];
					own += groups > 1 && group[a] == group[b] && next.times[a][b] > met.times[a][b];
				}
				bool further = all.byes[a] > 0 || memcmp(all.times[a], met.times[a], sizeof(met.times[a])) != 0;
				in += further;
				best += groups * world->rules.advance > 1 && further != (better < world->rules.advance);
				wrong += size[group[a]] < bots / groups || size[group[a]] > (bots + groups - 1) / groups;
				best += a == bots - 1 && groups * world->rules.advance > 1 && in != groups * world->rules.advance;
			}
			lean += !world->wrong && most_lean(&met) > 1;
			end(world);
		}
	ok(wrong == 0, "groups: of one size, or one more; in each, each meets each (%d not)", wrong);
	ok(best == 0, "the best of each go on (%d not)", best);
	ok(own == 0, "and meet none of their own group in the next round (%d do)", own);
	ok(lean == 0, "without rotation all have both seats as often, or once more");
}

/* --- ladder and tables */

static void
test_ladder(void)
{
	int hungry = 0, lean = 0, all = 0;

	for (int n = 0; n < 200; n++) {
		int bots = 2 + n % 16, starve = 1 + bots % 2 + n % 5, pairs = (bots + starve - 1) / starve, last[SMALL] = { 0 };
		struct world *world = begin(&RULES(LADDER, .rounds = 12, .pairs = pairs, .starve = starve, .rotate = false), bots);

		world->habit = n % 2 ? BY_LOT : BY_STRENGTH;
		world->luck = SEED + (uint64_t)n;
		run(world);
		for (size_t i = 0; i < world->count; i++)
			for (int seat = 0; seat < 2; seat++) {
				int *his = &last[world->entry[i].bot[seat]];

				hungry += world->entry[i].round - *his > starve;
				*his = world->entry[i].round;
			}
		for (int bot = 0; bot < bots; bot++)
			hungry += last_round(world) - last[bot] >= starve;
		struct meetings met = meetings_of(world, last_round(world));
		lean += count_lean(&met);
		all += bots;
		hungry += met.twice + (last_round(world) != 12);
		end(world);
	}
	ok(hungry == 0, "ladder: each plays in every `starve` rounds, if that can be (%d did not)", hungry);
	ok(lean < all / 20, "without rotation few have one seat more than twice oftener (%d of %d do)", lean, all);
}

/* Eight pairs of equals, far apart from each other: they meet each other more than the first and the last do. */
static void
test_ladder_doubts(void)
{
	struct world *world = begin(&RULES(LADDER, .rounds = 40, .starve = 4), 16);
	int near = 0, far = 0;

	for (int bot = 0; bot < 16; bot++)
		world->strength[bot] = bot / 2;
	run(world);
	struct meetings met = meetings_of(world, last_round(world));
	for (int bot = 0; bot < 16; bot += 2) {
		near += met.times[bot][bot + 1];
		far += met.times[bot][15 - bot] + met.times[bot + 1][14 - bot];
	}
	ok(near >= 4 * met.times[0][15] * 8 && near > far, "those meet whose order is uncertain (%d, opposites %d)", near, far);
	end(world);
}

static void
test_tables(void)
{
	int played_most = 0, met_most = 0;

	for (int n = 0; n < 400; n++) {
		int seats = 2 + n % 5, bots = seats + n / 5 % 20, times[SMALL] = { 0 };
		struct world *world = begin(&RULES(TABLES, .rounds = 20, .seats = seats, .rotate = false), bots);

		run(world);
		for (size_t i = 0; i < world->count; i++) {
			for (int seat = 0; seat < seats; seat++)
				times[world->entry[i].bot[seat]]++;
			if (i + 1 == world->count || world->entry[i + 1].round != world->entry[i].round)
				played_most += spread(times, bots) > 1;
		}
		struct meetings met = meetings_of(world, last_round(world));
		double mean = 20.0 * (bots / seats) * seats * (seats - 1) / (bots * (bots - 1.0));
		for (int a = 0; a < bots; a++)
			for (int b = 0; b < bots; b++)
				met_most += a != b && fabs(met.times[a][b] - mean) > 3 + mean / 2;
		played_most += met.twice + (last_round(world) != 20);
		end(world);
	}
	ok(played_most == 0, "tables: after every round all have played as often, or once more (%d not)", played_most);
	ok(met_most == 0, "and have met all others about as often (%d pairs not)", met_most);
}

/* --- the sequential test */

static void
test_sprt(void)
{
	const struct format_rules rules = RULES(ROUND_ROBIN, .sets = 200, .has_sprt = true, .sprt = { 0, 100, 0.05, 0.05 });
	struct world *world = played(&rules, 2, BY_STRENGTH), *again = begin(&rules, 2);
	size_t decided = 0;

	while (decided < world->count && world->entry[decided].state == ENTRY_PLAYED)
		decided++;
	ok(decided > 8 && decided < 40 && decided % 2 == 0, "a sequential test ends early (after %zu)", decided);
	/* The other way round: none of it counts until the first have been played. */
	(void)grow(again);
	for (size_t i = again->count; i > 0; i--) {
		play(again, &again->entry[i - 1]);
		settle(again, i - 1);
		if (i == 2 && again->entry[decided].state != ENTRY_PLAYED)
			again->wrong = true;
	}
	ok(!again->wrong && is_same(world, again), "only in the order of the plan, and what was played too far is dropped");
	end(world);
	end(again);
	world = begin(&rules, 2);
	(void)grow(world);
	for (size_t i = 0; i < 4; i++)
		world->entry[i].state = ENTRY_FAILED;
	uint64_t dice = SEED;
	play_part(world, 4, &dice);
	ok(world->entry[decided + 3].state == ENTRY_PLAYED && world->entry[decided + 4].state == ENTRY_DROPPED,
	    "sets that failed count for nobody");
	end(world);
}

/* --- standings */

/* "acb 122": who had which rank, by seat */
static struct entry
entry_of(const char *text, int round, int number)
{
	struct entry entry = { .number = number, .pairing = number, .round = round, .state = ENTRY_PLAYED };

	while (text[entry.players] != ' ')
		entry.players++;
	for (int seat = 0; seat < entry.players; seat++) {
		entry.bot[seat] = text[seat] - 'a';
		entry.rank[seat] = text[entry.players + 1 + seat] - '0';
	}
	return entry;
}

static const struct {
	const char *name, *results[8];
	int knockout;
	const char *gone, *wanted;	/* place, bot, points, tie break */
} tables[] = {
	{ "nothing played", { NULL }, 0, "", "1a 0.00 0.00|1b 0.00 0.00|1c 0.00 0.00|1d 0.00 0.00|" },
	{ "a win, a draw, a bye", { "ab 12", "cb 11", "d 1" }, 0, "",
	    "1a 1.00 0.50|2d 1.00 0.00|3b 0.50 0.25|3c 0.50 0.25|" },
	{ "equals share a place", { "ab 12", "cd 12" }, 0, "", "1a 1.00 0.00|1c 1.00 0.00|3b 0.00 0.00|3d 0.00 0.00|" },
	{ "Sonneborn-Berger", { "ab 12", "bc 12", "cd 12", "ad 21" }, 0, "",
	    "1a 1.00 1.00|1b 1.00 1.00|1c 1.00 1.00|1d 1.00 1.00|" },
	{ "draws with strong ones weigh more", { "ab 12", "ca 11", "db 11" }, 0, "",
	    "1a 1.50 0.75|2c 0.50 0.75|3b 0.50 0.25|3d 0.50 0.25|" },
	{ "of three players 1, 0.5 and 0", { "abc 123", "bad 113" }, 0, "",
	    "1a 1.75 0.94|2b 1.25 0.44|3c 0.00 0.00|3d 0.00 0.00|" },
	{ "thirds are equal however they are added", { "abcd 1234", "abcd 4321", "acbd 1111" }, 0, "",
	    "1a 1.50 2.25|1b 1.50 2.25|1c 1.50 2.25|1d 1.50 2.25|" },
	{ "a knockout", { "ad 12", "bc 21", "ac 21" }, 1, "", "1c 2.00 1.00|2a 1.00 0.00|3b 0.00 0.00|3d 0.00 0.00|" },
	{ "after a group", { "ad 12", "bc 12", "db 12" }, 2, "", "1d 1.00 1.00|2b 1.00 0.00|3a 1.00 1.00|4c 0.00 0.00|" },
	{ "whose rival was withdrawn", { "ad 12", "bc 12" }, 1, "a", "1b 1.00 0.00|2a 1.00 0.00|3c 0.00 0.00|3d 0.00 0.00|" },
};

static void
test_standings(void)
{
	for (size_t n = 0; n < sizeof(tables) / sizeof(*tables); n++) {
		struct format_rules rules = RULES(ROUND_ROBIN, .knockout = tables[n].knockout);
		struct entry entry[8];
		struct standing standing[4];
		bool gone[4] = { false };
		double points[4];
		struct contest contest = { .rules = &rules, .entry = entry, .bots = 4, .gone = gone };
		char text[160] = "";

		for (; tables[n].results[contest.count]; contest.count++)
			entry[contest.count] = entry_of(tables[n].results[contest.count], 1 + (int)contest.count / 2,
			    1 + (int)contest.count);
		for (const char *bot = tables[n].gone; *bot; bot++)
			gone[*bot - 'a'] = true;
		points_fold(&contest, standing, points);
		for (int i = 0; i < 4; i++)
			snprintf(text + strlen(text), sizeof(text) - strlen(text), "%d%c %.2f %.2f|", standing[i].place,
			    'a' + standing[i].bot, standing[i].points, standing[i].tie);
		is_text(text, tables[n].wanted, tables[n].name);
	}
}

/* --- what cannot be, and large ones */

static const struct {
	struct format_rules rules;
	int bots, asked, possible;	/* asked 0: it is possible */
} misfits[] = {
	{ { .format = FORMAT_SWISS, .rounds = 4 }, 4, 4, 3 }, { { .format = FORMAT_SWISS, .rounds = 3 }, 4, 0, 0 },
	{ { .format = FORMAT_SWISS, .rounds = 5 }, 5, 0, 0 }, { { .format = FORMAT_SWISS, .rounds = 6 }, 5, 6, 5 },
	{ { .format = FORMAT_TABLES, .seats = 4 }, 3, 4, 3 }, { { .format = FORMAT_TABLES, .seats = 4 }, 4, 0, 0 },
	{ { .format = FORMAT_GROUPS, .groups = 3, .rounds = 1, .advance = 1 }, 5, 3, 5 },
	{ { .format = FORMAT_GROUPS, .groups = 2, .rounds = 1, .advance = 3 }, 5, 3, 2 },
	{ { .format = FORMAT_GROUPS, .groups = 2, .rounds = 1, .advance = 2 }, 5, 0, 0 },
	{ { .format = FORMAT_GAUNTLET, .hero = { true, true } }, 2, 2, 2 }, { { .format = FORMAT_GAUNTLET, .hero = { true } }, 2, 0, 0 },
	{ { .format = FORMAT_SINGLE }, 1, 0, 0 }, { { .format = FORMAT_ROUND_ROBIN, .rounds = 1 }, 0, 0, 0 },
};

static void
test_misfits(void)
{
	int wrong = 0;

	for (size_t i = 0; i < sizeof(misfits) / sizeof(*misfits); i++) {
		struct format_rules rules = misfits[i].rules;
		struct misfit misfit = format_begin(&rules, misfits[i].bots);

		wrong += misfit.what ? misfit.asked != misfits[i].asked || misfit.possible != misfits[i].possible : misfits[i].asked != 0;
	}
	ok(wrong == 0, "what cannot be is said with what could be (%d not)", wrong);
}

static const struct {
	struct format_rules rules;
	int bots;
	size_t entries;
} large[] = {
	{ { .format = FORMAT_ROUND_ROBIN, SIMPLE, }, 400, 79800 },	/* more pairings than 65536 */
	{ { .format = FORMAT_SWISS, .rounds = 10, .sets = 1, .games = 1, .seats = 2 }, 999, 5000 },
	{ { .format = FORMAT_SINGLE, SIMPLE }, 1000, 999 },
	{ { .format = FORMAT_DOUBLE, SIMPLE }, 300, 598 },
	{ { .format = FORMAT_LADDER, .rounds = 3, .sets = 1, .games = 1, .starve = 4, .seats = 2 }, 200, 300 },
	{ { .format = FORMAT_TABLES, .rounds = 10, .sets = 1, .games = 1, .seats = 16 }, 1000, 620 },
};

static void
test_large(void)
{
	for (size_t i = 0; i < sizeof(large) / sizeof(*large); i++) {
		struct world *world = played(&large[i].rules, large[i].bots, BY_STRENGTH);

		ok(!wrong_plan(world) && world->count == large[i].entries, "%s of %d bots: %zu matches",
		    format_names[large[i].rules.format], large[i].bots, world->count);
		end(world);
	}
}

/* Pairings and sets of which there are more than 65536. */
static void
test_seeds(void)
{
	struct world *world = begin(&RULES(ROUND_ROBIN, .sets = 40000, .games = 2, .rotate = false), 2);
	const struct pairing pairing = { .round = 1, .players = 2, .bot = { 0, 1 } };

	(void)grow(world);
	struct entry far = format_entry(&world->rules, &pairing, 2, 0, 1), further = format_entry(&world->rules, &pairing, 65537, 0, 1);
	ok(world->count == 80000 && !wrong_seeds(world) && far.seed != world->entry[65536].seed &&
	    further.seed != world->entry[0].seed, "each set has a seed of its own, however many there are");
	end(world);
}

static void
test_nearest(void)
{
	static const char *const words[] = { "single-elimination", "swiss", "ladder", "groups", "run", "rate", NULL };
	static const char *const typed[][2] = { { "swis", "swiss" }, { "lader", "ladder" }, { "gruops", "groups" },
		{ "single-eliminaton", "single-elimination" }, { "rnu", "run" }, { "rate", "rate" }, { "tournament", NULL },
		{ "x", NULL }, { "", NULL } };
	char longest[200] = "";
	int wrong = 0;

	for (size_t i = 0; i < sizeof(typed) / sizeof(*typed); i++) {
		const char *nearest = nearest_word(typed[i][0], words);

		wrong += typed[i][1] ? !nearest || strcmp(nearest, typed[i][1]) != 0 : nearest != NULL;
	}
	memset(longest, 'x', sizeof(longest) - 1);
	ok(wrong == 0 && !nearest_word(longest, words), "the word that was meant; none for what is like no word");
}

int
main(void)
{
	test_all();
	test_robin();
	test_gauntlet();
	test_matching();
	test_swiss();
	test_swiss_winner();
	test_single();
	test_ties();
	test_double();
	test_walkover();
	test_groups();
	test_ladder();
	test_ladder_doubts();
	test_tables();
	test_sprt();
	test_standings();
	test_misfits();
	test_large();
	test_seeds();
	test_nearest();
	return done_testing();
}
