/*
 * Owns elimination: single, double, and after groups. A pairing that ends in a tie gets one set more; if that is one, too, or if
 * it could not be played, the one who was entered first goes on.
 */
#include "format.h"

#define NOBODY (-1)
#define OPEN (-2)

/* --- one pairing */

struct tally {
	int pairings;
	double lead;		/* of the first over the second */
};

static struct tally
tally(const struct contest *contest, int round, int a, int b)
{
	struct tally sum = { 0, 0 };
	int last = 0;

	for (size_t i = 0; i < contest->count; i++) {
		const struct entry *entry = &contest->entry[i];
		int first = entry_seat(entry, a), second = entry_seat(entry, b);

		if (entry->round != round || first < 0 || second < 0)
			continue;
		sum.pairings += entry->pairing != last;
		last = entry->pairing;
		sum.lead += entry_points(entry, first) - entry_points(entry, second);
	}
	return sum;
}

/* Who goes on: OPEN when that must be played yet, and then a pairing was given. */
static int
winner(const struct contest *contest, struct draw *draw, int round, int a, int b)
{
	if (a == NOBODY || b == NOBODY)
		return a == NOBODY ? b : a;
	struct tally sum = tally(contest, round, a, b);
	if (sum.lead != 0)
		return sum.lead > 0 ? a : b;
	if (contest->gone[a] || contest->gone[b])
		return contest->gone[a] ? b : a;
	if (sum.pairings > 1)
		return a < b ? a : b;
	struct pairing pairing = { .round = round, .players = 2, .bot = { a, b }, .extra = sum.pairings == 1 };
	draw->count++;
	draw->take(draw, &pairing);
	return OPEN;
}

/* --- brackets */

/* The seed (from 0) that stands in a place of a bracket of `size`: the best two can only meet at the end. */
static int
seed_at(int place, int size)
{
	int seed = 0;

	for (int width = size; width > 1; width /= 2) {
		int half = place % width >= width / 2;

		/* The one who meets seed s in a round of `n` players is seed n - 1 - s. */
		seed = half ? 2 * (size / width) - 1 - seed : seed;
	}
	return seed;
}

static int
power_of_two(int count)
{
	int size = 1;

	while (size < count)
		size *= 2;
	return size;
}

/* Puts `count` bots, the best first, in their places; the rest is empty, for the best to rest. */
static int
fill_bracket(const int *bot, int count, int *slot)
{
	int size = power_of_two(count);

	for (int i = 0; i < size; i++)
		slot[i] = seed_at(i, size) < count ? bot[seed_at(i, size)] : NOBODY;
	return size;
}

/* One round; losers are listed behind each other if somebody wants them. How many losers. */
static int
play_round(const struct contest *contest, struct draw *draw, int round, int *slot, int size, int *loser)
{
	int losers = 0;

	for (int i = 0; i + 1 < size; i += 2) {
		int a = slot[i], b = slot[i + 1], first = winner(contest, draw, round, a, b);

		slot[i / 2] = first;
		if (loser && a != NOBODY && b != NOBODY)
			loser[losers++] = first == a ? b : a;
	}
	return losers;
}

static void
knockout(const struct contest *contest, struct draw *draw, int round, int *slot, int size)
{
	for (; size > 1 && draw->count == 0; size /= 2)
		(void)play_round(contest, draw, round++, slot, size, NULL);
}

void
single_next(const struct contest *contest, struct draw *draw)
{
	int *list = contest->met, *slot = list + contest->bots;

	for (int bot = 0; bot < contest->bots; bot++)
		list[bot] = bot;
	knockout(contest, draw, 1, slot, fill_bracket(list, contest->bots, slot));
}

/* --- double elimination */

/*
 * The second chances of one round: the first of the list meets the last, so that who has just lost meets one who has survived. When
 * the number is odd the last rests: he came from highest above.
 */
static int
play_second(const struct contest *contest, struct draw *draw, int round, int *bot, int count)
{
	int pairs = count / 2, top = count - count % 2, left = 0;

	for (int i = 0; i < pairs; i++)
		bot[left++] = winner(contest, draw, round, bot[i], bot[top - 1 - i]);
	if (count % 2)
		bot[left++] = bot[count - 1];
	return left;
}

/* Who has not lost yet needs one win, the other two. */
static void
play_final(const struct contest *contest, struct draw *draw, int round, int champion, int second)
{
	if (winner(contest, draw, round, champion, second) == second)
		(void)winner(contest, draw, round + 1, champion, second);
}

void
double_next(const struct contest *contest, struct draw *draw)
{
	int bots = contest->bots, *list = contest->met, *slot = list + bots, *second = slot + 2 * bots,
	    *loser = second + 2 * bots, round = 1, seconds = 0;

	for (int bot = 0; bot < bots; bot++)
		list[bot] = bot;
	int size = fill_bracket(list, bots, slot);
	for (; (size > 1 || seconds > 1) && draw->count == 0; round++) {
		int losers = size > 1 ? play_round(contest, draw, round, slot, size, loser) : 0;

		seconds = play_second(contest, draw, round, second, seconds);
		for (int i = 0; i < losers; i++)
			second[seconds++] = loser[i];
		size = size > 1 ? size / 2 : 1;
	}
	if (draw->count == 0 && bots > 1)
		play_final(contest, draw, round, slot[0], second[0]);
}

/* --- groups, then elimination */

/* Bot number i is in this group: down and up again, so that groups are equally strong. */
static int
group_of(int bot, int groups)
{
	int row = bot / groups, place = bot % groups;

	return row % 2 ? groups - 1 - place : place;
}

static int
list_group(const struct contest *contest, int group, int *bot)
{
	int count = 0;

	for (int i = 0; i < contest->bots; i++)
		if (group_of(i, contest->rules->groups) == group)
			bot[count++] = i;
	return count;
}

void
groups_begin(struct format_rules *rules, int bots)
{
	int largest = (bots + rules->groups - 1) / rules->groups;

	rules->knockout = 1 + circle_rounds(largest) * rules->rounds;
}

static void
draw_group_round(const struct contest *contest, struct draw *draw, int group, int round, int as_round)
{
	int *bot = contest->met, count = list_group(contest, group, bot), a, b;

	for (int i = 0; round < circle_rounds(count) && circle_pair(count, round, i, &a, &b); i++)
		draw_pair(draw, as_round, bot[a], bot[b]);
}

static void
draw_groups(const struct contest *contest, struct draw *draw)
{
	int rounds = contest->rules->knockout - 1, cycle = rounds / contest->rules->rounds;

	for (int round = 0; round < rounds; round++)
		for (int group = 0; group < contest->rules->groups; group++)
			draw_group_round(contest, draw, group, round % cycle, 1 + round);
}

static double
group_points(const struct contest *contest, int bot)
{
	double points = 0;

	for (size_t i = 0; i < contest->count && contest->entry[i].round < contest->rules->knockout; i++) {
		int seat = entry_seat(&contest->entry[i], bot);

		points += seat >= 0 ? entry_points(&contest->entry[i], seat) : 0;
	}
	return contest->gone[bot] ? -1 : points;
}

/* The best `advance` of a group, to places that are `groups` apart: first all winners, then all seconds. */
static void
take_best(const struct contest *contest, int group, int *bot, int *seed)
{
	int count = list_group(contest, group, bot), groups = contest->rules->groups;

	for (int place = 0; place < contest->rules->advance; place++) {
		int best = place;

		for (int i = place + 1; i < count; i++)
			if (group_points(contest, bot[i]) > group_points(contest, bot[best]))
				best = i;
		int first = bot[best];
		for (; best > place; best--)
			bot[best] = bot[best - 1];
		bot[place] = first;
		/* Seconds in the same order, so that the bracket keeps them from their own group's winner. */
		seed[place * groups + group] = first;
	}
}

void
groups_next(const struct contest *contest, struct draw *draw)
{
	int *bot = contest->met, *seed = bot + contest->bots, *slot = seed + contest->bots,
	    count = contest->rules->groups * contest->rules->advance;

	if (contest->count == 0) {
		draw_groups(contest, draw);
		return;
	}
	for (int group = 0; group < contest->rules->groups; group++)
		take_best(contest, group, bot, seed);
	knockout(contest, draw, contest->rules->knockout, slot, fill_bracket(seed, count, slot));
}
