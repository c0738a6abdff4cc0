/* A tournament that others play: its matches go to a queue, their results come back. match-tournament(1), WORKERS. */
#ifndef VIA_H
#define VIA_H

#include "course.h"

#define VIA_AHEAD 256		/* so many matches are in the queue at a time */

/* Matches that are played again are other jobs: the tournament gets another word. */
void via_forget(const char *dir);

/* As course_play(), by the match-workers of a queue. */
void via_play(struct course *course, const char *url);

#endif
