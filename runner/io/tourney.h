/* tournament.json: who meets whom, at what, by which rules. tournament.json(5). */
#ifndef TOURNEY_H
#define TOURNEY_H

#include "elo.h"
#include "format.h"
#include "lineup.h"

enum system { SYSTEM_ELO, SYSTEM_BT, SYSTEM_GLICKO2, SYSTEM_OPENSKILL, SYSTEMS };
extern const char *const system_names[SYSTEMS];

struct tourney {
	char title[TITLE_BYTES];
	struct lineup lineup;
	struct format_rules rules;
	enum system system;
	struct elo_rules elo;
	double tau;			/* of Glicko-2 */
	int concurrency;		/* matches at a time; 0: as many as fit */
	int retries;			/* of a match that failed */
	struct js *common;		/* what match files have besides: clock, faults, pause, caps, ready */
	struct js *document;
	char output[PATH_BYTES];	/* "" when the file names none */
	char wrong[SETUP_ERROR_BYTES];
};

/*
 * Reads a tournament file; or takes a document (and owns it) that was read before: `text` is NULL, and no
 * folder is opened. -1, and "FILE:LINE: what is wrong" in tourney->wrong. tourney_free() is due in both cases.
 */
int tourney_read(struct tourney *tourney, const char *path);
int tourney_take(struct tourney *tourney, struct js *document, const char *path, const char *text);
void tourney_free(struct tourney *tourney);

/* One bot more, as the file would have it. -1. */
int tourney_add(struct tourney *tourney, const struct js *bot, const char *path);

/* The same tournament in a form that stands anywhere: all folders absolute, a folder of bots as a list. */
struct js *tourney_resolved(const struct tourney *tourney);

/* The match file of an entry. */
struct js *tourney_match(const struct tourney *tourney, const struct entry *entry);

/* Would match-run take the match files of the tournament file at `path`? -1, and tourney->wrong. */
int tourney_try(struct tourney *tourney, const char *path);

#endif
