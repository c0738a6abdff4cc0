/* Owns carrying out the machine's actions. */
#include "feed.h"

#include "common.h"

#include <string.h>
#include <sys/epoll.h>

const char *const sight_names[SIGHTS] = {
	"start", "ready", "ask", "answer", "fault", "out", "frame", "end", "tick",
};

void
feed_sight(const struct loop *loop, const struct sight *sight)
{
	for (const struct onlooker *onlooker = loop->onlookers; onlooker->see; onlooker++)
		onlooker->see(onlooker->self, loop, sight);
}

void
feed_flush(struct loop *loop, int index)
{
	struct party *party = &loop->party[index];
	struct epoll_event event = { .events = EPOLLOUT,
	    .data.u32 = (uint32_t)index * STREAMS + STREAM_IN };

	party_flush(party);
	if (party->child.in >= 0 && party->pending.length > 0)
		/* it may be watched already */
		(void)epoll_ctl(loop->epoll, EPOLL_CTL_ADD, party->child.in, &event);
}

struct facts
feed_facts(const struct loop *loop, int player, struct raw view)
{
	const struct clock_rules *clock = &loop->match.rules.clock;
	struct facts facts = { .view = view, .vars = loop->setup->bot[player].vars, .seat = player,
		.players = loop_players(loop), .seed = loop->party[player].seed };

	facts.turn_ms = loop->match.seat[player].limit_us / 1000;
	facts.increment_ms = clock->increment_us / 1000;
	for (int i = 0; i < facts.players; i++)
		facts.time_ms[i] = clock->bank_us ? loop->match.seat[i].bank_us / 1000
		    : loop->match.seat[i].limit_us / 1000;
	return facts;
}

/* Too much waits for a player: that shows when the present event is done. */
static void
check_sent(struct loop *loop, int player, int error)
{
	if (error)
		loop->unsent |= 1u << player;
	feed_flush(loop, player);
}

void
feed_view(struct loop *loop, int player)
{
	struct party *party = &loop->party[player];
	struct facts facts = feed_facts(loop, player, loop->view[player]);

	party->view_waits = party->dialog.busy;
	if (party->view_waits)
		return;
	check_sent(loop, player, party_talk(party, SECTION_TURN, &facts));
}

static void
say(struct loop *loop, int player, enum section section, struct raw view)
{
	struct facts facts = feed_facts(loop, player, view);

	check_sent(loop, player, party_say(&loop->party[player], section, &facts));
}

static void
send_view(struct loop *loop, int player)
{
	struct party *party = &loop->party[player];
	int64_t now = loop_now_us();
	struct sight sight = { SIGHT_ASK, now - loop->start_us, player,
		loop->view[player], "", FAULT_none };

	meter_begin(&party->meter, now);
	party->told_bytes = 0;
	feed_view(loop, player);
	feed_sight(loop, &sight);
}

static void
send_to_game(struct loop *loop, const char *text, size_t length)
{
	int game = loop_players(loop);

	if (!text || party_send(&loop->party[game], text, length))
		feed_failure(loop, EVENT_STOP, "the game does not read what it is sent, or memory is short");
	else
		feed_flush(loop, game);
	loop->game_since_us = loop_now_us();
}

static void
send_acts(struct loop *loop)
{
	const struct buffer *answers[PLAYERS_MAX];

	for (int i = 0; i < PLAYERS_MAX; i++)
		answers[i] = &loop->party[i].answer;
	buffer_clear(&loop->acts);
	game_acts(&loop->match, answers, loop->fallback, &loop->acts);
	const char *text = buffer_text(&loop->acts);
	send_to_game(loop, text, loop->acts.length);
}

static void
init_game(struct loop *loop)
{
	cleanup_free char *text = game_init_text(loop->setup, loop->party[loop_players(loop)].seed);

	send_to_game(loop, text, text ? strlen(text) : 0);
}

/* {"end":{"you":0,"ranks":[1,2],"scores":[1,0],"why":"..."}} */
static void
say_end(struct loop *loop, int player)
{
	struct buffer text;

	buffer_init(&text, 1 << 20);
	buffer_putf(&text, "{\"end\":{\"you\":%d,\"ranks\":[", player);
	for (int i = 0; i < loop_players(loop); i++)
		buffer_putf(&text, "%s%d", i ? "," : "", loop->match.seat[i].rank);
	buffer_put(&text, "],\"scores\":");
	buffer_put(&text, loop->scores ? loop->scores : "null");
	buffer_put(&text, ",\"why\":");
	buffer_put_string(&text, loop->why, strlen(loop->why));
	buffer_put(&text, "}}");
	const char *whole = buffer_text(&text);
	if (whole)
		say(loop, player, SECTION_END, raw_of(whole, text.length));
	buffer_free(&text);
}

/* Programs learn of the end by the end of their input. */
static void
finish(struct loop *loop)
{
	loop->finish_us = loop_now_us();
	for (int i = 0; i <= loop_players(loop); i++) {
		struct party *party = &loop->party[i];

		if (i < loop_players(loop) && !loop->match.seat[i].out)
			say_end(loop, i);
		party->deaf = true;
		close_fd(&party->child.in);
	}
}

static void
set_deadline(struct loop *loop, const struct action *action)
{
	int index = action->player < 0 ? OF_MATCH : action->player;

	loop->deadline_us[index] = action->kind == ACTION_DEADLINE ? action->at_us : 0;
}

/* What cannot be paused plays on: the numbers of its turns show that it was not. */
static void
pause_player(struct loop *loop, int player, bool paused)
{
	(void)meter_freeze(&loop->party[player].meter, paused, loop_now_us());
}

static void
abandon(struct loop *loop, int player)
{
	loop->party[player].view_waits = false;
	loop->party[player].dialog.stale = loop->party[player].dialog.busy;
	say(loop, player, SECTION_LATE, RAW_NONE);
}

static void
stop_player(struct loop *loop, int player)
{
	loop->party[player].deaf = true;
	child_stop(&loop->party[player].child);
}

static void
carry_out(struct loop *loop, const struct action *action)
{
	switch (action->kind) {
	case ACTION_INIT_GAME:		init_game(loop); break;
	case ACTION_SEND_VIEW:		send_view(loop, action->player); break;
	case ACTION_SEND_ACTS:		send_acts(loop); break;
	case ACTION_DEADLINE:
	case ACTION_NO_DEADLINE:	set_deadline(loop, action); break;
	case ACTION_ABANDON:		abandon(loop, action->player); break;
	case ACTION_PAUSE:		pause_player(loop, action->player, true); break;
	case ACTION_RESUME:		pause_player(loop, action->player, false); break;
	case ACTION_STOP_PLAYER:	stop_player(loop, action->player); break;
	default:			finish(loop); break;
	}
}

void
feed(struct loop *loop, struct event *event, struct raw said, const char *words)
{
	struct actions actions;

	if (loop->match.outcome != OUTCOME_NONE)
		return;
	match_step(&loop->match, event, &actions);
	replay_event(&loop->replay, event, loop_players(loop), said, words, &actions);
	for (int i = 0; i < actions.count; i++)
		carry_out(loop, &actions.action[i]);
}

static struct event
event_of(struct loop *loop, enum event_kind kind, int player)
{
	struct meter *meter = &loop->party[player].meter;
	struct event event = { .kind = kind, .at_us = loop_now_us(), .player = player };

	if (kind == EVENT_ANSWER)
		event.at_us = loop->heard_us > meter->begin.at_us ? loop->heard_us : meter->begin.at_us;
	event.usage = meter_usage(meter, event.at_us);
	return event;
}

void
feed_player(struct loop *loop, enum event_kind kind, int player, struct raw said)
{
	struct event event = event_of(loop, kind, player);

	feed(loop, &event, said, NULL);
}

void
feed_fault(struct loop *loop, int player, enum fault fault, const char *why)
{
	struct event event = event_of(loop, EVENT_FAULT, player);
	struct sight sight = { SIGHT_FAULT, event.at_us - loop->start_us, player, RAW_NONE, why, fault };

	if (loop->match.outcome != OUTCOME_NONE || loop->match.seat[player].out)
		return;
	snprintf(loop->party[player].why, sizeof(loop->party[player].why), "%s", why);
	event.fault = fault;
	feed_sight(loop, &sight);
	feed(loop, &event, RAW_NONE, why);
}

void
feed_failure(struct loop *loop, enum event_kind kind, const char *why)
{
	struct event event = { .kind = kind, .at_us = loop_now_us() };

	if (loop->match.outcome == OUTCOME_NONE)
		snprintf(loop->why, sizeof(loop->why), "%s", why);
	feed(loop, &event, RAW_NONE, why);
}
