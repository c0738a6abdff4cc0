/* Owns what one match of a plan is worth. */
#include "entry.h"

const char *const entry_states[ENTRY_STATES] = { "planned", "played", "failed", "dropped" };

double
entry_taken(const struct entry *entry, int seat, int rival)
{
	if (entry->state != ENTRY_PLAYED || seat == rival)
		return 0;
	return entry->rank[seat] < entry->rank[rival] ? 1 : entry->rank[seat] == entry->rank[rival] ? 0.5 : 0;
}

double
entry_points(const struct entry *entry, int seat)
{
	double points = 0;

	if (entry->state != ENTRY_PLAYED)
		return 0;
	if (entry->players == 1)
		return 1;
	for (int rival = 0; rival < entry->players; rival++)
		points += entry_taken(entry, seat, rival);
	return points / (entry->players - 1);
}

int
entry_seat(const struct entry *entry, int bot)
{
	for (int seat = 0; seat < entry->players; seat++)
		if (entry->bot[seat] == bot)
			return seat;
	return -1;
}

bool
entry_bout(const struct entry *entry, struct bout *bout)
{
	*bout = (struct bout){ .round = entry->round, .players = entry->players };
	for (int seat = 0; seat < entry->players; seat++) {
		bout->player[seat] = entry->bot[seat];
		bout->rank[seat] = entry->rank[seat];
	}
	return entry->state == ENTRY_PLAYED && entry->players > 1;
}
