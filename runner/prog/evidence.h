/* A folder with a result: its two files, for the commands that look at them afterwards. */
#ifndef EVIDENCE_H
#define EVIDENCE_H

#include "record.h"

struct evidence {
	struct js *result;
	struct records records;
	char replay_path[PATH_BYTES];
};

/*
 * Opens a result: `path` is result.json or its folder. -1, and a message was printed.
 * evidence_close() is due in both cases.
 */
int evidence_open(struct evidence *evidence, const char *path);
void evidence_close(struct evidence *evidence);

/* The path of the replay: `path` is itself, or its folder. */
void evidence_replay(const char *path, char replay[PATH_BYTES]);

/* Plays the next event of a replay into the machine, and compares what it does. As records_next(). */
int evidence_step(struct records *records, struct match *match, struct record *record);

#endif
