/*
 * OpenSkill: the Bayesian approximation of Weng and Lin (JMLR 12, 2011) with the Plackett-Luce model, algorithm 4,
 * and the defaults of the openskill libraries. For bouts of any number of players, each alone.
 */
#ifndef OPENSKILL_H
#define OPENSKILL_H

#include "bout.h"

#include <stddef.h>

struct openskill {
	double mu, sigma;	/* begins as 25 and 25 / 3 */
};

#define OPENSKILL_START ((struct openskill){ 25.0, 25.0 / 3 })

/* One bout: players of equal rank are tied. */
void openskill_bout(const struct bout *bout, struct openskill *players);

/* The fold, in the bouts' order. */
void openskill_fold(const struct bout *bouts, size_t count, int players, struct openskill *skills);

/* value is mu, deviation sigma. */
struct rating openskill_rating(const struct openskill *player);

#endif
