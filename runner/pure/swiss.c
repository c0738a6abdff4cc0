/*
 * Owns the Swiss system, paired from the top by points (Monrad): each meets the nearest below whom he has not met.
 * When that would leave somebody without a partner, as few pairs as possible are changed.
 */
#include "format.h"
#include "matching.h"

#include <limits.h>

struct field {
	const struct contest *contest;
	int count;
	int *bot;		/* in the order of pairing: by points, then as entered */
};

static bool
had_bye(const struct contest *contest, int bot)
{
	for (size_t i = 0; i < contest->count; i++)
		if (contest->entry[i].players == 1 && contest->entry[i].bot[0] == bot)
			return true;
	return false;
}

static void
sort_by_points(const struct field *field, double *points)
{
	contest_points(field->contest, INT_MAX, points);
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

/* To the end of the list, and not counted there any more. */
static void
set_aside(struct field *field, int at)
{
	int bot = field->bot[at];

	for (field->count--; at < field->count; at++)
		field->bot[at] = field->bot[at + 1];
	field->bot[at] = bot;
}

static void
take_back(struct field *field, int at)
{
	int bot = field->bot[field->count];

	for (int i = field->count++; i > at; i--)
		field->bot[i] = field->bot[i - 1];
	field->bot[at] = bot;
}

/* Each with somebody new, as far as that goes. Does everybody find one? */
static bool
match(const struct field *field, int *mate, int *work)
{
	struct graph graph = { field->count, have_not_met, field };
	int lonely = 0;

	matching_find(&graph, mate, work);
	for (int i = 0; i < field->count; i++)
		lonely += mate[i] < 0;
	return lonely == 0;
}

/* The last who has not had one yet rests, or one above him if else two would meet again. */
static void
take_bye(struct field *field, struct draw *draw, int round, int *mate, int *work)
{
	int last = -1;

	for (int at = field->count - 1; at >= 0; at--) {
		if (had_bye(field->contest, field->bot[at]))
			continue;
		last = last < 0 ? at : last;
		set_aside(field, at);
		if (match(field, mate, work)) {
			draw_bye(draw, round, field->bot[field->count]);
			return;
		}
		take_back(field, at);
	}
	set_aside(field, last < 0 ? field->count - 1 : last);
	draw_bye(draw, round, field->bot[field->count]);
}

static void
pair_two(const struct field *field, struct draw *draw, int round, int a, int b)
{
	int first = field->bot[a], second = field->bot[b];

	contest_seats(field->contest, &first, &second);
	draw_pair(draw, round, first, second);
}

/* Who finds nobody new meets somebody again: no pairing without that exists then. */
static void
pair_all(const struct field *field, struct draw *draw, int round, int *mate, int *work)
{
	int lonely = -1;

	(void)match(field, mate, work);
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
	int *list = contest->met + (size_t)bots * (size_t)bots, *mate = list + bots, *work = mate + bots;
	struct field field = { contest, 0, list };

	field.count = contest_list(contest, list);
	if (round > contest->rules->rounds || field.count < 2)
		return;
	contest_met(contest);
	sort_by_points(&field, contest->work);
	if (field.count % 2)
		take_bye(&field, draw, round, mate, work);
	pair_all(&field, draw, round, mate, work);
}
