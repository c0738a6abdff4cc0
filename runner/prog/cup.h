/* A tournament that is open: what its file says, its plan with the results so far, and the folder where they are. */
#ifndef CUP_H
#define CUP_H

#include "rates.h"
#include "store.h"

struct cup {
	char dir[PATH_BYTES];
	int lock;			/* on the folder, by who changes the plan; -1 */
	struct store *store;
	struct tourney tourney;
	struct entry *entry;		/* the plan, in its order */
	struct note *note;
	size_t count;
	bool gone[BOTS_MAX];
	int64_t version;		/* of the store when it was read */
	int *met;			/* memory for formats */
	double *work;
	struct bout *bouts;
	char wrong[SETUP_ERROR_BYTES];
	int status;			/* exit status that goes with it */
};

enum cup_use {
	CUP_LOOK,
	CUP_ADD,
	CUP_RUN
}; /* ADD: changes bots; RUN: the plan; makes the tournament, and its first part, if there is none */

/*
 * Opens the tournament of a file, or that in a folder. `dir` is where the state is or shall be; NULL: where the
 * file says, or a folder named after it here. -1, and cup->wrong and cup->status. cup_close() is due in both
 * cases.
 */
int cup_open(struct cup *cup, const char *path, const char *dir, enum cup_use use);

/* The same of a file alone: there is no state, and no folder. */
int cup_imagine(struct cup *cup, const char *path);
void cup_close(struct cup *cup);

/* Reads again what others may have changed. 1 when they had; -1. */
int cup_refresh(struct cup *cup);
int cup_reload(struct cup *cup);	/* in any case */

/* Makes the next part of the plan, if all of it is settled. How many entries; 0: the tournament is over; -1. */
int cup_extend(struct cup *cup);
size_t cup_open_count(const struct cup *cup);	/* entries that are to be played */
size_t cup_match_count(const struct cup *cup);	/* all but byes */

/* The folder of an entry's result. */
void cup_folder(const struct cup *cup, const struct entry *entry, char path[PATH_BYTES]);

/*
 * Takes the result of an entry that is to be played from a folder, if there is one. 1: it counts now; 0: there
 * is none; -1 with cup->wrong: it is none for this entry, or says that the match failed; CUP_TROUBLE: it could
 * not be read, or not be written down.
 */
#define CUP_TROUBLE (-2)
int cup_take(struct cup *cup, size_t index, const char *folder);

/* Writes down that an attempt failed; after the last one nobody tries again. -1. */
int cup_fail(struct cup *cup, size_t index, const char *why);

/* Calls a function that failed on the store: sets cup->wrong and cup->status. -1. */
int cup_store_failed(struct cup *cup);

/* For folds over the plan. */
struct contest cup_contest(struct cup *cup);
const char *cup_title(const struct cup *cup, const struct entry *entry, int seat);

#endif
