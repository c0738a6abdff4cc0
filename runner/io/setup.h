/* match.json: who plays what, under which policy, with how much time. match-run(1), MATCH FILE. */
#ifndef SETUP_H
#define SETUP_H

#include "js.h"
#include "match.h"

#define NAME_MAX_BYTES 64
#define ARGS_MAX 32
#define SETUP_ERROR_BYTES 512

/* A program to start in a jail. Strings belong to the setup. */
struct program {
	char name[NAME_MAX_BYTES];
	char dir[4096];			/* its folder, absolute */
	char policy[NAME_MAX_BYTES];
	const char *command[ARGS_MAX + 1];
	const char *limits[ARGS_MAX + 1];	/* "memory=256M", to tighten the policy with */
};

struct setup {
	struct program game, bot[PLAYERS_MAX];
	struct match_rules rules;
	uint64_t seed;
	bool has_seed;			/* else one is drawn */
	/* Lines with which a bot may say that it is ready; NULL ends them, none: it needs not. */
	const char *ready[8];
	const struct js *options;	/* for the game; may be NULL */
	struct js *document;		/* owns all of it */
};

/*
 * Reads a match file. Folders in it are relative to it. -1, and "FILE:LINE: what is wrong" in
 * `error`. setup_free() is due in both cases.
 */
int setup_read(struct setup *setup, const char *path, char error[SETUP_ERROR_BYTES]);
void setup_free(struct setup *setup);

#endif
