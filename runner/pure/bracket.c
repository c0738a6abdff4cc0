/*
 * Owns elimination: single, double, and what groups need of it. A pairing that ends in a tie gets one set more; if
 * that is one, too, or if it could not be played, the one who was entered first goes on.
 */
#include "format.h"

#include <math.h>

#define NOBODY (-1)

/* --- one pairing */

struct tally {
	int pairings, open;
	int missing;		/* of the last pairing, not played and not going to be */
	double lead;		/* of the first over the second */
};

static struct tally
tally(const struct contest *contest, int round, int a, int b)
{
	struct tally sum = { .pairings = 0 };
	int last = 0;

	for (size_t i = 0; i < contest->count; i++) {
		const struct entry *entry = &contest->entry[i];
		int first = entry->round == round ? entry_seat(entry, a) : -1, second = entry_seat(entry, b);

		if (first < 0 || second < 0)
			continue;
		sum.pairings += entry->pairing != last;
		sum.missing = (entry->pairing != last ? 0 : sum.missing) + (entry->state == ENTRY_DROPPED);
		last = entry->pairing;
		sum.open += entry_is_open(entry);
		sum.lead += entry_points(entry, first) - entry_points(entry, second);
	}
	return sum;
}

/* Nothing that is still to be played, or was dropped with a bot that was withdrawn, could change it. */
static bool
is_decided(const struct format_rules *rules, const struct tally *sum)
{
	bool tested = rules->has_sprt && !rules->best_of;

	if (sum->lead == 0)
		return sum->pairings > 1 && sum->missing == 0 && sum->open == 0;
	return tested || fabs(sum->lead) > sum->missing;
}

int
contest_last(const struct contest *contest, int bot)
{
	size_t i = contest->count;

	while (i > 0 && entry_seat(&contest->entry[i - 1], bot) < 0)
		i--;
	return i > 0 ? contest->entry[i - 1].round : 0;
}

/* Of two that were withdrawn, one may have gone on before he was. What was played since must stay true. */
static int
walkover(const struct contest *contest, int a, int b)
{
	if (contest->gone[a] && contest->gone[b])
		return contest_last(contest, b) > contest_last(contest, a) ? b : a;
	return contest->gone[a] ? b : a;
}

int
bracket_winner(const struct contest *contest, int round, int a, int b)
{
	struct tally sum = tally(contest, round, a, b);

	if (!is_decided(contest->rules, &sum)) {
		if (contest->gone[a] || contest->gone[b])
			return walkover(contest, a, b);
		if (sum.lead == 0 && (sum.pairings < 2 || sum.open > 0))
			return BRACKET_OPEN;
	}
	return sum.lead > 0 || (sum.lead == 0 && a < b) ? a : b;
}

static void
draw_again(const struct contest *contest, struct draw *draw, int round, int a, int b)
{
	struct pairing pairing = { .round = round, .players = 2, .bot = { a, b },
		.extra = tally(contest, round, a, b).pairings > 0 };

	contest_seats(contest, &pairing.bot[0], &pairing.bot[1]);
	draw->count++;
	draw->take(draw, &pairing);
}

/* Who has nobody to meet in a round has a bye: so the plan tells who has come that far, whoever is withdrawn later. */
static void
rest(const struct contest *contest, struct draw *draw, int round, int bot)
{
	if (bot != NOBODY && !contest->gone[bot] && contest_last(contest, bot) < round)
		draw_bye(draw, round, bot);
}

/* Who goes on: BRACKET_OPEN when that must be played yet, and then a pairing was given. */
static int
winner(const struct contest *contest, struct draw *draw, int round, int a, int b)
{
	int first = a == NOBODY ? b : b == NOBODY ? a : bracket_winner(contest, round, a, b);

	if (first == BRACKET_OPEN)
		draw_again(contest, draw, round, a, b);
	else
		rest(contest, draw, round, first);
	return first;
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

int
bracket_fill(const int *bot, int count, int *slot)
{
	int size = power_of_two(count);

	for (int i = 0; i < size; i++)
		slot[i] = seed_at(i, size) < count ? bot[seed_at(i, size)] : NOBODY;
	return size;
}

int
bracket_round(const struct contest *contest, struct draw *draw, int round, int *slot, int size, int *loser)
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

void
bracket_next(const struct contest *contest, struct draw *draw, int round, int *slot, int size)
{
	for (; size > 1 && draw->count == 0; size /= 2)
		(void)bracket_round(contest, draw, round++, slot, size, NULL);
}

void
single_next(const struct contest *contest, struct draw *draw)
{
	int *list = contest->met, *slot = list + contest->bots;

	for (int bot = 0; bot < contest->bots; bot++)
		list[bot] = bot;
	bracket_next(contest, draw, 1, slot, bracket_fill(list, contest->bots, slot));
}

/* --- double elimination */

static bool
met_before(const struct contest *contest, int round, int a, int b)
{
	for (size_t i = 0; i < contest->count && contest->entry[i].round < round; i++)
		if (entry_seat(&contest->entry[i], a) >= 0 && entry_seat(&contest->entry[i], b) >= 0)
			return true;
	return false;
}

/* Moves next to the first of a list whom he shall meet: the last whom he has not met, or else the last. */
static void
bring_rival(const struct contest *contest, int round, int *bot, int count)
{
	int at = count - 1;

	while (at > 0 && met_before(contest, round, bot[0], bot[at]))
		at--;
	at = at > 0 ? at : count - 1;
	int rival = bot[at];
	for (; at > 1; at--)
		bot[at] = bot[at - 1];
	bot[1] = rival;
}

/*
 * The second chances of one round: the first of the list meets the last, so that who has just lost meets one who
 * has survived. When the number is odd the last rests: he came from highest above.
 */
static int
play_second(const struct contest *contest, struct draw *draw, int round, int *bot, int count)
{
	int paired = count - count % 2, left = 0;

	for (int i = 0; i < paired; i += 2)
		bring_rival(contest, round, bot + i, paired - i);
	for (int i = 0; i < paired; i += 2)
		bot[left++] = winner(contest, draw, round, bot[i], bot[i + 1]);
	if (count % 2) {
		rest(contest, draw, round, bot[count - 1]);
		bot[left++] = bot[count - 1];
	}
	return left;
}

/* Who has not lost yet needs one win, the other two. */
static void
play_final(const struct contest *contest, struct draw *draw, int round, int champion, int second)
{
	if (winner(contest, draw, round, champion, second) == second && !contest->gone[champion])
		(void)winner(contest, draw, round + 1, champion, second);
}

void
double_next(const struct contest *contest, struct draw *draw)
{
	int bots = contest->bots, *list = contest->met, *slot = list + bots, *second = slot + 2 * bots,
	    *loser = second + 2 * bots, round = 1, seconds = 0;

	for (int bot = 0; bot < bots; bot++)
		list[bot] = bot;
	int size = bracket_fill(list, bots, slot);
	for (; (size > 1 || seconds > 1) && draw->count == 0; round++) {
		int losers = size > 1 ? bracket_round(contest, draw, round, slot, size, loser) : 0;

		seconds = play_second(contest, draw, round, second, seconds);
		for (int i = 0; i < losers; i++)
			second[seconds++] = loser[i];
		if (size == 1)
			rest(contest, draw, round, slot[0]);
		size = size > 1 ? size / 2 : 1;
	}
	if (draw->count == 0 && bots > 1)
		play_final(contest, draw, round, slot[0], second[0]);
}
