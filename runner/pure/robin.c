/* Owns round robins and gauntlets: everybody, or the heroes, against everybody else. */
#include "format.h"

int
circle_rounds(int count)
{
	return count < 2 ? 0 : count % 2 ? count : count - 1;
}

/* The circle method: one stands still, or rests when the number is odd, and the others go round. */
bool
circle_pair(int count, int round, int index, int *a, int *b)
{
	int ring = circle_rounds(count), step = index + count % 2;

	if (index >= count / 2)
		return false;
	*a = (round + step) % ring;
	*b = step == 0 ? count - 1 : (round - step + ring) % ring;
	return true;
}

/* Who was added later meets those whom he has not met: met counts the cycles that the two have had. */
static bool
is_wanted(const struct contest *contest, int a, int b, int cycle)
{
	return !contest->gone[a] && !contest->gone[b] && contest->met[a * contest->bots + b] <= cycle;
}

/* Who has the first seat alternates, for sets that are not rotated. */
static void
pair_in_turn(struct draw *draw, int round, int turn, int a, int b)
{
	draw_pair(draw, round, turn % 2 ? b : a, turn % 2 ? a : b);
}

void
robin_next(const struct contest *contest, struct draw *draw)
{
	int rounds = circle_rounds(contest->bots), first = contest_round(contest) + 1, a, b;

	contest_met(contest);
	for (int cycle = 0; cycle < contest->rules->rounds; cycle++)
		for (int round = 0; round < rounds; round++)
			for (int i = 0; circle_pair(contest->bots, round, i, &a, &b); i++)
				if (is_wanted(contest, a, b, cycle))
					pair_in_turn(draw, first + cycle * rounds + round, cycle + i + round, a, b);
}

void
gauntlet_next(const struct contest *contest, struct draw *draw)
{
	int round = contest_round(contest) + 1;

	contest_met(contest);
	for (int cycle = 0; cycle < contest->rules->rounds; cycle++)
		for (int rival = 0; rival < contest->bots; rival++, round++)
			for (int hero = 0; hero < contest->bots; hero++)
				if (contest->rules->hero[hero] && !contest->rules->hero[rival] &&
				    is_wanted(contest, hero, rival, cycle))
					pair_in_turn(draw, round, cycle + rival, hero, rival);
}
