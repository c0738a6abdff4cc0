/* Owns the playing of a tournament: matches are started, waited for, and what came of each is written down. */
#include "course.h"

#include "command.h"
#include "common.h"
#include "loop.h"
#include "tree.h"

#include <errno.h>
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

void
course_fail(struct course *course, size_t index, const char *why)
{
	/* Who could write no more has removed what he wrote, so there may be room again. */
	if (disk_is_full(course->cup.dir) || strstr(why, strerror(ENOSPC)) || strstr(why, strerror(EDQUOT))) {
		course->full = true;
		return;
	}
	if (++course->failures >= FAILURES_MOST) {
		course->held = true;
		snprintf(course->why, sizeof(course->why), "%d attempts in a row have failed: %.200s",
		    course->failures, why);
	}
	if (cup_fail(&course->cup, index, why))
		course->broken = true;
	else
		live_match(&course->live, &course->cup, index, crew_busy(&course->crew));
}

/* Takes what a match left in its folder, whoever played it. false: there is nothing. */
bool
course_take(struct course *course, size_t index)
{
	char folder[PATH_BYTES];

	cup_folder(&course->cup, &course->cup.entry[index], folder);
	int taken = cup_take(&course->cup, index, folder);
	if (taken > 0) {
		course->failures = 0;
		course->played = true;
		live_match(&course->live, &course->cup, index, crew_busy(&course->crew));
	}
	course->broken |= taken == CUP_TROUBLE;
	if (taken == -1) {
		char why[256];

		snprintf(why, sizeof(why), "%.255s", course->cup.wrong);
		put_aside(folder);
		/* Whoever stopped it did not stop us: it is played again. */
		if (strcmp(why, STOPPED) != 0)
			course_fail(course, index, why);
	}
	return taken != 0;
}

/* A jail that is refused, a file that is gone: it would go on like that until no match is left. */
static void
hold(struct course *course, size_t index, const char *why)
{
	char folder[PATH_BYTES];

	cup_folder(&course->cup, &course->cup.entry[index], folder);
	put_aside(folder);
	course->full |= disk_is_full(course->cup.dir);
	course->held = true;
	snprintf(course->why, sizeof(course->why), "match %d cannot be started: %.250s",
	    course->cup.entry[index].number, why);
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
take_ending(struct course *course, const struct ending *ending)
{
	char why[320];

	snprintf(why, sizeof(why), "%s", complaint(ending->said));
	if (!*why)
		snprintf(why, sizeof(why), "match-run ended with status %d", ending->status);
	if (!entry_is_open(&course->cup.entry[ending->entry]))
		return;
	if (ending->entry < course->first)
		course->first = ending->entry;
	if (ending->status == EXIT_USAGE || ending->status == EXIT_NO_RUNNER)
		hold(course, ending->entry, why);
	else if (!course_take(course, ending->entry))
		course_fail(course, ending->entry, why);
}

static void
start(struct course *course, int worker, size_t index)
{
	struct js *match = tourney_match(&course->cup.tourney, &course->cup.entry[index]);
	char folder[PATH_BYTES];

	cup_folder(&course->cup, &course->cup.entry[index], folder);
	int error = crew_start(&course->crew, worker, index, match, folder);
	js_free(match);
	if (error)
		hold(course, index, strerror(-error));
}

/* --- all of them */

/* The next entry that is to be played and is not being played; count: none. */
static size_t
next_entry(struct course *course)
{
	const struct cup *cup = &course->cup;

	while (course->first < cup->count && !entry_is_open(&cup->entry[course->first]))
		course->first++;
	size_t index = course->first;
	while (index < cup->count && (!entry_is_open(&cup->entry[index]) || crew_find(&course->crew, index) >= 0))
		index++;
	return index;
}

bool
course_is_over(const struct course *course)
{
	return course->stopped || course->full || course->broken || course->held ||
	    (course->until && time(NULL) >= course->until);
}

static void
fill(struct course *course)
{
	int worker;

	while (!course_is_over(course) && (worker = crew_idle(&course->crew)) >= 0) {
		size_t index = next_entry(course);

		if (index == course->cup.count)
			return;
		start(course, worker, index);
	}
}

static void
reap(struct course *course)
{
	struct ending ending;

	for (int i = 0; i < course->crew.count; i++)
		if (crew_ended(&course->crew, i, &ending) && !course->broken)
			take_ending(course, &ending);
}

/* Others may have added or withdrawn a bot. Who plays a match that is not wanted any more stops. */
void
course_refresh(struct course *course)
{
	int changed = cup_refresh(&course->cup);

	course->broken |= changed < 0;
	if (changed <= 0)
		return;
	course->first = 0;
	for (int i = 0; i < course->crew.count; i++)
		if (course->crew.worker[i].pid && !entry_is_open(&course->cup.entry[course->crew.worker[i].entry]))
			crew_stop_one(&course->crew, i);
	live_say(&course->live, "changed", "bots were added or withdrawn, %d are entered",
	    course->cup.tourney.lineup.bots);
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
void
course_allow_signals(void)
{
	sigset_t set = stops();

	(void)sigprocmask(SIG_UNBLOCK, &set, NULL);
}

int
course_open_signals(void)
{
	sigset_t set = stops();

	(void)signal(SIGCHLD, SIG_DFL); /* whoever started us may have ignored it: then nobody is waited for */
	(void)signal(SIGPIPE, SIG_IGN);		/* who looked on and went away changes nothing */
	(void)signal(SIGXFSZ, SIG_IGN);		/* a file that may not grow is an error, no end */
	(void)sigprocmask(SIG_BLOCK, &set, NULL);
	return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

/* --- the loop */

void
course_wait(struct course *course, int ms)
{
	struct pollfd fds[CREW_MAX + 1] = { { course->signals, POLLIN, 0 } };
	struct signalfd_siginfo signal_info;

	for (int i = 0; i < course->crew.count; i++)
		fds[i + 1] = (struct pollfd){ course->crew.worker[i].pid ? course->crew.worker[i].pidfd : -1,
			POLLIN, 0 };
	(void)poll(fds, (nfds_t)course->crew.count + 1, ms);	/* whatever it says, all are looked at */
	if (read(course->signals, &signal_info, sizeof(signal_info)) == sizeof(signal_info)) {
		course->stopped = true;
		course_allow_signals();
	}
}

/* All that can be played now: until it is over, or a new part of the plan is due. */
static void
play_part(struct course *course)
{
	for (;;) {
		fill(course);
		if (course->stopped || course->broken || crew_busy(&course->crew) == 0)
			break;
		course_wait(course, LOOK_MS);
		reap(course);
		if (!course->broken)
			course_refresh(course);
		live_draw(&course->live, &course->cup, crew_busy(&course->crew), false);
	}
	crew_stop(&course->crew);
}

/* Results that came while nobody wrote them down. */
void
course_sweep(struct course *course)
{
	for (size_t i = 0; i < course->cup.count && !course->broken && !course->full; i++)
		if (entry_is_open(&course->cup.entry[i]))
			(void)course_take(course, i);
}

/* The next part of the plan. false: there is none, or it cannot be made. */
bool
course_extend(struct course *course)
{
	int more = cup_extend(&course->cup);

	course->broken |= more < 0;
	course->finished = more == 0;
	if (more <= 0)
		return false;
	int round = course->cup.entry[course->cup.count - 1].round;
	if (round > 1)
		live_say(&course->live, "round", "round %d: %d matches", round, more);
	return true;
}

void
course_play(struct course *course)
{
	course_sweep(course);
	while (!course_is_over(course)) {
		play_part(course);
		if (cup_open_count(&course->cup) == 0 && !course->broken && !course_extend(course))
			return;
	}
	/* There may be nothing left all the same. */
	if (cup_open_count(&course->cup) == 0 && !course->broken)
		(void)course_extend(course);
}
