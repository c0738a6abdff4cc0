/* One match as ratings see it: who took part, and where each of them ended. */
#ifndef BOUT_H
#define BOUT_H

#include "match.h"

/* Bouts stand in the order of the plan. Ratings are folds over that order: it does not matter when each was played. */
struct bout {
	int round;			/* bouts of one round are simultaneous where a system has rating periods */
	int players;
	int player[PLAYERS_MAX];	/* by seat: who, from 0 */
	int rank[PLAYERS_MAX];		/* by seat: 1 is best; equal ranks are a draw between the two */
};

/* A rating, and the interval that it lies in with 95 % probability. */
struct rating {
	double value;
	double deviation;		/* one standard deviation */
	double low, high;
};

#endif
