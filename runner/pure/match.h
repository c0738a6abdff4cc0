/*
 * A match as a pure machine: one event in, some actions out. It has no clock, no descriptor and no
 * memory of its own beyond this struct; times are in the events, and texts stay with whoever feeds
 * them. The list of events and actions is the replay, so a replay is also this machine's test.
 */
#ifndef MATCH_H
#define MATCH_H

#include <stdbool.h>
#include <stdint.h>

#define PLAYERS_MAX 16
#define ACTIONS_MAX (4 * PLAYERS_MAX)

enum fault {
	FAULT_none,
#define FAULT(ident, name, what) FAULT_##ident,
#include "faults.def"
#undef FAULT
	FAULTS
};

enum event_kind {
	EVENT_START,		/* programs are started */
	EVENT_READY,		/* a player said so, or needs not to */
	EVENT_GAME_READY,
	EVENT_ASK,		/* the game asks the players of `mask`; turn_us for each, 0: the default */
	EVENT_ANSWER,		/* a player gave one whole well-formed answer */
	EVENT_BAD,		/* the game rules that a player's last answer was illegal */
	EVENT_OUT,		/* the game says that a player is out */
	EVENT_END,		/* the game is over; ranks for each player */
	EVENT_FAULT,		/* a player did something wrong that shows outside the game */
	EVENT_DEADLINE,		/* the time of a player's deadline has come */
	EVENT_GAME_WRONG,	/* the game ended, or spoke what it should not */
	EVENT_STOP,		/* we are told to stop */
	EVENTS
};

struct event {
	enum event_kind kind;
	int64_t at_us;			/* monotonic */
	int player;
	enum fault fault;		/* EVENT_FAULT */
	int64_t id;			/* EVENT_ASK */
	uint32_t mask;			/* EVENT_ASK */
	int64_t turn_us[PLAYERS_MAX];	/* EVENT_ASK */
	int rank[PLAYERS_MAX];		/* EVENT_END: 1 is best */
};

enum action_kind {
	ACTION_INIT_GAME,	/* tell the game who plays */
	ACTION_SEND_VIEW,	/* give a player his view of the present ask */
	ACTION_DEADLINE,	/* wake me for this player at at_us; a later one replaces it */
	ACTION_NO_DEADLINE,
	ACTION_SEND_ACTS,	/* give the game the answers and faults of the present ask */
	ACTION_STOP_PLAYER,	/* he is out for good: end his program */
	ACTION_FINISH,		/* the verdict is final: end everything */
	ACTIONS
};

struct action {
	enum action_kind kind;
	int player;
	int64_t at_us;
};

struct actions {
	int count;
	struct action action[ACTIONS_MAX];
};

struct match_rules {
	int players;
	int64_t ready_us, turn_us;	/* how long a player has for either */
};

struct seat {
	bool asked, answered, out;
	enum fault fault;		/* why he is out; FAULT_none: the game said so, or he is not */
	enum fault ask_fault;		/* in the present ask */
	int64_t asked_us, deadline_us;
	int64_t used_us;		/* for the present ask */
	int64_t total_us;		/* for all asks */
	int turns;
	int rank;			/* in the verdict */
};

enum outcome { OUTCOME_NONE, OUTCOME_FINISHED, OUTCOME_CLIENT_ERROR, OUTCOME_FAILED, OUTCOMES };

struct match {
	struct match_rules rules;
	struct seat seat[PLAYERS_MAX];
	bool starting, game_ready, asking;	/* starting: the present ask is for being ready */
	int64_t id;			/* of the present ask */
	enum outcome outcome;		/* OUTCOME_NONE while the match goes on */
	int last_place;			/* the best rank that is not yet given to one who is out */
};

extern const char *const fault_names[FAULTS], *const fault_whats[FAULTS];
extern const char *const event_names[EVENTS];
extern const char *const action_names[ACTIONS];
extern const char *const outcome_names[OUTCOMES];

void match_init(struct match *match, const struct match_rules *rules);

/* Takes one event. Nothing happens any more once there is an outcome. */
void match_step(struct match *match, const struct event *event, struct actions *actions);

#endif
