/*
 * The game's side of the wire: match-protocol(7), THE GAME. One JSON object a line, in both directions.
 */
#ifndef GAME_H
#define GAME_H

#include "buffer.h"
#include "raw.h"
#include "match.h"
#include "setup.h"

enum message_kind { MESSAGE_EVENT, MESSAGE_TELL, MESSAGE_FRAME, MESSAGE_WRONG };

/* What the game said. Its parts live as long as the line. */
struct message {
	enum message_kind kind;
	struct event event;		/* MESSAGE_EVENT: ready, ask, bad, out, end */
	struct raw body;		/* the whole of it */
	struct raw to;			/* ask, tell: all views or messages */
	struct raw part[PLAYERS_MAX];	/* each player's of these */
	struct raw fallback[PLAYERS_MAX];	/* ask: default actions */
	struct raw scores;		/* frame, end */
	struct raw view;		/* frame */
	char why[256];			/* bad, out, end: its reason, or ""; MESSAGE_WRONG: what is wrong */
};

/* Parses one line. `players` bounds player numbers. */
void game_parse(const char *line, size_t length, int players, struct message *message);

/* {"t":"init",...}, to be freed. */
char *game_init_text(const struct setup *setup, uint64_t seed);

/*
 * {"t":"acts",...} for the present ask, into `out`: `answers` are JSON texts by player; `fallback`
 * is that of the ask.
 */
void game_acts(const struct match *match, const struct buffer *const answers[PLAYERS_MAX],
    const struct raw fallback[PLAYERS_MAX], struct buffer *out);

#endif
