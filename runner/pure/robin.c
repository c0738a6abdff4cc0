/* Owns round robins and gauntlets: everybody, or the heroes, against everybody else. */
#include "format.h"

int
circle_rounds(int count)
{
	return count < 2 ? 0 : count % 2 ? count : count - 1;
}

/*
 * The circle method: one stands still, or rests when the number is odd, and the others go round. Each is as often
 * the first as the second of his pair; who stands still, because he is turned in every other round.
 */
bool
circle_pair(int count, int round, int index, int *a, int *b)
{
	int ring = circle_rounds(count), step = index + count % 2;

	if (index >= count / 2)
		return false;
	int ahead = (round + step) % ring, behind = step == 0 ? count - 1 : (round - step + ring) % ring;
	bool turned = step == 0 && round % 2;
	*a = turned ? behind : ahead;
	*b = turned ? ahead : behind;
	return true;
}

/* Who was added later meets those whom he has not met: met counts the cycles that the two have had. */
static bool
is_wanted(const struct contest *contest, int a, int b, int cycle)
{
	return !contest->gone[a] && !contest->gone[b] && contest->met[a * contest->bots + b] <= cycle;
}

/* Rounds in which nobody new meets are left out. */
void
robin_next(const struct contest *contest, struct draw *draw)
{
	int turns = circle_rounds(contest->bots), round = contest_round(contest) + 1, a, b;

	contest_met(contest);
	for (int turn = 0; turn < turns * contest->rules->rounds; turn++) {
		int before = draw->count, cycle = turn / turns;

		for (int i = 0; circle_pair(contest->bots, turn % turns, i, &a, &b); i++)
			if (is_wanted(contest, a, b, cycle))
				draw_in_turn(draw, round, cycle, a, b);
		round += draw->count > before;
	}
}

/* All heroes against one rival: a round. Seats alternate from hero to hero, and from rival to rival. */
static void
meet_heroes(const struct contest *contest, struct draw *draw, int round, int cycle, int rival, int turn)
{
	for (int hero = 0; hero < contest->bots; hero++) {
		if (!contest->rules->hero[hero])
			continue;
		if (is_wanted(contest, hero, rival, cycle))
			draw_in_turn(draw, round, turn, hero, rival);
		turn++;
	}
}

void
gauntlet_next(const struct contest *contest, struct draw *draw)
{
	int round = contest_round(contest) + 1;

	contest_met(contest);
	for (int cycle = 0; cycle < contest->rules->rounds; cycle++)
		for (int rival = 0, turn = cycle; rival < contest->bots; rival++) {
			int before = draw->count;

			if (contest->rules->hero[rival])
				continue;
			meet_heroes(contest, draw, round, cycle, rival, turn++);
			round += draw->count > before;
		}
}
