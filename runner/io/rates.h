/* The ratings of a tournament, by the system that it chose. */
#ifndef RATES_H
#define RATES_H

#include "points.h"
#include "tourney.h"

struct rates {
	struct rating *rating;		/* by bot */
	double *superiority;		/* bots * bots: the chance that the first is stronger than the second */
	double draw;			/* bt: odds of a draw between equals, to 2 */
};

/* A fold over the plan. -1: out of memory. rates_free() is due in both cases. */
int rates_fold(const struct tourney *tourney, enum system system, const struct entry *entries, size_t count,
    struct rates *rates);
void rates_free(struct rates *rates);

#endif
