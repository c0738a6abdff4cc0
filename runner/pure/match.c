/*
 * Owns the rules of a match: who is asked when, what a fault costs, who has won. A fault costs the
 * match (forfeit). Faults within one ask are judged together when all its answers are in, so that
 * nobody wins by failing second.
 */
#include "match.h"

#include <string.h>

const char *const fault_whats[FAULTS] = {
	[FAULT_none] = "nothing",
#define FAULT(ident, name, what) [FAULT_##ident] = what,
#include "faults.def"
#undef FAULT
};

const char *const fault_names[FAULTS] = {
	[FAULT_none] = "none",
#define FAULT(ident, name, what) [FAULT_##ident] = name,
#include "faults.def"
#undef FAULT
};

const char *const event_names[EVENTS] = {
	[EVENT_START] = "start", [EVENT_READY] = "ready", [EVENT_GAME_READY] = "game-ready",
	[EVENT_ASK] = "ask",
	[EVENT_ANSWER] = "answer", [EVENT_BAD] = "bad", [EVENT_OUT] = "out", [EVENT_END] = "end",
	[EVENT_FAULT] = "fault", [EVENT_DEADLINE] = "deadline", [EVENT_GAME_WRONG] = "game-wrong",
	[EVENT_STOP] = "stop",
};

const char *const action_names[ACTIONS] = {
	[ACTION_INIT_GAME] = "init-game", [ACTION_SEND_VIEW] = "send-view",
	[ACTION_DEADLINE] = "deadline",
	[ACTION_NO_DEADLINE] = "no-deadline", [ACTION_SEND_ACTS] = "send-acts",
	[ACTION_STOP_PLAYER] = "stop-player", [ACTION_FINISH] = "finish",
};

const char *const outcome_names[OUTCOMES] = {
	[OUTCOME_NONE] = "none", [OUTCOME_FINISHED] = "finished",
	[OUTCOME_CLIENT_ERROR] = "client_error",
	[OUTCOME_FAILED] = "failed",
};

static void
act(struct actions *actions, enum action_kind kind, int player, int64_t at_us)
{
	if (actions->count < ACTIONS_MAX)
		actions->action[actions->count++] = (struct action){ kind, player, at_us };
}

void
match_init(struct match *match, const struct match_rules *rules)
{
	memset(match, 0, sizeof(*match));
	match->rules = *rules;
	match->last_place = rules->players;
}

static int
count_in(const struct match *match)
{
	int in = 0;

	for (int i = 0; i < match->rules.players; i++)
		in += !match->seat[i].out;
	return in;
}

static void
finish(struct match *match, enum outcome outcome, struct actions *actions)
{
	match->outcome = outcome;
	act(actions, ACTION_FINISH, -1, 0);
}

/* Those who are still in share the first place. */
static void
finish_by_forfeit(struct match *match, struct actions *actions)
{
	for (int i = 0; i < match->rules.players; i++)
		if (!match->seat[i].out)
			match->seat[i].rank = 1;
	finish(match, OUTCOME_CLIENT_ERROR, actions);
}

/*
 * Takes out everybody whose present ask ended in a fault; they share the best of the places that
 * they leave.
 */
static void
judge(struct match *match, struct actions *actions)
{
	int failed = 0;

	for (int i = 0; i < match->rules.players; i++)
		failed += !match->seat[i].out && match->seat[i].ask_fault;
	for (int i = 0; failed > 0 && i < match->rules.players; i++) {
		struct seat *seat = &match->seat[i];

		if (seat->out || !seat->ask_fault)
			continue;
		seat->out = true;
		seat->fault = seat->ask_fault;
		seat->rank = match->last_place - failed + 1;
		act(actions, ACTION_STOP_PLAYER, i, 0);
	}
	match->last_place -= failed;
	if (failed > 0 && count_in(match) <= 1)
		finish_by_forfeit(match, actions);
}

static bool
all_answered(const struct match *match)
{
	for (int i = 0; i < match->rules.players; i++)
		if (match->seat[i].asked && !match->seat[i].answered && !match->seat[i].ask_fault)
			return false;
	return true;
}

static void
close_ask(struct match *match, struct actions *actions)
{
	if (!match->asking || !all_answered(match))
		return;
	bool starting = match->starting;
	match->asking = match->starting = false;
	judge(match, actions);
	if (match->outcome == OUTCOME_NONE)
		act(actions, starting ? ACTION_INIT_GAME : ACTION_SEND_ACTS, -1, 0);
}

static void
fault(struct match *match, int player, enum fault fault, int64_t at_us, struct actions *actions)
{
	struct seat *seat = &match->seat[player];

	if (seat->out || seat->ask_fault)
		return;
	seat->ask_fault = fault;
	if (seat->asked && !seat->answered)
		seat->used_us = at_us - seat->asked_us;
	act(actions, ACTION_NO_DEADLINE, player, 0);
	if (match->asking)
		close_ask(match, actions);
	else
		judge(match, actions);
}

/* Getting ready is the first ask: who fails at it is judged together with the others, too. */
static void
on_start(struct match *match, const struct event *event, struct actions *actions)
{
	match->asking = match->starting = true;
	for (int i = 0; i < match->rules.players; i++) {
		match->seat[i].asked = true;
		match->seat[i].asked_us = event->at_us;
		match->seat[i].deadline_us = event->at_us + match->rules.ready_us;
		act(actions, ACTION_DEADLINE, i, match->seat[i].deadline_us);
	}
}

static void
on_ready(struct match *match, const struct event *event, struct actions *actions)
{
	struct seat *seat = &match->seat[event->player];

	if (!match->starting || seat->answered || seat->out)
		return;
	seat->answered = true;
	act(actions, ACTION_NO_DEADLINE, event->player, 0);
	close_ask(match, actions);
}

static void
ask(struct match *match, int player, const struct event *event, struct actions *actions)
{
	struct seat *seat = &match->seat[player];
	int64_t turn_us = event->turn_us[player] > 0 ? event->turn_us[player]
	    : match->rules.turn_us;

	seat->asked = true;
	seat->asked_us = event->at_us;
	seat->deadline_us = event->at_us + turn_us;
	/* the game was told; it asks all the same, and gets the same answer */
	if (seat->out) {
		seat->ask_fault = seat->fault ? seat->fault : FAULT_early_exit;
		return;
	}
	act(actions, ACTION_SEND_VIEW, player, 0);
	act(actions, ACTION_DEADLINE, player, seat->deadline_us);
}

static void
on_ask(struct match *match, const struct event *event, struct actions *actions)
{
	uint32_t players = match->rules.players < 32 ? (1u << match->rules.players) - 1 : ~0u;

	if (match->asking || !match->game_ready || event->mask == 0 || (event->mask & ~players)) {
		finish(match, OUTCOME_FAILED, actions);
		return;
	}
	match->asking = true;
	match->id = event->id;
	for (int i = 0; i < match->rules.players; i++) {
		struct seat *seat = &match->seat[i];

		seat->asked = seat->answered = false;
		seat->ask_fault = FAULT_none;
		seat->used_us = 0;
		if (event->mask >> i & 1)
			ask(match, i, event, actions);
	}
	close_ask(match, actions);	/* when only players are asked who are out */
}

/*
 * An answer that nobody asked for is as wrong as none: a bot must not think ahead by talking ahead.
 */
static void
on_answer(struct match *match, const struct event *event, struct actions *actions)
{
	struct seat *seat = &match->seat[event->player];

	if (seat->out)
		return;
	if (!match->asking || match->starting || !seat->asked || seat->answered) {
		fault(match, event->player, FAULT_bad_action, event->at_us, actions);
		return;
	}
	if (event->at_us > seat->deadline_us) {
		fault(match, event->player, FAULT_timeout, event->at_us, actions);
		return;
	}
	seat->answered = true;
	seat->used_us = event->at_us - seat->asked_us;
	seat->total_us += seat->used_us;
	seat->turns++;
	act(actions, ACTION_NO_DEADLINE, event->player, 0);
	close_ask(match, actions);
}

static void
on_deadline(struct match *match, const struct event *event, struct actions *actions)
{
	const struct seat *seat = &match->seat[event->player];

	if (match->asking && seat->asked && !seat->answered)
		fault(match, event->player, match->starting ? FAULT_no_ready : FAULT_timeout,
		    event->at_us, actions);
}

static void
on_out(struct match *match, const struct event *event, struct actions *actions)
{
	struct seat *seat = &match->seat[event->player];

	if (seat->out)
		return;
	seat->out = true;
	seat->rank = match->last_place--;
	act(actions, ACTION_STOP_PLAYER, event->player, 0);
}

/*
 * Whoever forfeited keeps the place that this gave him: the game's ranks cannot lift him above
 * those who played on.
 */
static void
on_end(struct match *match, const struct event *event, struct actions *actions)
{
	enum outcome outcome = OUTCOME_FINISHED;

	for (int i = 0; i < match->rules.players; i++) {
		if (match->seat[i].fault)
			outcome = OUTCOME_CLIENT_ERROR;
		else
			match->seat[i].rank = event->rank[i];
	}
	finish(match, outcome, actions);
}

void
match_step(struct match *match, const struct event *event, struct actions *actions)
{
	bool has_player = event->kind == EVENT_READY || event->kind == EVENT_ANSWER ||
	    event->kind == EVENT_BAD ||
	    event->kind == EVENT_OUT || event->kind == EVENT_FAULT || event->kind == EVENT_DEADLINE;

	actions->count = 0;
	if (match->outcome != OUTCOME_NONE)
		return;
	if (has_player && (event->player < 0 || event->player >= match->rules.players)) {
		finish(match, OUTCOME_FAILED, actions);
		return;
	}
	switch (event->kind) {
	case EVENT_START:	on_start(match, event, actions); break;
	case EVENT_READY:	on_ready(match, event, actions); break;
	case EVENT_GAME_READY:	match->game_ready = true; break;
	case EVENT_ASK:		on_ask(match, event, actions); break;
	case EVENT_ANSWER:	on_answer(match, event, actions); break;
	case EVENT_BAD:		fault(match, event->player, FAULT_bad_action, event->at_us,
	    actions); break;
	case EVENT_OUT:		on_out(match, event, actions); break;
	case EVENT_END:		on_end(match, event, actions); break;
	case EVENT_FAULT:	fault(match, event->player, event->fault, event->at_us,
	    actions); break;
	case EVENT_DEADLINE:	on_deadline(match, event, actions); break;
	default:		finish(match, OUTCOME_FAILED, actions); break;
	}
}
