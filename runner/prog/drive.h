/* A program in a jail that is spoken to by hand, line by line: for the checks of games and bots. */
#ifndef DRIVE_H
#define DRIVE_H

#include "buffer.h"
#include "child.h"
#include "js.h"

struct drive {
	struct child child;
	struct buffer lines, log, status;
	size_t taken;		/* of the line that drive_line() gave last */
	bool ended;		/* its output is at its end */
};

/* -errno. drive_end() is due in both cases. */
int drive_start(struct drive *drive, const char *helper, const struct program *program, uint64_t seed);

/* Sends a line. false: it does not take it. */
bool drive_send(struct drive *drive, const char *line, size_t length);

/* Its next line, which lives until the next call; NULL: none came in time, or drive->ended. */
const char *drive_line(struct drive *drive, int wait_ms, size_t *length);

/* Ends its input. */
void drive_close(struct drive *drive);

/* Waits for its end, and what it still says; the status line, to be freed; NULL: it does not end. */
struct js *drive_wait(struct drive *drive, int wait_ms);
void drive_end(struct drive *drive);

#endif
