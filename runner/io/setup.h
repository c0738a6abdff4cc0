/* match.json: who plays what, under which policy, with how much time. match-run(1), MATCH FILE. */
#ifndef SETUP_H
#define SETUP_H

#include "js.h"
#include "match.h"
#include "program.h"

/* How much a bot may print; bytes. */
struct caps {
	int64_t line, turn, match, log;
	int64_t game;			/* the game itself, in all */
};

enum { CPU_AUTO = -1, CPU_OFF = -2 };

struct setup {
	struct program game, bot[PLAYERS_MAX];
	struct match_rules rules;
	struct caps caps;
	int cpu;			/* the one that all programs share, or CPU_AUTO, CPU_OFF */
	int rate_milli[PLAYERS_MAX];	/* cpu-rate, where it is below the CPUs; pin_setup() knows */
	int64_t game_us;		/* how long the game may say nothing when it is its turn */
	bool one_by_one;		/* the game asks one player at a time: game.json, "turns" */
	uint64_t seed;
	bool has_seed;			/* else one is drawn */
	struct js *options;		/* for the game: its own defaults, and the match file's over them */
	struct js *document;		/* the match file */
	char wrong[SETUP_ERROR_BYTES];
};

/*
 * Reads a match file, or takes a document as if it had been read from there (and owns it). Folders
 * in it are relative to it. -1, and "FILE:LINE: what is wrong" in setup->wrong. setup_free() is due
 * in both cases.
 */
int setup_read(struct setup *setup, const char *path);
struct js *setup_document(struct setup *setup, const char *path);	/* only reads it; NULL */
int setup_take(struct setup *setup, struct js *document, const char *path);

/* The same without a game: for an engine that starts bots itself. */
int setup_read_bots(struct setup *setup, const char *path);
void setup_free(struct setup *setup);

#endif
