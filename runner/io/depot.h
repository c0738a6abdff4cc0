/*
 * The store of bots: a folder each, under the SHA-256 of its sorted paths and bytes, whole or not there.
 * match-build(1), STORE.
 */
#ifndef DEPOT_H
#define DEPOT_H

#include "digest.h"
#include "folder.h"
#include "js.h"
#include "program.h"

#include <sys/types.h>

struct depot {
	char dir[PATH_BYTES];
	int lock;			/* held while owners and names change; -1 */
	mode_t share;			/* S_ISGID and S_IWGRP, as the store's own folder has them */
};

/* Where it is when nobody says: $MATCH_STORE, or below the home folder. */
void depot_default(char dir[PATH_BYTES]);

/* Opens it; `make`: it is made if it is missing, and locked. -1, and "PATH: why" in `wrong`. */
int depot_open(struct depot *depot, const char *dir, bool make, char wrong[SETUP_ERROR_BYTES]);
void depot_close(struct depot *depot);

/* From now on, whatever the umask was, what this process makes can be read by all who may enter the store. */
void depot_share(void);

/* Makes the place for an entry. -errno. */
int depot_begin(const struct depot *depot, const char *digest, struct folder *folder);

/* An owner's name, or that of a bot: [A-Za-z0-9][A-Za-z0-9._-]{0,63}. */
bool depot_is_id(const char *text);

/* What a digest, the beginning of one (8 digits at least) or a bot's name stands for. false: for nothing. */
bool depot_find(const struct depot *depot, const char *word, char digest[DIGEST_BYTES]);

/* The folder of an entry; its bot is in "bot" below that. */
void depot_path(const struct depot *depot, const char *digest, char path[PATH_BYTES]);

/* NULL when there is no such entry, or it is damaged. */
struct js *depot_manifest(const struct depot *depot, const char *digest);

/* Puts a document in the place of an entry's manifest. -errno. */
int depot_rewrite(const struct depot *depot, const char *digest, const struct js *manifest);

/* Lets a bot's name stand for an entry. -errno. */
int depot_name(const struct depot *depot, const char *name, const char *digest);

/* Removes an entry, and the names that stand for it. -errno; -EACCES: somebody else built it. */
int depot_remove(const struct depot *depot, const char *digest);

/* Calls for each entry until one gives not 0, and gives that. */
int depot_each(const struct depot *depot, int (*look)(void *self, const char *digest, struct js *manifest), void *self);

/* Removes what builds that were killed left behind, and names that stand for nothing. How much. */
int depot_sweep(const struct depot *depot);

#endif
