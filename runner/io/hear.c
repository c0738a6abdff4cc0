/* Owns what a line of a program means to the match. */
#include "hear.h"

#include "common.h"
#include "feed.h"
#include "utf8.h"

#include <errno.h>
#include <string.h>
#include <sys/epoll.h>

#define UNASKED_MOST 100	/* then it is a flood, whatever the rules tolerate */

static bool
is_game(const struct loop *loop, int index)
{
	return index == loop_players(loop);
}

/* --- the game */

/* Who cannot read that much between two asks is not to blame. */
static void
unsent(struct loop *loop, int player)
{
	if (loop->party[player].told_bytes > PENDING_CAP / 2)
		feed_failure(loop, EVENT_GAME_WRONG, "the game told a player more than 2 MiB at a time");
	else
		loop->unsent |= 1u << player;
}

static void
hear_tell(struct loop *loop, const struct message *message)
{
	replay_line(&loop->replay, loop_now_us(), "tell", message->to, RAW_NONE);
	for (int i = 0; i < loop_players(loop); i++) {
		struct raw told = message->part[i];
		struct facts facts = feed_facts(loop, i, told);

		if (!told.bytes || loop->match.seat[i].out)
			continue;
		loop->party[i].told_bytes += told.length;
		if (party_say(&loop->party[i], SECTION_TELL, &facts))
			unsent(loop, i);
		feed_flush(loop, i);
	}
}

static void
hear_frame(struct loop *loop, const struct message *message)
{
	int64_t now = loop_now_us();
	struct sight sight = { SIGHT_FRAME, now - loop->start_us, -1, message->view, "", FAULT_none };

	replay_line(&loop->replay, now, "frame", message->view, message->scores);
	feed_sight(loop, &sight);
}

static struct raw
moved(struct raw part, const char *from, const char *to)
{
	return part.bytes ? (struct raw){ to + (part.bytes - from), part.length } : part;
}

static bool
views_fit(const struct loop *loop, const struct message *message)
{
	for (int i = 0; i < loop_players(loop); i++)
		if (message->part[i].length > PENDING_CAP / 2)
			return false;
	return true;
}

/* The line of an ask is kept while it is the present one: its views are sent out of it. */
static int
keep_ask(struct loop *loop, const struct message *message, const char *line, size_t length)
{
	buffer_clear(&loop->ask);
	if (buffer_append(&loop->ask, line, length))
		return -EMSGSIZE;
	const char *kept = buffer_bytes(&loop->ask);
	for (int i = 0; i < PLAYERS_MAX; i++) {
		loop->view[i] = moved(message->part[i], line, kept);
		loop->fallback[i] = moved(message->fallback[i], line, kept);
	}
	return 0;
}

static void
note_ruling(struct loop *loop, const struct message *message)
{
	for (int i = 0; i < loop_players(loop); i++)
		if (message->event.mask >> i & 1) {
			struct sight sight = { SIGHT_FAULT, message->event.at_us - loop->start_us, i, RAW_NONE,
				message->why, FAULT_bad_action };

			snprintf(loop->party[i].why, sizeof(loop->party[i].why), "%s", message->why);
			feed_sight(loop, &sight);
		}
}

static void
note_end(struct loop *loop, const struct message *message)
{
	snprintf(loop->why, sizeof(loop->why), "%s", message->why);
	if (message->scores.bytes)
		loop->scores = strndup(message->scores.bytes, message->scores.length);
}

static void
hear_event(struct loop *loop, struct message *message, const char *line, size_t length)
{
	struct sight out = { SIGHT_OUT, 0, message->event.player, RAW_NONE, message->why, FAULT_none };

	message->event.at_us = loop_now_us();
	out.us = message->event.at_us - loop->start_us;
	if (message->event.kind == EVENT_ASK && !loop->match.asking &&
	    keep_ask(loop, message, line, length)) {
		feed_failure(loop, EVENT_STOP, "out of memory");
		return;
	}
	if (message->event.kind == EVENT_ASK && !views_fit(loop, message)) {
		feed_failure(loop, EVENT_GAME_WRONG, "the game asked with a view longer than 2 MiB");
		return;
	}
	if (message->event.kind == EVENT_BAD)
		note_ruling(loop, message);
	if (message->event.kind == EVENT_END)
		note_end(loop, message);
	if (message->event.kind == EVENT_OUT)
		feed_sight(loop, &out);
	loop->game_since_us = message->event.kind == EVENT_ASK ? 0 : loop->game_since_us;
	feed(loop, &message->event, message->body, NULL);
	if (loop->match.outcome == OUTCOME_FAILED && !*loop->why)
		snprintf(loop->why, sizeof(loop->why),
		    "the game asked or ruled out of turn: %.100s", line);
}

static void
hear_game_line(struct loop *loop, const char *line, size_t length)
{
	struct message message;

	game_parse(line, length, loop_players(loop), &message);
	loop->game_since_us = loop->game_since_us ? loop_now_us() : 0;
	switch (message.kind) {
	case MESSAGE_EVENT:	hear_event(loop, &message, line, length); break;
	case MESSAGE_TELL:	hear_tell(loop, &message); break;
	case MESSAGE_FRAME:	hear_frame(loop, &message); break;
	default:		feed_failure(loop, EVENT_GAME_WRONG, message.why); break;
	}
}

/* --- the bots */

static void
hear_answer(struct loop *loop, int player, const char *line)
{
	struct party *party = &loop->party[player];

	buffer_clear(&party->answer);
	dialog_action(&party->dialog, line, &party->answer);
	const char *text = buffer_text(&party->answer);
	if (!text) {
		feed_fault(loop, player, FAULT_output_limit, "an answer longer than 1 MiB");
		return;
	}
	struct raw action = raw_of(text, party->answer.length);
	struct sight sight = { SIGHT_ANSWER, 0, player, action, "", FAULT_none };
	feed_player(loop, EVENT_ANSWER, player, action);
	sight.us = loop_now_us() - loop->start_us;
	if (loop->match.seat[player].answered)
		feed_sight(loop, &sight);
}

static void
hear_done(struct loop *loop, int player, const char *line)
{
	struct sight sight = { SIGHT_READY, loop_now_us() - loop->start_us, player, RAW_NONE, "",
		FAULT_none };

	if (loop->party[player].dialog.section == SECTION_TURN) {
		hear_answer(loop, player, line);
		return;
	}
	feed_sight(loop, &sight);
	feed_player(loop, EVENT_READY, player, RAW_NONE);
}

/* Late as it is, it is not taken for the answer to what was asked since. */
static void
hear_stale(struct loop *loop, int player)
{
	if (loop->party[player].view_waits)
		feed_view(loop, player);
}

/* A section may end with what is sent. */
static void
hear_more(struct loop *loop, int player, const char *line)
{
	struct party *party = &loop->party[player];
	struct facts facts = feed_facts(loop, player, loop->view[player]);

	if (party_go_on(party, &facts))
		loop->unsent |= 1u << player;
	feed_flush(loop, player);
	if (!party->dialog.busy && party->dialog.stale)
		hear_stale(loop, player);
	else if (!party->dialog.busy)
		hear_done(loop, player, line);
}

static void
fault_with_line(struct loop *loop, int player, enum fault fault, const char *what, const char *line)
{
	char why[256];

	snprintf(why, sizeof(why), "%s: %.100s", what, line);
	utf8_make_plain(why);
	feed_fault(loop, player, fault, why);
}

static void
hear_bot_line(struct loop *loop, int player, const char *line, size_t length)
{
	struct party *party = &loop->party[player];
	const char *why = "";

	if (length > (size_t)party->caps->line) {
		feed_fault(loop, player, FAULT_output_limit, "a line longer than allowed (caps.line)");
		return;
	}
	switch (dialog_hear(&party->dialog, line, length, &why)) {
	case HEARD_DROP:	break;
	case HEARD_LOG:
		log_write(&party->log, line, length);
		log_write(&party->log, "\n", 1);
		break;
	case HEARD_MORE:	hear_more(loop, player, line); break;
	case HEARD_DONE:	hear_done(loop, player, line); break;
	case HEARD_STALE:	hear_stale(loop, player); break;
	case HEARD_NOT_JSON:	fault_with_line(loop, player, FAULT_bad_json, why, line); break;
	case HEARD_WRONG:	fault_with_line(loop, player, FAULT_bad_action, "it gave up", line); break;
	case HEARD_UNASKED:
		fault_with_line(loop, player, ++party->unasked > UNASKED_MOST ? FAULT_output_limit
		    : FAULT_bad_action, "spoke without being asked", line);
		break;
	default:
		feed_fault(loop, player, FAULT_output_limit, "an answer longer than 1 MiB");
		break;
	}
}

/* A person types what he likes: what is no JSON is a string. */
static void
hear_person_line(struct loop *loop, int player, const char *line, size_t length)
{
	struct buffer *answer = &loop->party[player].answer;

	if (strspn(line, " \t\r") == length)
		return;
	buffer_clear(answer);
	if (raw_check(line, length))
		buffer_put_string(answer, line, length);
	else
		buffer_put_bytes(answer, line, length);
	struct sight sight = { SIGHT_ANSWER, loop_now_us() - loop->start_us, player,
		raw_of(buffer_text(answer), answer->length), "", FAULT_none };
	feed_player(loop, EVENT_ANSWER, player, sight.text);
	feed_sight(loop, &sight);
}

/* What was typed ahead waits for its turn. */
void
hear_person(struct loop *loop, int player)
{
	struct party *party = &loop->party[player];
	size_t length;
	char *line;

	while (match_waits_for(&loop->match, player) && !loop->match.starting &&
	    (line = buffer_line(&party->lines, &length))) {
		hear_person_line(loop, player, line, length);
		buffer_drop(&party->lines, length + 1);
	}
}

/* --- streams */

static void
hear_lines(struct loop *loop, int index)
{
	struct party *party = &loop->party[index];
	size_t length;
	char *line;

	while (!party->deaf && (line = buffer_line(&party->lines, &length))) {
		if (is_game(loop, index))
			hear_game_line(loop, line, length);
		else
			hear_bot_line(loop, index, line, length);
		buffer_drop(&party->lines, length + 1);
	}
}

static void
hear_output(struct loop *loop, int index)
{
	struct party *party = &loop->party[index];
	const char *wrong;
	bool open = party_read_lines(party, &wrong);

	if (!party->program->person)
		hear_lines(loop, index);
	if (!wrong && !party->deaf && party->lines.length > (size_t)party->caps->line)
		wrong = "a line longer than allowed (caps.line)";
	if (wrong && is_game(loop, index))
		feed_failure(loop, EVENT_GAME_WRONG, wrong);
	else if (wrong)
		feed_fault(loop, index, FAULT_output_limit, wrong);
	if (party->deaf)
		buffer_drop(&party->lines, party->lines.length);
	if (!open)
		loop->closed_us[index] = loop_now_us();
}

/*
 * How a bot's jail ended, as a fault of the bot; FAULT_none: it was not the bot. bot-jail(1),
 * STATUS LINE.
 */
static enum fault
fault_of(const struct js *status, bool own_jail)
{
	static const struct {
		const char *reason;
		enum fault fault;
	} faults[] = {
		{ "exited", FAULT_early_exit }, { "signaled", FAULT_crash },
		{ "memory", FAULT_memory },	{ "syscall", FAULT_syscall },
		{ "cpu", FAULT_timeout },
	};
	const char *reason = js_string(js_get(status, "reason")),
	    *step = js_string(js_get(status, "step"));
	int64_t error;

	/* Who chose how long his jail lasts cannot call its end ours. */
	if (own_jail && reason && strcmp(reason, "wall") == 0)
		return FAULT_timeout;
	for (size_t i = 0; reason && i < COUNT(faults); i++)
		if (strcmp(faults[i].reason, reason) == 0)
			return faults[i].fault;
	/* Its folder lacks the program: that is as if it crashed at once. */
	bool executing = reason && strcmp(reason, "setup") == 0 && step && strcmp(step, "exec") == 0;
	/* A host that has no process or memory left is not the bot's fault. */
	bool host = js_integer(js_get(status, "errno"), &error) &&
	    (error == EAGAIN || error == ENOMEM);
	return executing && !host ? FAULT_crash : FAULT_none;
}

static void
describe(const struct js *status, const char *name, char why[256])
{
	const char *reason = js_string(js_get(status, "reason")),
	    *message = js_string(js_get(status, "message"));
	const char *call = js_string(js_get(js_get(status, "syscall"), "name"));
	int64_t number;

	if (message)
		snprintf(why, 256, "%s: %s", name, message);
	else if (js_integer(js_get(status, "exit"), &number))
		snprintf(why, 256, "%s exited with status %lld", name, (long long)number);
	else if (js_integer(js_get(status, "signal"), &number) && number > 0 && number < 65)
		snprintf(why, 256, "%s was ended by signal %lld (%s)", name, (long long)number,
		    strsignal((int)number));
	else if (call)
		snprintf(why, 256, "%s used the system call %s", name, call);
	else
		snprintf(why, 256, "%s was ended: %s", name, reason ? reason : "no status line");
}

/* What it used up for the whole match is fatal, whatever a slow answer would cost. */
static void
end_of_bot(struct loop *loop, int player, enum fault fault, const char *why)
{
	feed_fault(loop, player, fault, why);
	if (!loop->match.seat[player].out)
		feed_fault(loop, player, FAULT_early_exit, why);
}

static void
hear_status(struct loop *loop, int index)
{
	struct party *party = &loop->party[index];
	const char *wrong;
	char why[256];

	if (party_read_status(party) || loop->match.outcome != OUTCOME_NONE)
		return;
	/* its last words come before its end */
	while (party->child.out >= 0 && party_read_lines(party, &wrong))
		hear_lines(loop, index);
	hear_lines(loop, index);
	const char *reason = js_string(js_get(party->status, "reason"));
	/* With a step it is for now: all jails are busy. */
	loop->refused |= reason && strcmp(reason, "refused") == 0 &&
	    !js_string(js_get(party->status, "step"));
	describe(party->status, is_game(loop, index) ? "the game" : party->program->name, why);
	if (is_game(loop, index))
		feed_failure(loop, EVENT_GAME_WRONG, why);
	else if (fault_of(party->status, party->program->own_jail) != FAULT_none)
		end_of_bot(loop, index, fault_of(party->status, party->program->own_jail), why);
	else if (!loop->match.seat[index].out)
		feed_failure(loop, EVENT_STOP, why);
}

static void
hear_room(struct loop *loop, int index)
{
	struct party *party = &loop->party[index];

	party_flush(party);
	if (party->child.in >= 0 && party->pending.length == 0)
		(void)epoll_ctl(loop->epoll, EPOLL_CTL_DEL, party->child.in, NULL);
}

/* The descriptors come before the program starts; what follows on the socket is not for us. */
static void
hear_control(struct loop *loop, int index)
{
	struct party *party = &loop->party[index];

	(void)meter_receive(&party->meter, party->child.control);
	(void)epoll_ctl(loop->epoll, EPOLL_CTL_DEL, party->child.control, NULL);
}

void
hear_stream(struct loop *loop, int index, enum stream stream)
{
	struct party *party = &loop->party[index];

	if (party_fd(party, stream) < 0)
		return;
	switch (stream) {
	case STREAM_IN:		hear_room(loop, index); break;
	case STREAM_OUT:	hear_output(loop, index); break;
	case STREAM_ERR:	(void)party_read_log(party); break;
	case STREAM_CONTROL:	hear_control(loop, index); break;
	default:		hear_status(loop, index); break;
	}
}

void
hear_closed(struct loop *loop, int index)
{
	if (is_game(loop, index))
		feed_failure(loop, EVENT_GAME_WRONG, "the game closed its output");
	else if (!loop->match.seat[index].out)
		feed_fault(loop, index, FAULT_early_exit, loop->party[index].program->person
		    ? "left" : "closed its output");
}
