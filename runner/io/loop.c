/*
 * Owns waiting. Everything is an event of one epoll set; deadlines are absolute, and no output
 * moves them.
 */
#include "loop.h"

#include "common.h"
#include "game.h"
#include "seed.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <sys/timerfd.h>
#include <time.h>

#define CLOSED_GRACE_US (200 * 1000)	/* how long the status line may come after the end of the output */
#define LEAVE_GRACE_US (300 * 1000)	/* how long programs may take to leave by themselves */
#define GIVE_UP_US (10 * 1000 * 1000)	/* then whatever is left is not waited for */
#define TIMER_TAG (~0u)
#define SIGNAL_TAG (~0u - 1)

static int64_t
now_us(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);	/* cannot fail for this clock */
	return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static int
players(const struct loop *loop)
{
	return loop->setup->rules.players;
}


static void feed(struct loop *loop, struct event *event, const char *text);

static void
feed_fault(struct loop *loop, int player, enum fault fault, const char *why)
{
	struct event event = { .kind = EVENT_FAULT, .at_us = now_us(), .player = player,
	    .fault = fault };
	char *words = loop->party[player].why;

	if (!*words)
		snprintf(words, sizeof(loop->party[player].why), "%s", why);
	feed(loop, &event, why);
}

/* Ours, not a bot's: the match counts for nobody. */
static void
feed_failure(struct loop *loop, enum event_kind kind, const char *why)
{
	struct event event = { .kind = kind, .at_us = now_us() };

	if (loop->match.outcome == OUTCOME_NONE)
		snprintf(loop->why, sizeof(loop->why), "%s", why);
	feed(loop, &event, why);
}

/* Asks to hear of these bytes being taken, while some wait. */
static void
watch_pending(struct loop *loop, int index)
{
	struct party *party = &loop->party[index];
	struct epoll_event event = { .events = EPOLLOUT,
	    .data.u32 = (uint32_t)index * STREAMS + STREAM_IN };

	if (party->child.in >= 0 && party->pending.length > 0)
		/* it may be watched already */
		(void)epoll_ctl(loop->epoll, EPOLL_CTL_ADD, party->child.in, &event);
}

static void
send_line(struct loop *loop, int index, const char *text)
{
	if (!text || party_send(&loop->party[index], text)) {
		feed_failure(loop, EVENT_STOP,
		    "out of memory, or a program does not read what it is sent");
		return;
	}
	watch_pending(loop, index);
}

static char *
view_text(const struct loop *loop, int player)
{
	char key[8];

	return js_print(js_get(loop->ask->to, game_key(player, key)));
}

static char *
acts_text(struct loop *loop)
{
	char *answers[PLAYERS_MAX];

	for (int i = 0; i < PLAYERS_MAX; i++)
		answers[i] = loop->party[i].answer;
	return game_acts_text(&loop->match, answers);
}

static void
finish(struct loop *loop)
{
	loop->finish_us = now_us();
	for (int i = 0; i <= players(loop); i++) {
		loop->party[i].deaf = true;
		if (loop->party[i].child.in >= 0)
			close(loop->party[i].child.in);
		loop->party[i].child.in = -1;
	}
}

static void
carry_out(struct loop *loop, const struct action *action)
{
	cleanup_free char *text = NULL;

	switch (action->kind) {
	case ACTION_INIT_GAME:
		text = game_init_text(loop->setup, seed_of(loop->seed, 0));
		break;
	case ACTION_SEND_VIEW:
		text = view_text(loop, action->player);
		break;
	case ACTION_SEND_ACTS:
		text = acts_text(loop);
		break;
	case ACTION_DEADLINE:
		loop->deadline_us[action->player] = action->at_us;
		break;
	case ACTION_NO_DEADLINE:
		loop->deadline_us[action->player] = 0;
		break;
	case ACTION_STOP_PLAYER:
		loop->party[action->player].deaf = true;
		child_stop(&loop->party[action->player].child);
		break;
	default:
		finish(loop);
		break;
	}
	replay_action(&loop->replay, action, text);
	if (action->kind == ACTION_SEND_VIEW)
		send_line(loop, action->player, text);
	else if (action->kind == ACTION_INIT_GAME || action->kind == ACTION_SEND_ACTS)
		send_line(loop, players(loop), text);
}

static void
feed(struct loop *loop, struct event *event, const char *text)
{
	struct actions actions;

	if (loop->match.outcome != OUTCOME_NONE)
		return;
	replay_event(&loop->replay, event, text);
	match_step(&loop->match, event, &actions);
	for (int i = 0; i < actions.count; i++)
		carry_out(loop, &actions.action[i]);
}

static void
feed_player(struct loop *loop, enum event_kind kind, int player, const char *text)
{
	struct event event = { .kind = kind, .at_us = now_us(), .player = player };

	feed(loop, &event, text);
}

static void
tell(struct loop *loop, const struct message *message)
{
	char key[8];

	for (int i = 0; i < players(loop); i++) {
		const struct js *told = js_get(message->to, game_key(i, key));
		cleanup_free char *text = told ? js_print(told) : NULL;

		if (told && !loop->match.seat[i].out)
			send_line(loop, i, text);
	}
}

static void
on_message(struct loop *loop, struct message *message, const char *line)
{
	if (message->event.kind == EVENT_END) {
		loop->scores = js_copy(js_get(message->body, "scores"));
		snprintf(loop->why, sizeof(loop->why), "%s", message->why ? message->why : "");
	}
	if (message->event.kind == EVENT_BAD && message->why)
		snprintf(loop->party[message->event.player].why, sizeof(loop->party->why), "%s",
		    message->why);
	message->event.at_us = now_us();
	feed(loop, &message->event, line);
}

/* The message of an ask is kept while it is the present one: its views are sent out of it. */
static void
on_game_line(struct loop *loop, const char *line, size_t length)
{
	struct message *message = calloc(1, sizeof(*message));

	if (!message) {
		feed_failure(loop, EVENT_STOP, "out of memory");
		return;
	}
	game_parse(line, length, players(loop), message);
	if (message->kind == MESSAGE_EVENT && message->event.kind == EVENT_ASK &&
	    !loop->match.asking) {
		if (loop->ask)
			js_free(loop->ask->document);
		free(loop->ask);
		loop->ask = message;
		on_message(loop, message, NULL);
		return;
	}
	if (message->kind == MESSAGE_EVENT)
		on_message(loop, message, line);
	else if (message->kind == MESSAGE_TELL)
		tell(loop, message);
	else if (message->kind == MESSAGE_WRONG)
		feed_failure(loop, EVENT_GAME_WRONG, message->why);
	else {
		replay_frame(&loop->replay, now_us(), js_get(message->body, "view"));
		if (loop->onlooker->frame)
			loop->onlooker->frame(js_get(message->body, "view"));
	}
	js_free(message->document);
	free(message);
}

/* A ready line may stand bare or as a JSON string. */
static bool
is_ready(const struct loop *loop, const char *line)
{
	size_t length = strcspn(line, "\r");

	for (const char *const *ready = loop->setup->ready; *ready; ready++) {
		size_t this = strlen(*ready);
		bool quoted = length == this + 2 && line[0] == '"' && line[length - 1] == '"';

		if ((length == this && strncmp(line, *ready, this) == 0) ||
		    (quoted && strncmp(line + 1, *ready, this) == 0))
			return true;
	}
	return false;
}

static void
on_answer(struct loop *loop, int player, const char *line, size_t length)
{
	struct party *party = &loop->party[player];
	struct seat *seat = &loop->match.seat[player];
	char error[JS_ERROR_BYTES], why[JS_ERROR_BYTES + 32];
	struct js *answer = js_parse(line, length, error);
	bool asked = loop->match.asking && seat->asked && !seat->answered;

	if (!answer) {
		snprintf(why, sizeof(why), "not JSON: %s", strchr(error, ' ')
		    ? strchr(error, ' ') + 1 : error);
		feed_fault(loop, player, FAULT_bad_json, why);
		return;
	}
	js_free(answer);
	if (!asked)
		snprintf(party->why, sizeof(party->why), "spoke without being asked: %.100s", line);
	free(party->answer);
	party->answer = strndup(line, length);
	feed_player(loop, EVENT_ANSWER, player, party->answer);
	if (asked && seat->answered && loop->onlooker->answer)
		loop->onlooker->answer(loop->setup->bot[player].name, party->answer, seat->used_us);
}

/* Before it is ready a bot may print what it likes: many frameworks greet. */
static void
on_bot_line(struct loop *loop, int player, const char *line, size_t length)
{
	if (!loop->match.starting)
		on_answer(loop, player, line, length);
	else if (is_ready(loop, line))
		feed_player(loop, EVENT_READY, player, NULL);
}

static void
on_lines(struct loop *loop, int index)
{
	struct party *party = &loop->party[index];
	size_t length;
	char *line;

	while (!party->deaf && (line = buffer_line(&party->lines, &length))) {
		if (index == players(loop))
			on_game_line(loop, line, length);
		else
			on_bot_line(loop, index, line, length);
		buffer_drop(&party->lines, length + 1);
	}
}

static void
on_output(struct loop *loop, int index)
{
	int error;
	bool open = party_read_lines(&loop->party[index], &error);

	on_lines(loop, index);
	if (error && index < players(loop))
		feed_fault(loop, index, FAULT_output_limit, "a line longer than 1 MiB");
	else if (error)
		feed_failure(loop, EVENT_GAME_WRONG, "the game printed a line longer than 1 MiB");
	if (!open)
		loop->closed_us[index] = now_us();
}

/*
 * How a bot's jail ended, as a fault of the bot; FAULT_none: it was not the bot. bot-jail(1),
 * STATUS LINE.
 */
static enum fault
fault_of(const struct js *status)
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

static void
on_status(struct loop *loop, int index)
{
	struct party *party = &loop->party[index];
	bool is_game = index == players(loop);
	char why[256];

	if (party_read_status(party) || loop->match.outcome != OUTCOME_NONE)
		return;
	int error;
	/* its last words come before its end */
	while (party->child.out >= 0 && party_read_lines(party, &error))
		on_lines(loop, index);
	on_lines(loop, index);
	const char *reason = js_string(js_get(party->status, "reason"));
	/* With a step it is for now: all jails are busy. */
	loop->refused |= reason && strcmp(reason, "refused") == 0 &&
	    !js_string(js_get(party->status, "step"));
	describe(party->status, is_game ? "the game" : loop->setup->bot[index].name, why);
	if (is_game)
		feed_failure(loop, EVENT_GAME_WRONG, why);
	else if (fault_of(party->status) != FAULT_none)
		feed_fault(loop, index, fault_of(party->status), why);
	else if (!loop->match.seat[index].out)
		feed_failure(loop, EVENT_STOP, why);
}

static void
on_stream(struct loop *loop, uint32_t tag)
{
	int index = (int)(tag / STREAMS);
	enum stream stream = tag % STREAMS;
	struct party *party = &loop->party[index];

	if (party_fd(party, stream) < 0)
		return;
	switch (stream) {
	case STREAM_IN:
		party_flush(party);
		if (party->child.in >= 0 && party->pending.length == 0)
			(void)epoll_ctl(loop->epoll, EPOLL_CTL_DEL, party->child.in, NULL);
		break;
	case STREAM_OUT:
		on_output(loop, index);
		break;
	case STREAM_ERR:
		(void)party_read_log(party);
		break;
	default:
		on_status(loop, index);
		break;
	}
}

static bool
all_gone(const struct loop *loop)
{
	for (int i = 0; i <= loop->setup->rules.players; i++)
		if (loop->party[i].child.status >= 0)
			return false;
	return true;
}

static void
check_deadlines(struct loop *loop)
{
	int64_t now = now_us();

	for (int i = 0; i < players(loop); i++) {
		if (loop->deadline_us[i] && now >= loop->deadline_us[i]) {
			loop->deadline_us[i] = 0;
			feed_player(loop, EVENT_DEADLINE, i, NULL);
		}
		if (loop->closed_us[i] && now >= loop->closed_us[i] + CLOSED_GRACE_US &&
		    !loop->match.seat[i].out)
			feed_fault(loop, i, FAULT_early_exit, "closed its output");
	}
	int64_t closed = loop->closed_us[players(loop)];
	if (closed && now >= closed + CLOSED_GRACE_US)
		feed_failure(loop, EVENT_GAME_WRONG, "the game closed its output");
	for (int i = 0; loop->finish_us && now >= loop->finish_us + LEAVE_GRACE_US &&
	    i <= players(loop); i++)
		child_stop(&loop->party[i].child);
}

static void
keep_least(int64_t *least, int64_t value)
{
	if (value && (!*least || value < *least))
		*least = value;
}

static void
set_timer(struct loop *loop)
{
	int64_t at = 0, now = now_us();

	for (int i = 0; i <= players(loop); i++) {
		if (i < players(loop))
			keep_least(&at, loop->deadline_us[i]);
		if (loop->closed_us[i] && loop->match.outcome == OUTCOME_NONE)
			keep_least(&at, loop->closed_us[i] + CLOSED_GRACE_US);
	}
	if (loop->finish_us && now < loop->finish_us + LEAVE_GRACE_US)
		at = loop->finish_us + LEAVE_GRACE_US;
	else if (loop->finish_us)
		at = loop->finish_us + GIVE_UP_US;
	struct itimerspec when = { .it_value = { at / 1000000, at % 1000000 * 1000 } };
	/* fails for no valid time */
	(void)timerfd_settime(loop->timer, TFD_TIMER_ABSTIME, &when, NULL);
}

static void
on_signal(struct loop *loop)
{
	struct signalfd_siginfo info;

	if (read(loop->signals, &info, sizeof(info)) == sizeof(info))
		feed_failure(loop, EVENT_STOP, "stopped by a signal");
}

static void
wait_once(struct loop *loop)
{
	struct epoll_event events[4 * (PLAYERS_MAX + 1)];
	uint64_t expired;

	set_timer(loop);
	int n = epoll_wait(loop->epoll, events, COUNT(events), -1);
	for (int i = 0; i < n; i++) {
		uint32_t tag = events[i].data.u32;

		if (tag == SIGNAL_TAG)
			on_signal(loop);
		else if (tag == TIMER_TAG)
			/* check_deadlines() looks at the clock */
			(void)!read(loop->timer, &expired, sizeof(expired));
		else
			on_stream(loop, tag);
	}
	check_deadlines(loop);
}

static int
watch(struct loop *loop, int fd, uint32_t tag)
{
	struct epoll_event event = { .events = EPOLLIN, .data.u32 = tag };

	return fd < 0 || epoll_ctl(loop->epoll, EPOLL_CTL_ADD, fd, &event) ? -errno : 0;
}

static int
start_party(struct loop *loop, int index, const char *helper, int dir)
{
	bool is_game = index == players(loop);
	const struct program *program = is_game ? &loop->setup->game : &loop->setup->bot[index];
	struct party *party = &loop->party[index];
	int error = party_start(party, helper, program,
	    seed_of(loop->seed, is_game ? 0 : (unsigned)index + 1), dir);

	for (int stream = STREAM_OUT; !error && stream < STREAMS; stream++)
		error = watch(loop, party_fd(party, stream),
		    (uint32_t)index * STREAMS + (uint32_t)stream);
	return error;
}

static int
open_loop(struct loop *loop)
{
	sigset_t stops;

	sigemptyset(&stops);
	sigaddset(&stops, SIGINT);
	sigaddset(&stops, SIGTERM);
	sigaddset(&stops, SIGHUP);
	if (sigprocmask(SIG_BLOCK, &stops, NULL))
		return -errno;
	loop->epoll = epoll_create1(EPOLL_CLOEXEC);
	loop->timer = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
	loop->signals = signalfd(-1, &stops, SFD_CLOEXEC | SFD_NONBLOCK);
	int error = watch(loop, loop->timer, TIMER_TAG);
	return error ? error : watch(loop, loop->signals, SIGNAL_TAG);
}

static int
start_all(struct loop *loop, const char *helper, int dir)
{
	int error = 0;

	for (int i = players(loop); !error && i >= 0; i--)
		error = start_party(loop, i, helper, dir);
	if (error)
		return error;
	loop->start_us = loop->replay.start_us = now_us();
	struct event event = { .kind = EVENT_START, .at_us = loop->start_us };
	feed(loop, &event, NULL);
	for (int i = 0; !loop->setup->ready[0] && i < players(loop); i++)
		feed_player(loop, EVENT_READY, i, NULL);
	return 0;
}

int
loop_run(struct loop *loop, const struct setup *setup, uint64_t seed, const char *helper, int dir,
    const struct onlooker *onlooker)
{
	*loop = (struct loop){ .setup = setup, .seed = seed, .onlooker = onlooker, .epoll = -1,
	    .timer = -1,
		.signals = -1 };
	for (int i = 0; i <= PLAYERS_MAX; i++)
		loop->party[i] = (struct party){ .log = -1, .child = { 0, -1, -1, -1, -1, -1 } };
	match_init(&loop->match, &setup->rules);
	int error = replay_open(&loop->replay, dir);
	if (!error)
		error = open_loop(loop);
	if (!error)
		error = start_all(loop, helper, dir);
	while (!error && !(loop->finish_us &&
	    (all_gone(loop) || now_us() >= loop->finish_us + GIVE_UP_US)))
		wait_once(loop);
	int late = replay_close(&loop->replay);
	return error ? error : late;
}

void
loop_free(struct loop *loop)
{
	for (int i = 0; i <= loop->setup->rules.players; i++)
		party_end(&loop->party[i]);
	if (loop->ask)
		js_free(loop->ask->document);
	free(loop->ask);
	js_free(loop->scores);
	common_close(&loop->epoll);
	common_close(&loop->timer);
	common_close(&loop->signals);
	(void)replay_close(&loop->replay);	/* after a failed start */
}
