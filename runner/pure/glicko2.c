/* Owns Glicko-2. Letters are those of Glickman's paper, and so are the numbers of the steps. */
#include "glicko2.h"

#include <math.h>
#include <string.h>

#define MIDDLE 1500
#define SCALE 173.7178
#define INTERVAL 1.959963984540054
#define CLOSE 1e-6		/* epsilon of step 5 */
#define ROUNDS_MAX 1000		/* it takes ten or so */

/* What all bouts of a period say of one player. */
struct news {
	double information;	/* 1 / v, step 3 */
	double surprise;	/* delta / v, step 4: by how much more he scored than was expected */
};

static struct news
news_of_pair(const struct glicko2 *player, const struct glicko2 *other, double score)
{
	double phi = other->deviation / SCALE, g = 1 / sqrt(1 + 3 * phi * phi / (M_PI * M_PI)),
	    x = g * (player->rating - other->rating) / SCALE, win = 1 / (1 + exp(-x)), loss = 1 / (1 + exp(x));

	/* Where E is almost 1, rounding would make 1 - E 0, and v infinite. */
	return (struct news){ g * g * win * loss, g * (score - win) };
}

static double
score_of(const struct bout *bout, int seat, int other)
{
	if (bout->rank[seat] == bout->rank[other])
		return 0.5;
	return bout->rank[seat] < bout->rank[other];
}

/* Adds to after[], of which rating is the surprise and deviation the information until the period ends. */
static void
add_bout(const struct bout *bout, const struct glicko2 *before, struct glicko2 *after)
{
	for (int i = 0; i < bout->players; i++)
		for (int j = 0; j < bout->players; j++) {
			int player = bout->player[i], other = bout->player[j];

			if (player == other)
				continue;
			struct news news = news_of_pair(&before[player], &before[other], score_of(bout, i, j));

			after[player].rating += news.surprise;
			after[player].deviation += news.information;
		}
}

/* Step 5, the function whose root is the logarithm of the new variance. */
struct volatility {
	double a, delta2, phi2, v, tau;
};

static double
f(const struct volatility *in, double x)
{
	double e = exp(x), sum = in->phi2 + in->v + e;

	return e * (in->delta2 - sum) / (2 * sum * sum) - (x - in->a) / (in->tau * in->tau);
}

/* The end of an interval that begins at a and holds the root. */
static double
other_end(const struct volatility *in)
{
	double x = in->a - in->tau;

	if (in->delta2 > in->phi2 + in->v)
		return log(in->delta2 - in->phi2 - in->v);
	while (f(in, x) < 0)
		x -= in->tau;
	return x;
}

/* Step 5, by the Illinois algorithm; the new volatility. */
static double
new_volatility(const struct volatility *in)
{
	double a = in->a, b = other_end(in), fa = f(in, a), fb = f(in, b);

	for (int i = 0; fabs(b - a) > CLOSE && i < ROUNDS_MAX; i++) {
		double c = a + (a - b) * fa / (fb - fa), fc = f(in, c);

		if (fc * fb <= 0) {
			a = b;
			fa = fb;
		} else {
			fa /= 2;
		}
		b = c;
		fb = fc;
	}
	return exp(a / 2);
}

/* Steps 5 to 8. */
static struct glicko2
updated(const struct glicko2 *before, const struct news *news, double tau)
{
	double sigma = before->volatility, phi = before->deviation / SCALE,
	    v = 1 / news->information, delta = v * news->surprise;
	struct volatility in = { log(sigma * sigma), delta * delta, phi * phi, v, tau };

	sigma = new_volatility(&in);
	double phi2 = 1 / (1 / (phi * phi + sigma * sigma) + news->information);
	return (struct glicko2){ before->rating + SCALE * phi2 * news->surprise, SCALE * sqrt(phi2), sigma };
}

/* The end of step 8: of who did not play, only certainty goes. */
static struct glicko2
idle(const struct glicko2 *before)
{
	double deviation = hypot(before->deviation, SCALE * before->volatility);

	return (struct glicko2){ before->rating, deviation, before->volatility };
}

void
glicko2_period(const struct bout *bouts, size_t count, int players, double tau, const struct glicko2 *before,
    struct glicko2 *after)
{
	for (int i = 0; i < players; i++)
		after[i] = (struct glicko2){ 0, 0, 0 };
	for (size_t i = 0; i < count; i++)
		add_bout(&bouts[i], before, after);
	for (int i = 0; i < players; i++) {
		struct news news = { after[i].deviation, after[i].rating };

		after[i] = news.information > 0 ? updated(&before[i], &news, tau) : idle(&before[i]);
	}
}

void
glicko2_fold(const struct bout *bouts, size_t count, int players, double tau, struct glicko2 *players_out,
    struct glicko2 *work)
{
	for (int i = 0; i < players; i++)
		players_out[i] = GLICKO2_START;
	for (size_t begin = 0, end; begin < count; begin = end) {
		for (end = begin + 1; end < count && bouts[end].round == bouts[begin].round; end++)
			;
		glicko2_period(bouts + begin, end - begin, players, tau, players_out, work);
		memcpy(players_out, work, (size_t)players * sizeof(*work));
	}
}

struct rating
glicko2_rating(const struct glicko2 *player)
{
	return (struct rating){ player->rating, player->deviation, player->rating - INTERVAL * player->deviation,
		player->rating + INTERVAL * player->deviation };
}
