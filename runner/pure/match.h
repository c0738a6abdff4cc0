/*
 * A match as a pure machine: one event in, some actions out. It has no clock, no descriptor and no
 * memory of its own beyond this struct; times are in the events, and texts stay with whoever feeds
 * them. The list of events and actions is the replay, so a replay is also this machine's test.
 */
#ifndef MATCH_H
#define MATCH_H

#include "clock.h"

#include <stdbool.h>
#include <stdint.h>

#define PLAYERS_MAX 16
#define ACTIONS_MAX (8 * PLAYERS_MAX)

enum fault {
	FAULT_none,
#define FAULT(ident, name, fatal, standing, what) FAULT_##ident,
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
	EVENT_BAD,		/* the game rules that the last answers of `mask` were illegal */
	EVENT_OUT,		/* the game says that a player is out */
	EVENT_END,		/* the game is over; ranks for each player */
	EVENT_FAULT,		/* a player did something wrong that shows outside the game */
	EVENT_DEADLINE,		/* the time of a player's deadline has come; -1: of the match */
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
	uint32_t mask;			/* EVENT_ASK, EVENT_BAD */
	uint32_t defaults;		/* EVENT_ASK: players for whom the game gave a default action */
	int64_t turn_us[PLAYERS_MAX];	/* EVENT_ASK */
	int rank[PLAYERS_MAX];		/* EVENT_END: 1 is best */
	struct usage usage;		/* READY, ANSWER, FAULT, DEADLINE: since the player was asked */
};

enum action_kind {
	ACTION_INIT_GAME,	/* tell the game who plays */
	ACTION_SEND_VIEW,	/* give a player his view of the present ask */
	ACTION_DEADLINE,	/* wake me for this player at at_us; a later one replaces it */
	ACTION_NO_DEADLINE,
	ACTION_SEND_ACTS,	/* give the game the answers and faults of the present ask */
	ACTION_ABANDON,		/* do not wait for his answer any longer; he stays in */
	ACTION_PAUSE,		/* stop his processes */
	ACTION_RESUME,
	ACTION_STOP_PLAYER,	/* he is out for good: end his program */
	ACTION_FINISH,		/* the verdict is final: end everything */
	ACTIONS
};

struct action {
	enum action_kind kind;
	int player;		/* -1: none */
	int64_t at_us;
};

struct actions {
	int count;
	struct action action[ACTIONS_MAX];
};

/* What a fault costs, if it is not fatal. */
enum remedy {
	REMEDY_FORFEIT,		/* the match */
	REMEDY_DEFAULT,		/* the game's default action is taken for his, if it gave one */
	REMEDY_SKIP,		/* he has no action this time */
	REMEDY_AGAIN,		/* he is asked again, on what is left of his time */
	REMEDIES
};

struct fault_rule {
	enum remedy remedy;
	int strikes;		/* at so many tolerated faults he forfeits all the same; 0: never */
	bool in_a_row;		/* an answer that is taken wipes them out */
};

enum pause { PAUSE_AUTO, PAUSE_OFF, PAUSE_ON, PAUSES };

/* How long a player has; microseconds, 0: no such bound. */
struct clock_rules {
	enum clock_kind kind;
	int64_t ready_us, first_us, turn_us;	/* first_us: his first turn */
	int64_t bank_us, increment_us;		/* for all his turns; increment: more after each */
	int64_t match_us;			/* real time of the whole match */
};

struct match_rules {
	int players;
	struct clock_rules clock;
	struct fault_rule fault[FAULTS];
	enum pause pause;
	uint32_t persons;			/* players who have no clock, and another try after a mistake */
	int cpus_milli[PLAYERS_MAX];		/* CPUs that each may use; match_init() takes 0 for one */
};

struct seat {
	bool asked, answered, out, paused;
	bool defaulted;			/* the game's default stands for his answer */
	enum fault fault;		/* why he is out; FAULT_none: the game said so, or he is not */
	enum fault ask_fault;		/* of his in the present ask */
	enum fault due;			/* to be judged when the present ask closes */
	int64_t asked_us, limit_us;	/* the present ask: since when, and for how long */
	int64_t bank_us;
	struct usage used;		/* of the present ask, once it has ended for him */
	int64_t charge_us;		/* for the present ask, by the clock of the match */
	int64_t total_us;		/* for all asks */
	int64_t wall_us;		/* real time of all asks, whatever the clock */
	int turns;			/* answers that were taken */
	int strikes, row;		/* tolerated faults: all, and since the last good answer */
	int rank;			/* in the verdict */
};

enum outcome { OUTCOME_NONE, OUTCOME_FINISHED, OUTCOME_CLIENT_ERROR, OUTCOME_FAILED, OUTCOMES };

struct match {
	struct match_rules rules;
	struct seat seat[PLAYERS_MAX];
	bool starting, game_ready, asking;	/* starting: the present ask is for being ready */
	bool ruling;			/* the game may still rule on the answers of the last ask */
	int64_t at_us;			/* of the present event */
	int64_t id;			/* of the present ask */
	uint32_t last_mask, defaults;	/* of the last ask: who, and who has a default */
	enum outcome outcome;		/* OUTCOME_NONE while the match goes on */
	int last_place;			/* the best rank that is not yet given to one who is out */
};

extern const char *const fault_names[FAULTS], *const fault_whats[FAULTS];
extern const char *const fault_standings[FAULTS];
extern const bool fault_fatal[FAULTS];
extern const char *const event_names[EVENTS];
extern const char *const action_names[ACTIONS];
extern const char *const outcome_names[OUTCOMES];
extern const char *const remedy_names[REMEDIES];
extern const char *const pause_names[PAUSES];

/* The index of a name in one of these lists, or -1. */
int name_index(const char *const *names, int count, const char *name);

void match_init(struct match *match, const struct match_rules *rules);

/* Takes one event. Nothing happens any more once there is an outcome. */
void match_step(struct match *match, const struct event *event, struct actions *actions);

/* Is the player being asked, and has neither answered nor failed? */
bool match_waits_for(const struct match *match, int player);

/*
 * active, suspended (paused, or taken out by the game), finished, and by their fault unresponsive,
 * disqualified or crashed.
 */
const char *match_standing(const struct match *match, int player);

/* Does the event concern one player? */
bool event_has_player(enum event_kind kind);

#endif
