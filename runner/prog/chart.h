/* Pictures of numbers, as SVG in a page. */
#ifndef CHART_H
#define CHART_H

#include "standings.h"

/* Ratings with their intervals, one line each. */
void chart_ratings(FILE *out, const struct cup *cup, const struct board *board);

/* How long something took: counts of times in bins that grow by the root of ten, from 10 us on. */
#define BINS 16
struct histogram {
	int64_t count[BINS], all;
	int64_t most_us, sum_us;
};
void histogram_add(struct histogram *histogram, int64_t us);
void chart_histogram(FILE *out, const struct histogram *histogram, const char *label);

#endif
