/*
 * Matches and other work that runs at the same time: a program as a child process of ours for each, which ends
 * when we do.
 */
#ifndef CREW_H
#define CREW_H

#include "buffer.h"
#include "js.h"
#include "room.h"

#include <sys/types.h>

#define MATCH_PATH "/dev/fd/3"	/* the match file, as match-run has it */

struct worker {
	pid_t pid;		/* 0: idle */
	int pidfd, err;		/* err: a file of ours with what it complains of */
	int out;		/* another one with what it answers; -1: nobody asked */
	int events;		/* a pipe with what it tells meanwhile; -1: nobody asked */
	size_t entry;		/* in the plan, from 0 */
};

struct crew {
	const char *runner;	/* path of match-run */
	const struct room *room;
	int count;
	struct worker worker[CREW_MAX];
};

/* What one is to do. It finds `text` at descriptor 3, and if it tells something meanwhile, where to at 4. */
struct errand {
	const char *program;
	const char *const *arguments;	/* ended by NULL; the first one is its name */
	const char *text;
	bool answers, tells;
};

/* How one ended. */
struct ending {
	size_t entry;
	int status;		/* its exit status, or 128 and the signal */
	char said[256];		/* the last line on its standard error */
};

void crew_init(struct crew *crew, const char *runner, const struct room *room, int count);

/* An idle worker, or -1. */
int crew_idle(const struct crew *crew);
int crew_busy(const struct crew *crew);		/* how many are not */
int crew_find(const struct crew *crew, size_t entry);	/* who plays it, or -1 */

/* Starts a match; its result will be the folder `result`. -errno. */
int crew_start(struct crew *crew, int worker, size_t entry, const struct js *match, const char *result);

/* The same for any program. */
int crew_send(struct crew *crew, int worker, size_t entry, const struct errand *errand);

/*
 * The next whole line that it told, of `lines`, where what came in pieces waits; NULL: not yet. To be dropped from
 * there.
 */
char *crew_line(struct crew *crew, int worker, struct buffer *lines, size_t *length);

/* What it answered, to be freed, after it ended and before the worker is used again; NULL. */
char *crew_answer(struct crew *crew, int worker, size_t most);

/* Has it ended? Then the worker is idle. */
bool crew_ended(struct crew *crew, int worker, struct ending *ending);

/* Ends matches at once; they are not finished. Waits for them. */
void crew_stop(struct crew *crew);
void crew_stop_one(struct crew *crew, int worker);

#endif
