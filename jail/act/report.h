/* What pid 1 tells the keeper, one message each on a socket of their own, and the keeper's one answer. */
#ifndef REPORT_H
#define REPORT_H

#include "steps.h"

#include <stdint.h>

enum report_kind {
	REPORT_MAPS,		/* pid 1 is in its user namespace and waits for its maps; the answer is any byte */
	REPORT_FAILED,		/* step and value (errno); pid 1 is about to exit */
	REPORT_RUNNING,		/* exec happened; comes with the filter's listener as SCM_RIGHTS */
	REPORT_EXITED,		/* value: the bot's exit status; everything else is killed */
	REPORT_SIGNALED,	/* value: the signal that ended the bot */
	REPORT_WALL,		/* pid 1's own timer: the keeper was stopped when the bot's time was over */
};

struct report {
	enum report_kind kind;
	enum step step;
	int value;
	int64_t at_us;		/* CLOCK_MONOTONIC */
	int64_t user_us, system_us;	/* REPORT_RUNNING: CPU time that pid 1 itself used so far */
};

#define WALL_GRACE_US 250000	/* how much later than the keeper pid 1 ends an overdue jail */

int64_t now_us(void);

/* Sends one message, with a descriptor unless `fd` is -1. 0, or -1 with errno. */
int report_send(int socket, const struct report *report, int fd);

/* Receives one that poll() announced; *fd is the descriptor that came with it, or -1. -1: the other side is gone. */
int report_receive(int socket, struct report *report, int *fd);

#endif
