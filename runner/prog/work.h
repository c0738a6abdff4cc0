/* The work of match-worker: jobs in hand, from a queue to their results. */
#ifndef WORK_H
#define WORK_H

#include "backend.h"
#include "buffer.h"
#include "command.h"
#include "crew.h"
#include "job.h"
#include "work_queue.h"

#define WORK_MAX 128

/* A job in our hands. */
struct task {
	bool used;
	char id[JOB_ID_BYTES], kind[8];
	char key[JOB_ID_BYTES + 8];	/* under which all of it is kept: builds and matches are counted apart */
	char digest[DIGEST_BYTES];	/* of the job's text */
	char reply[JOB_ID_BYTES + 16];	/* "" : the usual place */
	struct delivery delivery;
	int attempt;			/* this one, from 1 */
	int worker;			/* of the crew; -1: it is not being done */
	char *outcome;			/* once it is done; NULL */
	bool failed;			/* by our fault */
	int64_t settle_us;		/* its outcome is offered to the queue again then */
	struct buffer lines;		/* what it tells, in pieces */
	char *frame;			/* the last picture that was not published; NULL */
	int64_t frame_us;		/* when the last one was */
};

struct work {
	struct settings settings;
	char name[80];			/* of this process, and no other */
	struct queue_config config;
	struct queue *queue;		/* NULL: it cannot be reached */
	char wrong[QUEUE_WRONG_BYTES];
	struct backend *backend;	/* NULL: there is none */
	struct room room;
	const char *helper;		/* bot-jail */
	struct crew crew;
	struct task task[WORK_MAX];
	int jobs;
	bool reached;			/* the queue was, once */
	bool held;			/* no jail can be had */
	int64_t take_us;		/* no job is taken before: the last one could not be begun */
	bool unread;			/* more was told than one turn hears */
	bool once;			/* ends when nothing is left to do */
	bool stopping;			/* no more jobs are taken */
	int64_t stop_us;		/* and what is in hand then goes back; 0 */
	int64_t retry_us, pause_us;	/* when the queue is tried again; how long was waited */
	int64_t beat_us, prune_us, watchdog_us, idle_us;
	int signals;
	long done, failed, buried;	/* for the log */
};

/* Works until a signal stops it, or with work->once until nothing is left. An exit status. */
int work_run(struct work *work);

/* --- what is kept in the folder of the worker: work_state.c */

/* Makes the folder, and those in it. -errno. */
int state_open(const struct work *work);

/* Where a match's files are while it is played: nobody else's place, though somebody else may play it, too. */
void state_result(const struct work *work, const char *id, char path[PATH_BYTES]);

/* Makes a place for that, and for what is made on the way. -errno. */
int state_begin(const struct work *work, const char *id);

/* Puts them where they are looked for: results/ID. */
void state_keep(const struct work *work, const char *id);

/* The outcome that was written down for a job, to be freed; NULL. */
char *state_outcome(const struct work *work, const char *id);

/* Writes it down, for good. -errno. */
int state_save(const struct work *work, const char *id, const char *outcome);

/* So many attempts of a job were begun here that did not come to an outcome. */
int state_attempts(const struct work *work, const char *id);
void state_note_attempt(const struct work *work, const char *id, int attempts);
void state_forget_attempts(const struct work *work, const char *id);

/* Puts what an attempt left out of the way of the next. */
void state_clear(const struct work *work, const char *id);

/* Removes what is older than the site keeps. */
void state_prune(const struct work *work);

#endif
