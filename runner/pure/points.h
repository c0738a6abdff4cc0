/* Standings: who has how many points, and in which place that is. A fold over the plan. */
#ifndef POINTS_H
#define POINTS_H

#include "format.h"

struct standing {
	int bot, place;			/* place: from 1; equal ones share it */
	double points;
	int played, won, drawn, lost;	/* matches; won: nobody was better or equal */
	int byes, faults;
	int round;			/* of the knockout: the last one that he took part in */
	bool survived;			/* and he won there */
	double tie; /* points of those he met, each times what he took from him: Sonneborn-Berger */
};

/*
 * Fills `standing` (one for each bot), the first place first: by how far one came in a knockout, by points, by the
 * strength of those they were made against. `points` has room for `bots` numbers.
 */
void points_fold(const struct contest *contest, struct standing *standing, double *points);

#endif
