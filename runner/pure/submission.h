/*
 * What a submission may hold: names of files, and which of them nobody wants. Used twice, by who unpacks inside
 * the jail and by who copies out of it. match-build(1), SUBMISSIONS.
 */
#ifndef SUBMISSION_H
#define SUBMISSION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SUBMISSION_ARCHIVE_MAX (50 << 20)	/* bytes of the archive */
#define SUBMISSION_BYTES_MAX (256 << 20)	/* unpacked */
#define SUBMISSION_ENTRIES_MAX 2000		/* files and folders that are kept */
#define SUBMISSION_HEADERS_MAX 50000		/* of what is thrown away, too */
#define SUBMISSION_DEPTH_MAX 16
#define SUBMISSION_PATH_BYTES 512
#define SUBMISSION_RATIO 100			/* so many times its own size, beyond the next, is a bomb */
#define SUBMISSION_RATIO_FREE (16 << 20)
#define SUBMISSION_IGNORE_FILE ".botignore"

/*
 * Makes a relative path of a name in an archive, without "./" before and "/" behind it; "" for the root itself.
 * NULL, or why it is refused whatever else it is: absolute, with a part "..", too long.
 */
const char *submission_path(const char *name, char path[SUBMISSION_PATH_BYTES]);

/* NULL, or why a path that is kept is refused: characters, a part that begins with '-', depth. */
const char *submission_check(const char *path);

/* What file managers leave behind: __MACOSX, ._*, .DS_Store. It is dropped in any case. */
bool submission_is_junk(const char *path);

/* Is it in the default list: .git, __pycache__, node_modules, .env, virtual environments...? */
bool submission_is_ignored(const char *path);

/*
 * Does a list (a pattern a line; '#' begins a comment) name it, or a folder that it is in? A pattern without a
 * slash is looked for in every folder, one with a slash from the root; '*' and '?' stay within a name.
 */
bool submission_matches(const char *list, const char *path);

/* Is it the archive's own list, at the root or in its only top folder? */
bool submission_is_list(const char *path);

/* Would it grow from `archive` bytes to `bytes`? NULL, or why that is refused. */
const char *submission_growth(int64_t archive, int64_t bytes);

#endif
