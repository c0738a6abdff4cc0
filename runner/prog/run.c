/* match-tournament run: from the command line to the last line that is printed. */
#include "contests.h"

#include "common.h"
#include "course.h"
#include "standings.h"
#include "via.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <time.h>

#define SPAN_MOST 100000000	/* seconds: three years */

enum { JOBS, OUTPUT, UNTIL, EVENTS_FD, QUIET, OVERCOMMIT, AGAIN, NO_REPORT, VIA };

const struct option_text run_options[] = {
	[JOBS] = { "jobs", 'j', "N", "so many matches at a time; as many as this machine holds if nothing is said" },
	[OUTPUT] = { "output", 'o', "DIR", "where its state, matches and report are" },
	[UNTIL] = { "until", 0, "TIME", "start no match after HH:MM, YYYY-MM-DD HH:MM or +N with s, m or h" },
	[EVENTS_FD] = { "events", 0, "FD", "write what happens to that descriptor, as JSON lines" },
	[QUIET] = { "quiet", 'q', NULL, "print nothing but mistakes" },
	[OVERCOMMIT] = { "overcommit", 0, NULL, "with -j: more than this machine holds" },
	[AGAIN] = { "again", 0, NULL, "try matches that failed for good once more" },
	[NO_REPORT] = { "no-report", 0, NULL, "write no pages at the end" },
	[VIA] = { "via", 0, "URL", "have match-workers play, by their queue: spool:DIR, redis://..., amqp://..." },
	{ NULL, 0, NULL, NULL },
};

struct wishes {
	const char *dir, *via;
	uint64_t jobs;
	time_t until;			/* 0: for ever */
	int events;
	bool quiet, overcommit, again, no_report;
};

struct run {
	struct wishes wishes;
	struct course course;
};

/* --- options */

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
	case VIA:	wishes->via = optarg; return 0;
	default:	wishes->no_report = true; return 0;
	}
}

/* --- how many at a time */

static void
admit(struct run *run)
{
	int fits = room_fits(&run->course.room);
	int asked = run->wishes.jobs ? (int)run->wishes.jobs : run->course.cup.tourney.concurrency;
	int count = asked ? asked : fits;

	if (asked > fits) {
		char text[240];

		snprintf(text, sizeof(text),
		    "%d matches at a time are too many: each reserves %d CPU%s and %.1f GiB by its"
		    " policies, and %d CPU%s and %.1f GiB are free",
		    asked, run->course.room.cpus_needed, run->course.room.cpus_needed == 1 ? "" : "s",
		    (double)run->course.room.bytes_needed / (1 << 30), run->course.room.cpus,
		    run->course.room.cpus == 1 ? "" : "s", (double)run->course.room.bytes / (1 << 30));
		count = run->wishes.overcommit ? asked : fits;
		fprintf(stderr, "match-tournament: %s: %d are played%s\n", text, count,
		    run->wishes.overcommit ? ", and clocks may suffer" : "; --overcommit insists");
	}
	crew_init(&run->course.crew, BIN_DIR "/match-run", &run->course.room, count);
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
	return run->course.full ? "no space left on the disk: make room and run it again"
	    : run->course.held ? run->course.why
	    : run->course.stopped ? "stopped by a signal: run it again" : "its time is over: run it again";
}

static void
print_end(struct run *run, size_t left)
{
	struct board board;
	size_t failed = count_failed(&run->course.cup);

	if (run->course.live.screen)
		live_draw(&run->course.live, &run->course.cup, 0, true);
	else if (!run->wishes.quiet && board_make(&run->course.cup, run->course.cup.tourney.system, &board) == 0) {
		board_print(&run->course.cup, &board, run->course.cup.tourney.system, 0, "\n", stdout);
		board_free(&board);
	}
	if (run->course.finished)
		live_say(&run->course.live, "finished", "%zu matches left", left);
	else
		live_say(&run->course.live, "stopped", "%zu matches left of this part; %s", left, why_unfinished(run));
	if (failed)
		live_say(&run->course.live, "failed",
		    "%zu matches failed and count for nobody: run --again tries them once more", failed);
	if (run->course.live.screen) {
		live_draw(&run->course.live, &run->course.cup, 0, true);
		putchar('\n');
	}
}

/* Pages that are there already tell the same when nothing was played. */
static bool
wants_report(const struct run *run, const char *report)
{
	return !run->wishes.no_report && !run->course.full && (run->course.played || access(report, F_OK));
}

static int
end(struct run *run)
{
	char report[PATH_BYTES + 16];

	if (run->course.broken)
		return contest_failed(&run->course.cup);
	print_end(run, cup_open_count(&run->course.cup));
	snprintf(report, sizeof(report), "%s/report", run->course.cup.dir);
	course_allow_signals();
	if (wants_report(run, report) && report_write(&run->course.cup, report))
		return contest_failed(&run->course.cup);
	if (!run->wishes.no_report && !run->course.full && !run->wishes.quiet)
		printf("%s/index.html\n", report);
	if (!run->course.finished)
		return run->course.full || run->course.held
		    ? command_fail(EXIT_OURS, "%s: %s", run->course.cup.dir, why_unfinished(run))
		    : EXIT_OURS;
	return count_failed(&run->course.cup) ? EXIT_CLIENT_ERROR : EXIT_FINISHED;
}

/* Where later rounds rest on results, those of earlier ones stay as they are. */
static int
try_again(struct cup *cup)
{
	if (store_again(cup->store, format_rests(&cup->tourney.rules)) < 0)
		return cup_store_failed(cup);
	via_forget(cup->dir);
	return cup_reload(cup);
}

static int
run_cup(struct run *run, const char *path)
{
	const char *helper = run->wishes.via ? "" : command_helper();

	if (!helper)
		return EXIT_USAGE;
	run->course.signals = course_open_signals();
	if (run->course.signals < 0)
		return command_fail(EXIT_OURS, "signalfd: %s", strerror(errno));
	if (cup_open(&run->course.cup, path, run->wishes.dir, CUP_RUN) ||
	    (run->wishes.again && try_again(&run->course.cup)))
		return contest_failed(&run->course.cup);
	/* When there is nothing to play, nothing need be there. */
	if (!run->wishes.via &&
	    room_measure(&run->course.cup.tourney, run->course.cup.gone, helper, &run->course.room) &&
	    (run->course.cup.count == 0 || cup_open_count(&run->course.cup) > 0))
		return command_fail(EXIT_USAGE, "%s", run->course.room.wrong);
	if (!run->wishes.via)
		admit(run);
	live_init(&run->course.live, run->wishes.quiet, run->wishes.events);
	run->course.until = run->wishes.until;
	if (cup_open_count(&run->course.cup) > 0)
		live_say(&run->course.live, "start", "%s: %zu matches left, %d at a time",
		    run->course.cup.tourney.title, cup_open_count(&run->course.cup),
		    run->wishes.via ? VIA_AHEAD : run->course.crew.count);
	if (run->wishes.via)
		via_play(&run->course, run->wishes.via);
	else
		course_play(&run->course);
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
	cup_close(&run.course.cup);
	return status;
}
