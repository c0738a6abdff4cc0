/* Owns the look of a table of standings on a terminal. */
#include "standings.h"

#include "command.h"
#include "common.h"
#include "utf8.h"

#include <string.h>

#define NAME_WIDTH 22

static const char *const short_names[SYSTEMS] = { "elo", "bt", "glicko2", "openskl" };

/* Formats in which points say little: who is strong, or a hero, plays more or other matches. */
static const bool by_rating[FORMATS] = { [FORMAT_GAUNTLET] = true, [FORMAT_LADDER] = true, [FORMAT_TABLES] = true };

int
board_make(struct cup *cup, enum system system, struct board *board)
{
	struct contest contest = cup_contest(cup);
	cleanup_free double *points = calloc((size_t)contest.bots + 1, sizeof(*points));

	*board = (struct board){ .bots = contest.bots };
	board->standing = calloc((size_t)contest.bots + 1, sizeof(*board->standing));
	if (!points || !board->standing)
		return -1;
	points_fold(&contest, board->standing, points);
	if (rates_fold(&cup->tourney, system, cup->entry, cup->count, &board->rates))
		return -1;
	if (by_rating[cup->tourney.rules.format])
		board_by_rating(board);
	return 0;
}

void
board_by_rating(struct board *board)
{
	const struct rating *rating = board->rates.rating;
	struct standing *list = board->standing;

	for (int i = 1; i < board->bots; i++) {
		struct standing moved = list[i];
		int at = i;

		for (; at > 0 && rating[list[at - 1].bot].value < rating[moved.bot].value; at--)
			list[at] = list[at - 1];
		list[at] = moved;
	}
	for (int i = 0; i < board->bots; i++)
		list[i].place = i > 0 && rating[list[i].bot].value == rating[list[i - 1].bot].value
		    ? list[i - 1].place : i + 1;
}

void
board_free(struct board *board)
{
	free(board->standing);
	rates_free(&board->rates);
	board->standing = NULL;
}

void
put_column(FILE *out, const char *text, int width)
{
	size_t length = strlen(text), at = 0;
	int shown = 0;

	while (at < length && shown < width) {
		size_t character = utf8_length(text + at, length - at);

		at += character ? character : 1;
		shown++;
	}
	command_put_plain(out, text, at);
	fprintf(out, "%*s", width - shown, "");
}

/* 80 columns. */
static void
print_line(const struct cup *cup, const struct standing *one, const struct rating *rating, FILE *out)
{
	fprintf(out, "%4d  ", one->place);
	put_column(out, cup->tourney.lineup.bot[one->bot].title, NAME_WIDTH);
	fprintf(out, "%8.1f%7.1f%8.1f%6d%6d%5d%5d%6d%s", rating->value, (rating->high - rating->low) / 2, one->points,
	    one->played, one->won, one->drawn, one->lost, one->faults, cup->gone[one->bot] ? " withdrawn" : "");
}

void
board_print(const struct cup *cup, const struct board *board, enum system system, int most, const char *end,
    FILE *out)
{
	fprintf(out, "      %-*s%8s%7s%8s%6s%6s%5s%5s%6s%s", NAME_WIDTH, "bot", short_names[system], "95%+-", "points",
	    "games", "won", "drew", "lost", "fault", end);
	for (int i = 0; i < board->bots && (!most || i < most); i++) {
		print_line(cup, &board->standing[i], &board->rates.rating[board->standing[i].bot], out);
		(void)fputs(end, out);
	}
	if (most && board->bots > most)
		fprintf(out, "      and %d more%s", board->bots - most, end);
}

/* --- sequential tests */

static void
print_test(const struct cup *cup, const struct entry *entry, size_t count, FILE *out)
{
	static const char *const verdicts[] = { "open", "not that much stronger", "stronger" };
	const struct sprt_rules *rules = &cup->tourney.rules.sprt;
	struct sprt sprt;
	double sets = 0;

	(void)format_test(&cup->tourney.rules, entry, count, &sprt);
	for (int i = 0; i < SPRT_RESULTS; i++)
		sets += sprt.seen[i];
	put_column(out, cup_title(cup, entry, 0), NAME_WIDTH);
	fprintf(out, " against ");
	put_column(out, cup_title(cup, entry, 1), NAME_WIDTH);
	fprintf(out, " %5.0f sets, ratio %+.2f (%.2f to %.2f): %s\n", sets, sprt_ratio(&sprt, rules),
	    sprt_lower(rules), sprt_upper(rules), verdicts[sprt_verdict(&sprt, rules)]);
}

void
tests_print(const struct cup *cup, FILE *out)
{
	size_t first = 0;

	if (!cup->tourney.rules.has_sprt)
		return;
	fprintf(out, "\nSequential tests, elo %g against %g:\n", cup->tourney.rules.sprt.elo1,
	    cup->tourney.rules.sprt.elo0);
	for (size_t i = 1; i <= cup->count; i++)
		if (i == cup->count || cup->entry[i].pairing != cup->entry[first].pairing) {
			if (cup->entry[first].players == 2)
				print_test(cup, &cup->entry[first], i - first, out);
			first = i;
		}
}

/* --- as JSON */

/* Numbers in full: the same results give the same bytes. */
static struct js *
new_rating(const struct cup *cup, const struct board *board, const struct standing *one)
{
	const struct rating *rating = &board->rates.rating[one->bot];
	struct js *object = js_new_object(), *chances = js_new_object();

	js_set(object, "place", js_new_integer(one->place));
	js_set(object, "bot", js_new_string(cup->tourney.lineup.bot[one->bot].title));
	js_set(object, "rating", js_new_real(rating->value));
	js_set(object, "low", js_new_real(rating->low));
	js_set(object, "high", js_new_real(rating->high));
	js_set(object, "points", js_new_real(one->points));
	js_set(object, "played", js_new_integer(one->played));
	js_set(object, "won", js_new_integer(one->won));
	js_set(object, "drawn", js_new_integer(one->drawn));
	js_set(object, "lost", js_new_integer(one->lost));
	js_set(object, "byes", js_new_integer(one->byes));
	js_set(object, "faults", js_new_integer(one->faults));
	js_set(object, "withdrawn", js_new_bool(cup->gone[one->bot]));
	for (int bot = 0; bot < board->bots && board->bots <= 100; bot++)
		if (bot != one->bot)
			js_set(chances, cup->tourney.lineup.bot[bot].title,
			    js_new_real(board->rates.superiority[one->bot * board->bots + bot]));
	js_set(object, "stronger_than", chances);
	return object;
}

struct js *
board_new(const struct cup *cup, const struct board *board, enum system system)
{
	struct js *object = js_new_object(), *list = js_new_array();

	for (int i = 0; i < board->bots; i++)
		js_add(list, new_rating(cup, board, &board->standing[i]));
	js_set(object, "name", js_new_string(cup->tourney.title));
	js_set(object, "format", js_new_string(format_names[cup->tourney.rules.format]));
	js_set(object, "system", js_new_string(system_names[system]));
	js_set(object, "matches", js_new_integer((int64_t)cup->count));
	js_set(object, "left", js_new_integer((int64_t)cup_open_count(cup)));
	js_set(object, "standings", list);
	return object;
}
