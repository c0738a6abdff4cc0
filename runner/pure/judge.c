/*
 * Owns what a fault costs. Faults within one ask are judged together when all its answers are in,
 * so that nobody wins by failing second.
 */
#include "judge.h"

void
judge_act(struct actions *actions, enum action_kind kind, int player, int64_t at_us)
{
	if (actions->count < ACTIONS_MAX)
		actions->action[actions->count++] = (struct action){ kind, player, at_us };
}

static int
count_in(const struct match *match)
{
	int in = 0;

	for (int i = 0; i < match->rules.players; i++)
		in += !match->seat[i].out;
	return in;
}

void
judge_finish(struct match *match, enum outcome outcome, struct actions *actions)
{
	match->outcome = outcome;
	for (int i = 0; i < match->rules.players; i++)
		if (match->seat[i].paused && !match->seat[i].out)
			judge_act(actions, ACTION_RESUME, i, 0);
	judge_act(actions, ACTION_FINISH, -1, 0);
}

void
judge_forfeit(struct match *match, struct actions *actions)
{
	for (int i = 0; i < match->rules.players; i++)
		if (!match->seat[i].out)
			match->seat[i].rank = 1;
	judge_finish(match, OUTCOME_CLIENT_ERROR, actions);
}

/* They share the best of the places that they leave. */
void
judge_due(struct match *match, struct actions *actions)
{
	int failed = 0;

	for (int i = 0; i < match->rules.players; i++)
		failed += !match->seat[i].out && match->seat[i].due;
	if (failed == 0)
		return;
	for (int i = 0; i < match->rules.players; i++) {
		struct seat *seat = &match->seat[i];

		if (seat->out || !seat->due)
			continue;
		seat->out = true;
		seat->fault = seat->due;
		seat->rank = match->last_place - failed + 1;
		judge_act(actions, ACTION_STOP_PLAYER, i, 0);
	}
	match->last_place -= failed;
	if (count_in(match) <= 1)
		judge_forfeit(match, actions);
}

void
judge_charge(struct match *match, int player, const struct usage *usage)
{
	struct seat *seat = &match->seat[player];
	int64_t charge = clock_charge(match->rules.clock.kind, usage, match->rules.cpus_milli[player]);

	seat->used = *usage;
	seat->charge_us += charge;
	seat->limit_us -= charge;
	if (match->starting)
		return;
	seat->total_us += charge;
	seat->wall_us += usage->wall_us;
	seat->bank_us -= charge;
}

void
judge_ask(struct match *match, int player, int64_t limit_us, int64_t at_us, struct actions *actions)
{
	struct seat *seat = &match->seat[player];
	const struct match_rules *rules = &match->rules;

	seat->asked_us = at_us;
	seat->limit_us = limit_us;
	judge_act(actions, ACTION_SEND_VIEW, player, 0);
	if (seat->paused)
		judge_act(actions, ACTION_RESUME, player, 0);
	seat->paused = false;
	if (limit_us < CLOCK_FOR_EVER / 2)
		judge_act(actions, ACTION_DEADLINE, player, at_us +
		    clock_remaining(rules->clock.kind, 0, limit_us, rules->cpus_milli[player]));
}

static enum remedy
remedy_for(struct match *match, int player, enum fault fault)
{
	const struct fault_rule *rule = &match->rules.fault[fault];
	struct seat *seat = &match->seat[player];

	if (!fault_fatal[fault] && (match->rules.persons >> player & 1))
		return REMEDY_AGAIN;
	if (fault_fatal[fault] || rule->remedy == REMEDY_FORFEIT)
		return REMEDY_FORFEIT;
	seat->strikes++;
	seat->row++;
	int strikes = rule->in_a_row ? seat->row : seat->strikes;
	return rule->strikes && strikes >= rule->strikes ? REMEDY_FORFEIT : rule->remedy;
}

/* On what is left of his time. */
static bool
ask_again(struct match *match, int player, int64_t at_us, struct actions *actions)
{
	if (match->seat[player].limit_us <= 0)
		return false;
	judge_ask(match, player, match->seat[player].limit_us, at_us, actions);
	return true;
}

static void
fault_of_answer(struct match *match, int player, enum fault fault, const struct usage *usage,
    int64_t at_us, struct actions *actions)
{
	struct seat *seat = &match->seat[player];
	enum remedy remedy = remedy_for(match, player, fault);

	judge_charge(match, player, usage);
	judge_act(actions, ACTION_NO_DEADLINE, player, 0);
	if (remedy == REMEDY_AGAIN && ask_again(match, player, at_us, actions))
		return;
	seat->ask_fault = remedy == REMEDY_AGAIN ? FAULT_timeout : fault;
	seat->defaulted = remedy == REMEDY_DEFAULT && (match->defaults >> player & 1);
	if (remedy == REMEDY_FORFEIT || remedy == REMEDY_AGAIN)
		seat->due = seat->ask_fault;
	else if (fault == FAULT_timeout)
		judge_act(actions, ACTION_ABANDON, player, 0);
}

void
judge_fault(struct match *match, int player, enum fault fault, const struct usage *usage,
    int64_t at_us, struct actions *actions)
{
	struct seat *seat = &match->seat[player];

	if (seat->out || seat->due)
		return;
	if (match_waits_for(match, player)) {
		fault_of_answer(match, player, fault, usage, at_us, actions);
		return;
	}
	judge_act(actions, ACTION_NO_DEADLINE, player, 0);
	if (remedy_for(match, player, fault) == REMEDY_FORFEIT)
		seat->due = fault;
}
