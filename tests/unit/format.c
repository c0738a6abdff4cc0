/*
 * Claim: the tournament formats are fair, and end. Tournaments are played here in memory, with results by strength
 * and by lot, in any order, with failures and with bots that are withdrawn; what must be true of every format is
 * looked for in every plan.
 */
#include "nearest.h"
#include "tap.h"
#include "world.h"

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
		for (int seat = 0; seat < entry->players && turns > 1; seat++)
			wrong += world->entry[i].bot[seat] != entry->bot[(seat + turn) % entry->players];
	}
	int sets = (int)(end_at - first) / turns;
	return wrong + (!series && (sets % world->rules.games || (int)(end_at - first) % turns));
}

/* Without rotation, each of a pairing has the first seat as often, in all and in each game, or once more. */
static int
wrong_seats(const struct world *world, size_t first, size_t end_at)
{
	const struct entry *entry = &world->entry[first];
	int all[PLAYERS_MAX] = { 0 }, by_game[GAMES_MAX][PLAYERS_MAX] = { { 0 } }, wrong = 0;

	for (size_t i = first; i < end_at; i++) {
		int player = entry_seat(entry, world->entry[i].bot[0]);

		all[player]++;
		by_game[world->entry[i].game][player]++;
	}
	for (int game = 0; game < world->rules.games; game++)
		wrong += spread(by_game[game], entry->players) > 1;
	return wrong + (spread(all, entry->players) > 1);
}

/* Dropped is what comes after a decision, and nothing else; if nobody was withdrawn. */
static int
wrong_drops(const struct world *world, size_t first, size_t end_at)
{
	bool series = world->rules.best_of && world->rules.knockout &&
	    world->entry[first].round >= world->rules.knockout;
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
		wrong += wrong_rotation(world, i, next) + wrong_seats(world, i, next) + (world->leave ? 0
		    : wrong_drops(world, i, next));
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
			extra |= world->entry[j - 1].pairing != entry->pairing && entry_seat(&world->entry[j - 1],
			    entry->bot[0]) >= 0;
		if (extra)
			continue;
		bool first = contest_last(&contest, entry->bot[0]) > entry->round,
		    second = contest_last(&contest, entry->bot[1]) > entry->round;
		returns += world->rules.format != FORMAT_DOUBLE && first && second;
		lost[entry->bot[0]] += world->rules.format == FORMAT_DOUBLE && !first;
		lost[entry->bot[1]] += world->rules.format == FORMAT_DOUBLE && !second;
	}
	for (int bot = 0; bot < world->bots; bot++)
		returns += lost[bot] > 2;
	return returns;
}

static const struct format_rules settings[] = {
	{ .format = FORMAT_ROUND_ROBIN, SIMPLE, .rotate = true },
	{ .format = FORMAT_ROUND_ROBIN, .rounds = 2, .sets = 1, .games = 2, .seats = 2, .seed = 5 },
	{ .format = FORMAT_ROUND_ROBIN, .rounds = 1, .sets = 4, .games = 1, .seats = 2, .rotate = true,
	    .has_sprt = true,
	    .sprt = { 0, 600, 0.2, 0.2 } },
	{ .format = FORMAT_GAUNTLET, SIMPLE, .rotate = true, .hero = { true } },
	{ .format = FORMAT_GAUNTLET, .rounds = 2, .sets = 1, .games = 3, .seats = 2, .hero = { false, true, false,
	    true } },
	{ .format = FORMAT_SWISS, .rounds = 3, .sets = 1, .games = 1, .seats = 2, .rotate = true },
	{ .format = FORMAT_SWISS, .rounds = 5, .sets = 1, .games = 1, .seats = 2 },
	{ .format = FORMAT_SINGLE, SIMPLE, .rotate = true },
	{ .format = FORMAT_SINGLE, SIMPLE },
	{ .format = FORMAT_SINGLE, SIMPLE, .rotate = true, .best_of = 5 },
	{ .format = FORMAT_DOUBLE, SIMPLE, .rotate = true },
	{ .format = FORMAT_DOUBLE, .rounds = 1, .sets = 2, .games = 2, .seats = 2, .best_of = 4 },
	{ .format = FORMAT_GROUPS, SIMPLE, .rotate = true },
	{ .format = FORMAT_GROUPS, .rounds = 2, .sets = 1, .games = 1, .groups = 3, .advance = 2, .seats = 2,
	    .best_of = 3 },
	{ .format = FORMAT_GROUPS, .rounds = 1, .sets = 1, .games = 1, .groups = 7, .advance = 3, .seats = 2,
	    .rotate = true },
	{ .format = FORMAT_GROUPS, .rounds = 1, .sets = 1, .games = 1, .groups = 1, .advance = 1, .seats = 2,
	    .rotate = true },
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
		struct world *plain = begin(rules, n / HABITS), *again = begin(rules, n / HABITS),
		    *left = begin(rules, n / HABITS);

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
		ok(!wrong && !other && !withdrawn,
		    "%s, setting %zu: ends, is well formed (%d not), the same whatever was played first"
		    " (%d not), and stays so when bots are withdrawn (%d not)", format_names[settings[i].format], i,
		    wrong, other,
		    withdrawn);
	}
}

/* --- what pairings there were */

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
			struct world *world = played(&RULES(ROUND_ROBIN, .rounds = rounds, .rotate = false), bots,
			    BY_LOT);
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
				heroes += rules.hero[bot] = set == 0 ? bot == 0 : set == 1 ? bot % 2 : set == 2
				    ? bot % 3 == 1 : bot < bots - 1;
			struct world *world = played(&rules, bots, BY_LOT);
			struct meetings met = meetings_of(world, last_round(world)), once = meetings_of(world,
			    last_round(world) / 2);
			for (int a = 0; a < bots; a++)
				for (int b = 0; b < bots; b++)
					wrong += met.times[a][b] != (rules.hero[a] != rules.hero[b] ? 2 : 0);
			wrong += last_round(world) != 2 * (bots - heroes) || (world->count &&
			    world->entry[0].round != 1);
			lean += most_lean(&met) > 0 || most_lean(&once) > 1;
			end(world);
		}
	ok(wrong == 0, "gauntlet: heroes meet all others, who do not meet each other (%d not)", wrong);
	ok(lean == 0, "and all have both seats as often, or once more (%d not)", lean);
}

/* --- ladder and tables */

static void
test_ladder(void)
{
	int hungry = 0, lean = 0, all = 0;

	for (int n = 0; n < 200; n++) {
		int bots = 2 + n % 16, starve = 1 + bots % 2 + n % 5, pairs = (bots + starve - 1) / starve,
		    last[SMALL] = { 0 };
		struct world *world = begin(&RULES(LADDER, .rounds = 12, .pairs = pairs, .starve = starve,
		    .rotate = false), bots);

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
	ok(near >= 4 * met.times[0][15] * 8 && near > far, "those meet whose order is uncertain (%d, opposites %d)",
	    near, far);
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
	const struct format_rules rules = RULES(ROUND_ROBIN, .sets = 200, .has_sprt = true, .sprt = { 0, 100, 0.05,
	    0.05 });
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
	ok(!again->wrong && is_same(world, again),
	    "only in the order of the plan, and what was played too far is dropped");
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
	{ { .format = FORMAT_GAUNTLET, .hero = { true, true } }, 2, 2, 2 }, { { .format = FORMAT_GAUNTLET,
	    .hero = { true } }, 2, 0, 0 },
	{ { .format = FORMAT_SINGLE }, 1, 0, 0 }, { { .format = FORMAT_ROUND_ROBIN, .rounds = 1 }, 0, 0, 0 },
};

static void
test_misfits(void)
{
	int wrong = 0;

	for (size_t i = 0; i < sizeof(misfits) / sizeof(*misfits); i++) {
		struct format_rules rules = misfits[i].rules;
		struct misfit misfit = format_begin(&rules, misfits[i].bots);

		wrong += misfit.what ? misfit.asked != misfits[i].asked || misfit.possible != misfits[i].possible
		    : misfits[i].asked != 0;
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
	{ { .format = FORMAT_SINGLE, SIMPLE }, 1000, 999 + 24 },	/* with byes */
	{ { .format = FORMAT_DOUBLE, SIMPLE }, 300, 598 + 223 },
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
	struct entry far = format_entry(&world->rules, &pairing, 2, 0, 1), further = format_entry(&world->rules,
	    &pairing, 65537, 0, 1);
	ok(world->count == 80000 && !wrong_seeds(world) && far.seed != world->entry[65536].seed &&
	    further.seed != world->entry[0].seed, "each set has a seed of its own, however many there are");
	end(world);
}

static void
test_nearest(void)
{
	static const char *const words[] = { "single-elimination", "swiss", "ladder", "groups", "run", "rate", NULL };
	static const char *const typed[][2] = { { "swis", "swiss" }, { "lader", "ladder" }, { "gruops", "groups" },
		{ "single-eliminaton", "single-elimination" }, { "rnu", "run" }, { "rate", "rate" }, { "tournament",
		    NULL },
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
	test_ladder();
	test_ladder_doubts();
	test_tables();
	test_sprt();
	test_misfits();
	test_large();
	test_seeds();
	test_nearest();
	return done_testing();
}
