/*
 * What pid 1 tells the keeper, one message each on a socket of their own; the keeper's one answer.
 */
#ifndef REPORT_H
#define REPORT_H

#include "steps.h"

#include <stddef.h>
#include <stdint.h>

enum report_kind {
	REPORT_MAPS,		/* pid 1 is in its user namespace and waits for its maps */
	REPORT_FAILED,		/* step and value (errno); pid 1 is about to exit */
	REPORT_RUNNING,		/* exec happened; the filter's listener comes with it */
	REPORT_EXITED,		/* value: the bot's exit status; everything else is killed */
	REPORT_SIGNALED,	/* value: the signal that ended the bot */
	REPORT_WALL,		/* pid 1's own timer: the keeper was stopped when time was up */
};

struct report {
	enum report_kind kind;
	enum step step;
	int value;
	int64_t at_us;				/* CLOCK_MONOTONIC */
	int64_t user_us, system_us;		/* CPU time that pid 1 itself has used */
};

#define WALL_GRACE_US 250000	/* how much later than the keeper pid 1 ends an overdue jail */

int64_t now_us(void);

/* A report of now. */
struct report report_make(enum report_kind kind, enum step step, int value);

/* One message of `length` bytes with descriptors, as SCM_RIGHTS. Never waits. -1 with errno. */
#define FDS_MAX 16
int message_send(int socket, const void *data, size_t length, const int *fds, size_t count);

/*
 * Receives a report that poll() announced; *fd came with it, or is -1. -1: the other side is gone.
 */
int report_receive(int socket, struct report *report, int *fd);

#endif
