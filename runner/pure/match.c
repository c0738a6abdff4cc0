/*
 * Owns the course of a match: who is asked when, for how long, and what is paused meanwhile.
 * judge.c owns what a fault costs.
 */
#include "match.h"

#include "judge.h"

#include <string.h>

#define FAULT(ident, name, fatal, standing, what) [FAULT_##ident] = what,
const char *const fault_whats[FAULTS] = {
	[FAULT_none] = "nothing",
#include "faults.def"
};
#undef FAULT
#define FAULT(ident, name, fatal, standing, what) [FAULT_##ident] = name,
const char *const fault_names[FAULTS] = {
	[FAULT_none] = "none",
#include "faults.def"
};
#undef FAULT
#define FAULT(ident, name, fatal, standing, what) [FAULT_##ident] = standing,
const char *const fault_standings[FAULTS] = {
	[FAULT_none] = "active",
#include "faults.def"
};
#undef FAULT
#define FAULT(ident, name, fatal, standing, what) [FAULT_##ident] = fatal,
const bool fault_fatal[FAULTS] = {
#include "faults.def"
};
#undef FAULT

const char *const event_names[EVENTS] = {
	[EVENT_START] = "start", [EVENT_READY] = "ready", [EVENT_GAME_READY] = "game-ready",
	[EVENT_ASK] = "ask", [EVENT_ANSWER] = "answer", [EVENT_BAD] = "bad", [EVENT_OUT] = "out",
	[EVENT_END] = "end", [EVENT_FAULT] = "fault", [EVENT_DEADLINE] = "deadline",
	[EVENT_GAME_WRONG] = "game-wrong", [EVENT_STOP] = "stop",
};

const char *const action_names[ACTIONS] = {
	[ACTION_INIT_GAME] = "init-game", [ACTION_SEND_VIEW] = "send-view",
	[ACTION_DEADLINE] = "deadline", [ACTION_NO_DEADLINE] = "no-deadline",
	[ACTION_SEND_ACTS] = "send-acts", [ACTION_ABANDON] = "abandon", [ACTION_PAUSE] = "pause",
	[ACTION_RESUME] = "resume", [ACTION_STOP_PLAYER] = "stop-player",
	[ACTION_FINISH] = "finish",
};

const char *const outcome_names[OUTCOMES] = {
	[OUTCOME_NONE] = "none", [OUTCOME_FINISHED] = "finished",
	[OUTCOME_CLIENT_ERROR] = "client_error", [OUTCOME_FAILED] = "failed",
};

const char *const remedy_names[REMEDIES] = { "forfeit", "default", "skip", "again" };
const char *const pause_names[PAUSES] = { "auto", "off", "on" };

int
name_index(const char *const *names, int count, const char *name)
{
	for (int i = 0; i < count; i++)
		if (names[i] && strcmp(names[i], name) == 0)
			return i;
	return -1;
}

bool
event_has_player(enum event_kind kind)
{
	return kind == EVENT_READY || kind == EVENT_ANSWER || kind == EVENT_OUT ||
	    kind == EVENT_FAULT || kind == EVENT_DEADLINE;
}

void
match_init(struct match *match, const struct match_rules *rules)
{
	memset(match, 0, sizeof(*match));
	match->rules = *rules;
	match->last_place = rules->players;
	for (int i = 0; i < rules->players; i++) {
		match->seat[i].bank_us = rules->clock.bank_us;
		if (!match->rules.cpus_milli[i])
			match->rules.cpus_milli[i] = ONE_CPU_MILLI;
	}
}

bool
match_waits_for(const struct match *match, int player)
{
	const struct seat *seat = &match->seat[player];

	return match->asking && seat->asked && !seat->answered && !seat->ask_fault && !seat->due &&
	    !seat->out;
}

const char *
match_standing(const struct match *match, int player)
{
	const struct seat *seat = &match->seat[player];

	if (seat->fault)
		return fault_standings[seat->fault];
	if (match->outcome != OUTCOME_NONE)
		return "finished";
	return seat->out || seat->paused ? "suspended" : "active";
}

static void
pause(struct match *match, int player, struct actions *actions)
{
	struct seat *seat = &match->seat[player];

	if (seat->paused || seat->out)
		return;
	seat->paused = true;
	judge_act(actions, ACTION_PAUSE, player, 0);
}

/* Is nobody to think on another's time? Where one is asked, that is his; where all are, everybody's. */
static bool
pausing(const struct match *match)
{
	uint32_t one = match->last_mask & (match->last_mask - 1);

	return match->rules.pause == PAUSE_ON ||
	    (match->rules.pause == PAUSE_AUTO && one == 0 && match->rules.players > 1);
}

static void
close_ask(struct match *match, struct actions *actions)
{
	for (int i = 0; i < match->rules.players; i++)
		if (match_waits_for(match, i))
			return;
	if (!match->asking) {
		judge_due(match, actions);
		return;
	}
	bool starting = match->starting;
	match->asking = match->starting = false;
	match->ruling = !starting;
	/* Those who gave no answer, too. */
	for (int i = 0; !starting && pausing(match) && i < match->rules.players; i++)
		if (match->seat[i].asked && !match->seat[i].due)
			pause(match, i, actions);
	judge_due(match, actions);
	if (match->outcome != OUTCOME_NONE)
		return;
	judge_act(actions, starting ? ACTION_INIT_GAME : ACTION_SEND_ACTS, -1, 0);
	if (starting && match->rules.clock.match_us)
		judge_act(actions, ACTION_DEADLINE, -1, match->at_us + match->rules.clock.match_us);
}

/* Getting ready is the first ask: who fails at it is judged together with the others, too. */
static void
on_start(struct match *match, const struct event *event, struct actions *actions)
{
	const struct clock_rules *clock = &match->rules.clock;

	match->asking = match->starting = true;
	for (int i = 0; i < match->rules.players; i++) {
		struct seat *seat = &match->seat[i];

		seat->asked = true;
		seat->asked_us = event->at_us;
		seat->limit_us = clock->ready_us;
		judge_act(actions, ACTION_DEADLINE, i, event->at_us + clock->ready_us);
	}
}

static void
on_ready(struct match *match, const struct event *event, struct actions *actions)
{
	struct seat *seat = &match->seat[event->player];

	if (!match->starting || !match_waits_for(match, event->player))
		return;
	seat->answered = true;
	seat->used = event->usage;
	judge_act(actions, ACTION_NO_DEADLINE, event->player, 0);
	close_ask(match, actions);
}

static int64_t
least(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

/* How long a player has for the ask. The game's word comes before the rules'. */
static int64_t
limit_of(const struct match *match, int player, int64_t asked_turn_us)
{
	const struct clock_rules *clock = &match->rules.clock;
	const struct seat *seat = &match->seat[player];
	int64_t limit = clock->turn_us ? clock->turn_us : CLOCK_FOR_EVER;

	if (match->rules.persons >> player & 1)
		return CLOCK_FOR_EVER;
	if (seat->turns == 0 && clock->first_us)
		limit = clock->first_us;
	if (asked_turn_us > 0)
		limit = asked_turn_us;
	return clock->bank_us ? least(limit, seat->bank_us > 0 ? seat->bank_us : 0) : limit;
}

static void
ask(struct match *match, int player, int64_t turn_us, int64_t at_us, struct actions *actions)
{
	struct seat *seat = &match->seat[player];

	seat->asked = true;
	/* the game was told; it asks all the same, and gets the same answer */
	if (seat->out)
		seat->ask_fault = seat->fault ? seat->fault : FAULT_early_exit;
	else
		judge_ask(match, player, limit_of(match, player, turn_us), at_us, actions);
}

static void
new_ask(struct match *match)
{
	match->asking = true;
	match->ruling = false;
	for (int i = 0; i < match->rules.players; i++) {
		struct seat *seat = &match->seat[i];

		/* The answer before was not ruled bad. */
		seat->row = seat->answered ? 0 : seat->row;
		seat->asked = seat->answered = seat->defaulted = false;
		seat->ask_fault = FAULT_none;
		seat->charge_us = 0;
		seat->used = (struct usage){ 0 };
	}
}

static void
on_ask(struct match *match, const struct event *event, struct actions *actions)
{
	uint32_t players = match->rules.players < 32 ? (1u << match->rules.players) - 1 : ~0u;

	if (match->asking || !match->game_ready || event->mask == 0 || (event->mask & ~players)) {
		judge_finish(match, OUTCOME_FAILED, actions);
		return;
	}
	new_ask(match);
	match->id = event->id;
	match->last_mask = event->mask;
	match->defaults = event->defaults;
	for (int i = 0; pausing(match) && i < match->rules.players; i++)
		if (!(event->mask >> i & 1))
			pause(match, i, actions);
	for (int i = 0; i < match->rules.players; i++)
		if (event->mask >> i & 1)
			ask(match, i, event->turn_us[i], event->at_us, actions);
	close_ask(match, actions);	/* when only players are asked who are out */
}

/*
 * An answer that nobody asked for is as wrong as none: a bot must not think ahead by talking ahead.
 */
static void
on_answer(struct match *match, const struct event *event, struct actions *actions)
{
	struct seat *seat = &match->seat[event->player];
	int64_t limit = seat->limit_us;

	if (seat->out)
		return;
	if (match->starting || !match_waits_for(match, event->player)) {
		judge_fault(match, event->player, FAULT_bad_action, &event->usage, event->at_us, actions);
		close_ask(match, actions);
		return;
	}
	if (clock_charge(match->rules.clock.kind, &event->usage,
	    match->rules.cpus_milli[event->player]) > limit) {
		judge_fault(match, event->player, FAULT_timeout, &event->usage, event->at_us, actions);
		close_ask(match, actions);
		return;
	}
	judge_charge(match, event->player, &event->usage);
	seat->answered = true;
	seat->bank_us += match->rules.clock.increment_us;
	seat->turns++;
	judge_act(actions, ACTION_NO_DEADLINE, event->player, 0);
	if (pausing(match))
		pause(match, event->player, actions);
	close_ask(match, actions);
}

/* The last answers were no good: they become faults, and the ask is open again for these players. */
static void
on_bad(struct match *match, const struct event *event, struct actions *actions)
{
	if (match->asking || !match->ruling || event->mask == 0 ||
	    (event->mask & ~match->last_mask)) {
		judge_finish(match, OUTCOME_FAILED, actions);
		return;
	}
	match->asking = true;
	match->ruling = false;
	for (int i = 0; i < match->rules.players; i++) {
		struct seat *seat = &match->seat[i];
		bool ruled = event->mask >> i & 1;

		seat->asked = ruled;
		if (!ruled)
			continue;
		seat->turns -= seat->answered;
		seat->bank_us -= seat->answered ? match->rules.clock.increment_us : 0;
		seat->answered = seat->defaulted = false;
		seat->ask_fault = seat->out ? FAULT_bad_action : FAULT_none;
		/* Thinking was paid for with the answer. */
		judge_fault(match, i, FAULT_bad_action, &(struct usage){ 0 }, event->at_us, actions);
	}
	close_ask(match, actions);
}

/* The whole match took too long: who used more than his share of it did that. */
static void
on_match_deadline(struct match *match, struct actions *actions)
{
	int64_t share = match->rules.clock.match_us / match->rules.players;

	for (int i = 0; i < match->rules.players; i++) {
		struct seat *seat = &match->seat[i];

		int64_t open_us = match_waits_for(match, i) ? match->at_us - seat->asked_us : 0;

		if (!seat->out && !seat->due && seat->wall_us + open_us > share)
			seat->due = FAULT_timeout;
	}
	int last_place = match->last_place;
	judge_due(match, actions);
	if (match->outcome == OUTCOME_NONE && match->last_place < last_place)
		judge_forfeit(match, actions);
	else if (match->outcome == OUTCOME_NONE)
		judge_finish(match, OUTCOME_FAILED, actions);
}

static void
on_deadline(struct match *match, const struct event *event, struct actions *actions)
{
	const struct seat *seat = &match->seat[event->player];
	enum clock_kind kind = match->starting ? CLOCK_WALL : match->rules.clock.kind;
	int cpus = match->rules.cpus_milli[event->player];
	int64_t charge = clock_charge(kind, &event->usage, cpus), cap = clock_wall_cap(kind, seat->limit_us);

	if (!match_waits_for(match, event->player))
		return;
	if (charge < seat->limit_us && event->usage.wall_us < cap) {
		int64_t more = clock_remaining(kind, charge, seat->limit_us, cpus);

		judge_act(actions, ACTION_DEADLINE, event->player,
		    event->at_us + least(more, cap - event->usage.wall_us));
		return;
	}
	judge_fault(match, event->player, match->starting ? FAULT_no_ready : FAULT_timeout,
	    &event->usage, event->at_us, actions);
	close_ask(match, actions);
}

static void
on_out(struct match *match, const struct event *event, struct actions *actions)
{
	struct seat *seat = &match->seat[event->player];

	if (seat->out)
		return;
	/* He will not answer what he is being asked. */
	if (match_waits_for(match, event->player))
		seat->ask_fault = FAULT_early_exit;
	seat->out = true;
	seat->rank = match->last_place--;
	judge_act(actions, ACTION_STOP_PLAYER, event->player, 0);
	if (match->asking)
		close_ask(match, actions);
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
	judge_finish(match, outcome, actions);
}

static void
on_fault(struct match *match, const struct event *event, struct actions *actions)
{
	judge_fault(match, event->player, event->fault, &event->usage, event->at_us, actions);
	close_ask(match, actions);
}

void
match_step(struct match *match, const struct event *event, struct actions *actions)
{
	bool of_match = event->kind == EVENT_DEADLINE && event->player == -1;

	actions->count = 0;
	match->at_us = event->at_us;
	if (match->outcome != OUTCOME_NONE)
		return;
	if (event_has_player(event->kind) && !of_match &&
	    (event->player < 0 || event->player >= match->rules.players)) {
		judge_finish(match, OUTCOME_FAILED, actions);
		return;
	}
	switch (event->kind) {
	case EVENT_START:	on_start(match, event, actions); break;
	case EVENT_READY:	on_ready(match, event, actions); break;
	case EVENT_GAME_READY:	match->game_ready = true; break;
	case EVENT_ASK:		on_ask(match, event, actions); break;
	case EVENT_ANSWER:	on_answer(match, event, actions); break;
	case EVENT_BAD:		on_bad(match, event, actions); break;
	case EVENT_OUT:		on_out(match, event, actions); break;
	case EVENT_END:		on_end(match, event, actions); break;
	case EVENT_FAULT:	on_fault(match, event, actions); break;
	case EVENT_DEADLINE:
		if (of_match)
			on_match_deadline(match, actions);
		else
			on_deadline(match, event, actions);
		break;
	default:		judge_finish(match, OUTCOME_FAILED, actions); break;
	}
}
