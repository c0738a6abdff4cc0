/*
 * One program of a match while it runs: its jail, its streams, and what is on the way in either
 * direction.
 */
#ifndef PARTY_H
#define PARTY_H

#include "buffer.h"
#include "child.h"
#include "js.h"

#include <stdbool.h>

#define LINE_CAP (1 << 20)		/* longest line of a program */
#define PENDING_CAP (16 << 20)		/* what may wait for a program to read it */
#define LOG_CAP (1 << 20)		/* what is kept of its standard error */

enum stream { STREAM_IN, STREAM_OUT, STREAM_ERR, STREAM_STATUS, STREAMS };

struct party {
	struct child child;
	struct buffer pending, lines, status_line;
	int log;			/* file for standard error; -1: none */
	size_t logged;
	bool deaf;			/* its output is read, and thrown away */
	char *answer;			/* JSON text of its last answer */
	struct js *status;		/* the status line, once it has come */
	char why[256];			/* words about its fault, or "" */
};

/* Starts it with an empty log file in the folder `dir`. -errno. */
int party_start(struct party *party, const char *helper, const struct program *program,
    uint64_t seed, int dir);
void party_end(struct party *party);

int party_fd(const struct party *party, enum stream stream);

/*
 * Queues a line and sends what the pipe takes. -EMSGSIZE when too much waits; a program that is
 * gone is no error.
 */
int party_send(struct party *party, const char *line);
void party_flush(struct party *party);

/* Reads what there is. false at the end of the stream, which is closed then. */
bool party_read_log(struct party *party);
bool party_read_status(struct party *party);

/* The same for its output; *error is -EMSGSIZE when a line passed LINE_CAP. */
bool party_read_lines(struct party *party, int *error);

#endif
