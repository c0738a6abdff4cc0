/*
 * replay.jsonl: every event that the machine took and every action that it gave, a line each.
 * match-run(1), FILES.
 */
#ifndef REPLAY_H
#define REPLAY_H

#include "js.h"
#include "match.h"

#include <stdio.h>

struct replay {
	FILE *file;
	int64_t start_us;	/* times in the file count from here */
	long lines;
};

/* Creates the file in the folder `dir`. -errno. */
int replay_open(struct replay *replay, int dir);

/* `text` is what came with it: an answer, a view, words; NULL: nothing. */
void replay_event(struct replay *replay, const struct event *event, const char *text);
void replay_action(struct replay *replay, const struct action *action, const char *text);

/* A frame of the game's, which the machine does not see. */
void replay_frame(struct replay *replay, int64_t at_us, const struct js *view);

/* -EIO when not all of it reached the file. */
int replay_close(struct replay *replay);

#endif
