/*
 * The loop of a match: the only place that waits, and the only one that reads a clock. It feeds the
 * machine of match.h with events and carries out its actions.
 */
#ifndef LOOP_H
#define LOOP_H

#include "match.h"
#include "party.h"
#include "replay.h"
#include "setup.h"

/* What an onlooker wants to see while it happens; each may be NULL. */
struct onlooker {
	void (*frame)(const struct js *view);
	void (*answer)(const char *name, const char *action, int64_t used_us);
};

struct loop {
	const struct setup *setup;
	uint64_t seed;
	const struct onlooker *onlooker;
	struct match match;
	struct party party[PLAYERS_MAX + 1];	/* the game is the one behind the players */
	struct replay replay;
	int64_t deadline_us[PLAYERS_MAX];	/* 0: none */
	int64_t start_us, finish_us;		/* 0: not yet */
	int64_t closed_us[PLAYERS_MAX + 1];	/* when its output ended; 0: it has not */
	struct message *ask;			/* the present one, for its views */
	struct js *scores;			/* of the game's end, or NULL */
	bool refused;			/* a jail was: the match file asks for what cannot be had */
	char why[256];				/* of the verdict */
	int epoll, timer, signals;
};

/*
 * Plays the match; programs' logs and the replay go to the folder `dir`. 0 when there is an
 * outcome, be it OUTCOME_FAILED; -errno when it could not even begin. loop_free() is due in both
 * cases.
 */
int loop_run(struct loop *loop, const struct setup *setup, uint64_t seed, const char *helper,
    int dir,
    const struct onlooker *onlooker);
void loop_free(struct loop *loop);

#endif
