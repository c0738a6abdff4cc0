/* A program's standard error in a file: the first and the last of it, never more than a cap. */
#ifndef LOG_H
#define LOG_H

#include <stddef.h>
#include <stdint.h>

#define LOG_PIECE 16384

struct log {
	int fd;			/* -1: none */
	char piece[LOG_PIECE];	/* what is not in the file yet: a line a write would cost others' time */
	size_t used;
	size_t half;		/* so much is kept of the beginning, and of the end */
	uint64_t length;	/* of all that came, but for the piece */
};

/* Creates the file in the folder `dir`. -errno. */
int log_open(struct log *log, int dir, const char *name, size_t cap);
void log_write(struct log *log, const char *bytes, size_t length);

/*
 * Puts the end in order behind the beginning, with a line between that says how much is missing.
 * What cannot be written is lost: a log is no evidence that a verdict stands on.
 */
void log_close(struct log *log);

#endif
