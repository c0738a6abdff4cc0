/* match-run check: would this bot play? Every failure with its fix. */
#include "command.h"
#include "common.h"
#include "drive.h"
#include "folder.h"
#include "loop.h"
#include "pin.h"
#include "report.h"
#include "seed.h"
#include "tree.h"

#include <signal.h>
#include <string.h>

#define READY_MS 10000
#define ANSWER_MS 5000
#define LEAVE_MS 2000
#define SEED 77
#define READY_CLAIM "it says that it is ready"

const struct option_text check_options[] = {
	{ "game", 'g', "DIR", "the game to play (connect4 of the examples)" },
	{ NULL, 0, NULL, NULL },
};

static const char *const fixes[FAULTS] = {
	[FAULT_timeout] = "answer every view with one line, flush it, and look at clock.turn_ms",
	[FAULT_crash] = "its program was ended by a signal: read the log; was it built (make)?",
	[FAULT_bad_json] = "print one JSON value a line, and nothing else, on standard output;"
	    " logs go to standard error",
	[FAULT_bad_action] = "play one of the view's \"legal\" actions, and one answer for each view",
	[FAULT_output_limit] = "print less: one short line for each view",
	[FAULT_memory] = "use less memory than the policy allows (bot-policy show)",
	[FAULT_syscall] = "it used a system call that ends a jail: the message names it",
	[FAULT_early_exit] = "its program ended: by a mistake, or too early;"
	    " it is to read views until the end of input",
	[FAULT_no_ready] = "print __READY__ and flush, or say in bot.json \"ready\": []",
};

struct subject {
	struct setup setup;		/* the bot against itself */
	const char *helper;
};

/* --- by hand, for what a match cannot tell apart */

static bool
is_ready(const struct program *bot, const char *line, size_t length)
{
	struct dialog dialog;
	const char *why;

	dialog_init(&dialog, &bot->dialect, 4096);
	dialog_begin(&dialog, SECTION_START);
	bool ready = dialog_hear(&dialog, line, length, &why) == HEARD_DONE;
	dialog_free(&dialog);
	return ready;
}

/* Waits for the ready line; how long it took, or -1. */
static int64_t
wait_ready(struct drive *drive, const struct program *bot, int wait_ms)
{
	int64_t begin = loop_now_us(), until = begin + (int64_t)wait_ms * 1000;
	const char *line;
	size_t length;

	while (loop_now_us() < until &&
	    (line = drive_line(drive, (int)((until - loop_now_us()) / 1000) + 1, &length)))
		if (is_ready(bot, line, length))
			return loop_now_us() - begin;
	return -1;
}

static const char *
last_words(const struct drive *drive)
{
	size_t skip = drive->log.length > 300 ? drive->log.length - 300 : 0;

	return drive->log.length && buffer_text((struct buffer *)&drive->log)
	    ? buffer_bytes(&drive->log) + skip : "";
}

static bool
check_ready(struct report *report, struct drive *drive, const struct program *bot)
{
	int64_t us = bot->ready[0] ? wait_ready(drive, bot, READY_MS) : 0;

	if (us >= 0) {
		report_claim(report, true, READY_CLAIM, "", NULL);
		if (bot->ready[0])
			report_note("ready after %.1f ms", (double)us / 1000);
		return true;
	}
	drive_close(drive);
	bool late = wait_ready(drive, bot, LEAVE_MS) >= 0;
	struct js *jail = drive_wait(drive, LEAVE_MS);
	const char *message = js_string(js_get(jail, "message"));
	double exit_status = js_member_number(jail, "exit");
	if (late)
		report_claim(report, false, READY_CLAIM, "the line came only when its program ended",
		    "flush standard output after each line");
	else if (message)
		report_claim(report, false, READY_CLAIM, message,
		    "its program must be there: was it built (make), is the command right?");
	else
		report_claim(report, false, READY_CLAIM, last_words(drive), exit_status != 0
		    ? "its program ended at once: its last words are above;"
		    " it has no network, and its folder is read-only"
		    : fixes[FAULT_no_ready]);
	js_free(jail);
	return false;
}

/* The first view that the game has for somebody. To be freed; NULL. */
static char *
first_view(const struct subject *subject)
{
	struct drive game;
	cleanup_free char *init = game_init_text(&subject->setup, SEED);
	struct message message;
	const char *line;
	char *view = NULL;
	size_t length;

	if (drive_start(&game, subject->helper, &subject->setup.game, 0) == 0 && init)
		(void)drive_send(&game, init, strlen(init));	/* else no line comes */
	while (!view && (line = drive_line(&game, READY_MS, &length))) {
		game_parse(line, length, subject->setup.rules.players, &message);
		if (message.kind == MESSAGE_EVENT && message.event.kind == EVENT_ASK) {
			int asked = __builtin_ctz(message.event.mask);

			view = strndup(message.part[asked].bytes, message.part[asked].length);
		}
	}
	drive_end(&game);
	return view;
}

static void
check_answer(struct report *report, struct drive *drive, const struct program *bot, const char *view)
{
	const char *line = NULL, *why = "", *prefix = bot->dialect.prefix;
	size_t length = 0;

	int64_t until_us = loop_now_us() + ANSWER_MS * 1000;
	(void)drive_send(drive, view, strlen(view));	/* else no line comes */
	do
		line = loop_now_us() < until_us ? drive_line(drive, ANSWER_MS, &length) : NULL;
	while (line && strncmp(line, prefix, strlen(prefix)) != 0);
	if (!line) {
		drive_close(drive);
		bool late = drive_line(drive, LEAVE_MS, &length) != NULL;
		report_claim(report, false, "it answers a view", late
		    ? "the answer came only when its input had ended" : last_words(drive), late
		    ? "flush standard output after each line" : fixes[FAULT_timeout]);
		return;
	}
	why = raw_check(line + strlen(prefix), length - strlen(prefix));
	report_claim(report, !why, "its answer is one line of JSON", line, fixes[FAULT_bad_json]);
}

static void
check_leaving(struct report *report, struct drive *drive)
{
	int64_t status = -1;

	drive_close(drive);
	struct js *jail = drive_wait(drive, LEAVE_MS);
	bool left = js_integer(js_get(jail, "exit"), &status) && status == 0;
	report_claim(report, left, "it exits with 0 at the end of its input", last_words(drive),
	    "leave the loop when reading gives the end of file");
	js_free(jail);
}

/* false: a match would only show the same again. */
static bool
check_by_hand(struct report *report, const struct subject *subject)
{
	const struct program *bot = &subject->setup.bot[0];
	struct drive drive;
	cleanup_free char *view = first_view(subject);

	if (!view)
		report_note("the game asks nothing: is it one? match-run check-game tells");
	bool ready = drive_start(&drive, subject->helper, bot, SEED) == 0 && view &&
	    check_ready(report, &drive, bot);
	if (ready) {
		check_answer(report, &drive, bot, view);
		check_leaving(report, &drive);
	}
	drive_end(&drive);
	return ready;
}

/* --- in a match against itself */

static void
note_use(const struct loop *loop)
{
	const struct js *jail = loop->party[0].status, *limits = js_get(jail, "limits");
	const struct seat *seat = &loop->match.seat[0];

	report_note("%d turns, %.2f ms each; memory %.1f of %.0f MiB; processes and threads %.0f of %.0f; CPU %.1f ms",
	    seat->turns, seat->turns ? (double)seat->total_us / 1000 / seat->turns : 0,
	    js_member_number(jail, "memory_peak") / (1 << 20), js_member_number(limits, "memory") / (1 << 20),
	    js_member_number(jail, "processes_peak"), js_member_number(limits, "processes"),
	    js_member_number(jail, "cpu_us") / 1000);
	if (loop->party[0].log.length + loop->party[0].log.used > 0)
		report_note("it writes a log: %lld bytes",
		    (long long)(loop->party[0].log.length + loop->party[0].log.used));
}

/* The end of what it wrote to its log. */
static void
show_log(const struct log *log)
{
	size_t length = log->used < 600 ? log->used : 600;

	if (length == 0)
		return;
	printf("    its log ends with:\n");
	command_put_plain(stdout, log->piece + log->used - length, length);
}

static void
judge_match(struct report *report, const struct loop *loop)
{
	int culprit = -1;
	char claim[96];

	for (int i = loop_players(loop) - 1; i >= 0; i--)
		if (loop->match.seat[i].fault)
			culprit = i;
	snprintf(claim, sizeof(claim), "it plays %s against itself without a fault",
	    loop->setup->game.name);
	if (loop->match.outcome == OUTCOME_FAILED) {
		report_claim(report, false, claim, loop->why, "the game or the host failed, not the bot");
		return;
	}
	char words[320] = "";
	if (culprit >= 0)
		snprintf(words, sizeof(words), "%s: %s", fault_names[loop->match.seat[culprit].fault],
		    loop->party[culprit].why);
	report_claim(report, culprit < 0, claim, words,
	    culprit >= 0 ? fixes[loop->match.seat[culprit].fault] : NULL);
	if (culprit >= 0)
		show_log(&loop->party[culprit].log);
	const struct js *limits = js_get(loop->party[0].status, "limits");
	double peak = js_member_number(loop->party[0].status, "memory_peak"), most = js_member_number(limits, "memory");
	if (most > 0 && peak > 0)
		report_claim(report, peak < most * 0.8, "it stays below 80 % of its memory", "",
		    fixes[FAULT_memory]);
	note_use(loop);
}

static int
check_match(struct report *report, const struct subject *subject)
{
	static struct loop loop;
	static const struct onlooker nobody[] = { { NULL, NULL, 0 } };
	char path[] = "/tmp/match-run.XXXXXX", result[sizeof(path) + 8];
	struct folder folder = { .fd = -1 };

	if (!mkdtemp(path))
		return -1;
	snprintf(result, sizeof(result), "%s/match", path);
	int error = folder_begin(&folder, result);
	if (!error)
		error = loop_run(&loop, &subject->setup, SEED, subject->helper, folder.fd, nobody);
	if (!error)
		judge_match(report, &loop);
	loop_free(&loop);
	folder_abandon(&folder);
	tree_remove(path);
	return error;
}

/* --- */

/* The bot in every seat of the game. */
static int
read_subject(struct subject *subject, const char *game, const char *bot)
{
	struct js *document = js_new_object(), *bots = js_new_array();
	char why[SETUP_ERROR_BYTES];
	struct program probe = { 0 };
	struct reader reader = { .path = "check", .base = ".", .error = why };
	int64_t players = 2;

	struct js *folder = js_new_string(game);
	if (program_read(&reader, folder, "game", "game.json", &probe) == 0)
		(void)js_integer(js_at(js_get(probe.manifest, "players"), 0), &players);	/* or 2 */
	js_free(folder);
	program_free(&probe);
	for (int i = 0; i < players && i < PLAYERS_MAX; i++) {
		struct js *one = js_new_object();
		char name[NAME_MAX_BYTES];

		snprintf(name, sizeof(name), "seat%d", i);
		js_set(one, "name", js_new_string(name));
		js_set(one, "dir", js_new_string(bot));
		js_add(bots, one);
	}
	js_set(document, "game", js_new_string(game));
	js_set(document, "bots", bots);
	return setup_take(&subject->setup, document, "check");
}

int
check_run(int argc, char *argv[])
{
	static struct subject subject;
	const char *game = KIT_DIR "/../examples/games/connect4";
	struct report report = { 0, 0 };
	int option, status = EXIT_USAGE;

	while ((option = command_option(check_options, argc, argv)) != -1) {
		if (option < 0)
			return EXIT_USAGE;
		game = optarg;
	}
	if (optind + 1 != argc)
		return command_usage("check needs the folder of one bot");
	subject.helper = command_helper();
	if (!subject.helper)
		return EXIT_USAGE;
	(void)signal(SIGPIPE, SIG_IGN);	/* a bot that is gone shows in its status line */
	if (read_subject(&subject, game, argv[optind])) {
		fprintf(stderr, "match-run: %s\n", subject.setup.wrong);
	} else if (pin_setup(&subject.setup, subject.helper) == 0) {
		bool json = strcmp(subject.setup.bot[0].protocol, "json") == 0;

		status = (!json || check_by_hand(&report, &subject)) && check_match(&report, &subject)
		    ? EXIT_OURS : report_end(&report);
	}
	setup_free(&subject.setup);
	return status;
}
