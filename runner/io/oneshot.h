/*
 * One program in one jail from its start to its end, beside whatever else its owner waits for: its input is
 * sent, its output is handed on, its status line is kept. It never waits and reads no clock.
 */
#ifndef ONESHOT_H
#define ONESHOT_H

#include "buffer.h"
#include "child.h"
#include "js.h"

#include <poll.h>

enum oneshot_stream { ONESHOT_IN, ONESHOT_OUT, ONESHOT_ERR, ONESHOT_STATUS, ONESHOT_CONTROL, ONESHOT_STREAMS };

struct oneshot {
	struct child child;
	const char *input;		/* the owner's, until it is sent */
	size_t input_length, sent;
	struct buffer status;
	int slot;			/* the folder of the jail's tmpfs slot, once the jail is gone; -1 */
	int memory;			/* memory.current of its cgroup; -1 */
	void (*take)(void *owner, enum oneshot_stream stream, const char *bytes, size_t length);
	void *owner;
};

/*
 * Starts it; `take` gets what it prints (ONESHOT_OUT, ONESHOT_ERR), all of it, whatever the owner keeps.
 * -errno. oneshot_free() is due in both cases.
 */
int oneshot_start(struct oneshot *shot, const char *helper, const struct program *program, uint64_t seed,
    const char *const *variables);

/* What is to be waited for; streams that are closed have fd -1. */
void oneshot_polls(const struct oneshot *shot, struct pollfd fds[ONESHOT_STREAMS]);

/* Does what poll(2) says can be done. */
void oneshot_look(struct oneshot *shot, const struct pollfd fds[ONESHOT_STREAMS]);

/* Has the jail gone, and is all that it printed taken? */
bool oneshot_is_over(const struct oneshot *shot);

/* Waits for that, with nothing else to do. */
void oneshot_wait(struct oneshot *shot);

/* Ends the jail, if it has not ended; oneshot_is_over() soon after. */
void oneshot_stop(struct oneshot *shot);

/* The status line, to be freed; NULL when none came. */
struct js *oneshot_status(const struct oneshot *shot);

/* Stops it if need be, and waits. Closes the slot's folder. */
void oneshot_free(struct oneshot *shot);

/* What the status line says in a word for people: how a run ended. bot-jail(1), STATUS LINE. */
struct ending_words {
	const char *reason, *status;	/* "wall", "timeout" */
	bool ours;			/* neither the program nor its author is at fault */
	const char *error;		/* a sentence without its end; NULL: none is needed */
};
const struct ending_words *ending_words(const char *reason);	/* of NULL, or unknown ones: "failed" */

#endif
