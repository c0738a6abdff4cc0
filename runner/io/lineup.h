/* What takes part in a tournament: its games and its bots. tournament.json(5), GAMES and BOTS. */
#ifndef LINEUP_H
#define LINEUP_H

#include "entry.h"
#include "program.h"

#define TITLE_BYTES 128

struct contestant {
	char name[NAME_MAX_BYTES];	/* in match files, and of its log */
	char title[TITLE_BYTES];	/* as it was entered: any text */
	struct js *object;		/* for match files, its folder absolute */
};

struct game {
	char name[NAME_MAX_BYTES];
	struct js *object;		/* for match files, its folder absolute */
	struct js *options;		/* the tournament file's */
	struct js *pool;		/* options for positions to begin with; NULL: only its own */
	int least, most;		/* players */
};

struct lineup {
	int games, bots;
	struct game game[GAMES_MAX];
	struct contestant bot[BOTS_MAX];
};

/* From tournament.json: game or games, bots. -1. lineup_free() is due in both cases. */
int lineup_take(const struct reader *reader, const struct js *document, struct lineup *lineup);

/* One bot more: as an element of bots. -1. */
int lineup_add(const struct reader *reader, const struct js *bot, struct lineup *lineup);
void lineup_free(struct lineup *lineup);

/* Both as arrays for a tournament file that needs nothing else and stands anywhere. */
struct js *lineup_new_games(const struct lineup *lineup);
struct js *lineup_new_bot(const struct contestant *bot);

/* By title or name; -1. */
int lineup_find(const struct lineup *lineup, const char *name);

#endif
