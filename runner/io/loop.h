/*
 * The loop of a match: the only place that waits, and the only one that reads a clock. It feeds the
 * machine of match.h with events and carries out its actions. loop.c waits, hear.c makes events out
 * of what programs say, feed.c carries out the actions.
 */
#ifndef LOOP_H
#define LOOP_H

#include "game.h"
#include "match.h"
#include "party.h"
#include "replay.h"
#include "setup.h"

#define OF_MATCH PLAYERS_MAX	/* the deadline of the match stands behind the players' */

struct loop;

enum sight_kind {
	SIGHT_START, SIGHT_READY, SIGHT_ASK, SIGHT_ANSWER, SIGHT_FAULT, SIGHT_OUT, SIGHT_FRAME, SIGHT_END,
	SIGHT_TICK,			/* nothing happened, for who shows running clocks */
	SIGHTS
};
extern const char *const sight_names[SIGHTS];

/* What an onlooker sees. Views of players are for persons at this terminal only. */
struct sight {
	enum sight_kind kind;
	int64_t us;			/* since the start */
	int player;			/* -1: none */
	struct raw text;		/* ASK: the view; ANSWER: the action; FRAME: the view; END: the scores */
	const char *why;		/* FAULT, OUT, END: words, or "" */
	enum fault fault;
};

/* Called while the clock runs: it must not wait. */
struct onlooker {
	void (*see)(void *self, const struct loop *loop, const struct sight *sight);
	void *self;
	int64_t tick_us;		/* how often SIGHT_TICK is wanted; 0: never */
};

struct loop {
	const struct setup *setup;
	uint64_t seed;
	struct caps game_caps;
	const struct onlooker *onlookers;	/* ended by one without `see` */
	struct match match;
	struct party party[PLAYERS_MAX + 1];	/* the game is the one behind the players */
	struct replay replay;
	char replay_digest[DIGEST_BYTES];
	int64_t deadline_us[PLAYERS_MAX + 1];	/* 0: none */
	int64_t heard_us;			/* when what is being heard had come, at the latest */
	int64_t armed_us;			/* the timer will not come later than this; 0: not armed */
	int64_t start_us, finish_us;		/* 0: not yet */
	int64_t tick_us, ticked_us;		/* how often onlookers want one, and when the last was */
	int64_t game_since_us;			/* since when it is the game's turn to speak; 0: it is not */
	int64_t closed_us[PLAYERS_MAX + 1];	/* when its output ended; 0: it has not */
	uint32_t unsent;			/* players to whom a message could not be sent */
	struct buffer ask, acts;		/* the present ask's line; a message on its way */
	struct raw view[PLAYERS_MAX], fallback[PLAYERS_MAX];	/* parts of the ask */
	char *scores;				/* JSON text, of the game's end, or NULL */
	bool refused;				/* a jail was: the match file asks for what cannot be had */
	char why[256];				/* of the verdict */
	int epoll, timer, signals;
};

/*
 * Plays the match; programs' logs and the replay go to the folder `dir`. 0 when there is an
 * outcome, be it OUTCOME_FAILED; -errno when it could not even begin. loop_free() is due in both
 * cases. It blocks the signals that stop it.
 */
int loop_run(struct loop *loop, const struct setup *setup, uint64_t seed, const char *helper,
    int dir, const struct onlooker *onlookers);
void loop_free(struct loop *loop);

int64_t loop_now_us(void);

static inline int
loop_players(const struct loop *loop)
{
	return loop->setup->rules.players;
}

#endif
