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

/* Takes what is in the folder of an entry, if there is something, as its result, or as a failure. false: nothing. */
bool course_take(struct course *course, size_t index);

/* An attempt failed by nobody's fault in the match; enough of them hold the course. */
void course_fail(struct course *course, size_t index, const char *why);

/* Others may have added or withdrawn a bot. */
void course_refresh(struct course *course);

/* The next part of the plan. false: there is none, or it cannot be made. */
bool course_extend(struct course *course);

/* Takes results that came while nobody wrote them down. */
void course_sweep(struct course *course);

/* Is there a reason to begin no more? */
bool course_is_over(const struct course *course);

/* Waits so long, or for a signal, which stops the course. */
void course_wait(struct course *course, int ms);

/* Plays what can be played, all of it or until something ends it; then course->finished or another of them is set. */
void course_play(struct course *course);

#endif
