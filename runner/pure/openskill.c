/* Owns OpenSkill's update with the Plackett-Luce model. */
#include "openskill.h"

#include <math.h>

#define BETA (25.0 / 6)		/* how much luck is in one bout */
#define KAPPA 0.0001		/* at least this part of sigma squared is left */
#define INTERVAL 1.959963984540054

/*
 * By how much mu grows, and which part of sigma squared goes, in units of sigma squared / c and sigma squared / c^2 *
 * gamma: omega and delta of the paper.
 */
struct change {
	double omega, delta;
};

static double
spread(const struct bout *bout, const struct openskill *players)
{
	double sum = 0;

	for (int i = 0; i < bout->players; i++) {
		double sigma = players[bout->player[i]].sigma;

		sum += sigma * sigma + BETA * BETA;
	}
	return sqrt(sum);
}

/*
 * The chance of seat i to be first among all that ended where q did or behind. As one over a sum of quotients: the
 * paper's exp(mu / c) itself could overflow.
 */
static double
chance(const struct bout *bout, const struct openskill *players, double c, int i, int q)
{
	double mu = players[bout->player[i]].mu, sum = 0;

	for (int s = 0; s < bout->players; s++)
		if (bout->rank[s] >= bout->rank[q])
			sum += exp((players[bout->player[s]].mu - mu) / c);
	return 1 / sum;
}

static int
tied(const struct bout *bout, int q)
{
	int count = 0;

	for (int s = 0; s < bout->players; s++)
		count += bout->rank[s] == bout->rank[q];
	return count;
}

static struct change
change_of(const struct bout *bout, const struct openskill *players, double c, int i)
{
	struct change change = { 0, 0 };

	for (int q = 0; q < bout->players; q++) {
		if (bout->rank[q] > bout->rank[i])
			continue;
		double first = chance(bout, players, c, i, q);

		change.omega += ((q == i) - first) / tied(bout, q);
		change.delta += first * (1 - first) / tied(bout, q);
	}
	return change;
}

/* All changes are of the ratings before the bout, hence two loops. */
void
openskill_bout(const struct bout *bout, struct openskill *players)
{
	struct change changes[PLAYERS_MAX];
	double c = spread(bout, players);

	for (int i = 0; i < bout->players; i++)
		changes[i] = change_of(bout, players, c, i);
	for (int i = 0; i < bout->players; i++) {
		struct openskill *player = &players[bout->player[i]];
		double part = player->sigma / c, gamma = part;

		player->mu += player->sigma * part * changes[i].omega;
		player->sigma *= sqrt(fmax(1 - part * part * gamma * changes[i].delta, KAPPA));
	}
}

void
openskill_fold(const struct bout *bouts, size_t count, int players, struct openskill *skills)
{
	for (int i = 0; i < players; i++)
		skills[i] = OPENSKILL_START;
	for (size_t i = 0; i < count; i++)
		openskill_bout(&bouts[i], skills);
}

struct rating
openskill_rating(const struct openskill *player)
{
	return (struct rating){ player->mu, player->sigma,
		player->mu - INTERVAL * player->sigma, player->mu + INTERVAL * player->sigma };
}
