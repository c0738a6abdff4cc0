/* Owns groups: a round robin in each, then elimination among the best of all. */
#include "format.h"

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
draw_group_round(const struct contest *contest, struct draw *draw, int group, int round)
{
	int *bot = contest->met, count = list_group(contest, group, bot), a, b,
	    turns = (contest->rules->knockout - 1) / contest->rules->rounds, turn = round % turns;

	for (int i = 0; turn < circle_rounds(count) && circle_pair(count, turn, i, &a, &b); i++)
		if (!contest->gone[bot[a]] && !contest->gone[bot[b]])
			draw_in_turn(draw, 1 + round, round / turns, bot[a], bot[b]);
}

static void
draw_groups(const struct contest *contest, struct draw *draw)
{
	for (int round = 0; round < contest->rules->knockout - 1; round++)
		for (int group = 0; group < contest->rules->groups; group++)
			draw_group_round(contest, draw, group, round);
}

/* The strength of those they were made against: Sonneborn-Berger. */
static void
count_ties(const struct contest *contest, const double *points, double *tie)
{
	for (int bot = 0; bot < contest->bots; bot++)
		tie[bot] = 0;
	for (size_t i = 0; i < contest->count && contest->entry[i].round < contest->rules->knockout; i++) {
		const struct entry *entry = &contest->entry[i];

		for (int seat = 0; seat < entry->players; seat++)
			for (int rival = 0; rival < entry->players; rival++)
				tie[entry->bot[seat]] += entry_taken(entry, seat, rival) * points[entry->bot[rival]];
	}
}

/* Who was withdrawn before the knockout comes last; who is later, must not change its seeds any more. */
static void
put_last(const struct contest *contest, double *points)
{
	for (int bot = 0; bot < contest->bots; bot++)
		if (contest->gone[bot] && contest_last(contest, bot) < contest->rules->knockout)
			points[bot] = -1;
}

/* The best `advance` of a group, to places that are `groups` apart: first all winners, then all seconds. */
static void
take_best(const struct contest *contest, int group, int *bot, int *seed)
{
	const double *points = contest->work, *tie = points + contest->bots;
	int count = list_group(contest, group, bot), groups = contest->rules->groups;

	for (int place = 0; place < contest->rules->advance; place++) {
		int best = place;

		for (int i = place + 1; i < count; i++)
			if (points[bot[i]] != points[bot[best]] ? points[bot[i]] > points[bot[best]]
			    : tie[bot[i]] > tie[bot[best]])
				best = i;
		int first = bot[best];
		for (; best > place; best--)
			bot[best] = bot[best - 1];
		bot[place] = first;
		/* Seed s meets size - 1 - s: in this order never one of his own group. */
		seed[place * groups + (groups % 2 && place % 2 ? groups - 1 - group : group)] = first;
	}
}

void
groups_next(const struct contest *contest, struct draw *draw)
{
	int *bot = contest->met, *seed = bot + contest->bots, *slot = seed + contest->bots;

	if (contest->count == 0) {
		draw_groups(contest, draw);
		return;
	}
	contest_points(contest, contest->rules->knockout, contest->work);
	count_ties(contest, contest->work, contest->work + contest->bots);
	put_last(contest, contest->work);
	for (int group = 0; group < contest->rules->groups; group++)
		take_best(contest, group, bot, seed);
	int size = bracket_fill(seed, contest->rules->groups * contest->rules->advance, slot);
	bracket_next(contest, draw, contest->rules->knockout, slot, size);
}
