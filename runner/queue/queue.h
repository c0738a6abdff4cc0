/*
 * Where jobs come from and results go: one interface, a driver a file. A driver waits for nothing longer than a
 * few seconds and reads no clock but for that; whoever owns the worker decides what is done with a job.
 * match-worker(8), QUEUES.
 */
#ifndef QUEUE_H
#define QUEUE_H

#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define QUEUE_WRONG_BYTES 512
#define QUEUE_FDS 2
#define QUEUE_LOST (-1)		/* the broker cannot be reached: open it anew */
#define QUEUE_LATER (-2)	/* not now: the same may be asked again in a moment */
#define QUEUE_ID_BYTES 73

enum queue_kind { QUEUE_MATCHES, QUEUE_BUILDS, QUEUE_KINDS };

/* What a driver is told. Texts live as long as the queue. */
struct queue_config {
	const char *url;
	const char *worker;		/* a name of this process, which no other has */
	const char *source[QUEUE_KINDS], *results, *states, *dead;
	const char *exchange, *key;	/* of RabbitMQ, for matches */
	int prefetch;			/* jobs at a time */
	int lease_ms;			/* who is silent for so long has lost his jobs */
};

/* A job that was taken and is not settled yet. */
struct delivery {
	char *text;			/* ended by a NUL, to be freed */
	size_t length;
	enum queue_kind kind;
	int attempts;			/* so often somebody began it before, as far as the queue knows */
	bool again;			/* a result of it may have been published */
	uint64_t tag, generation;	/* the driver's */
};

/* What becomes of it. */
struct settlement {
	const char *id;			/* of the job, for its keys; "" when it has none */
	const char *reply;		/* where the result is wanted instead of the usual place; NULL */
	const char *outcome;		/* the result as JSON; NULL: there is none */
	const char *why;		/* for dead letters: what is wrong with it; NULL otherwise */
	bool spare;			/* the same job is in our hands: it goes only if the queue has it twice */
};

struct queue;

struct queue_driver {
	const char *const *schemes;	/* "redis", ended by NULL */
	struct queue *(*open)(const struct queue_config *config, char wrong[QUEUE_WRONG_BYTES]);
	void (*close)(struct queue *queue);

	/* Descriptors to be polled; how many. */
	int (*polls)(struct queue *queue, struct pollfd fds[QUEUE_FDS]);

	/* Takes a job, if there is one. 1; 0: none now; QUEUE_LOST. */
	int (*take)(struct queue *queue, struct delivery *delivery);

	/* Does it still belong to us? Otherwise nothing can be done with it, and somebody else will get it. */
	bool (*owns)(struct queue *queue, const struct delivery *delivery);

	/*
	 * The end of a job: its result is published, once whoever settles it, or it becomes a dead letter, or both;
	 * then it is out of the queue. 1: published; 0: it was, or the job is not ours any more; QUEUE_LOST,
	 * QUEUE_LATER.
	 */
	int (*settle)(struct queue *queue, const struct delivery *delivery, const struct settlement *settlement);

	/* Gives it to whoever takes it next; `tried`: an attempt of it failed. 0; QUEUE_LOST. */
	int (*give_back)(struct queue *queue, const struct delivery *delivery, bool tried);

	/* Tells onlookers; it may be lost. `what` is "state" or "frame". 0; QUEUE_LOST. */
	int (*tell)(struct queue *queue, const char *id, const char *what, const char *text);

	/* Every third of the lease: says that we live, and frees jobs of those who do not. 0; QUEUE_LOST. */
	int (*beat)(struct queue *queue);

	/* No more jobs, please: what was sent ahead goes back. 0; QUEUE_LOST. */
	int (*pause)(struct queue *queue);

	/*
	 * After it was opened anew, and after pause(): these are in our hands, anything else that the queue believes to
	 * be there is not, and goes back. 0; QUEUE_LOST. NULL: what was in the hands of who is gone is free by itself.
	 */
	int (*keep)(struct queue *queue, const struct delivery *const *held, int count);

	/* The other side: a job into the queue. 0; QUEUE_LOST. */
	int (*submit)(struct queue *queue, enum queue_kind kind, const char *id, const char *text);

	/* Its result, to be freed, from the place that was wanted. 1; 0: none yet; QUEUE_LOST. */
	int (*collect)(struct queue *queue, const char *reply, char **text);

	/* The one that collect() gave last was written down. 0; QUEUE_LOST. */
	int (*collected)(struct queue *queue, const char *reply);
};

/* The beginning of each driver's own struct. */
struct queue {
	const struct queue_driver *driver;
	const struct queue_config *config;
	char wrong[QUEUE_WRONG_BYTES];		/* why it was lost */
};

/* The driver for a URL; NULL: there is none. */
const struct queue_driver *queue_driver(const char *url);

/* Opens by the URL's driver. NULL, and why. */
struct queue *queue_open(const struct queue_config *config, char wrong[QUEUE_WRONG_BYTES]);

extern const struct queue_driver spool_driver, redis_driver, rabbit_driver;

#endif
