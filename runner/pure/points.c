/* Owns the standings. */
#include "points.h"

#include <math.h>

#define ROUNDING 1e-6

static void
count_seat(struct standing *standing, const struct entry *entry, int seat)
{
	double points = entry_points(entry, seat);
	bool tied = false;

	standing->points += points;
	if (entry->players == 1) {
		standing->byes++;
		return;
	}
	for (int rival = 0; rival < entry->players; rival++)
		tied |= rival != seat && entry->rank[rival] == entry->rank[seat];
	standing->played++;
	standing->faults += entry->fault[seat] != FAULT_none;
	if (entry->rank[seat] == 1)
		*(tied ? &standing->drawn : &standing->won) += 1;
	else
		*(tied && entry->players == 2 ? &standing->drawn : &standing->lost) += 1;
}

/* How far the players of a pairing came. */
static void
note_round(const struct contest *contest, struct standing *standing, const struct entry *entry)
{
	int first = entry->players == 2 ? bracket_winner(contest, entry->round, entry->bot[0], entry->bot[1])
	    : entry->bot[0];

	for (int seat = 0; seat < entry->players; seat++) {
		standing[entry->bot[seat]].round = entry->round;
		standing[entry->bot[seat]].survived = entry->bot[seat] == first;
	}
}

static void
note_rounds(const struct contest *contest, struct standing *standing)
{
	int last = 0;

	for (size_t i = 0; contest->rules->knockout && i < contest->count; i++) {
		const struct entry *entry = &contest->entry[i];

		if (entry->round >= contest->rules->knockout && entry->pairing != last)
			note_round(contest, standing, entry);
		last = entry->pairing;
	}
}

static void
count_tie(struct standing *standing, const struct entry *entry, const double *points)
{
	for (int seat = 0; seat < entry->players; seat++)
		for (int rival = 0; rival < entry->players; rival++)
			standing[entry->bot[seat]].tie += entry_taken(entry, seat, rival) * points[entry->bot[rival]] /
			    (entry->players > 1 ? entry->players - 1 : 1);
}

/* Points of three and more players are fractions: their sums are equal but for rounding. */
static int
more(double a, double b)
{
	return fabs(a - b) < ROUNDING ? 0 : a > b ? -1 : 1;
}

/* Below 0 when a is in front of b. */
static int
compare(const struct standing *a, const struct standing *b)
{
	if (a->round != b->round)
		return b->round - a->round;
	if (a->round && a->survived != b->survived)
		return a->survived ? -1 : 1;
	if (a->round && !a->survived)	/* lost in the same round: the same place */
		return 0;
	return more(a->points, b->points) ? more(a->points, b->points) : more(a->tie, b->tie);
}

static void
sort(struct standing *standing, int count)
{
	for (int i = 1; i < count; i++) {
		struct standing moved = standing[i];
		int at = i;

		for (; at > 0 && compare(&moved, &standing[at - 1]) < 0; at--)
			standing[at] = standing[at - 1];
		standing[at] = moved;
	}
	for (int i = 0; i < count; i++)
		standing[i].place = i > 0 && compare(&standing[i], &standing[i - 1]) == 0 ? standing[i - 1].place
		    : i + 1;
}

void
points_fold(const struct contest *contest, struct standing *standing, double *points)
{
	for (int bot = 0; bot < contest->bots; bot++)
		standing[bot] = (struct standing){ .bot = bot };
	for (size_t i = 0; i < contest->count; i++)
		for (int seat = 0; seat < contest->entry[i].players; seat++)
			if (contest->entry[i].state == ENTRY_PLAYED)
				count_seat(&standing[contest->entry[i].bot[seat]], &contest->entry[i], seat);
	for (int bot = 0; bot < contest->bots; bot++)
		points[bot] = standing[bot].points;
	for (size_t i = 0; i < contest->count; i++)
		count_tie(standing, &contest->entry[i], points);
	note_rounds(contest, standing);
	sort(standing, contest->bots);
}
