/* Glicko-2, as Glickman's paper of 2013 has it, step by step: www.glicko.net/glicko/glicko2.pdf. */
#ifndef GLICKO2_H
#define GLICKO2_H

#include "bout.h"

#include <stddef.h>

struct glicko2 {
	double rating, deviation, volatility;	/* begins as 1500, 350, 0.06 */
};

#define GLICKO2_START ((struct glicko2){ 1500, 350, 0.06 })
#define GLICKO2_TAU 0.5			/* how much volatility may change; Glickman: 0.3 to 1.2 */

/*
 * All bouts of one rating period, for all players: those who had none become less certain. `before` is read, `after`
 * written. A bout of more than two counts as one between each two.
 */
void glicko2_period(const struct bout *bouts, size_t count, int players, double tau, const struct glicko2 *before,
    struct glicko2 *after);

/* The fold: neighbours of the same round are a period. `work` has room for `players` more. */
void glicko2_fold(const struct bout *bouts, size_t count, int players, double tau, struct glicko2 *players_out,
    struct glicko2 *work);

struct rating glicko2_rating(const struct glicko2 *player);

#endif
