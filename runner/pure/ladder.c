/*
 * Owns the ladder: in each round those meet whose order is least certain. For that the ratings are fitted to all
 * that was played before. A bot that would wait for too many rounds goes first.
 */
#include "elo.h"
#include "format.h"

#include <math.h>

#define PRIOR 2.0

struct ladder {
	const struct contest *contest;
	struct rating *rating;
	double *covariance;
	int *waited;		/* rounds since the last match, by bot; -1: paired in this round */
	int round;
};

/*
 * The chance that the order of the two is the other one, times how little is known of their difference; less for
 * each meeting.
 */
static double
doubt(const struct ladder *ladder, int a, int b)
{
	int n = ladder->contest->bots;
	const double *c = ladder->covariance;
	double chance = elo_superiority(ladder->rating, c, n, a, b),
	    variance = c[a * n + a] + c[b * n + b] - 2 * c[a * n + b];

	return chance * (1 - chance) * sqrt(variance > 0 ? variance : 0) /
	    (1 + ladder->contest->met[a * n + b]);
}

static void
count_waiting(const struct ladder *ladder)
{
	const struct contest *contest = ladder->contest;

	for (int bot = 0; bot < contest->bots; bot++)
		ladder->waited[bot] = contest->gone[bot] ? -1 : ladder->round - 1;
	for (size_t i = 0; i < contest->count; i++)
		for (int seat = 0; seat < contest->entry[i].players; seat++) {
			int bot = contest->entry[i].bot[seat];

			if (!contest->gone[bot])
				ladder->waited[bot] = ladder->round - 1 - contest->entry[i].round;
		}
}

/* How many have waited for so long, or longer. */
static int
count_patient(const struct ladder *ladder, int waited)
{
	int count = 0;

	for (int bot = 0; bot < ladder->contest->bots; bot++)
		count += ladder->waited[bot] >= waited;
	return count;
}

/*
 * Who waits the longest, if he must not wait any more, or would stand in the way of another then; else nobody: -1.
 * Of those who have waited for so long, each of the rounds that are left to them can serve only `pairs`.
 */
static int
starving(const struct ladder *ladder, int pairs)
{
	int longest = -1, starve = ladder->contest->rules->starve;
	bool hurry = false;

	for (int bot = 0; bot < ladder->contest->bots; bot++) {
		int waited = ladder->waited[bot], later = starve - waited - 1, room = pairs * later;

		if (waited < 0)
			continue;
		hurry |= later <= 0 || (room < ladder->contest->bots && count_patient(ladder, waited) > room);
		if (longest < 0 || waited > ladder->waited[longest])
			longest = bot;
	}
	return hurry ? longest : -1;
}

/* The most doubtful pair, of which one is `must` if that is somebody. false: there is none. */
static bool
choose(const struct ladder *ladder, int must, int *a, int *b)
{
	double most = -1;

	for (int i = 0; i < ladder->contest->bots; i++)
		for (int j = i + 1; j < ladder->contest->bots; j++) {
			if (ladder->waited[i] < 0 || ladder->waited[j] < 0 || (must >= 0 && i != must && j != must))
				continue;
			double value = doubt(ladder, i, j);
			if (value <= most)
				continue;
			most = value;
			*a = i;
			*b = j;
		}
	return most >= 0;
}

static size_t
list_bouts(const struct contest *contest, struct bout *bouts)
{
	size_t count = 0;

	for (size_t i = 0; i < contest->count; i++)
		if (entry_bout(&contest->entry[i], &bouts[count]))
			count++;
	return count;
}

void
ladder_next(const struct contest *contest, struct draw *draw)
{
	int n = contest->bots, pairs = contest->rules->pairs ? contest->rules->pairs : n / 2, a, b;
	struct elo_rules rules = { PRIOR, false };
	struct ladder ladder = { contest, (struct rating *)contest->work, contest->work + 4 * n,
		contest->met + n * n, contest_round(contest) + 1 };

	if (ladder.round > contest->rules->rounds || n < 2)
		return;
	contest_met(contest);
	count_waiting(&ladder);
	(void)elo_fit(contest->bouts, list_bouts(contest, contest->bouts), n, &rules, ladder.rating, ladder.covariance,
	    ladder.covariance + n * n);
	while (draw->count < pairs && choose(&ladder, starving(&ladder, pairs), &a, &b)) {
		ladder.waited[a] = ladder.waited[b] = -1;
		contest_seats(contest, &a, &b);
		draw_pair(draw, ladder.round, a, b);
	}
}
