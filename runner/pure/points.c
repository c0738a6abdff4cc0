/* Owns the standings. */
#include "points.h"

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

/* How far he came, and by how much he leads in the last pairing. */
static void
note_round(const struct format_rules *rules, struct standing *standing, const struct entry *entry, int seat, double *lead)
{
	if (!rules->knockout || entry->round < rules->knockout)
		return;
	if (standing->round != entry->round)
		*lead = 0;
	standing->round = entry->round;
	*lead += entry_points(entry, seat) - entry_points(entry, 1 - seat);
	standing->survived = *lead > 0;
}

static void
count_ties(const struct contest *contest, struct standing *standing, const double *points)
{
	for (size_t i = 0; i < contest->count; i++) {
		const struct entry *entry = &contest->entry[i];

		for (int seat = 0; entry->players > 1 && seat < entry->players; seat++)
			for (int rival = 0; rival < entry->players; rival++)
				if (rival != seat)
					standing[entry->bot[seat]].tie += entry_points(entry, seat) *
					    points[entry->bot[rival]];
	}
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
	if (a->points != b->points)
		return a->points > b->points ? -1 : 1;
	return a->tie != b->tie ? (a->tie > b->tie ? -1 : 1) : 0;
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
		standing[i].place = i > 0 && compare(&standing[i], &standing[i - 1]) == 0 ? standing[i - 1].place : i + 1;
}

void
points_fold(const struct contest *contest, struct standing *standing, double *points)
{
	for (int bot = 0; bot < contest->bots; bot++) {
		standing[bot] = (struct standing){ .bot = bot };
		points[bot] = 0;
	}
	for (size_t i = 0; i < contest->count; i++) {
		const struct entry *entry = &contest->entry[i];

		for (int seat = 0; seat < entry->players; seat++) {
			struct standing *one = &standing[entry->bot[seat]];

			note_round(contest->rules, one, entry, seat, &points[entry->bot[seat]]);
			if (entry->state == ENTRY_PLAYED)
				count_seat(one, entry, seat);
		}
	}
	for (int bot = 0; bot < contest->bots; bot++)
		points[bot] = standing[bot].points;
	count_ties(contest, standing, points);
	sort(standing, contest->bots);
}
