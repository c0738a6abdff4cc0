/*
 * A job for a worker or the gate: a match or a build, in the forms that people have. What it says is checked here,
 * and after that no path, name or address of its is used but through a store, a list of games, or folders that the
 * site allowed. match-job(7).
 */
#ifndef JOB_H
#define JOB_H

#include "js.h"
#include "match.h"

#include <stdbool.h>
#include <stdint.h>

#define JOB_ID_BYTES 65
#define JOB_WHY_BYTES 256
#define JOB_CODE_MAX (1 << 20)
#define JOB_STRIKES_MAX 1000	/* of a fault after which the bot is asked again */

enum job_kind { JOB_MATCH, JOB_BUILD };

/* Where a bot comes from. */
enum job_source { SOURCE_STORE, SOURCE_CODE, SOURCE_ARCHIVE, SOURCE_PATH, SOURCE_URL };

struct job_bot {
	enum job_source source;
	const char *text;	/* a digest or name of the store; code; base64; a path; a URL */
	const char *language;	/* of code */
	char id[JOB_ID_BYTES];	/* what the job calls it */
	char name[64];		/* what the match calls it: one of a kind */
};

/* Texts live as long as the document, which is the job's; it is not to be moved. */
struct job {
	struct js *document;
	enum job_kind kind;
	char id[JOB_ID_BYTES];		/* under which its result is published, once */
	const char *reply;		/* where its result is wanted; NULL: the usual place */
	bool wants_files;		/* the replay, and the logs, in the result */

	/* of a match */
	char game[64];			/* "" : the site's usual one */
	const struct js *whole;		/* a match file that stands for itself; NULL */
	struct js *match;		/* what of a match file is given: clock, seed, options... */
	int bots;
	struct job_bot bot[PLAYERS_MAX];

	/* of a build */
	struct job_bot archive;
	char owner[JOB_ID_BYTES];	/* whose it is; "" */
	char agent[JOB_ID_BYTES];	/* the name that is to stand for it; "" */
};

/* How far a job may go. */
struct job_bounds {
	double turn_ms, match_ms;	/* at the most, and match_ms if it says nothing */
};

/* [A-Za-z0-9][A-Za-z0-9._-]{0,63} */
bool job_is_id(const char *text);

/* May it be taken apart? A tree of values is up to a hundred times its text. */
bool job_is_small(const char *text, size_t length);

/* The job in a text. -1, and why not; job->id is set if it has a good one. job_free() is due in both cases. */
int job_read(struct job *job, const char *text, size_t length, const struct job_bounds *bounds,
    char why[JOB_WHY_BYTES]);
void job_free(struct job *job);

#endif
