/* Owns the sequential test. It keeps nothing between calls. */
#include "sprt.h"

#include <math.h>

/* For a result that was not seen yet: nothing is impossible. As fishtest and OpenBench have it. */
#define UNSEEN 1e-3
#define HALVINGS 60

/* The first bot's part of a pair's points. */
static double
points(int result)
{
	return result / (double)(SPRT_RESULTS - 1);
}

static double
expected(double elo)
{
	return 1 / (1 + pow(10, -elo / 400));
}

/* Fills in how often each result came, as a part of all; returns how many there were. */
static double
frequencies(const struct sprt *sprt, double *parts)
{
	double sum = 0;

	for (int i = 0; i < SPRT_RESULTS; i++)
		sum += parts[i] = fmax(sprt->seen[i], UNSEEN);
	for (int i = 0; i < SPRT_RESULTS; i++)
		parts[i] /= sum;
	return sum;
}

/*
 * Of all chances of the five results by which the mean is `mean`, the likeliest are parts[i] / (1 + t (points(i) -
 * mean)), where t makes their mean right: Van den Bergh, proposition 1.1. The mean falls in t, which lies where no
 * chance is negative.
 */
static double
tilt(const double *parts, double mean)
{
	double low = -1 / (1 - mean), high = 1 / mean;

	for (int n = 0; n < HALVINGS; n++) {
		double t = (low + high) / 2, excess = 0;

		for (int i = 0; i < SPRT_RESULTS; i++)
			excess += parts[i] * (points(i) - mean) / (1 + t * (points(i) - mean));
		if (excess > 0)
			low = t;
		else
			high = t;
	}
	return (low + high) / 2;
}

double
sprt_ratio(const struct sprt *sprt, const struct sprt_rules *rules)
{
	double parts[SPRT_RESULTS], seen = 0, sum = 0, count = frequencies(sprt, parts), s0 = expected(rules->elo0),
	    s1 = expected(rules->elo1), t0 = tilt(parts, s0), t1 = tilt(parts, s1);

	for (int i = 0; i < SPRT_RESULTS; i++)
		seen += sprt->seen[i];
	if (seen <= 0)
		return 0;
	for (int i = 0; i < SPRT_RESULTS; i++)
		sum += parts[i] * (log1p(t0 * (points(i) - s0)) - log1p(t1 * (points(i) - s1)));
	return count * sum;
}

double
sprt_lower(const struct sprt_rules *rules)
{
	return log(rules->beta / (1 - rules->alpha));
}

double
sprt_upper(const struct sprt_rules *rules)
{
	return log((1 - rules->beta) / rules->alpha);
}

enum sprt_verdict
sprt_verdict(const struct sprt *sprt, const struct sprt_rules *rules)
{
	double ratio = sprt_ratio(sprt, rules);

	if (ratio >= sprt_upper(rules))
		return SPRT_H1;
	return ratio <= sprt_lower(rules) ? SPRT_H0 : SPRT_OPEN;
}
