/*
 * Reading a replay: its lines as events again, match-result(5). The file may be anybody's: every value is
 * checked, and nothing of it is believed but what the chain and the machine confirm.
 */
#ifndef RECORD_H
#define RECORD_H

#include "buffer.h"
#include "digest.h"
#include "match.h"
#include "program.h"
#include "raw.h"

#include <stdio.h>

enum record_kind { RECORD_EVENT, RECORD_FRAME, RECORD_TELL };

struct record {
	enum record_kind kind;
	struct event event;		/* RECORD_EVENT; at_us is since the start */
	int64_t us;
	struct raw said;		/* the game's line, or a bot's action */
	struct raw done;		/* the actions, a list of strings */
	struct raw value;		/* of a frame or tell */
	struct raw scores;		/* of a frame, if it has some */
	char why[256];
};

struct records {
	FILE *file;
	const char *path;
	long line;			/* of the present record, from 1 */
	char *text;			/* of that line */
	struct buffer lines;
	size_t taken;
	struct digest whole;
	char before[DIGEST_BYTES];	/* of the line before */
	struct match_rules rules;
	char name[PLAYERS_MAX][NAME_MAX_BYTES];
	char game[NAME_MAX_BYTES];
	uint64_t seed;
	char wrong[320];		/* "FILE:LINE: what" */
};

/* Opens it and reads its head. -1, and records->wrong. records_close() is due in both cases. */
int records_open(struct records *records, const char *path);

/* The next one; its parts live until the one after. 1; 0 at the end; -1, and records->wrong. */
int records_next(struct records *records, struct record *record);

/* The digest of the file, once its end was reached. */
void records_digest(struct records *records, char digest[DIGEST_BYTES]);
void records_close(struct records *records);

#endif
