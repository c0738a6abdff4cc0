/*
 * The state of a tournament: one file, tournament.db, of SQLite. Each change is one transaction, so whoever is
 * killed leaves the state before it or the one after. match-tournament(1), FILES.
 */
#ifndef STORE_H
#define STORE_H

#include "entry.h"
#include "js.h"

#define STORE_VERSION 1
#define STORE_NAME "tournament.db"

struct store;
enum store_mode { STORE_LOOK, STORE_CHANGE, STORE_MAKE };	/* MAKE: the file need not be there */

/* What is kept of a match besides its entry. */
struct note {
	int attempts;			/* that failed */
	int64_t match_us;
	char why[256];
};

/*
 * Opens the state in a folder. NULL, and "PATH: what is wrong" in `wrong`; a file that is damaged, made by a
 * newer program or no tournament's is left as it is. *absent tells that there is none.
 */
struct store *store_open(const char *dir, enum store_mode mode, char wrong[512], bool *absent);
void store_close(struct store *store);

/* The following give -1 when the database cannot; store_wrong() says why. */
const char *store_wrong(const struct store *store);

/* Was there no room, or a moment's trouble: may the same be tried later? */
bool store_may_recover(const struct store *store);

/* Begins one: its document without bots, the digest of its file, and the bots as an array. */
int store_begin(struct store *store, const struct js *document, const char *digest, const struct js *bots);
bool store_has_begun(struct store *store);

/* The document with all bots; NULL. And the digest of the file that it was made from. */
struct js *store_document(struct store *store);
int store_digest(struct store *store, char digest[65]);

/* By bot: withdrawn. */
int store_gone(struct store *store, bool *gone, int bots);

/* The whole plan with its results, in order; both arrays to be freed. */
int store_load(struct store *store, struct entry **entries, struct note **notes, size_t *count);

/* More of the plan, unless somebody else has changed something since `version`: 1 then, and nothing is done. */
int store_append(struct store *store, const struct entry *entries, size_t count, int64_t version);

/* New states and results of some entries, and the note of the first. */
int store_settle(struct store *store, const struct entry *const *entries, size_t count, const struct note *note);

int store_add(struct store *store, const struct js *object);
int store_withdraw(struct store *store, int bot);

/* Matches that failed for good are planned again; `last`: only those of the last round. How many; -1. */
int store_again(struct store *store, bool last);

/* So are all of a bot that were played or failed. How many; -1. */
int store_redo(struct store *store, int bot);

/* Another number than before: somebody else changed it. */
int64_t store_version(struct store *store);

#endif
