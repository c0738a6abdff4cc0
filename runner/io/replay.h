/*
 * replay.jsonl: every event that the machine took, with the actions that it gave, a line each, each
 * with the digest of the line before. match-result(5).
 */
#ifndef REPLAY_H
#define REPLAY_H

#include "buffer.h"
#include "digest.h"
#include "raw.h"
#include "match.h"
#include "setup.h"

#include <stdio.h>

struct replay {
	struct buffer spool;	/* lines without the digests, while the match goes on */
	FILE *file;		/* what did not fit into memory; NULL: all did */
	int dir;		/* -1: not opened */
	int64_t start_us;	/* times in the file count from here */
	long lines;
	struct buffer line;
	int error;		/* -errno: some of it was lost */
};

/* Creates it in the folder `dir`, which must stay open. -errno. */
int replay_open(struct replay *replay, int dir, const struct setup *setup, uint64_t seed);

/*
 * `said` is the JSON text that came with it, verbatim: the game's line, a bot's action; or else
 * `words`. Both may be nothing.
 */
void replay_event(struct replay *replay, const struct event *event, int players, struct raw said,
    const char *words, const struct actions *actions);

/* A frame or tell of the game's, which the machine does not see. `scores` may be no part. */
void replay_line(struct replay *replay, int64_t at_us, const char *key, struct raw value,
    struct raw scores);

/*
 * Chains the lines and closes. The digest of the whole file in `digest`. -errno when not all of it is
 * there.
 */
int replay_close(struct replay *replay, char digest[DIGEST_BYTES]);

/* After a failed start. */
void replay_drop(struct replay *replay);

/* One action as a replay has it: "deadline 0 1500000". */
void replay_put_action(struct buffer *out, const struct action *action, int64_t start_us);

#endif
