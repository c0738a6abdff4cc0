/* match-tournament run: one process that starts matches, waits for them, and writes down what came of each. */
#include "contests.h"

#include "common.h"
#include "crew.h"
#include "live.h"
#include "loop.h"
#include "standings.h"
#include "tree.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/statvfs.h>
#include <time.h>

#define LOOK_MS 1000		/* so often others' changes are looked for */
#define EXIT_NO_RUNNER 127	/* match-run could not be executed */
#define FAILURES_MOST 40	/* then it is not the matches */
#define STOPPED "stopped by a signal"	/* match-run's words */
#define BYTES_LEAST (1 << 20)	/* with less room a match that failed did so for that */

enum { JOBS, OUTPUT, UNTIL, EVENTS_FD, QUIET, OVERCOMMIT, AGAIN, NO_REPORT };

const struct option_text run_options[] = {
	[JOBS] = { "jobs", 'j', "N", "so many matches at a time; as many as this machine holds if nothing is said" },
	[OUTPUT] = { "output", 'o', "DIR", "where its state, matches and report are" },
	[UNTIL] = { "until", 0, "TIME", "start no match after HH:MM, YYYY-MM-DD HH:MM or +N with s, m or h" },
	[EVENTS_FD] = { "events", 0, "FD", "write what happens to that descriptor, as JSON lines" },
	[QUIET] = { "quiet", 'q', NULL, "print nothing but mistakes" },
	[OVERCOMMIT] = { "overcommit", 0, NULL, "with -j: more than this machine holds" },
	[AGAIN] = { "again", 0, NULL, "try matches that failed for good once more" },
	[NO_REPORT] = { "no-report", 0, NULL, "write no pages at the end" },
	{ NULL, 0, NULL, NULL },
};

struct wishes {
	const char *dir;
	uint64_t jobs;
	time_t until;			/* 0: for ever */
	int events;
	bool quiet, overcommit, again, no_report;
};

struct run {
	struct cup cup;
	struct room room;
	struct crew crew;
	struct live live;
	struct wishes wishes;
	size_t first;			/* nothing before it is to be played */
	int failures;			/* attempts that failed since one did not */
	bool played;			/* something counts that did not before */
	int signals;
	bool stopped, full, broken;	/* by a signal; no room on the disk; the state cannot be written */
	bool held;			/* matches cannot be started, by no fault of theirs */
	char why[320];			/* they cannot */
	bool finished;			/* the plan has an end, and it is reached */
};

/* --- options */

#define SPAN_MOST 100000000	/* seconds: three years */

static bool
take_span(const char *text, time_t *until)
{
	char *end;
	long number = strtol(text, &end, 10);
	int unit = *end == 's' || !*end ? 1 : *end == 'm' ? 60 : *end == 'h' ? 3600 : 0;

	if (number < 0 || number > SPAN_MOST || !unit || (*end && end[1]))
		return false;
	*until = time(NULL) + number * unit;
	return true;
}

/* A time of today, or of tomorrow if it is past. */
static bool
take_time(const char *text, time_t *until)
{
	time_t now = time(NULL);
	struct tm when = *localtime(&now);

	when.tm_sec = 0;
	when.tm_isdst = -1;
	const char *end = strptime(text, "%H:%M", &when);
	bool day = end && !*end;
	if (!day) {
		end = strptime(text, "%Y-%m-%d %H:%M", &when);
		if (!end || *end)
			return false;
	}
	int date = when.tm_mday;
	*until = mktime(&when);
	if (when.tm_mday != date)	/* there is no such day */
		return false;
	if (day && *until <= now) {
		when.tm_mday++;
		when.tm_isdst = -1;
		*until = mktime(&when);
	}
	return *until > 0;
}

static int
take_wish(struct wishes *wishes, int option)
{
	uint64_t number;

	switch (option) {
	case JOBS:
		return command_number(optarg, CREW_MAX, &wishes->jobs) && wishes->jobs > 0 ? 0
		    : command_usage("-j needs a number from 1 to 256");
	case OUTPUT:	wishes->dir = optarg; return 0;
	case UNTIL:
		return (*optarg == '+' ? take_span(optarg + 1, &wishes->until) : take_time(optarg, &wishes->until)) ? 0
		    : command_usage("--until needs HH:MM, YYYY-MM-DD HH:MM, or +N with s, m or h");
	case EVENTS_FD:
		if (!command_number(optarg, 65535, &number) || fcntl((int)number, F_GETFD) < 0)
			return command_usage("--events needs the number of an open descriptor");
		wishes->events = (int)number;
		return fcntl(wishes->events, F_SETFD, FD_CLOEXEC) ? EXIT_USAGE : 0;
	case QUIET:	wishes->quiet = true; return 0;
	case OVERCOMMIT:	wishes->overcommit = true; return 0;
	case AGAIN:	wishes->again = true; return 0;
	default:	wishes->no_report = true; return 0;
	}
}

/* --- how many at a time */

static void
admit(struct run *run)
{
	int fits = room_fits(&run->room);
	int asked = run->wishes.jobs ? (int)run->wishes.jobs : run->cup.tourney.concurrency;
	int count = asked ? asked : fits;

	if (asked > fits) {
		char text[240];

		snprintf(text, sizeof(text),
		    "%d matches at a time are too many: each reserves %d CPU%s and %.1f GiB by its"
		    " policies, and %d CPU%s and %.1f GiB are free",
		    asked, run->room.cpus_needed, run->room.cpus_needed == 1 ? "" : "s",
		    (double)run->room.bytes_needed / (1 << 30), run->room.cpus, run->room.cpus == 1 ? "" : "s",
		    (double)run->room.bytes / (1 << 30));
		count = run->wishes.overcommit ? asked : fits;
		fprintf(stderr, "match-tournament: %s: %d are played%s\n", text, count,
		    run->wishes.overcommit ? ", and clocks may suffer" : "; --overcommit insists");
	}
	crew_init(&run->crew, BIN_DIR "/match-run", &run->room, count);
}

/* --- one match */

/* A result that nobody may take for one: kept beside, as evidence of the last attempt. */
static void
put_aside(const char *folder)
{
	char aside[PATH_BYTES + 8];

	snprintf(aside, sizeof(aside), "%s.failed", folder);
	tree_remove(aside);
	if (rename(folder, aside) && errno != ENOENT)
		tree_remove(folder);
}

static bool
disk_is_full(const char *dir)
{
	struct statvfs st;

	return statvfs(dir, &st) == 0 &&
	    ((uint64_t)st.f_bavail * st.f_frsize < BYTES_LEAST || (st.f_files && st.f_favail < 64));
}

static void
note_failure(struct run *run, size_t index, const char *why)
{
	/* Who could write no more has removed what he wrote, so there may be room again. */
	if (disk_is_full(run->cup.dir) || strstr(why, strerror(ENOSPC)) || strstr(why, strerror(EDQUOT))) {
		run->full = true;
		return;
	}
	if (++run->failures >= FAILURES_MOST) {
		run->held = true;
		snprintf(run->why, sizeof(run->why), "%d attempts in a row have failed: %.200s", run->failures, why);
	}
	if (cup_fail(&run->cup, index, why))
		run->broken = true;
	else
		live_match(&run->live, &run->cup, index, crew_busy(&run->crew));
}

/* Takes what a match left in its folder, whoever played it. false: there is nothing. */
static bool
take_result(struct run *run, size_t index)
{
	char folder[PATH_BYTES];

	cup_folder(&run->cup, &run->cup.entry[index], folder);
	int taken = cup_take(&run->cup, index, folder);
	if (taken > 0) {
		run->failures = 0;
		run->played = true;
		live_match(&run->live, &run->cup, index, crew_busy(&run->crew));
	}
	run->broken |= taken == CUP_TROUBLE;
	if (taken == -1) {
		char why[256];

		snprintf(why, sizeof(why), "%.255s", run->cup.wrong);
		put_aside(folder);
		/* Whoever stopped it did not stop us: it is played again. */
		if (strcmp(why, STOPPED) != 0)
			note_failure(run, index, why);
	}
	return taken != 0;
}

/* A jail that is refused, a file that is gone: it would go on like that until no match is left. */
static void
hold(struct run *run, size_t index, const char *why)
{
	char folder[PATH_BYTES];

	cup_folder(&run->cup, &run->cup.entry[index], folder);
	put_aside(folder);
	run->full |= disk_is_full(run->cup.dir);
	run->held = true;
	snprintf(run->why, sizeof(run->why), "match %d cannot be started: %.250s", run->cup.entry[index].number, why);
}

/* The complaint without what only we know: our name for its match file. */
static const char *
complaint(const char *said)
{
	static const char *const starts[] = { "match-run: ", MATCH_PATH ": " };

	for (size_t i = 0; i < COUNT(starts); i++)
		if (strncmp(said, starts[i], strlen(starts[i])) == 0)
			said += strlen(starts[i]);
	return said;
}

static void
take_ending(struct run *run, const struct ending *ending)
{
	char why[320];

	snprintf(why, sizeof(why), "%s", complaint(ending->said));
	if (!*why)
		snprintf(why, sizeof(why), "match-run ended with status %d", ending->status);
	if (!entry_is_open(&run->cup.entry[ending->entry]))
		return;
	if (ending->entry < run->first)
		run->first = ending->entry;
	if (ending->status == EXIT_USAGE || ending->status == EXIT_NO_RUNNER)
		hold(run, ending->entry, why);
	else if (!take_result(run, ending->entry))
		note_failure(run, ending->entry, why);
}

static void
start(struct run *run, int worker, size_t index)
{
	struct js *match = tourney_match(&run->cup.tourney, &run->cup.entry[index]);
	char folder[PATH_BYTES];

	cup_folder(&run->cup, &run->cup.entry[index], folder);
	int error = crew_start(&run->crew, worker, index, match, folder);
	js_free(match);
	if (error)
		hold(run, index, strerror(-error));
}

/* --- all of them */

/* The next entry that is to be played and is not being played; count: none. */
static size_t
next_entry(struct run *run)
{
	const struct cup *cup = &run->cup;

	while (run->first < cup->count && !entry_is_open(&cup->entry[run->first]))
		run->first++;
	size_t index = run->first;
	while (index < cup->count && (!entry_is_open(&cup->entry[index]) || crew_find(&run->crew, index) >= 0))
		index++;
	return index;
}

static bool
is_over(const struct run *run)
{
	return run->stopped || run->full || run->broken || run->held ||
	    (run->wishes.until && time(NULL) >= run->wishes.until);
}

static void
fill(struct run *run)
{
	int worker;

	while (!is_over(run) && (worker = crew_idle(&run->crew)) >= 0) {
		size_t index = next_entry(run);

		if (index == run->cup.count)
			return;
		start(run, worker, index);
	}
}

static void
reap(struct run *run)
{
	struct ending ending;

	for (int i = 0; i < run->crew.count; i++)
		if (crew_ended(&run->crew, i, &ending) && !run->broken)
			take_ending(run, &ending);
}

/* Others may have added or withdrawn a bot. Who plays a match that is not wanted any more stops. */
static void
refresh(struct run *run)
{
	int changed = cup_refresh(&run->cup);

	run->broken |= changed < 0;
	if (changed <= 0)
		return;
	run->first = 0;
	for (int i = 0; i < run->crew.count; i++)
		if (run->crew.worker[i].pid && !entry_is_open(&run->cup.entry[run->crew.worker[i].entry]))
			crew_stop_one(&run->crew, i);
	live_say(&run->live, "changed", "bots were added or withdrawn, %d are entered", run->cup.tourney.lineup.bots);
}

/* --- signals */

static sigset_t
stops(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGHUP);
	return set;
}

/* A second one ends us as any program, whatever we do: what is on the disk is always in order. */
static void
allow_signals(void)
{
	sigset_t set = stops();

	(void)sigprocmask(SIG_UNBLOCK, &set, NULL);
}

static int
open_signals(void)
{
	sigset_t set = stops();

	(void)signal(SIGCHLD, SIG_DFL); /* whoever started us may have ignored it: then nobody is waited for */
	(void)signal(SIGPIPE, SIG_IGN);		/* who looked on and went away changes nothing */
	(void)signal(SIGXFSZ, SIG_IGN);		/* a file that may not grow is an error, no end */
	(void)sigprocmask(SIG_BLOCK, &set, NULL);
	return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

/* --- the loop */

static void
wait_for_something(struct run *run)
{
	struct pollfd fds[CREW_MAX + 1] = { { run->signals, POLLIN, 0 } };
	struct signalfd_siginfo signal_info;

	for (int i = 0; i < run->crew.count; i++)
		fds[i + 1] = (struct pollfd){ run->crew.worker[i].pid ? run->crew.worker[i].pidfd : -1, POLLIN, 0 };
	(void)poll(fds, (nfds_t)run->crew.count + 1, LOOK_MS);	/* whatever it says, all are looked at */
	if (read(run->signals, &signal_info, sizeof(signal_info)) == sizeof(signal_info)) {
		run->stopped = true;
		allow_signals();
	}
}

/* All that can be played now: until it is over, or a new part of the plan is due. */
static void
play_part(struct run *run)
{
	for (;;) {
		fill(run);
		if (run->stopped || run->broken || crew_busy(&run->crew) == 0)
			break;
		wait_for_something(run);
		reap(run);
		if (!run->broken)
			refresh(run);
		live_draw(&run->live, &run->cup, crew_busy(&run->crew), false);
	}
	crew_stop(&run->crew);
}

/* Results that came while nobody wrote them down. */
static void
sweep(struct run *run)
{
	for (size_t i = 0; i < run->cup.count && !run->broken && !run->full; i++)
		if (entry_is_open(&run->cup.entry[i]))
			(void)take_result(run, i);
}

static void
play_all(struct run *run)
{
	sweep(run);
	while (!is_over(run)) {
		play_part(run);
		if (is_over(run) || cup_open_count(&run->cup) > 0)
			continue;
		int more = cup_extend(&run->cup);
		run->broken |= more < 0;
		run->finished = more == 0;
		if (more <= 0)
			break;
		if (run->cup.entry[run->cup.count - 1].round > 1)
			live_say(&run->live, "round", "round %d: %d matches",
			    run->cup.entry[run->cup.count - 1].round, more);
	}
}

/* --- the whole command */

static size_t
count_failed(const struct cup *cup)
{
	size_t failed = 0;

	for (size_t i = 0; i < cup->count; i++)
		failed += cup->entry[i].state == ENTRY_FAILED;
	return failed;
}

static const char *
why_unfinished(const struct run *run)
{
	return run->full ? "no space left on the disk: make room and run it again"
	    : run->held ? run->why
	    : run->stopped ? "stopped by a signal: run it again" : "its time is over: run it again";
}

static void
print_end(struct run *run, size_t left)
{
	struct board board;
	size_t failed = count_failed(&run->cup);

	if (run->live.screen)
		live_draw(&run->live, &run->cup, 0, true);
	else if (!run->wishes.quiet && board_make(&run->cup, run->cup.tourney.system, &board) == 0) {
		board_print(&run->cup, &board, run->cup.tourney.system, 0, "\n", stdout);
		board_free(&board);
	}
	if (run->finished)
		live_say(&run->live, "finished", "%zu matches left", left);
	else
		live_say(&run->live, "stopped", "%zu matches left of this part; %s", left, why_unfinished(run));
	if (failed)
		live_say(&run->live, "failed",
		    "%zu matches failed and count for nobody: run --again tries them once more", failed);
	if (run->live.screen) {
		live_draw(&run->live, &run->cup, 0, true);
		putchar('\n');
	}
}

/* Pages that are there already tell the same when nothing was played. */
static bool
wants_report(const struct run *run, const char *report)
{
	return !run->wishes.no_report && !run->full && (run->played || access(report, F_OK));
}

static int
end(struct run *run)
{
	char report[PATH_BYTES + 16];

	if (run->broken)
		return contest_failed(&run->cup);
	print_end(run, cup_open_count(&run->cup));
	snprintf(report, sizeof(report), "%s/report", run->cup.dir);
	allow_signals();
	if (wants_report(run, report) && report_write(&run->cup, report))
		return contest_failed(&run->cup);
	if (!run->wishes.no_report && !run->full && !run->wishes.quiet)
		printf("%s/index.html\n", report);
	if (!run->finished)
		return run->full || run->held
		    ? command_fail(EXIT_OURS, "%s: %s", run->cup.dir, why_unfinished(run))
		    : EXIT_OURS;
	return count_failed(&run->cup) ? EXIT_CLIENT_ERROR : EXIT_FINISHED;
}

/* Where later rounds rest on results, those of earlier ones stay as they are. */
static int
try_again(struct cup *cup)
{
	enum format format = cup->tourney.rules.format;

	if (store_again(cup->store, format != FORMAT_ROUND_ROBIN && format != FORMAT_GAUNTLET) < 0)
		return cup_store_failed(cup);
	return cup_reload(cup);
}

static int
run_cup(struct run *run, const char *path)
{
	const char *helper = command_helper();

	if (!helper)
		return EXIT_USAGE;
	run->signals = open_signals();
	if (run->signals < 0)
		return command_fail(EXIT_OURS, "signalfd: %s", strerror(errno));
	if (cup_open(&run->cup, path, run->wishes.dir, CUP_RUN) || (run->wishes.again && try_again(&run->cup)))
		return contest_failed(&run->cup);
	if (room_measure(&run->cup.tourney, helper, &run->room))
		return command_fail(EXIT_USAGE, "%s", run->room.wrong);
	admit(run);
	live_init(&run->live, run->wishes.quiet, run->wishes.events);
	if (run->cup.count == 0 && cup_extend(&run->cup) < 0)
		return contest_failed(&run->cup);
	if (cup_open_count(&run->cup) > 0)
		live_say(&run->live, "start", "%s: %zu matches left, %d at a time", run->cup.tourney.title,
		    cup_open_count(&run->cup), run->crew.count);
	play_all(run);
	return end(run);
}

int
run_run(int argc, char *argv[])
{
	static struct run run;
	int option;

	run.wishes.events = -1;
	while ((option = command_option(run_options, argc, argv)) != -1)
		if (option < 0 || take_wish(&run.wishes, option))
			return EXIT_USAGE;
	if (optind + 1 != argc)
		return command_usage("one tournament file, or its folder, is wanted");
	int status = run_cup(&run, argv[optind]);
	cup_close(&run.cup);
	return status;
}
