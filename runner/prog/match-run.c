/*
 * match-run: one match between bots, each in a jail of its own, judged by a game that is in one,
 * too. It has no privilege and needs none: bot-jail has.
 */
#include "common.h"
#include "folder.h"
#include "loop.h"
#include "result.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

#define EXIT_CLIENT_ERROR 1
#define EXIT_USAGE 2
#define EXIT_OURS 75		/* sysexits(3): EX_TEMPFAIL; the same match may be tried again */

struct options {
	const char *match, *folder, *helper;
	bool watch, quiet;
};

static const struct {
	char letter;
	const char *value, *what;
} options_text[] = {
	{ 'o', "DIR", "put the result into DIR, which must not exist yet" },
	{ 'w', NULL, "watch: print every answer and every picture that the game draws" },
	{ 'q', NULL, "print nothing but mistakes" },
	{ 'h', NULL, "print this (also --help) and exit" },
	{ 'V', NULL, "print the version (also --version) and exit" },
};

static int
help(void)
{
	printf("usage: match-run [-wq] [-o DIR] MATCH.json\n"
	    "Play the match that MATCH.json describes, every program in a jail of its own.\n\n");
	for (size_t i = 0; i < COUNT(options_text); i++)
		printf("  -%c %-5s %s\n", options_text[i].letter, options_text[i].value
		    ? options_text[i].value : "",
		    options_text[i].what);
	printf("\nExit status: 0 the game ended it; 1 a fault of a bot did; 2 wrong usage or match file; "
	    "75 ours, try again.\n");
	return fflush(stdout) ? EXIT_OURS : 0;
}

/*
 * What follows comes from programs that strangers wrote: no control character of theirs reaches the
 * terminal.
 */
static void
print_plain(const char *text)
{
	for (; *text; text++)
		putchar(*text == '\n' || (*text >= ' ' && *text != 127) || (*text & 0x80) ? *text
		    : '?');
}

/* A picture is the text of a view, if the game gives one: match-protocol(7). */
static void
show_frame(const struct js *view)
{
	const char *text = js_string(js_get(view, "text"));

	if (!text)
		return;
	print_plain(text);
	printf("\n");
	(void)fflush(stdout);	/* an onlooker's pipe may close; the match goes on */
}

static void
show_answer(const char *name, const char *action, int64_t used_us)
{
	printf("%s answers ", name);
	print_plain(action);
	printf(" after %.2f ms\n", (double)used_us / 1000);
}

static double
number_of(const struct js *object, const char *key)
{
	double value = 0;

	(void)js_number(js_get(object, key), &value);	/* 0 when it is null */
	return value;
}

static void
print_program(const char *place, const struct program *program, const struct party *party,
    double turn_ms,
    const char *fault)
{
	printf("%-6s %-14s %9.1f %9.1f %9.1f  %s\n", place, program->name, turn_ms,
	    number_of(party->status, "cpu_us") / 1000,
	    number_of(party->status, "memory_peak") / (1 << 20), fault);
}

static const char *
party_name(const struct loop *loop, int i)
{
	return i < loop->setup->rules.players ? loop->setup->bot[i].name : loop->setup->game.name;
}

static void
print_result(const struct loop *loop, const char *folder)
{
	int winner = result_winner(&loop->match), players = loop->setup->rules.players;

	printf("\n%-6s %-14s %9s %9s %9s  %s\n", "place", "program", "turns ms", "CPU ms",
	    "peak MiB", "fault");
	for (int i = 0; i < players; i++) {
		const struct seat *seat = &loop->match.seat[i];
		char place[8] = "-", fault[320] = "";

		if (seat->rank)
			snprintf(place, sizeof(place), "%d", seat->rank);
		if (seat->fault)
			snprintf(fault, sizeof(fault), "%s: %s", fault_names[seat->fault],
			    *loop->party[i].why ? loop->party[i].why : fault_whats[seat->fault]);
		print_program(place, &loop->setup->bot[i], &loop->party[i],
		    (double)seat->total_us / 1000, fault);
	}
	print_program("game", &loop->setup->game, &loop->party[players], 0, "");
	if (winner >= 0)
		printf("\n%s wins%s", loop->setup->bot[winner].name, *loop->why ? ": " : "");
	else
		printf("\n%s%s", loop->match.outcome == OUTCOME_FAILED ? "failed" : "draw",
		    *loop->why ? ": " : "");
	print_plain(loop->why);
	printf("\nfiles are in %s\n", folder);
	for (int i = 0; i <= players; i++)
		if (loop->party[i].logged > 0)
			printf("%s complained: %s/%s.err\n", party_name(loop, i), folder,
			    party_name(loop, i));
}

static int
play(const struct options *options, const struct setup *setup, uint64_t seed, struct folder *folder)
{
	static struct loop loop;
	const struct onlooker watching = { show_frame, show_answer }, nobody = { NULL, NULL };
	static const int exits[OUTCOMES] = { EXIT_OURS, 0, EXIT_CLIENT_ERROR, EXIT_OURS };

	int error = loop_run(&loop, setup, seed, options->helper, folder->fd, options->watch
	    ? &watching : &nobody);
	if (!error)
		error = result_write(&loop, folder->fd, folder->work);
	if (!error)
		error = folder_commit(folder);
	if (error)
		fprintf(stderr, "match-run: %s: %s\n", folder->final, strerror(-error));
	else if (!options->quiet)
		print_result(&loop, folder->final);
	else if (loop.match.outcome == OUTCOME_FAILED)
		fprintf(stderr, "match-run: %s: failed: %s\n", folder->final, loop.why);
	int status = error ? EXIT_OURS : loop.refused ? EXIT_USAGE : exits[loop.match.outcome];
	loop_free(&loop);
	return status;
}

static uint64_t
draw_seed(void)
{
	uint64_t seed;

	if (getrandom(&seed, sizeof(seed), 0) != sizeof(seed))
		seed = (uint64_t)time(NULL);
	return seed >> 11;	/* JSON numbers hold 53 bits */
}

/* The name of a folder that nobody asked for: the match file's, and a number. */
static void
default_folder(const char *match, char folder[4096])
{
	const char *base = strrchr(match, '/') ? strrchr(match, '/') + 1 : match;
	int length = (int)strcspn(base, ".");

	for (int i = 1; i < 100000; i++) {
		snprintf(folder, 4096, "%.*s-%d", length, base, i);
		if (access(folder, F_OK))
			return;
	}
}

/* Only who is in the helper's group may execute it. */
static int
check_helper(const char *helper)
{
	if (access(helper, X_OK) == 0)
		return 0;
	fprintf(stderr, "match-run: %s: %s%s\n", helper, strerror(errno), errno == EACCES
	    ? ": you are not in group bot-jail: sudo adduser $USER bot-jail, then log in anew or: sg bot-jail"
	    : ": see bot-jail-setup --check");
	return -1;
}

static int
run(const struct options *options)
{
	struct setup setup;
	struct folder folder = { .fd = -1 };
	char error[SETUP_ERROR_BYTES], path[4096];
	int status = EXIT_USAGE;

	if (options->folder)
		snprintf(path, sizeof(path), "%s", options->folder);
	else
		default_folder(options->match, path);
	if (setup_read(&setup, options->match, error)) {
		fprintf(stderr, "match-run: %s\n", error);
	} else {
		int failed = folder_begin(&folder, path);

		if (failed)
			fprintf(stderr, "match-run: %s: %s\n", path, strerror(-failed));
		else
			status = play(options, &setup, setup.has_seed ? setup.seed : draw_seed(),
			    &folder);
	}
	folder_abandon(&folder);
	setup_free(&setup);
	return status;
}

static int
usage(const char *why)
{
	fprintf(stderr, "match-run: %s; see match-run -h\n", why);
	return EXIT_USAGE;
}

int
main(int argc, char *argv[])
{
	struct options options = { .helper = BIN_DIR "/bot-jail" };
	int letter;

	if (argc > 1 && strcmp(argv[1], "--help") == 0)
		return help();
	if (argc > 1 && strcmp(argv[1], "--version") == 0)
		return puts("match-run " VERSION) < 0;
	opterr = 0;
	while ((letter = getopt(argc, argv, "o:wqhV")) != -1)
		switch (letter) {
		case 'o': options.folder = optarg; break;
		case 'w': options.watch = true; break;
		case 'q': options.quiet = true; break;
		case 'h': return help();
		case 'V': return puts("match-run " VERSION) < 0;
		default:  return usage("no such option, or its value is missing");
		}
	if (optind + 1 != argc)
		return usage("one match file is wanted");
	options.match = argv[optind];
	if (check_helper(options.helper))
		return EXIT_USAGE;
	(void)signal(SIGPIPE, SIG_IGN);	/* a bot that is gone shows in its status line */
	return run(&options);
}
