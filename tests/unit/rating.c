/*
 * Claim: the ratings are those of the published systems. Elo is the likeliest, as a search here finds that knows
 * nothing of elo.c, and its intervals hold the truth as often as they say. Glicko-2 and OpenSkill give what their
 * authors' examples give. The sequential test errs as seldom as it was asked to.
 */
#include "elo.h"
#include "glicko2.h"
#include "openskill.h"
#include "sprt.h"
#include "tap.h"

#include <math.h>
#include <stdlib.h>

#define BOUTS_MAX 64
#define SMALL 4			/* players that the search can take */
#define NUMBERS (SMALL + 1)

static unsigned seed = 1;

static double
dice(void)
{
	return (rand_r(&seed) + 0.5) / (RAND_MAX + 1.0);
}

static int
below(int most)
{
	return (int)(dice() * most);
}

static int
near(double got, double wanted, double allowed)
{
	if (fabs(got - wanted) <= allowed)
		return 1;
	printf("#   got: %.12g wanted: %.12g\n", got, wanted);
	return 0;
}

/* --- tables of bouts as text: "a>b=c" is a first, b and c tied behind */

struct table {
	int players;
	size_t count;
	struct bout bouts[BOUTS_MAX];
};

static struct table
table_of(int players, const char *text)
{
	struct table table = { .players = players };
	struct bout *bout = NULL;
	int rank = 1;

	for (char last = ' '; *text; last = *text++) {
		if (*text == '>')
			rank = bout->players + 1;
		if (*text < 'a' || *text > 'z')
			continue;
		if (last == ' ') {
			bout = &table.bouts[table.count++];
			rank = 1;
		}
		bout->player[bout->players] = *text - 'a';
		bout->rank[bout->players++] = rank;
	}
	return table;
}

static const struct {
	int players;
	const char *bouts;
	const char *name;
} tables[] = {
	{ 0, "", "nobody" },
	{ 1, "", "one player" },
	{ 3, "", "three who did not play" },
	{ 2, "a>b", "one win" },
	{ 2, "a=b", "one draw" },
	{ 2, "a>b a>b a>b a>b a>b a>b a>b a>b", "only wins" },
	{ 2, "a=b b=a a=b a=b a=b", "only draws" },
	{ 2, "a>b a>b b>a a=b a>b b=a", "some of all" },
	{ 3, "a>b b>c c>a", "a circle" },
	{ 3, "b>a b>a a=b", "one who did not play" },
	{ 3, "a>b b>c a>c a>c b>c c>b", "no draws among three" },
	{ 4, "a>b a>b b=a c>d c>d c>d", "two pairs that never met" },
	{ 4, "a>b a>c a>d a>b a>c a>d b=c c=d d>b", "one who beats all" },
	{ 3, "a>b>c a=b>c c>a=b a=b=c", "three in a bout" },
	{ 4, "a>b>c>d d>a=b=c b>d c=a>b", "four in a bout, and others" },
};

/* --- the likelihood, read off the definitions, in Elo; the last number is log(nu) */

static double
log_of_result(const double *at, int players, bool draws, int a, int b, int order)
{
	double pa = pow(10, at[a] / 400), pb = pow(10, at[b] / 400), nu = draws ? exp(at[players]) : 0,
	    tie = nu * sqrt(pa * pb), all = pa + pb + tie;

	if (order == 0)
		return draws ? log(tie / all) : log(pa / all) / 2 + log(pb / all) / 2;
	return log((order < 0 ? pa : pb) / all);
}

static double
likelihood(const struct table *table, const struct elo_rules *rules, const double *at)
{
	double sum = 0;

	for (size_t k = 0; k < table->count; k++) {
		const struct bout *bout = &table->bouts[k];

		for (int i = 0; i < bout->players; i++)
			for (int j = i + 1; j < bout->players; j++)
				sum += log_of_result(at, table->players, rules->draws, bout->player[i], bout->player[j],
				    bout->rank[i] - bout->rank[j]);
	}
	for (int i = 0; i < table->players; i++) {
		double p = 1 / (1 + pow(10, -at[i] / 400));

		sum += rules->prior / 2 * (log(p) + log(1 - p));
	}
	return rules->draws ? sum - at[table->players] * at[table->players] / 18 : sum;
}

/* What one step of the search is, for each number: log(nu) is not in Elo. */
static double
unit(const struct table *table, int i)
{
	return i < table->players ? 1 : 0.005;
}

/* One step into direction number `which` of all 3^numbers; false if nothing moves or it does not lead up. */
static bool
try_direction(const struct table *table, const struct elo_rules *rules, int numbers, int which, double step, double *at,
    double *best)
{
	double trial[NUMBERS] = { 0 };

	for (int i = 0; i < numbers; i++, which /= 3)
		trial[i] = at[i] + (which % 3 - 1) * step * unit(table, i);
	double found = likelihood(table, rules, trial);
	if (!(found > *best))
		return false;
	*best = found;
	memcpy(at, trial, sizeof(trial));
	return true;
}

/* The maximum by blind search: while any step leads up, it is taken; then steps become shorter. */
static double
search(const struct table *table, const struct elo_rules *rules, int numbers, double *at)
{
	int directions = (int)lround(pow(3, numbers));
	double best = likelihood(table, rules, at);

	for (double step = 256; step > 1e-4; step /= 2)
		for (bool found = true; found;) {
			found = false;
			for (int which = 0; which < directions; which++)
				while (try_direction(table, rules, numbers, which, step, at, &best))
					found = true;
		}
	return best;
}

/* Minus the second derivatives, by differences. */
static void
differentiate(const struct table *table, const struct elo_rules *rules, int numbers, const double *at,
    double matrix[NUMBERS][2 * NUMBERS])
{
	for (int i = 0; i < numbers; i++)
		for (int j = 0; j < numbers; j++) {
			double hi = unit(table, i), hj = unit(table, j), sum = 0;

			for (int signs = 0; signs < 4; signs++) {
				double trial[NUMBERS];

				memcpy(trial, at, sizeof(trial));
				trial[i] += signs & 1 ? hi : -hi;
				trial[j] += signs & 2 ? hj : -hj;
				sum += (signs == 0 || signs == 3 ? 1 : -1) * likelihood(table, rules, trial);
			}
			matrix[i][j] = -sum / (4 * hi * hj);
			matrix[i][numbers + j] = i == j;
		}
}

/* Gauss and Jordan: the inverse replaces the unit matrix at the right. */
static void
invert(double matrix[NUMBERS][2 * NUMBERS], int numbers)
{
	for (int i = 0; i < numbers; i++) {
		double pivot = matrix[i][i];

		for (int k = 0; k < 2 * numbers; k++)
			matrix[i][k] /= pivot;
		for (int j = 0; j < numbers; j++) {
			double factor = matrix[j][i];

			for (int k = 0; j != i && k < 2 * numbers; k++)
				matrix[j][k] -= factor * matrix[i][k];
		}
	}
}

/* The covariance of a's and b's ratings less the mean of all, term by term. */
static double
centred(double matrix[NUMBERS][2 * NUMBERS], int numbers, int players, int a, int b)
{
	double sum = 0;

	for (int i = 0; i < players; i++)
		for (int j = 0; j < players; j++)
			sum += ((i == a) - 1.0 / players) * ((j == b) - 1.0 / players) * matrix[i][numbers + j];
	return sum;
}

static void
compare(const struct table *table, const struct elo_rules *rules, const char *name)
{
	int n = table->players, numbers = n + rules->draws, right = 1;
	struct rating ratings[SMALL];
	double covariance[SMALL * SMALL], work[ELO_WORK(SMALL)], at[NUMBERS] = { 0 }, matrix[NUMBERS][2 * NUMBERS];
	struct elo_fit fit = elo_fit(table->bouts, table->count, n, rules, ratings, covariance, work);
	double best = search(table, rules, numbers, at), mean = 0;

	for (int i = 0; i < n; i++)
		mean += at[i] / n;
	right &= fit.converged && near(fit.likelihood, best, 1e-7);
	right &= near(fit.draw, rules->draws ? exp(at[n]) : 0, 1e-3 * (1 + fit.draw));
	for (int i = 0; i < n; i++)
		right &= near(ratings[i].value, at[i] - mean, 0.02);
	differentiate(table, rules, numbers, at, matrix);
	invert(matrix, numbers);
	for (int i = 0; i < n; i++)
		for (int j = 0; j < n; j++) {
			double wanted = centred(matrix, numbers, n, i, j);

			right &= near(covariance[i * n + j], wanted, 1 + 1e-3 * fabs(wanted));
		}
	for (int i = 0; i < n; i++)
		right &= near(ratings[i].deviation, sqrt(covariance[i * n + i]), 1e-6) &&
		    near(ratings[i].low, ratings[i].value - 1.96 * ratings[i].deviation, 0.1) &&
		    near(ratings[i].high, ratings[i].value + 1.96 * ratings[i].deviation, 0.1);
	ok(right, "Elo, %s, prior %g%s: the likeliest, and the curvature there", name, rules->prior,
	    rules->draws ? ", draws" : "");
}

static void
test_elo_small(void)
{
	static const struct elo_rules rules[] = { { 2, false }, { 2, true }, { 0.25, false }, { 0.25, true } };

	for (size_t i = 0; i < sizeof(tables) / sizeof(*tables); i++)
		for (size_t j = 0; j < sizeof(rules) / sizeof(*rules); j++) {
			struct table table = table_of(tables[i].players, tables[i].bouts);

			compare(&table, &rules[j], tables[i].name);
		}
}

/* --- Elo of many */

#define MANY 300
#define MANY_BOUTS 6000

/* Big: not on the stack. */
static struct bout bouts[MANY_BOUTS];
static struct rating ratings[MANY], again[MANY];
static double covariance[MANY * MANY], work[ELO_WORK(MANY)];

enum habit { HABIT_ANY, HABIT_BEST_WINS, HABIT_DRAWS, HABIT_NEIGHBOURS, HABIT_TWO_WORLDS, HABITS };

static struct bout
random_bout(int players, enum habit habit)
{
	struct bout bout = { .players = 2 + below(players < 4 ? players - 1 : 3) };
	int first = below(players);

	for (int i = 0; i < bout.players; i++) {
		int step = habit == HABIT_TWO_WORLDS && players >= 8 ? 2 : 1;

		bout.player[i] = habit == HABIT_NEIGHBOURS || step == 2 ? (first + step * i) % players : below(players);
		bout.rank[i] = habit == HABIT_DRAWS ? 1 : habit == HABIT_ANY ? 1 + below(3) : bout.player[i];
	}
	return bout;
}

static void
shuffle(size_t count)
{
	for (size_t i = count; i > 1; i--) {
		size_t j = (size_t)below((int)i);
		struct bout kept = bouts[j];

		bouts[j] = bouts[i - 1];
		bouts[i - 1] = kept;
	}
}

/* Everything about a fit that must hold whatever the bouts are; the number of things that do not. */
static int
nonsense(const struct rating *of, int players, const struct elo_fit *fit)
{
	int wrong = !isfinite(fit->draw) || !isfinite(fit->likelihood) || fit->likelihood > 1e-9;
	double sum = 0, most = 1;

	for (int i = 0; i < players; i++) {
		sum += of[i].value;
		most = fmax(most, fabs(of[i].value));
		wrong += !isfinite(of[i].value) || !isfinite(of[i].deviation) || !(of[i].low <= of[i].value) ||
		    !(of[i].value <= of[i].high) || !isfinite(of[i].high - of[i].low);
		for (int j = 0; j < players; j++)
			wrong += !isfinite(covariance[i * players + j]) ||
			    covariance[i * players + j] != covariance[j * players + i];
	}
	return wrong + (fabs(sum) > 1e-9 * most * players);
}

/* The slope of the likelihood along the i-th rating, by the definition: points less expected points, and the prior. */
static double
slope(size_t count, int i, double shift, double prior)
{
	double sum = prior * (0.5 - 1 / (1 + pow(10, -(ratings[i].value + shift) / 400)));

	for (size_t k = 0; k < count; k++)
		for (int s = 0; s < bouts[k].players; s++)
			for (int t = 0; t < bouts[k].players; t++) {
				int a = bouts[k].player[s], b = bouts[k].player[t],
				    order = bouts[k].rank[s] - bouts[k].rank[t];

				if (a != i || a == b)
					continue;
				sum += order < 0 ? 1 : order == 0 ? 0.5 : 0;
				sum -= 1 / (1 + pow(10, (ratings[b].value - ratings[a].value) / 400));
			}
	return sum;
}

/* Ratings are reported less their mean. Where they were is where the prior has them: the sum of its slopes is 0. */
static double
steepest(size_t count, int players, double prior)
{
	double low = -1e5, high = 1e5, most = 0;

	for (int n = 0; n < 200; n++) {
		double shift = (low + high) / 2, sum = 0;

		for (int i = 0; i < players; i++)
			sum += 0.5 - 1 / (1 + pow(10, -(ratings[i].value + shift) / 400));
		*(sum > 0 ? &low : &high) = shift;
	}
	for (int i = 0; i < players; i++)
		most = fmax(most, fabs(slope(count, i, low, prior)));
	return most;
}

static void
test_elo_random(void)
{
	static const double priors[] = { 1e-4, 0.01, 0.5, 2 };
	int wrong = 0, lost = 0, steep = 0, moved = 0;

	printf("# seed %u\n", seed);
	for (int n = 0; n < 400; n++) {
		int players = 1 + below(30);
		size_t count = players > 1 ? (size_t)below(n % 3 ? 400 : 20) : 0;
		struct elo_rules rules = { priors[n % 4], n / 4 % 2 };

		for (size_t i = 0; i < count; i++)
			bouts[i] = random_bout(players, (enum habit)(n % HABITS));
		struct elo_fit fit = elo_fit(bouts, count, players, &rules, ratings, covariance, work);
		wrong += nonsense(ratings, players, &fit) > 0;
		lost += !fit.converged;
		steep += !rules.draws && steepest(count, players, rules.prior) > 1e-4;
		shuffle(count);
		struct elo_fit fit_again = elo_fit(bouts, count, players, &rules, again, covariance, work);
		moved += memcmp(&fit.likelihood, &fit_again.likelihood, sizeof(double)) != 0 ||
		    memcmp(ratings, again, (size_t)players * sizeof(*ratings)) != 0;
	}
	ok(wrong == 0, "Elo of random bouts: finite, symmetric, mean 0 (%d wrong)", wrong);
	ok(lost == 0, "and converged (%d not)", lost);
	ok(steep == 0, "and nobody's points differ from those expected (%d do)", steep);
	ok(moved == 0, "and to the last bit the same in any order (%d not)", moved);
}

static void
test_elo_large(void)
{
	for (int habit = 0; habit < HABITS; habit++) {
		struct elo_rules rules = { 1, habit % 2 };

		for (int i = 0; i < MANY_BOUTS; i++)
			bouts[i] = random_bout(MANY, (enum habit)habit);
		struct elo_fit fit = elo_fit(bouts, MANY_BOUTS, MANY, &rules, ratings, covariance, work);
		ok(nonsense(ratings, MANY, &fit) == 0 && fit.converged, "%d players, %d bouts, habit %d", MANY,
		    MANY_BOUTS, habit);
	}
}

/* From here, Newton alone jumps away and never returns. */
static void
test_elo_far(void)
{
	struct table table = table_of(6, "e>f a>c d>e b>f a>d b>f d>f a>c c>d c>f c>d");
	struct elo_rules rules = { 1e-6, false };

	memcpy(bouts, table.bouts, sizeof(table.bouts));
	struct elo_fit fit = elo_fit(bouts, table.count, table.players, &rules, ratings, covariance, work);
	ok(fit.converged && nonsense(ratings, table.players, &fit) == 0 &&
	    steepest(table.count, table.players, rules.prior) < 1e-6,
	    "no losses for some, no wins for others: converged");
}

/* Priors that rounding hides, and thousands of the same result. */
static void
test_elo_extreme(void)
{
	static const double priors[] = { 1e-300, 1e-30, 1e-12, 1e12 };
	int wrong = 0;

	for (int n = 0; n < 8; n++) {
		struct elo_rules rules = { priors[n / 2], n % 2 };

		for (int k = 0; k < MANY_BOUTS; k++)
			bouts[k] = (struct bout){ 0, 2, { k % 3, k % 3 + 1 + k % 2 }, { 1, 2 } };
		struct elo_fit fit = elo_fit(bouts, MANY_BOUTS, 7, &rules, ratings, covariance, work);
		wrong += nonsense(ratings, 7, &fit);
	}
	ok(wrong == 0, "thousands of wins, none lost, and hardly a prior: still finite");
	struct bout self = { 0, 3, { 0, 0, 1 }, { 1, 2, 3 } },
	    pair[2] = { { 0, 2, { 0, 1 }, { 1, 2 } }, { 0, 2, { 0, 1 }, { 1, 2 } } };
	struct elo_rules rules = { 1, false };
	elo_fit(&self, 1, 2, &rules, ratings, covariance, work);
	elo_fit(pair, 2, 2, &rules, again, covariance, work);
	ok(memcmp(ratings, again, 2 * sizeof(*ratings)) == 0, "who meets himself shows nothing by it");
}

/* --- do the intervals say the truth? */

#define TRUE_PLAYERS 5
static const double truth[TRUE_PLAYERS] = { 150, 60, 0, -40, -170 };

static int
random_order(int a, int b, double nu)
{
	double pa = pow(10, truth[a] / 400), pb = pow(10, truth[b] / 400), tie = nu * sqrt(pa * pb),
	    at = dice() * (pa + pb + tie);

	return at < pa ? -1 : at < pa + pb ? 1 : 0;
}

static size_t
random_season(int games, double nu)
{
	size_t count = 0;

	for (int game = 0; game < games; game++)
		for (int a = 0; a < TRUE_PLAYERS; a++)
			for (int b = 0; b < a; b++) {
				int order = random_order(a, b, nu);

				bouts[count++] = (struct bout){ 0, 2, { a, b }, { 1 + (order > 0), 1 + (order < 0) } };
			}
	return count;
}

static void
test_elo_truth(double nu)
{
	struct elo_rules rules = { 0.1, nu > 0 };
	int held = 0, seasons = 400, sure = 0, of_sure = 0;
	double nus = 0;

	printf("# seed %u\n", seed);
	for (int season = 0; season < seasons; season++) {
		size_t count = random_season(40, nu);

		nus += elo_fit(bouts, count, TRUE_PLAYERS, &rules, ratings, covariance, work).draw / seasons;
		for (int i = 0; i < TRUE_PLAYERS; i++)
			held += ratings[i].low <= truth[i] && truth[i] <= ratings[i].high;
		for (int i = 0; i < TRUE_PLAYERS; i++)
			for (int j = 0; j < TRUE_PLAYERS; j++) {
				double chance = elo_superiority(ratings, covariance, TRUE_PLAYERS, i, j);

				of_sure += i != j && chance > 0.95;
				sure += i != j && chance > 0.95 && truth[i] > truth[j];
			}
	}
	double part = held / (double)(seasons * TRUE_PLAYERS);
	ok(part > 0.935 && part < 0.965, "nu %g: intervals of 95 %% hold the truth in %.1f %%", nu, 100 * part);
	ok(of_sure > 1000 && sure > 0.98 * of_sure, "who is said to be stronger with 95 %% is (%d of %d)", sure,
	    of_sure);
	ok(near(nus, nu, 0.02), "nu is found again");
}

/* --- superiority */

/* The mass of the two normal variables where x > y, cell by cell. */
static double
mass(double mean, double xx, double yy, double xy)
{
	double determinant = xx * yy - xy * xy, sum = 0, all = 0;

	for (int i = -300; i <= 300; i++)
		for (int j = -300; j <= 300; j++) {
			double x = i * 0.02 * sqrt(xx), y = j * 0.02 * sqrt(yy),
			    density = exp(-(yy * x * x - 2 * xy * x * y + xx * y * y) / (2 * determinant));

			all += density;
			sum += density * (x + mean > y ? 1 : x + mean == y ? 0.5 : 0);
		}
	return sum / all;
}

static void
test_superiority(void)
{
	static const struct {
		double mean, xx, yy, xy, known;
	} cases[] = {
		{ 0, 100, 100, 0, 0.5 },
		{ 10, 50, 50, 0, 0.841344746068543 },
		{ -10, 50, 50, 0, 0.158655253931457 },
		{ 1.959963984540054, 1, 1, 0.5, 0.975 },
		{ 30, 400, 900, 200, 0.841344746068543 },
		{ 50, 1300, 700, -250, 0.841344746068543 },
		{ 20, 400, 100, -150, 0.760249938906524 },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		double xx = cases[i].xx, yy = cases[i].yy, xy = cases[i].xy;
		struct rating two[2] = { { .value = cases[i].mean + 3 }, { .value = 3 } };
		double matrix[4] = { xx, xy, xy, yy }, got = elo_superiority(two, matrix, 2, 0, 1);

		ok(near(got, cases[i].known, 1e-12) && near(got, mass(cases[i].mean, xx, yy, xy), 0.01) &&
		    near(got + elo_superiority(two, matrix, 2, 1, 0), 1, 1e-15), "superiority by %g: %g", cases[i].mean,
		    got);
	}
	struct rating one = { .value = 5 };
	ok(elo_superiority(&one, &(double){ 0 }, 1, 0, 0) == 0.5, "nobody is superior to himself");
}

/* --- Glicko-2 */

/* The example of glicko2.pdf, to all the digits that it has; more digits by its formulas without its rounding. */
static void
test_glicko_example(void)
{
	static const struct glicko2 before[4] = {
		{ 1500, 200, 0.06 }, { 1400, 30, 0.06 }, { 1550, 100, 0.06 }, { 1700, 300, 0.06 },
	};
	static const struct bout example[] = {
		{ 0, 2, { 0, 1 }, { 1, 2 } }, { 0, 2, { 2, 0 }, { 1, 2 } }, { 0, 2, { 0, 3 }, { 2, 1 } },
	};
	static const struct bout other_order[] = {
		{ 0, 2, { 3, 0 }, { 1, 2 } }, { 0, 2, { 1, 0 }, { 2, 1 } }, { 0, 2, { 0, 2 }, { 2, 1 } },
	};
	struct glicko2 after[4], other[4];

	glicko2_period(example, 3, 4, 0.5, before, after);
	ok(near(after[0].rating, 1464.06, 0.01) && near(after[0].deviation, 151.52, 0.005) &&
	    near(after[0].volatility, 0.05999, 0.00001), "Glickman's example");
	ok(near(after[0].rating, 1464.0506705393, 1e-6) && near(after[0].deviation, 151.5165241239, 1e-6),
	    "to more digits");
	ok(after[1].rating < 1400 && after[2].rating > 1550 && after[3].rating > 1700,
	    "and the others move the other way");
	glicko2_period(other_order, 3, 4, 0.5, before, other);
	int right = 1;
	for (int i = 0; i < 4; i++)
		right &= near(other[i].rating, after[i].rating, 1e-9) &&
		    near(other[i].deviation, after[i].deviation, 1e-9);
	ok(right, "within a period, order does not matter");
	struct rating rating = glicko2_rating(&after[0]);
	ok(near(rating.low, 1464.0506705 - 1.959964 * 151.5165241, 1e-3) &&
	    near(rating.high, 1464.0506705 + 1.959964 * 151.5165241, 1e-3) && rating.value == after[0].rating &&
	    rating.deviation == after[0].deviation, "its interval of 95 %%");
}

/* The paper's f of step 5 with everything that goes in, for two players; the new volatility is its root. */
static double
paper_f(const struct glicko2 *a, const struct glicko2 *b, double score, double tau, double x)
{
	double phi = a->deviation / 173.7178, phi_b = b->deviation / 173.7178,
	    g = 1 / sqrt(1 + 3 * phi_b * phi_b / (M_PI * M_PI)),
	    e = 1 / (1 + exp(-g * (a->rating - b->rating) / 173.7178)), v = 1 / (g * g * e * (1 - e)),
	    delta = v * g * (score - e), s = phi * phi + v + exp(x);

	return exp(x) * (delta * delta - s) / (2 * s * s) - (x - log(a->volatility * a->volatility)) / (tau * tau);
}

static void
test_glicko_volatility(void)
{
	int wrong = 0;

	printf("# seed %u\n", seed);
	for (int n = 0; n < 2000; n++) {
		struct glicko2 before[2], after[2];
		double tau = 0.3 + dice() * 0.9, score = below(3) / 2.0, low = -60, high = 20;
		struct bout bout = { 0, 2, { 0, 1 }, { 1 + (score < 1), 1 + (score > 0) } };

		for (int i = 0; i < 2; i++)
			before[i] = (struct glicko2){ 500 + dice() * 2000, 20 + dice() * 400, 0.01 + dice() * 0.3 };
		for (int k = 0; k < 100; k++) {
			double x = (low + high) / 2;

			*(paper_f(&before[0], &before[1], score, tau, x) > 0 ? &low : &high) = x;
		}
		glicko2_period(&bout, 1, 2, tau, before, after);
		wrong += !near(after[0].volatility, exp(low / 2), 1e-6 * exp(low / 2));
	}
	ok(wrong == 0, "the volatility is the root of the paper's f");
	/* Only with numbers beyond all sense does the paper's k pass 1. */
	struct glicko2 before[2] = { { 1500, 20, 3e6 }, { 1500, 20, 3e6 } }, after[2];
	glicko2_period(&(struct bout){ 0, 2, { 0, 1 }, { 1, 1 } }, 1, 2, 20, before, after);
	ok(near(paper_f(&before[0], &before[1], 0.5, 20, 2 * log(after[0].volatility)), 0, 1e-6),
	    "so, too, with a tau of 20");
}

static void
test_glicko_fold(void)
{
	static const struct bout season[] = {
		{ 0, 3, { 0, 1, 2 }, { 1, 2, 2 } }, { 1, 2, { 0, 1 }, { 1, 1 } }, { 1, 2, { 2, 1 }, { 2, 1 } },
		{ 4, 2, { 0, 3 }, { 2, 1 } },
	};
	static const struct bout pairs[] = {
		{ 0, 2, { 0, 1 }, { 1, 2 } }, { 0, 2, { 2, 0 }, { 2, 1 } }, { 0, 2, { 1, 2 }, { 1, 1 } },
	};
	struct glicko2 folded[5], a[5], b[5];
	int right = 1;

	glicko2_fold(season, 4, 5, GLICKO2_TAU, folded, a);
	for (int i = 0; i < 5; i++)
		a[i] = GLICKO2_START;
	glicko2_period(pairs, 3, 5, GLICKO2_TAU, a, b);
	glicko2_period(season + 1, 2, 5, GLICKO2_TAU, b, a);
	glicko2_period(season + 3, 1, 5, GLICKO2_TAU, a, b);
	for (int i = 0; i < 5; i++)
		right &= near(folded[i].rating, b[i].rating, 1e-9) && near(folded[i].deviation, b[i].deviation, 1e-9) &&
		    near(folded[i].volatility, b[i].volatility, 1e-12);
	ok(right, "each round is a period, and a bout of three is three of two");
	ok(folded[4].rating == 1500 && folded[4].volatility == 0.06 &&
	    near(folded[4].deviation, sqrt(350 * 350 + 3 * pow(173.7178 * 0.06, 2)), 1e-9),
	    "who does not play becomes less certain");
	glicko2_fold(season, 0, 5, GLICKO2_TAU, folded, a);
	ok(folded[0].rating == 1500 && folded[0].deviation == 350 && folded[0].volatility == 0.06,
	    "no bouts: as all begin");
	struct glicko2 equal[2] = { GLICKO2_START, GLICKO2_START };
	glicko2_period(season + 1, 1, 2, GLICKO2_TAU, equal, a);
	ok(a[0].rating == 1500 && a[1].rating == 1500 && a[0].deviation < 350,
	    "a draw of equals makes them certain, not better");
}

static void
test_glicko_finite(void)
{
	struct glicko2 players[20], more[20];
	int wrong = 0;

	printf("# seed %u\n", seed);
	for (int n = 0; n < 40; n++) {
		for (int i = 0; i < 3000; i++) {
			bouts[i] = random_bout(20, (enum habit)(n % HABITS));
			bouts[i].round = i / (1 + n * 5);
			/* The last thousand turn everything round. */
			for (int s = 0; n % 2 && i >= 2000 && s < bouts[i].players; s++)
				bouts[i].rank[s] = 30 - bouts[i].rank[s];
		}
		glicko2_fold(bouts, 3000, 20, n % 3 ? GLICKO2_TAU : 1.2, players, more);
		for (int i = 0; i < 20; i++)
			wrong += !isfinite(players[i].rating) || !(players[i].deviation > 0) ||
			    !isfinite(players[i].deviation) || !(players[i].volatility > 0) ||
			    !isfinite(players[i].volatility);
	}
	struct glicko2 apart[2] = { { 1e6, 30, 0.06 }, { -1e6, 30, 0.06 } };
	glicko2_period(&(struct bout){ 0, 2, { 0, 1 }, { 2, 1 } }, 1, 2, GLICKO2_TAU, apart, more);
	apart[0] = (struct glicko2){ 9500, 30, 0.06 };
	apart[1] = (struct glicko2){ 1500, 30, 0.06 };
	glicko2_period(&(struct bout){ 0, 2, { 0, 1 }, { 2, 1 } }, 1, 2, GLICKO2_TAU, apart, players);
	ok(players[0].rating < 9500 && players[1].rating > 1500 && isfinite(players[0].rating - players[1].rating),
	    "the impossible happens: it counts");
	ok(wrong == 0 && isfinite(more[0].rating) && isfinite(more[1].volatility),
	    "Glicko-2: all finite, whatever happens (%d not)", wrong);
}

/* --- OpenSkill */

#define FRESH { 25, 25.0 / 3 }
#define TAU (25.0 / 300)	/* of rate() in openskill.js now: added to sigma before each bout; we have none */

/*
 * Published: openskill.js, src/models/__tests__/plackett-luce.test.ts (tau 0); src/__tests__/rate.test.ts and
 * parity-plackett-luce.test.ts (tau as above), which has the same numbers as openskill.py 6.2.
 */
static const struct {
	const char *name;
	int players;
	double tau;
	struct openskill before[5];
	int rank[5];
	struct openskill after[5];
} examples[] = {
	{ "two", 2, 0, { FRESH, FRESH }, { 1, 2 },
	    { { 27.63523138347365, 8.065506316323548 }, { 22.36476861652635, 8.065506316323548 } } },
	{ "three", 3, 0, { FRESH, FRESH, FRESH }, { 1, 2, 3 },
	    { { 27.868876552746237, 8.204837030780652 }, { 25.717219138186557, 8.057829747583874 },
		{ 21.413904309067206, 8.057829747583874 } } },
	{ "four", 4, 0, { FRESH, FRESH, FRESH, FRESH }, { 1, 2, 3, 4 },
	    { { 27.795084971874736, 8.263160757613477 }, { 26.552824984374855, 8.179213704945203 },
		{ 24.68943500312503, 8.083731307186588 }, { 20.96265504062538, 8.083731307186588 } } },
	{ "five", 5, 0, { FRESH, FRESH, FRESH, FRESH, FRESH }, { 1, 2, 3, 4, 5 },
	    { { 27.666666666666668, 8.290556877154474 }, { 26.833333333333332, 8.240145629781066 },
		{ 25.72222222222222, 8.179996679645559 }, { 24.055555555555557, 8.111796013701358 },
		{ 20.72222222222222, 8.111796013701358 } } },
	{ "alone", 1, 0, { { 31, 4 } }, { 1 }, { { 31, 4 } } },
	{ "different ratings", 4, TAU,
	    { { 29.182, 4.782 }, { 27.174, 4.922 }, { 16.672, 6.217 }, FRESH }, { 1, 2, 3, 4 },
	    { { 30.210227447000438, 4.765617924939384 }, { 27.644725221915632, 4.883479590134575 },
		{ 17.4036218889969, 6.101259408259549 }, { 19.21460876538932, 7.854669920480409 } } },
	{ "ranks in any order", 4, TAU,
	    { { 15, 25.0 / 3 }, { 20, 25.0 / 3 }, { 25, 25.0 / 3 }, { 30, 25.0 / 3 } }, { 1, 3, 4, 2 },
	    { { 18.131120980297805, 8.283536573151807 }, { 20.405169039419135, 8.107860440531121 },
		{ 20.65583040714804, 8.082574596348321 }, { 30.80787957313502, 8.155100416275928 } } },
	{ "two tied for the second place", 3, TAU, { { 10, 8 }, { 5, 10 }, { 0, 12 } }, { 1, 2, 2 },
	    { { 11.942996666741225, 7.926888197620324 }, { 2.9381178546315034, 9.653804487570165 },
		{ -1.4024317012198733, 11.323641575516767 } } },
	{ "all tied", 4, TAU, { FRESH, FRESH, FRESH, FRESH }, { 1, 1, 1, 1 },
	    { { 25, 8.263571791259416 }, { 25, 8.263571791259416 },
		{ 25, 8.263571791259416 }, { 25, 8.263571791259416 } } },
	{ "two tied in the middle", 4, TAU,
	    { { 15, 25.0 / 3 }, { 20, 25.0 / 3 }, { 25, 25.0 / 3 }, { 30, 25.0 / 3 } }, { 2, 4, 2, 1 },
	    { { 15.340043358359136, 8.213141619804967 }, { 18.007678675484204, 8.189033933813437 },
		{ 24.25801928251219, 8.166918055585525 }, { 32.39425868364447, 8.247687230833794 } } },
};

static void
test_openskill_examples(void)
{
	for (size_t i = 0; i < sizeof(examples) / sizeof(*examples); i++) {
		struct bout bout = { .players = examples[i].players };
		struct openskill players[5];
		int right = 1;

		/* Seats are turned round: who sits where must not matter. */
		for (int s = 0; s < bout.players; s++) {
			bout.player[s] = bout.players - 1 - s;
			bout.rank[s] = examples[i].rank[bout.player[s]];
			players[s] = examples[i].before[s];
			players[s].sigma = hypot(players[s].sigma, examples[i].tau);
		}
		openskill_bout(&bout, players);
		for (int s = 0; s < bout.players; s++)
			right &= near(players[s].mu, examples[i].after[s].mu, 1e-12) &&
			    near(players[s].sigma, examples[i].after[s].sigma, 1e-12);
		ok(right, "OpenSkill's example: %s", examples[i].name);
	}
}

/* openskill.js, plackett-luce-series.test.ts, which has its numbers from the package rank-1.02. */
static void
test_openskill_series(void)
{
	static const struct bout series[] = {
		{ 0, 5, { 0, 1, 2, 3, 4 }, { 1, 2, 2, 4, 4 } }, { 1, 3, { 4, 2, 1 }, { 1, 2, 2 } },
		{ 2, 4, { 3, 1, 2, 0 }, { 1, 1, 3, 3 } },
	};
	static const struct openskill wanted[5] = {
		{ 26.353761103, 8.11102706 }, { 24.618479789, 7.90533551 }, { 23.065819512, 7.822005595 },
		{ 24.476332403, 8.106111471 }, { 26.385499685, 8.054090809 },
	};
	struct openskill players[6];
	int right = 1;

	openskill_fold(series, 3, 6, players);
	for (int i = 0; i < 5; i++)
		right &= near(players[i].mu, wanted[i].mu, 1e-8) && near(players[i].sigma, wanted[i].sigma, 1e-8);
	ok(right, "OpenSkill's series of three bouts with ties");
	ok(players[5].mu == 25 && near(players[5].sigma, 25.0 / 3, 1e-12), "who does not play stays as he was");
	struct rating rating = openskill_rating(&players[0]);
	ok(near(rating.value, 26.353761103, 1e-7) &&
	    near(rating.low, 26.353761103 - 1.959964 * 8.11102706, 1e-5) &&
	    near(rating.high, 26.353761103 + 1.959964 * 8.11102706, 1e-5),
	    "the rating is mu, the interval mu's");
}

static void
test_openskill_finite(void)
{
	struct openskill players[20];
	int wrong = 0;

	for (int n = 0; n < 40; n++) {
		for (int i = 0; i < 3000; i++)
			bouts[i] = random_bout(20, (enum habit)(n % HABITS));
		openskill_fold(bouts, 3000, 20, players);
		for (int i = 0; i < 20; i++)
			wrong += !isfinite(players[i].mu) || !(players[i].sigma > 0);
	}
	struct bout large = { .players = PLAYERS_MAX };
	for (int s = 0; s < PLAYERS_MAX; s++) {
		large.player[s] = s;
		large.rank[s] = s + 1;
		players[s] = (struct openskill){ 25, s < PLAYERS_MAX - 1 ? 1 : 1000 };
	}
	openskill_bout(&large, players);
	ok(near(players[PLAYERS_MAX - 1].sigma, 1000 * sqrt(0.0001), 1e-9),
	    "at most 99.99 %% of sigma squared go: kappa");
	struct openskill apart[2] = { { 1e6, 1 }, { -1e6, 1 } };
	openskill_bout(&(struct bout){ 0, 2, { 0, 1 }, { 2, 1 } }, apart);
	ok(wrong == 0 && isfinite(apart[0].mu) && apart[0].mu < 1e6 && apart[0].sigma > 0,
	    "OpenSkill: all finite, whatever happens");
}

/* --- the sequential test */

static const struct {
	double seen[SPRT_RESULTS];
	double elo0, elo1, ratio, allowed;
	const char *name;
} ratios[] = {
	/* fastchess, app/tests/sprt_test.cpp, to two digits */
	{ { 223, 9863, 21279, 10037, 246 }, 0.5, 2.5, -3.07, 0.005, "fastchess's first example" },
	{ { 871, 26175, 55983, 26678, 821 }, 0, 2, -4.98, 0.005, "fastchess's second example" },
	{ { 0, 0, 0, 0, 0 }, 0, 5, 0, 0, "nothing seen" },
	{ { 10, 20, 40, 20, 10 }, -5, 5, 0, 1e-9, "equals, between -5 and 5" },
	{ { 10, 20, 40, 20, 10 }, 0, 5, -0.0345, 0.0005, "equals, between 0 and 5: -100 (s1 - 1/2)^2 / (2 * 0.075)" },
	{ { 1000, 2000, 4000, 2500, 1500 }, 0, 5, 29.71, 0.5, "11000 pairs, by hand: mean 0.53409, variance 0.08122" },
	/* Only wins: all mass that elo0 allows is there, and s of it is seen; of each pair, log(s1 / s0). */
	{ { 0, 0, 0, 0, 20 }, 0, 100, 4.95, 0.02, "20 pairs won: 20 log(0.64 / 0.5)" },
	{ { 20, 0, 0, 0, 0 }, -100, 0, -4.95, 0.02, "and lost" },
};

static double
normal_ratio(const double *seen, const struct sprt_rules *rules)
{
	double count = 0, mean = 0, variance = 0, s0 = 1 / (1 + pow(10, -rules->elo0 / 400)),
	    s1 = 1 / (1 + pow(10, -rules->elo1 / 400));

	for (int i = 0; i < 5; i++) {
		count += seen[i];
		mean += seen[i] * i / 4;
	}
	mean /= count;
	for (int i = 0; i < 5; i++)
		variance += seen[i] / count * (i / 4.0 - mean) * (i / 4.0 - mean);
	return count * (s1 - s0) * (2 * mean - s0 - s1) / (2 * variance);
}

static void
test_sprt_ratios(void)
{
	for (size_t i = 0; i < sizeof(ratios) / sizeof(*ratios); i++) {
		struct sprt sprt, mirrored;
		struct sprt_rules rules = { ratios[i].elo0, ratios[i].elo1, 0.05, 0.05 },
		    turned = { -rules.elo1, -rules.elo0, 0.05, 0.05 };

		for (int k = 0; k < SPRT_RESULTS; k++) {
			sprt.seen[k] = ratios[i].seen[k];
			mirrored.seen[SPRT_RESULTS - 1 - k] = ratios[i].seen[k];
		}
		double got = sprt_ratio(&sprt, &rules);
		ok(near(got, ratios[i].ratio, ratios[i].allowed) && near(sprt_ratio(&mirrored, &turned), -got, 1e-6),
		    "log likelihood ratio, and mirrored: %s", ratios[i].name);
	}
	int wrong = 0;
	for (int n = 0; n < 1000; n++) {
		struct sprt sprt;
		struct sprt_rules rules = { -2 + 4 * dice(), 3 + 4 * dice(), 0.05, 0.05 };

		for (int k = 0; k < SPRT_RESULTS; k++)
			sprt.seen[k] = 1000 + (k == 2 ? 1000 : 0) + below(100);
		double normal = normal_ratio(sprt.seen, &rules);
		wrong += !near(sprt_ratio(&sprt, &rules), normal, 0.02 + 0.02 * fabs(normal));
	}
	ok(wrong == 0, "of many pairs, it is what the normal approximation gives");
}

static void
test_sprt_bounds(void)
{
	struct sprt_rules rules = { 0, 10, 0.05, 0.1 };
	struct sprt sprt = { { 0 } };

	ok(near(sprt_lower(&rules), -2.251291798606, 1e-9) && near(sprt_upper(&rules), 2.890371757896, 1e-9),
	    "Wald's bounds");
	ok(sprt_verdict(&sprt, &rules) == SPRT_OPEN, "nothing is known of nothing");
	sprt = (struct sprt){ { 0, 0, 0, 0, 1e9 } };
	ok(sprt_verdict(&sprt, &rules) == SPRT_H1 && isfinite(sprt_ratio(&sprt, &rules)), "a billion wins: stronger");
	sprt = (struct sprt){ { 0, 0, 1e6, 0, 0 } };
	ok(sprt_verdict(&sprt, &rules) == SPRT_H0 && isfinite(sprt_ratio(&sprt, &rules)), "a million draws: not");
	sprt = (struct sprt){ { 0, 0, 0, 0, 2 } };
	ok(sprt_verdict(&sprt, &(struct sprt_rules){ 0, 100, 0.05, 0.05 }) == SPRT_OPEN, "two pairs won prove nothing");
}

/* Plays pairs until there is a verdict on a bot of that strength, which draws so often. */
static enum sprt_verdict
play(const struct sprt_rules *rules, double elo, double draws, int *pairs)
{
	double score = 1 / (1 + pow(10, -elo / 400));
	struct sprt sprt = { { 0 } };

	for (int n = 0; n < 20000; n++) {
		int points = 0;

		for (int game = 0; game < 2; game++) {
			double at = dice();

			points += at < score - draws / 2 ? 2 : at < score + draws / 2 ? 1 : 0;
		}
		sprt.seen[points]++;
		enum sprt_verdict verdict = sprt_verdict(&sprt, rules);
		*pairs += 1;
		if (verdict != SPRT_OPEN)
			return verdict;
	}
	return SPRT_OPEN;
}

static void
test_sprt_errors(void)
{
	static const struct {
		double elo0, elo1, draws;
	} cases[] = { { 0, 60, 0 }, { 0, 60, 0.5 }, { -30, 30, 0.2 }, { 0, 100, 0 }, { 0, 100, 0.6 } };

	printf("# seed %u\n", seed);
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct sprt_rules rules = { cases[i].elo0, cases[i].elo1, 0.05, 0.05 };
		int runs = 1000, open = 0, false_h1 = 0, false_h0 = 0, pairs = 0;

		for (int n = 0; n < runs; n++) {
			enum sprt_verdict weak = play(&rules, rules.elo0, cases[i].draws, &pairs),
			    strong = play(&rules, rules.elo1, cases[i].draws, &pairs);

			false_h1 += weak == SPRT_H1;
			false_h0 += strong == SPRT_H0;
			open += weak == SPRT_OPEN || strong == SPRT_OPEN;
		}
		/* Three deviations above 5 % of a thousand: 71. */
		ok(open == 0 && false_h1 <= 71 && false_h0 <= 71,
		    "%g or %g, %g draws: of %d wrongly %d and %d; %d pairs each", rules.elo0, rules.elo1,
		    cases[i].draws, runs, false_h1, false_h0, pairs / (2 * runs));
	}
}

int
main(void)
{
	test_elo_small();
	test_elo_random();
	test_elo_large();
	test_elo_far();
	test_elo_extreme();
	test_elo_truth(0);
	test_elo_truth(0.8);
	test_superiority();
	test_glicko_example();
	test_glicko_volatility();
	test_glicko_fold();
	test_glicko_finite();
	test_openskill_examples();
	test_openskill_series();
	test_openskill_finite();
	test_sprt_ratios();
	test_sprt_bounds();
	test_sprt_errors();
	return done_testing();
}
