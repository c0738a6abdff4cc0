/*
 * game_config.json of the arena kind: bots, map, arena, filenames, commit_paths, max_iters, timeout,
 * api_dir. It becomes a match file, and what came of the match goes where it says. match-run(1),
 * ARENA FILES.
 */
#ifndef ARENA_H
#define ARENA_H

#include "js.h"
#include "program.h"

enum arena_output { ARENA_ERROR, ARENA_DEBUG, ARENA_REPLAY, ARENA_MOVE, ARENA_OUTPUTS };

struct arena {
	const char *path;			/* of the file */
	char base[PATH_BYTES];			/* its folder: what <NAME> stands for */
	char stage[PATH_BYTES];			/* copies of the bots' files, or "" */
	char commit[ARENA_OUTPUTS][PATH_BYTES];	/* where each kind goes; "": nowhere */
	char name[ARENA_OUTPUTS][NAME_MAX_BYTES];
	bool javascript;			/* `var ob = [...]` instead of JSON */
	char wrong[SETUP_ERROR_BYTES];
};

/* Is a document of this kind? */
bool arena_is(const struct js *document);

/*
 * The match file that it means; everything that it names is looked for first. NULL, and
 * arena->wrong. arena_free() is due in both cases.
 */
struct js *arena_read(struct arena *arena, const struct js *document, const char *path);

/* Writes the files from a folder with a result. -1, and arena->wrong. */
int arena_commit(struct arena *arena, const char *result);
void arena_free(struct arena *arena);

#endif
