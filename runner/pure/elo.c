/* Owns the fit of Elo ratings. It counts the bouts of each two players first: so their order cannot matter at all. */
#include "elo.h"

#include "cholesky.h"

#include <math.h>
#include <string.h>

#define ELO_PER_NAT (400 / M_LN10)
#define INTERVAL 1.959963984540054

#define STEPS_MAX 200		/* ten are many */
#define HALVINGS_MAX 60
#define ENOUGH 1e-5		/* nats; after a step this small, the next would be its square */
#define FAR 4			/* no number goes further in one step; where all is flat, Newton would */
#define NEAR 0.1		/* steps this small always lead up */
#define RIDGE 1e-12		/* first try, as a part of the largest number of the diagonal */

/*
 * Everything in nats: Elo / ELO_PER_NAT. The numbers that are fitted: all ratings, and with draws, last, the
 * logarithm of nu.
 */
struct problem {
	const struct elo_rules *rules;
	int players, numbers;
	double *wins;		/* [players * players]: how often the row's player won against the column's */
	double *draws;		/* so, too; with Davidson's rule only, and where the row is below the diagonal */
	double *hessian;	/* [numbers * numbers]: minus the second derivatives; then their decomposition */
	double *at, *gradient, *step, *trial;
};

/*
 * One bout of two players. That they sum up to 1 is used below: what rounding would lose is never computed by
 * subtraction.
 */
struct chances {
	double win, draw, loss;
	double log_sum;		/* of what they were before they were divided by their sum */
};

static struct problem
problem_in(const struct elo_rules *rules, int players, double *work)
{
	int numbers = players + rules->draws;
	size_t square = (size_t)players * players;
	struct problem in = { .rules = rules, .players = players, .numbers = numbers, .wins = work };

	memset(work, 0, ELO_WORK(players) * sizeof(*work));
	in.draws = in.wins + square;
	in.hessian = in.draws + square;
	in.at = in.hessian + (size_t)numbers * numbers;
	in.gradient = in.at + numbers;
	in.step = in.gradient + numbers;
	in.trial = in.step + numbers;
	return in;
}

/* --- counting: halves and whole numbers are exact, in whatever order they are added */

static void
count_draw(struct problem *in, int a, int b)
{
	size_t ab = (size_t)a * in->players + b, ba = (size_t)b * in->players + a;

	if (in->rules->draws) {
		in->draws[a > b ? ab : ba] += 1;
	} else {
		in->wins[ab] += 0.5;
		in->wins[ba] += 0.5;
	}
}

/* A player who met himself has shown nothing: he is counted on the diagonal, which nobody reads. */
static void
count_bout(struct problem *in, const struct bout *bout)
{
	for (int i = 0; i < bout->players; i++)
		for (int j = 0; j < i; j++) {
			int a = bout->player[i], b = bout->player[j];

			if (bout->rank[i] == bout->rank[j])
				count_draw(in, a, b);
			else if (bout->rank[i] < bout->rank[j])
				in->wins[(size_t)a * in->players + b] += 1;
			else
				in->wins[(size_t)b * in->players + a] += 1;
		}
}

/* --- the likelihood and its derivatives */

/*
 * Davidson's: win : draw : loss is exp(difference / 2) : nu : exp(-difference / 2). With nu = 0 that is Bradley and
 * Terry's.
 */
static struct chances
chances_of(double difference, double log_nu)
{
	double half = difference / 2, most = fmax(fabs(half), log_nu);
	double win = exp(half - most), draw = exp(log_nu - most), loss = exp(-half - most), sum = win + draw + loss;

	return (struct chances){ win / sum, draw / sum, loss / sum, most + log(sum) };
}

static double
log_nu_of(const struct problem *in, const double *at)
{
	return in->rules->draws ? at[in->players] : -INFINITY;
}

static double
likelihood_of_pair(const struct problem *in, const double *at, int a, int b)
{
	size_t ab = (size_t)a * in->players + b, ba = (size_t)b * in->players + a;
	double wins = in->wins[ab], losses = in->wins[ba], draws = in->draws[ab], games = wins + losses + draws;

	if (games == 0)
		return 0;
	double difference = at[a] - at[b], sum = (wins - losses) * difference / 2;
	if (draws > 0)
		sum += draws * at[in->players];
	return sum - games * chances_of(difference, log_nu_of(in, at)).log_sum;
}

static double
likelihood(const struct problem *in, const double *at)
{
	double sum = 0;

	for (int a = 0; a < in->players; a++) {
		sum -= in->rules->prior * chances_of(at[a], -INFINITY).log_sum;
		for (int b = 0; b < a; b++)
			sum += likelihood_of_pair(in, at, a, b);
	}
	if (in->rules->draws)
		sum -= at[in->players] * at[in->players] / (2 * ELO_LOG_NU_DEVIATION * ELO_LOG_NU_DEVIATION);
	return sum;
}

static double *
cell(struct problem *in, int row, int column)
{
	return &in->hessian[(size_t)row * in->numbers + column];
}

/* For a > b: cholesky_factor() wants the lower triangle. */
static void
derive_pair(struct problem *in, int a, int b)
{
	size_t ab = (size_t)a * in->players + b, ba = (size_t)b * in->players + a;
	double wins = in->wins[ab], losses = in->wins[ba], draws = in->draws[ab], games = wins + losses + draws;

	if (games == 0)
		return;
	struct chances p = chances_of(in->at[a] - in->at[b], log_nu_of(in, in->at));
	double slope = (wins * (2 * p.loss + p.draw) - losses * (2 * p.win + p.draw) + draws * (p.loss - p.win)) / 2,
	    curve = games * (p.draw * (p.win + p.loss) + 4 * p.win * p.loss) / 4;

	in->gradient[a] += slope;
	in->gradient[b] -= slope;
	*cell(in, a, a) += curve;
	*cell(in, b, b) += curve;
	*cell(in, a, b) -= curve;
	if (!in->rules->draws)
		return;
	double mixed = games * p.draw * (p.win - p.loss) / 2;

	in->gradient[in->players] += draws * (p.win + p.loss) - (wins + losses) * p.draw;
	*cell(in, in->players, in->players) += games * p.draw * (p.win + p.loss);
	*cell(in, in->players, a) -= mixed;
	*cell(in, in->players, b) += mixed;
}

/*
 * So many draws against one of rating 0, each half a win and half a loss: also with Davidson's rule, where a draw
 * says less.
 */
static void
derive_prior(struct problem *in)
{
	for (int a = 0; a < in->players; a++) {
		struct chances p = chances_of(in->at[a], -INFINITY);

		in->gradient[a] -= in->rules->prior * (p.win - p.loss) / 2;
		*cell(in, a, a) += in->rules->prior * p.win * p.loss;
	}
	if (in->rules->draws) {
		in->gradient[in->players] -= in->at[in->players] / (ELO_LOG_NU_DEVIATION * ELO_LOG_NU_DEVIATION);
		*cell(in, in->players, in->players) += 1 / (ELO_LOG_NU_DEVIATION * ELO_LOG_NU_DEVIATION);
	}
}

static void
derive(struct problem *in)
{
	memset(in->gradient, 0, (size_t)in->numbers * sizeof(*in->gradient));
	memset(in->hessian, 0, (size_t)in->numbers * in->numbers * sizeof(*in->hessian));
	derive_prior(in);
	for (int a = 0; a < in->players; a++)
		for (int b = 0; b < a; b++)
			derive_pair(in, a, b);
}

/* --- Newton */

/*
 * Derives and decomposes. In exact numbers the matrix is positive definite; with a prior so small that rounding hides
 * it, a ridge is added: what nothing is known of then stays where it is.
 */
static void
decompose(struct problem *in)
{
	double largest = 0;

	derive(in);
	for (int i = 0; i < in->numbers; i++)
		largest = fmax(largest, *cell(in, i, i));
	for (double ridge = fmax(largest * RIDGE, RIDGE);
	     !cholesky_factor(in->hessian, in->numbers) && isfinite(ridge); ridge *= 10) {
		derive(in);
		for (int i = 0; i < in->numbers; i++)
			*cell(in, i, i) += ridge;
	}
}

/* The step that Newton would take, but not FAR; returns its largest part. */
static double
find_step(struct problem *in)
{
	double size = 0;

	memcpy(in->step, in->gradient, (size_t)in->numbers * sizeof(*in->step));
	cholesky_solve(in->hessian, in->numbers, in->step);
	for (int i = 0; i < in->numbers; i++)
		size = fmax(size, fabs(in->step[i]));
	for (int i = 0; size > FAR && i < in->numbers; i++)
		in->step[i] *= FAR / size;
	return size;
}

static void
go(const struct problem *in, double part, double *to)
{
	for (int i = 0; i < in->numbers; i++)
		to[i] = in->at[i] + part * in->step[i];
}

/*
 * So much of the step that the likelihood grows; false if none does. A small step needs no trial, in which rounding
 * would count: within it, second derivatives change by less than half (Bach 2010, self-concordance of logistic
 * likelihoods).
 */
static bool
walk(struct problem *in, double size)
{
	if (size < NEAR) {
		go(in, 1, in->at);
		return true;
	}
	double before = likelihood(in, in->at), part = 1;
	for (int n = 0; n < HALVINGS_MAX; n++, part /= 2) {
		go(in, part, in->trial);
		if (likelihood(in, in->trial) > before) {
			memcpy(in->at, in->trial, (size_t)in->numbers * sizeof(*in->at));
			return true;
		}
	}
	return false;
}

/* The decomposition that it leaves is that at the end, but for a last tiny step: it does for the covariance. */
static bool
climb(struct problem *in)
{
	for (int n = 0; n < STEPS_MAX; n++) {
		decompose(in);
		double size = find_step(in);
		if (!walk(in, size))
			return false;
		if (size < ENOUGH)
			return true;
	}
	return false;
}

/* --- results */

static double
mean_of(const double *numbers, int count)
{
	double sum = 0;

	for (int i = 0; i < count; i++)
		sum += numbers[i];
	return count ? sum / count : 0;
}

/* Of the ratings alone, nu being as uncertain as it is: the ratings' part of the whole inverse. */
static void
invert(const struct problem *in, double *covariance)
{
	for (int a = 0; a < in->players; a++) {
		memset(in->step, 0, (size_t)in->numbers * sizeof(*in->step));
		in->step[a] = ELO_PER_NAT * ELO_PER_NAT;
		cholesky_solve(in->hessian, in->numbers, in->step);
		for (int b = 0; b <= a; b++)
			covariance[(size_t)a * in->players + b] = covariance[(size_t)b * in->players + a] = in->step[b];
	}
}

/*
 * The covariance of what is reported, of ratings less their mean: that all are higher or lower by the same amount,
 * only the prior knows about, and nobody asks. A difference of two ratings varies as it did before.
 */
static void
centre(const struct problem *in, double *covariance)
{
	double *means = in->trial;

	for (int a = 0; a < in->players; a++)
		means[a] = mean_of(covariance + (size_t)a * in->players, in->players);
	double all = mean_of(means, in->players);
	for (int a = 0; a < in->players; a++)
		for (int b = 0; b < in->players; b++)
			covariance[(size_t)a * in->players + b] -= means[a] + means[b] - all;
}

static void
report(const struct problem *in, const double *covariance, struct rating *ratings)
{
	double mean = mean_of(in->at, in->players);

	for (int a = 0; a < in->players; a++) {
		double value = ELO_PER_NAT * (in->at[a] - mean),
		    deviation = sqrt(fmax(0, covariance[(size_t)a * in->players + a]));

		ratings[a] = (struct rating){ value, deviation,
			value - INTERVAL * deviation, value + INTERVAL * deviation };
	}
}

struct elo_fit
elo_fit(const struct bout *bouts, size_t count, int players, const struct elo_rules *rules, struct rating *ratings,
    double *covariance, double *work)
{
	struct problem in = problem_in(rules, players, work);
	struct elo_fit fit = { 0 };

	for (size_t i = 0; i < count; i++)
		count_bout(&in, &bouts[i]);
	fit.converged = climb(&in);
	fit.likelihood = likelihood(&in, in.at);
	fit.draw = rules->draws ? exp(in.at[players]) : 0;
	invert(&in, covariance);
	centre(&in, covariance);
	report(&in, covariance, ratings);
	return fit;
}

double
elo_superiority(const struct rating *ratings, const double *covariance, int players, int a, int b)
{
	const double *row_a = covariance + (size_t)a * players, *row_b = covariance + (size_t)b * players;
	double difference = ratings[a].value - ratings[b].value, variance = row_a[a] + row_b[b] - 2 * row_a[b];

	if (!(variance > 0))
		return difference == 0 ? 0.5 : difference > 0;
	return erfc(-difference / sqrt(2 * variance)) / 2;
}
