/*
 * Owns waiting. Everything is an event of one epoll set; deadlines are absolute, and no output
 * moves them.
 */
#include "loop.h"

#include "common.h"
#include "feed.h"
#include "hear.h"
#include "now.h"
#include "seed.h"

#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <sys/timerfd.h>

#define CLOSED_GRACE_US (1000 * 1000)	/* how long the status line may come after the end of the output */
#define LEAVE_GRACE_US (300 * 1000)	/* how long programs may take to leave by themselves */
#define FINAL_GRACE_US (1000 * 1000)	/* the same, when they are told the final scores */
#define GIVE_UP_US (10 * 1000 * 1000)	/* then whatever is left is not waited for */
#define MESSAGE_CAP (32 << 20)		/* of the present ask, and of acts */
#define TIMER_TAG (~0u)
#define SIGNAL_TAG (~0u - 1)

int64_t
loop_now_us(void)
{
	return now_us();
}

static bool
all_gone(const struct loop *loop)
{
	for (int i = 0; i <= loop_players(loop); i++)
		if (loop->party[i].child.status >= 0)
			return false;
	return true;
}

static int64_t
leave_us(const struct loop *loop, int index)
{
	const struct party *party = &loop->party[index];
	bool told = index < loop_players(loop) && party->program->dialect.count[SECTION_END] > 0;

	return loop->finish_us + (told ? FINAL_GRACE_US : LEAVE_GRACE_US);
}

/* It may be a deadline only to look again. */
static void
meet_player_deadline(struct loop *loop, int player)
{
	struct party *party = &loop->party[player];
	bool starting = loop->match.starting, waited = match_waits_for(&loop->match, player);
	struct sight sight = { SIGHT_FAULT, loop_now_us() - loop->start_us, player, RAW_NONE,
		party->why, starting ? FAULT_no_ready : FAULT_timeout };

	if (loop->closed_us[player] && !party->program->person) {	/* it had no time left to tell how it ended */
		hear_closed(loop, player);
		return;
	}
	feed_player(loop, EVENT_DEADLINE, player, RAW_NONE);
	if (!waited || match_waits_for(&loop->match, player))
		return;
	snprintf(party->why, sizeof(party->why), starting ? "not ready after %.1f ms"
	    : "no answer after %.1f ms",
	    (double)(loop->start_us + sight.us - loop->match.seat[player].asked_us) / 1000);
	feed_sight(loop, &sight);
}

static void
meet_deadline(struct loop *loop, int index)
{
	struct event event = { .kind = EVENT_DEADLINE, .at_us = loop_now_us(), .player = -1 };

	loop->deadline_us[index] = 0;
	if (index == OF_MATCH) {
		snprintf(loop->why, sizeof(loop->why), "the match took longer than clock.match_ms");
		feed(loop, &event, RAW_NONE, NULL);
	} else
		meet_player_deadline(loop, index);
}

static void
check_game(struct loop *loop, int64_t now)
{
	char why[96];

	if (!loop->game_since_us || now < loop->game_since_us + loop->setup->game_us)
		return;
	snprintf(why, sizeof(why), "the game said nothing for %.1f s (clock.game_ms)",
	    (double)loop->setup->game_us / 1e6);
	loop->game_since_us = 0;
	feed_failure(loop, EVENT_GAME_WRONG, why);
}

static void
check_unsent(struct loop *loop)
{
	for (int i = 0; i < loop_players(loop) && loop->unsent; i++)
		if (loop->unsent >> i & 1)
			feed_fault(loop, i, FAULT_timeout, "does not read what it is sent");
	loop->unsent = 0;
}

static void
check_times(struct loop *loop)
{
	int64_t now = loop_now_us();

	for (int i = 0; i <= PLAYERS_MAX; i++)
		if (loop->deadline_us[i] && now >= loop->deadline_us[i])
			meet_deadline(loop, i);
	for (int i = 0; i <= loop_players(loop); i++) {
		/* What a person typed before he left still counts. */
		bool said_all = i == loop_players(loop) || !(loop->match.rules.persons >> i & 1) ||
		    (match_waits_for(&loop->match, i) && !loop->match.starting);
		if (loop->closed_us[i] && now >= loop->closed_us[i] + CLOSED_GRACE_US && said_all)
			hear_closed(loop, i);
		if (loop->finish_us && now >= leave_us(loop, i))
			child_stop(&loop->party[i].child);
	}
	check_game(loop, now);
	check_unsent(loop);
	if (loop->tick_us && now >= loop->ticked_us + loop->tick_us) {
		struct sight tick = { SIGHT_TICK, now - loop->start_us, -1, RAW_NONE, "", FAULT_none };

		loop->ticked_us = now;
		feed_sight(loop, &tick);
	}
}

static void
keep_least(int64_t *least, int64_t value)
{
	if (value && (!*least || value < *least))
		*least = value;
}

static int64_t
next_time(const struct loop *loop)
{
	int64_t at = 0, now = loop_now_us();

	if (loop->finish_us) {
		at = loop->finish_us + GIVE_UP_US;
		for (int i = 0; i <= loop_players(loop); i++)
			if (now < leave_us(loop, i))
				keep_least(&at, leave_us(loop, i));
		return at;
	}
	for (int i = 0; i <= PLAYERS_MAX; i++)
		keep_least(&at, loop->deadline_us[i]);
	if (loop->game_since_us)
		keep_least(&at, loop->game_since_us + loop->setup->game_us);
	if (loop->tick_us)
		keep_least(&at, loop->ticked_us + loop->tick_us);
	for (int i = 0; i <= loop_players(loop); i++)
		if (loop->closed_us[i] && now < loop->closed_us[i] + CLOSED_GRACE_US)
			keep_least(&at, loop->closed_us[i] + CLOSED_GRACE_US);
	return at;
}

/* Only when it would come too late: one that comes too early finds nothing to do, and costs less. */
static void
set_timer(struct loop *loop)
{
	int64_t at = next_time(loop);
	struct itimerspec when = { .it_value = { at / 1000000, at % 1000000 * 1000 } };

	if (!at || (loop->armed_us && loop->armed_us <= at))
		return;
	/* fails for no valid time */
	(void)timerfd_settime(loop->timer, TFD_TIMER_ABSTIME, &when, NULL);
	loop->armed_us = at;
}

static void
on_timer(struct loop *loop)
{
	uint64_t expired;

	/* check_times() looks at the clock */
	(void)!read(loop->timer, &expired, sizeof(expired));
	loop->armed_us = 0;
}

static void
on_signal(struct loop *loop)
{
	struct signalfd_siginfo info;

	if (read(loop->signals, &info, sizeof(info)) == sizeof(info))
		feed_failure(loop, EVENT_STOP, "stopped by a signal");
}

/* What came in time is heard before deadlines are looked at. */
static void
wait_once(struct loop *loop)
{
	struct epoll_event events[STREAMS * (PLAYERS_MAX + 1)];

	set_timer(loop);
	int n = epoll_wait(loop->epoll, events, COUNT(events), -1);
	/* Who answered in time is not late because another has to be heard first. */
	loop->heard_us = loop_now_us();
	for (int i = 0; i < n; i++) {
		uint32_t tag = events[i].data.u32;

		if (tag == SIGNAL_TAG)
			on_signal(loop);
		else if (tag == TIMER_TAG)
			on_timer(loop);
		else
			hear_stream(loop, (int)(tag / STREAMS), tag % STREAMS);
	}
	for (int i = 0; i < loop_players(loop) && loop->match.rules.persons; i++)
		if (loop->match.rules.persons >> i & 1)
			hear_person(loop, i);
	check_times(loop);
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
	bool is_game = index == loop_players(loop);
	const struct program *program = is_game ? &loop->setup->game : &loop->setup->bot[index];
	struct party *party = &loop->party[index];

	if (program->person) {
		party_sit(party, program, &loop->setup->caps);
		return watch(loop, party->child.out, (uint32_t)index * STREAMS + STREAM_OUT);
	}
	int error = party_start(party, program, is_game ? &loop->game_caps : &loop->setup->caps, helper,
	    seed_of(loop->seed, is_game ? 0 : (unsigned)index + 1), dir);
	party->meter.rate_milli = is_game ? 0 : loop->setup->rate_milli[index];
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

/* The dialect's start is the first thing that a bot is told; who waits for nothing is ready. */
static void
begin_talks(struct loop *loop)
{
	for (int i = 0; i < loop_players(loop); i++) {
		struct facts facts = feed_facts(loop, i, RAW_NONE);

		meter_begin(&loop->party[i].meter, loop->start_us);
		(void)party_talk(&loop->party[i], SECTION_START, &facts);
		feed_flush(loop, i);
		if (!loop->party[i].dialog.busy || loop->party[i].program->person)
			feed_player(loop, EVENT_READY, i, RAW_NONE);
	}
}

static int
start_all(struct loop *loop, const char *helper, int dir)
{
	int error = 0;

	for (int i = loop_players(loop); !error && i >= 0; i--)
		error = start_party(loop, i, helper, dir);
	if (error)
		return error;
	loop->start_us = loop->replay.start_us = loop_now_us();
	struct event event = { .kind = EVENT_START, .at_us = loop->start_us };
	struct sight sight = { SIGHT_START, 0, -1, RAW_NONE, "", FAULT_none };
	feed_sight(loop, &sight);
	feed(loop, &event, RAW_NONE, NULL);
	begin_talks(loop);
	return 0;
}

static void
loop_init(struct loop *loop, const struct setup *setup, uint64_t seed,
    const struct onlooker *onlookers)
{
	*loop = (struct loop){ .setup = setup, .seed = seed, .onlookers = onlookers, .epoll = -1,
		.timer = -1, .signals = -1 };
	/* An ask holds the views of all players. */
	loop->game_caps = (struct caps){ MESSAGE_CAP / 2, INT64_MAX, setup->caps.game, setup->caps.log, 0 };
	for (int i = 0; i <= PLAYERS_MAX; i++)
		party_init(&loop->party[i]);
	buffer_init(&loop->ask, MESSAGE_CAP);
	buffer_init(&loop->acts, MESSAGE_CAP);
	match_init(&loop->match, &setup->rules);
	for (; onlookers->see; onlookers++)
		keep_least(&loop->tick_us, onlookers->tick_us);
}

static void
show_end(struct loop *loop)
{
	struct sight sight = { SIGHT_END, loop->finish_us - loop->start_us, -1, RAW_NONE, loop->why,
		FAULT_none };

	if (loop->scores)
		sight.text = raw_of(loop->scores, strlen(loop->scores));
	feed_sight(loop, &sight);
}

int
loop_run(struct loop *loop, const struct setup *setup, uint64_t seed, const char *helper, int dir,
    const struct onlooker *onlookers)
{
	loop_init(loop, setup, seed, onlookers);
	int error = replay_open(&loop->replay, dir, setup, seed);
	if (!error)
		error = open_loop(loop);
	if (!error)
		error = start_all(loop, helper, dir);
	while (!error && !(loop->finish_us &&
	    (all_gone(loop) || loop_now_us() >= loop->finish_us + GIVE_UP_US)))
		wait_once(loop);
	if (error)
		return error;
	show_end(loop);
	return replay_close(&loop->replay, loop->replay_digest);
}

void
loop_free(struct loop *loop)
{
	for (int i = 0; i <= loop_players(loop); i++)
		party_end(&loop->party[i]);
	buffer_free(&loop->ask);
	buffer_free(&loop->acts);
	free(loop->scores);
	common_close(&loop->epoll);
	common_close(&loop->timer);
	common_close(&loop->signals);
	replay_drop(&loop->replay);
}
