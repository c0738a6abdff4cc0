/* Owns the choice of a rating system, and the memory that ratings take. */
#include "rates.h"

#include "common.h"
#include "glicko2.h"
#include "openskill.h"

#include <math.h>

struct fold {
	const struct tourney *tourney;
	const struct bout *bouts;
	size_t count;
	int players;
	bool draws;			/* bt */
	struct rates *rates;
};

static int
fold_elo(const struct fold *fold)
{
	size_t n = (size_t)fold->players;
	struct elo_rules rules = { fold->tourney->elo.prior, fold->draws };
	cleanup_free double *covariance = calloc(n * n + 1, sizeof(double));
	cleanup_free double *work = calloc(ELO_WORK(n), sizeof(double));

	if (!covariance || !work)
		return -1;
	struct elo_fit fit =
	    elo_fit(fold->bouts, fold->count, fold->players, &rules, fold->rates->rating, covariance, work);
	fold->rates->draw = fit.draw;
	for (int a = 0; a < fold->players; a++)
		for (int b = 0; b < fold->players; b++)
			fold->rates->superiority[a * fold->players + b] =
			    elo_superiority(fold->rates->rating, covariance, fold->players, a, b);
	return 0;
}

/* Where ratings are independent of each other. */
static void
compare(struct rates *rates, int players)
{
	const struct rating *rating = rates->rating;

	for (int a = 0; a < players; a++)
		for (int b = 0; b < players; b++) {
			double both = hypot(rating[a].deviation, rating[b].deviation);

			rates->superiority[a * players + b] =
			    0.5 * erfc((rating[b].value - rating[a].value) / both / M_SQRT2);
		}
}

static int
fold_glicko2(const struct fold *fold)
{
	size_t n = (size_t)fold->players;
	cleanup_free struct glicko2 *players = calloc(2 * n + 1, sizeof(*players));

	if (!players)
		return -1;
	glicko2_fold(fold->bouts, fold->count, fold->players, fold->tourney->tau, players, players + n);
	for (size_t i = 0; i < n; i++)
		fold->rates->rating[i] = glicko2_rating(&players[i]);
	compare(fold->rates, fold->players);
	return 0;
}

static int
fold_openskill(const struct fold *fold)
{
	size_t n = (size_t)fold->players;
	cleanup_free struct openskill *skills = calloc(n + 1, sizeof(*skills));

	if (!skills)
		return -1;
	openskill_fold(fold->bouts, fold->count, fold->players, skills);
	for (size_t i = 0; i < n; i++)
		fold->rates->rating[i] = openskill_rating(&skills[i]);
	compare(fold->rates, fold->players);
	return 0;
}

int
rates_fold(const struct tourney *tourney, enum system system, const struct entry *entries, size_t count,
    struct rates *rates)
{
	static int (*const folds[SYSTEMS])(const struct fold *) = { fold_elo, fold_elo, fold_glicko2, fold_openskill };
	size_t n = (size_t)tourney->lineup.bots;
	cleanup_free struct bout *bouts = calloc(count + 1, sizeof(*bouts));
	struct fold fold = { tourney, bouts, 0, (int)n, system == SYSTEM_BT, rates };

	*rates = (struct rates){ calloc(n + 1, sizeof(*rates->rating)), calloc(n * n + 1, sizeof(double)), 0 };
	if (!bouts || !rates->rating || !rates->superiority)
		return -1;
	for (size_t i = 0; i < count; i++)
		fold.count += entry_bout(&entries[i], &bouts[fold.count]);
	return folds[system](&fold);
}

void
rates_free(struct rates *rates)
{
	free(rates->rating);
	free(rates->superiority);
	*rates = (struct rates){ NULL, NULL, 0 };
}
