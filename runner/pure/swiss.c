/*
 * Owns the Swiss system, paired from the top by points (Monrad): each meets the nearest below whom he has not met. When that
 * would leave somebody without a partner, as few pairs as possible are changed.
 */
#include "format.h"
#include "matching.h"

struct field {
	const struct contest *contest;
	int count;
	int *bot;		/* in the order of pairing: by points, then as entered */
};

static double
points_of(const struct contest *contest, int bot)
{
	double points = 0;

	for (size_t i = 0; i < contest->count; i++) {
		int seat = entry_seat(&contest->entry[i], bot);

		points += seat >= 0 ? entry_points(&contest->entry[i], seat) : 0;
	}
	return points;
}

static bool
had_bye(const struct contest *contest, int bot)
{
	for (size_t i = 0; i < contest->count; i++)
		if (contest->entry[i].players == 1 && contest->entry[i].bot[0] == bot)
			return true;
	return false;
}

/* How much more often he had the first seat than the last. */
static int
lean(const struct contest *contest, int bot)
{
	int sum = 0;

	for (size_t i = 0; i < contest->count; i++) {
		int seat = entry_seat(&contest->entry[i], bot);

		if (contest->entry[i].players == 2 && seat >= 0)
			sum += seat == 0 ? 1 : -1;
	}
	return sum;
}

static void
sort_by_points(const struct field *field, double *points)
{
	for (int bot = 0; bot < field->contest->bots; bot++)
		points[bot] = points_of(field->contest, bot);
	for (int i = 1; i < field->count; i++) {
		int bot = field->bot[i], at = i;

		for (; at > 0 && points[field->bot[at - 1]] < points[bot]; at--)
			field->bot[at] = field->bot[at - 1];
		field->bot[at] = bot;
	}
}

static bool
have_not_met(const void *what, int a, int b)
{
	const struct field *field = what;

	return a != b && field->contest->met[field->bot[a] * field->contest->bots + field->bot[b]] == 0;
}

/* The last who has not had one yet rests. */
static void
take_bye(struct field *field, struct draw *draw, int round)
{
	int at = field->count - 1;

	while (at > 0 && had_bye(field->contest, field->bot[at]))
		at--;
	if (had_bye(field->contest, field->bot[at]))
		at = field->count - 1;
	draw_bye(draw, round, field->bot[at]);
	for (field->count--; at < field->count; at++)
		field->bot[at] = field->bot[at + 1];
}

static void
pair_two(const struct field *field, struct draw *draw, int round, int a, int b)
{
	int first = field->bot[a], second = field->bot[b];

	if (lean(field->contest, first) > lean(field->contest, second))
		draw_pair(draw, round, second, first);
	else
		draw_pair(draw, round, first, second);
}

/* Who finds nobody new meets somebody again: no pairing without that exists then. */
static void
pair_all(const struct field *field, struct draw *draw, int round, int *mate, int *work)
{
	struct graph graph = { field->count, have_not_met, field };
	int lonely = -1;

	matching_find(&graph, mate, work);
	for (int a = 0; a < field->count; a++) {
		if (mate[a] > a)
			pair_two(field, draw, round, a, mate[a]);
		if (mate[a] >= 0)
			continue;
		if (lonely >= 0)
			pair_two(field, draw, round, lonely, a);
		lonely = lonely >= 0 ? -1 : a;
	}
}

void
swiss_next(const struct contest *contest, struct draw *draw)
{
	int bots = contest->bots, round = contest_round(contest) + 1;
	int *list = contest->met + (size_t)bots * (size_t)bots;
	struct field field = { contest, 0, list };

	field.count = contest_list(contest, list);
	if (round > contest->rules->rounds || field.count < 2)
		return;
	contest_met(contest);
	sort_by_points(&field, contest->work);
	if (field.count % 2)
		take_bye(&field, draw, round);
	pair_all(&field, draw, round, list + bots, list + 2 * bots);
}
