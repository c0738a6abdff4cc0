/*
 * Claim: a swiss tournament pairs all that can be paired, nobody twice while there is another way, and finds the
 * strongest.
 */
#include "matching.h"
#include "tap.h"
#include "world.h"

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
	int *mate = lend((size_t)graph.count * sizeof(int), 0x5a),
	    *work = lend((size_t)MATCHING_WORK(graph.count) * sizeof(int), 0x5a),
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
	ok(faults.lean < faults.bots / 50,
	    "without rotation hardly anybody has one seat more than twice oftener (%d of %d do)",
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
		lost += standing[0].points != rounds || world->strength[standing[0].bot] != 0 ||
		    standing[1].points == rounds;
		powers += (bots & (bots - 1)) == 0 && standing[1].points == rounds;
		apart += most_apart(world) > 1;
		give_back(&contest);
		end(world);
		free(standing);
		free(points);
	}
	ok(powers == 0 && lost < 12,
	    "the strongest wins alone in as many rounds as a knockout has (%d of 600 did not)", lost);
	ok(apart < 12, "and those who meet are a point apart at most (%d of 600 not)", apart);
}

int
main(void)
{
	printf("# seed %d\n", SEED);
	test_matching();
	test_swiss();
	test_swiss_winner();
	return done_testing();
}
