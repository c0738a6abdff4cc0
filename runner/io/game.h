/*
 * The game's side of the wire: match-protocol(7), GAME. One JSON object a line, in both directions.
 */
#ifndef GAME_H
#define GAME_H

#include "js.h"
#include "match.h"
#include "setup.h"

enum message_kind { MESSAGE_EVENT, MESSAGE_TELL, MESSAGE_FRAME, MESSAGE_WRONG };

/* What the game said. Parts belong to `document`, which the receiver frees. */
struct message {
	enum message_kind kind;
	struct event event;		/* MESSAGE_EVENT: ready, ask, bad, out, end */
	const struct js *to;		/* ask, tell: an object of views or messages by player number */
	const struct js *body;		/* the whole message */
	const char *why;		/* bad, out, end: its reason, or NULL; MESSAGE_WRONG: what is wrong */
	struct js *document;
};

/* Parses one line. `players` bounds player numbers. */
void game_parse(const char *line, size_t length, int players, struct message *message);

/* The key under which objects of the protocol hold a player: "0", "1", ... Returns `key`. */
const char *game_key(int player, char key[8]);

/* {"t":"init",...}, to be freed. */
char *game_init_text(const struct setup *setup, uint64_t seed);

/*
 * {"t":"acts",...} for the present ask: `answers` are JSON texts by player, NULL where there is
 * none. To be freed.
 */
char *game_acts_text(const struct match *match, char *const answers[PLAYERS_MAX]);

#endif
