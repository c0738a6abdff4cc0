/* Onlookers of a match: plain lines, a live picture, a stream of events, a log. */
#ifndef WATCH_H
#define WATCH_H

#include "loop.h"

#include <stdio.h>

/* Every answer and picture, a line each; for pipes and for `-w`. `self`: a FILE. */
void watch_lines(void *self, const struct loop *loop, const struct sight *sight);

/* The present picture with clocks and the last lines, redrawn in place. `self`: a struct screen. */
#define SCREEN_TICK_US 100000
#define SCREEN_LINES 6
struct screen {
	FILE *out;
	int64_t drawn_us;
	char *picture;		/* text of the last frame */
	char lines[SCREEN_LINES][160];	/* the last things that happened */
	int drawn;		/* how many lines of the terminal it takes */
};
void watch_screen(void *self, const struct loop *loop, const struct sight *sight);
void screen_free(struct screen *screen);

/* One JSON object a line: match-run(1), EVENTS. `self`: a FILE. */
void watch_events(void *self, const struct loop *loop, const struct sight *sight);

/* What is worth keeping: {"typ","msg","tim"}. `self`: a FILE. */
void watch_log(void *self, const struct loop *loop, const struct sight *sight);

/* What a person who plays has to know. `self`: a struct screen, whose `drawn` says: a picture. */
void watch_person(void *self, const struct loop *loop, const struct sight *sight);

#endif
