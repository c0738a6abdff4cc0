/*
 * Ratings on the Elo scale by maximum likelihood: a difference of 400 is a tenfold chance. All bouts count the same,
 * whatever their order. Zermelo 1929; Bradley and Terry 1952; for draws Davidson 1970. A bout of more than two counts
 * as one between each two of its players.
 */
#ifndef ELO_H
#define ELO_H

#include "bout.h"

#include <stdbool.h>
#include <stddef.h>

struct elo_rules {
	double prior;		/* more than 0: so many draws of each player against one of rating 0 are added */
	bool draws;		/* draws have a likelihood of their own (Davidson); else they are half a win each */
};

/* With draws, log(nu) has a prior, too, a weak one: normal, about 0 (a third of draws), with this deviation. */
#define ELO_LOG_NU_DEVIATION 3.0

/* What a fit gives besides the ratings. */
struct elo_fit {
	double draw;		/* Davidson's nu: odds of a draw between equals are nu : 2; 0 without draws */
	double likelihood;	/* the logarithm, prior included */
	bool converged;
};

/* Numbers that the caller lends to work in, besides players * players for the covariance. */
#define ELO_WORK(players) (3 * ((size_t)(players) + 1) * ((size_t)(players) + 2))

/*
 * Fits `players` ratings to the bouts. They are finite whatever the bouts are, for every player alone and with none
 * at all; the mean of all ratings is 0. `covariance`, row by row and in Elo squared, is that of the ratings after
 * their mean was made 0: the inverse of the observed information, prior included. The intervals are made by it. One
 * player alone is 0 and certain. The same bouts in another order give the same, to the last bit.
 */
struct elo_fit elo_fit(const struct bout *bouts, size_t count, int players, const struct elo_rules *rules,
    struct rating *ratings, double *covariance, double *work);

/* Likelihood of superiority: that player a is stronger than b, from 0 to 1. */
double elo_superiority(const struct rating *ratings, const double *covariance, int players, int a, int b);

#endif
