/*
 * Claim: in a knockout, single or double or after groups, who wins goes on and who has lost does not come back,
 * whatever is tied, fails or is withdrawn; and the standings say how far each came.
 */
#include "tap.h"
#include "world.h"

/* --- elimination */

/* Without byes. */
static int
count_pairings(const struct world *world)
{
	int count = 0;

	for (size_t i = 0; i < world->count; i = end_of(world, i))
		count += world->entry[i].players == 2;
	return count;
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
		count += count_pairings(world) != bots - 1 || count_pairings(mixed) != bots - 1 ||
		    last_round(world) != rounds;
		strongest += places_of(world, place) != 0 || places_of(mixed, NULL) != find_strongest(mixed);
		final += met.times[0][1] != 1 || world->entry[world->count - 1].round != rounds ||
		    entry_seat(&world->entry[world->count - 1], 0) < 0 ||
		    entry_seat(&world->entry[world->count - 1], 1) < 0;
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
	ok(strongest == 0 && final == 0,
	    "the strongest wins, wherever he was entered; the first two meet in the final");
	ok(byes == 0, "the best seeds rest in the first round");
	ok(places == 0, "places are by how far one came: 1, 2, 3, 3, 5, 5, 5, 5 (%d not)", places);
}

static void
test_ties(void)
{
	int wrong = 0;

	for (int n = 0; n < 4 * SMALL; n++) {
		int bots = 1 + n / 4, place[SMALL + 1];
		struct world *world = played(&RULES(SINGLE, .best_of = n % 2 ? 2 : 0), bots, n % 4 < 2 ? ALL_TIED
		    : ALL_FAILED);

		wrong += count_pairings(world) != 2 * (bots - 1) || places_of(world, place) != 0 || (bots > 1 &&
		    place[1] != 2);
		end(world);
	}
	ok(wrong == 0,
	    "ties get one set more, and then the first that was entered goes on: also in the final (%d not)", wrong);
}

/* Pairings that each lost; of the one in the first place, and of all others together. */
static void
count_lost(const struct world *world, int champion, int *his, int *others)
{
	*his = *others = 0;
	for (size_t i = 0; i < world->count; i = end_of(world, i)) {
		const struct entry *entry = &world->entry[i];
		int loser = entry->bot[world->strength[entry->bot[0]] < world->strength[entry->bot[1]]];

		if (entry->players == 1)
			continue;
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
				if (!entry_is_open(&world->entry[i]))
					continue;
				world->entry[i].state = ENTRY_PLAYED;
				world->entry[i].rank[0] = 1 + below(&dice, 2);
				world->entry[i].rank[1] = 3 - world->entry[i].rank[0];
			}
		wrong += count_pairings(world) != 2 * bots - 2 && count_pairings(world) != 2 * bots - 1;
		resets += count_pairings(world) == 2 * bots - 1;
		end(world);
	}
	ok(wrong == 0 && resets > 20,
	    "double elimination: all but the first lose twice; the final may be played twice (%d times)",
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

struct group_faults {
	int sizes, met, best, own;
};

/* Who is in a group with whom: by who met whom there. Each is named by its first bot. */
static void
find_groups(const struct meetings *met, int *group, int *size)
{
	for (int a = 0; a < met->bots; a++) {
		group[a] = 0;
		while (group[a] < a && !met->times[a][group[a]])
			group[a]++;
		size[a] = 0;
		size[group[a]]++;
	}
}

static void
look_at_groups(const struct world *world, const struct meetings *met, struct group_faults *faults)
{
	int first = world->rules.knockout, bots = world->bots, groups = world->rules.groups, group[SMALL], size[SMALL];
	struct meetings next = meetings_of(world, first), all = meetings_of(world, last_round(world));

	find_groups(met, group, size);
	for (int a = 0, better; a < bots; a++) {
		bool further = all.byes[a] > 0 || memcmp(all.times[a], met->times[a], sizeof(met->times[a])) != 0;

		for (int b = better = 0; b < bots; b++) {
			faults->met += a != b && met->times[a][b] != (group[a] == group[b]);
			faults->own += groups > 1 && group[a] == group[b] && next.times[a][b] > met->times[a][b];
			better += b < a && group[a] == group[b];
		}
		faults->best += groups * world->rules.advance > 1 && further != (better < world->rules.advance);
		faults->sizes += size[group[a]] < bots / groups || size[group[a]] > (bots + groups - 1) / groups;
	}
}

static void
test_groups(void)
{
	struct group_faults faults = { 0, 0, 0, 0 };
	int lean = 0;

	for (int n = 0; n < 9 * 3 * SMALL; n++) {
		struct format_rules rules = RULES(GROUPS, .groups = 1 + n % 9, .advance = 1 + n / 9 % 3,
		    .rotate = false);
		struct world *world = begin(&rules, 1 + n / 27);

		if (!world->wrong) {
			run(world);
			struct meetings met = meetings_of(world, world->rules.knockout - 1);
			look_at_groups(world, &met, &faults);
			lean += most_lean(&met) > 1;
		}
		end(world);
	}
	ok(faults.sizes == 0 && faults.met == 0, "groups: of one size, or one more; in each, each meets each once");
	ok(faults.best == 0, "the best of each go on (%d not)", faults.best);
	ok(faults.own == 0, "and meet none of their own group in the next round (%d do)", faults.own);
	ok(lean == 0, "without rotation all have both seats as often, or once more");
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
	{ "after a group", { "ad 12", "bc 12", "db 12" }, 2, "",
	    "1d 1.00 1.00|2b 1.00 0.00|3a 1.00 1.00|4c 0.00 0.00|" },
	{ "whose rival was withdrawn", { "ad 12", "bc 12", "b 1" }, 1, "a",
	    "1b 2.00 0.00|2a 1.00 0.00|3c 0.00 0.00|3d 0.00 0.00|" },
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

int
main(void)
{
	printf("# seed %d\n", SEED);
	test_single();
	test_ties();
	test_double();
	test_walkover();
	test_groups();
	test_standings();
	return done_testing();
}
