/*
 * A program of a match: its folder, its command, its jail, and how one talks with it. From the match
 * file, and from bot.json or game.json in its folder; the match file wins. match-run(1), MATCH FILE.
 */
#ifndef PROGRAM_H
#define PROGRAM_H

#include "dialect.h"
#include "digest.h"
#include "js.h"

#define NAME_MAX_BYTES 64
#define ARGS_MAX 32
#define READY_MAX 8
#define SLOTS_MAX 3
#define PATH_BYTES 4096
#define SETUP_ERROR_BYTES 512

/* Strings belong to the documents that `program` and its owner keep. */
struct program {
	char name[NAME_MAX_BYTES];
	char dir[PATH_BYTES];			/* its folder, absolute */
	char policy[NAME_MAX_BYTES];
	const char *command[ARGS_MAX + 1];
	const char *limits[ARGS_MAX + 1];	/* "memory=256M", to tighten the policy with */
	const char *slots[SLOTS_MAX + 1];	/* "in=DIR": besides its folder */
	char protocol[NAME_MAX_BYTES];		/* "json", or the dialect's name */
	const char *ready[READY_MAX + 1];	/* lines by which it may say that it is ready */
	struct dialect dialect;
	char dialect_digest[DIGEST_BYTES];	/* "" for json */
	const struct js *vars;			/* fields for the dialect; may be NULL */
	bool own_jail;				/* its own manifest chose the policy, or tightened it */
	bool person;				/* somebody at the terminal plays; there is no program */
	struct js *manifest;			/* bot.json or game.json, or NULL */
};

/* Who reads, for messages and for what is relative. */
struct reader {
	const char *path;			/* of the match file */
	const char *text;			/* what is in it, to tell lines by; may be NULL */
	bool stored;				/* it was read before: what its folders hold now decides nothing */
	char base[PATH_BYTES];			/* its folder */
	const struct js *ready;			/* for bots that give none themselves; may be NULL */
	char *error;				/* SETUP_ERROR_BYTES */
};

/* -1, with "PATH: " and these words in reader->error. */
int reader_wrong(const struct reader *reader, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* The same, with the line of that key when the text is known: "PATH:LINE: ". */
int reader_wrong_key(const struct reader *reader, const char *key, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* -1 when `object` is no object, or has a key that is not known: says which, and which there are. */
int reader_keys(const struct reader *reader, const struct js *object, const char *where,
    const char *const *known);

/* A path in the file that is read: relative to its folder. */
void reader_path(const struct reader *reader, const char *path, char joined[2 * PATH_BYTES]);

/*
 * Reads a file that is one JSON document. NULL, and "PATH:LINE: what is wrong" in `wrong`. *text is what is in
 * it, to be freed in both cases.
 */
struct js *document_read(const char *path, char **text, char wrong[SETUP_ERROR_BYTES]);

/* The absolute path of a folder, in `absolute`. -1. */
int reader_dir(const struct reader *reader, const char *dir, const char *where,
    char absolute[PATH_BYTES]);

/* Letters, digits, . _ - and not first one of the latter two. */
bool is_name(const char *name);

/*
 * Reads a program: a string is the path of its folder. Bots have `manifest` "bot.json", games
 * "game.json". -1; program_free() is due in both cases.
 */
int program_read(const struct reader *reader, const struct js *object, const char *where,
    const char *manifest, struct program *program);
void program_free(struct program *program);

/* A member of the match file's object, or else of the manifest's. */
const struct js *program_setting(const struct program *program, const struct js *object,
    const char *key);

/*
 * Reads a small regular file as a whole. `flags`: O_NOFOLLOW where somebody else may have put it
 * there, else 0. NULL, and errno. To be freed.
 */
char *read_small(const char *path, int flags, size_t *length);

/* The same up to so many bytes. */
char *read_whole(const char *path, int flags, size_t most, size_t *length);

#endif
