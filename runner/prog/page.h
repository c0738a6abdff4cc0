/* The page of one match: who played, how it ended, its replay, and what each program complained of. */
#ifndef PAGE_H
#define PAGE_H

#include "chart.h"
#include "html.h"

/*
 * Writes the page of entry `index` to `out`, and adds the times of its turns to histograms[bot]. What is
 * missing or damaged in the match's folder is missing on the page.
 */
void page_write(
    FILE *out, const struct assets *assets, const struct cup *cup, size_t index, struct histogram *histograms);

/* The result.json of a match's folder; NULL: it cannot be read. */
struct js *page_result(const char *folder);

/* The end of a log of strangers: the last lines that fit. To be freed; NULL. */
char *page_log_end(const char *folder, const char *name, size_t most, size_t *length);

/* A bot's name, isolated from the text around it. */
void page_name(FILE *out, const struct cup *cup, int bot);

#endif
