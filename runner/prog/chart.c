/* Owns the drawing of charts. */
#include "chart.h"

#include "common.h"
#include "html.h"

#include <math.h>

/* --- ratings */

#define NAMES 190		/* where lines begin */
#define WIDTH 720
#define ROW 24
#define TOP 8
#define GRIDS 5

struct scale {
	double least, most;
};

static double
place(const struct scale *scale, double value)
{
	return NAMES + (WIDTH - 20 - NAMES) * (value - scale->least) / (scale->most - scale->least);
}

/* A round number of which a few make the whole. */
static double
step_of(double span)
{
	double power = pow(10, floor(log10(span / GRIDS))), times = span / GRIDS / power;

	return power * (times > 5 ? 10 : times > 2 ? 5 : times > 1 ? 2 : 1);
}

static struct scale
scale_of(const struct board *board)
{
	struct scale scale = { 0, 0 };

	for (int i = 0; i < board->bots; i++) {
		const struct rating *rating = &board->rates.rating[i];

		scale.least = i == 0 || rating->low < scale.least ? rating->low : scale.least;
		scale.most = i == 0 || rating->high > scale.most ? rating->high : scale.most;
	}
	if (!(scale.most - scale.least > 0.001))
		scale = (struct scale){ scale.least - 1, scale.least + 1 };
	return scale;
}

static void
draw_grid(FILE *out, const struct scale *scale, int bottom)
{
	double step = step_of(scale->most - scale->least);

	for (double value = ceil(scale->least / step) * step; value <= scale->most; value += step) {
		double x = place(scale, value);

		fprintf(out,
		    "<line class=\"grid\" x1=\"%.1f\" x2=\"%.1f\" y1=\"%d\" y2=\"%d\"/>"
		    "<text class=\"label\" x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%.4g</text>\n",
		    x, x, TOP, bottom, x, bottom + 16, fabs(value) < step / 1000 ? 0 : value);
	}
	fprintf(out, "<line class=\"axis\" x1=\"%d\" x2=\"%d\" y1=\"%d\" y2=\"%d\"/>\n", NAMES, WIDTH - 20,
	    bottom, bottom);
}

/* The first characters of a name, cut where a character ends. */
static void
put_name(FILE *out, const char *name)
{
	size_t length = 0;

	for (int shown = 0; name[length] && shown < 24; length++)
		shown += ((unsigned char)name[length + 1] & 0xc0) != 0x80;
	html_bytes(out, name, length);
}

static void
draw_bot(FILE *out, const struct scale *scale, const char *name, const struct rating *rating, double y)
{
	fprintf(out, "<text class=\"label\" x=\"%d\" y=\"%.1f\" text-anchor=\"end\">", NAMES - 10, y + 4);
	put_name(out, name);
	fprintf(out, "</text><line class=\"bar\" x1=\"%.1f\" x2=\"%.1f\" y1=\"%.1f\" y2=\"%.1f\"/>"
	    "<circle class=\"dot\" cx=\"%.1f\" cy=\"%.1f\" r=\"4.5\"/>\n", place(scale, rating->low),
	    place(scale, rating->high), y, y, place(scale, rating->value), y);
}

void
chart_ratings(FILE *out, const struct cup *cup, const struct board *board)
{
	struct scale scale = scale_of(board);
	int bottom = TOP + ROW * board->bots;

	fprintf(out,
	    "<div class=\"scroll\"><svg class=\"chart\" role=\"img\" viewBox=\"0 0 %d %d\" "
	    "aria-label=\"Ratings with"
	    " their intervals; the table has the numbers\">\n",
	    WIDTH, bottom + 24);
	draw_grid(out, &scale, bottom);
	for (int i = 0; i < board->bots; i++) {
		int bot = board->standing[i].bot;

		draw_bot(out, &scale, cup->tourney.lineup.bot[bot].title, &board->rates.rating[bot],
		    TOP + ROW * (i + 0.5));
	}
	(void)fputs("</svg></div>\n", out);
}

/* --- times */

#define BAR 20
#define HEIGHT 90

void
histogram_add(struct histogram *histogram, int64_t us)
{
	int64_t limit = 10;
	int bin = 0;

	/* 10, 32, 100, 316, ... */
	while (bin < BINS - 1 && us > (bin % 2 ? limit * 3162 / 1000 : limit)) {
		limit *= bin % 2 ? 10 : 1;
		bin++;
	}
	histogram->count[bin]++;
	histogram->all++;
	histogram->sum_us += us;
	histogram->most_us = us > histogram->most_us ? us : histogram->most_us;
}

void
chart_histogram(FILE *out, const struct histogram *histogram, const char *label)
{
	static const char *const marks[] = { "10 \xc2\xb5s", "1 ms", "100 ms", "10 s" };
	int64_t most = 1;

	for (int i = 0; i < BINS; i++)
		most = histogram->count[i] > most ? histogram->count[i] : most;
	fprintf(out, "<svg class=\"histogram\" role=\"img\" viewBox=\"0 0 %d %d\" aria-label=\"", BINS * BAR,
	    HEIGHT + 20);
	html_text(out, label);
	(void)fputs("\">\n", out);
	for (int i = 0; i < BINS; i++) {
		double height = (double)(HEIGHT - 10) * (double)histogram->count[i] / (double)most;

		if (histogram->count[i])
			fprintf(out, "<rect class=\"bar\" x=\"%d\" y=\"%.1f\" width=\"%d\" height=\"%.1f\"/>\n",
			    i * BAR + 1, HEIGHT - (height < 1.5 ? 1.5 : height), BAR - 2,
			    height < 1.5 ? 1.5 : height);
	}
	fprintf(out, "<line class=\"axis\" x1=\"0\" x2=\"%d\" y1=\"%d\" y2=\"%d\"/>", BINS * BAR, HEIGHT, HEIGHT);
	for (int i = 0; i < (int)COUNT(marks); i++)
		fprintf(out, "<text class=\"label\" x=\"%d\" y=\"%d\" text-anchor=\"middle\">%s</text>",
		    (4 * i + 1) * BAR, HEIGHT + 15, marks[i]);
	(void)fputs("</svg>\n", out);
}
