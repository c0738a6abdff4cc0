/* What a running tournament shows: a table on a terminal, a line for each match elsewhere, events for programs. */
#ifndef LIVE_H
#define LIVE_H

#include "cup.h"

#define LIVE_LINES 6

struct live {
	bool quiet, screen;
	int events;			/* descriptor for JSON lines; -1 */
	int height;			/* lines of the last picture */
	char lines[LIVE_LINES][256];	/* the last ones */
	int64_t next_us;		/* the next picture not before */
};

void live_init(struct live *live, bool quiet, int events);

/* A match ended: it counts, or its attempt failed. */
void live_match(struct live *live, struct cup *cup, size_t index, int running);

/* Anything else, in words; `event` is its name for programs. */
void live_say(struct live *live, const char *event, const char *format, ...) __attribute__((format(printf, 3, 4)));

/* Draws the table anew; `last`: for good. */
void live_draw(struct live *live, struct cup *cup, int running, bool last);

#endif
