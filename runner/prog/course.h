/* A tournament that is being played. */
#ifndef COURSE_H
#define COURSE_H

#include "crew.h"
#include "cup.h"
#include "live.h"

#include <time.h>

struct course {
	struct cup cup;
	struct room room;
	struct crew crew;
	struct live live;
	time_t until;			/* no match is started from then on; 0: for ever */
	size_t first;			/* nothing before it is to be played */
	int failures;			/* attempts that failed since one did not */
	bool played;			/* something counts that did not before */
	int signals;			/* a descriptor */
	bool stopped, full, broken;	/* by a signal; no room on the disk; the state cannot be written */
	bool held;			/* matches cannot be started, by no fault of theirs */
	char why[320];			/* they cannot */
	bool finished;			/* the plan has an end, and it is reached */
};

/* From now on INT, TERM and HUP are read from the descriptor that is returned, and end a course. -1. */
int course_open_signals(void);

/* A second one ends us as any program, whatever we do: what is on the disk is always in order. */
void course_allow_signals(void);

/* Plays what can be played, all of it or until something ends it; then course->finished or another of them is set. */
void course_play(struct course *course);

#endif
