/* A program in a jail: bot-jail as a child process, and the five streams that tie us to it. */
#ifndef CHILD_H
#define CHILD_H

#include "program.h"

#include <stdint.h>

#include <sys/types.h>

struct child {
	pid_t pid;		/* of bot-jail; 0: not started */
	int in, out, err;	/* ours of its standard streams; not blocking; -1: closed */
	int status;		/* where the status line arrives */
	int control;		/* closing it ends the jail */
};

#define CHILD_NONE ((struct child){ 0, -1, -1, -1, -1, -1 })

/*
 * Starts the program under its policy, its folder in slot bot, with BOT_NAME and BOT_SEED set, and
 * `variables` ("NAME=VALUE", ended by NULL) besides. `helper` is the path of bot-jail. -errno when it
 * cannot; what bot-jail itself refuses shows in the status line.
 */
int child_start(struct child *child, const char *helper, const struct program *program,
    uint64_t seed, const char *const *variables);

/* Ends the jail, if it has not ended: it is gone soon after. Idempotent. */
void child_stop(struct child *child);

/* Closes what is left and reaps. Waits for bot-jail if need be, so: after child_stop(). */
void child_end(struct child *child);

#endif
