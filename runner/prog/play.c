/* match-run play: one match, from its file to its folder. */
#include "arena.h"
#include "command.h"
#include "common.h"
#include "folder.h"
#include "loop.h"
#include "pin.h"
#include "result.h"
#include "watch.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>

#define ONLOOKERS 6

enum { OUTPUT, WATCH, QUIET, EVENTS_FD, HUMAN, CPU, SEED, GAME, FORMAT };

const struct option_text play_options[] = {
	[OUTPUT] = { "output", 'o', "DIR", "put the result into DIR, which must not exist yet" },
	[WATCH] = { "watch", 'w', NULL, "print every answer and every picture that the game draws" },
	[QUIET] = { "quiet", 'q', NULL, "print nothing but mistakes" },
	[EVENTS_FD] = { "events", 0, "FD", "write what happens to that descriptor, as JSON lines" },
	[HUMAN] = { "human", 0, "SEAT", "play in that seat yourself" },
	[CPU] = { "cpu", 0, "N", "share CPU N among all programs; or off, or auto" },
	[SEED] = { "seed", 0, "N", "instead of the match file's" },
	[GAME] = { "game", 'g', "DIR", "no match file: play the game in DIR; the arguments are folders of bots" },
	[FORMAT] = { "format", 0, "json|js", "of the files that a game_config.json wants" },
	{ NULL, 0, NULL, NULL },
};

struct wishes {
	const char *folder, *game, *cpu;
	bool watch, quiet, has_seed, javascript;
	int events, human;
	uint64_t seed;
};

static int
take_wish(struct wishes *wishes, int option)
{
	uint64_t number = 0;

	switch (option) {
	case OUTPUT:	wishes->folder = optarg; return 0;
	case WATCH:	wishes->watch = true; return 0;
	case QUIET:	wishes->quiet = true; return 0;
	case GAME:	wishes->game = optarg; return 0;
	case CPU:	wishes->cpu = optarg; return 0;
	case EVENTS_FD:
		if (!command_number(optarg, 65535, &number) || fcntl((int)number, F_GETFD) < 0)
			return command_usage("--events needs the number of an open descriptor");
		wishes->events = (int)number;
		return 0;
	case HUMAN:
		if (!command_number(optarg, PLAYERS_MAX - 1, &number))
			return command_usage("--human needs the number of a seat, from 0");
		wishes->human = (int)number;
		return 0;
	case FORMAT:
		wishes->javascript = strcmp(optarg, "js") == 0;
		return wishes->javascript || strcmp(optarg, "json") == 0 ? 0
		    : command_usage("--format is json or js");
	case SEED:
		wishes->has_seed = command_number(optarg, (1ull << 53) - 1, &wishes->seed);
		return wishes->has_seed ? 0 : command_usage("--seed needs a number below 2^53");
	default:	return EXIT_USAGE;
	}
}

/* {"game":"DIR","bots":["DIR",...]} */
static struct js *
document_of(const char *game, int count, char *bots[])
{
	struct js *document = js_new_object(), *list = js_new_array();

	for (int i = 0; i < count; i++) {
		struct js *bot = js_new_object();
		char name[NAME_MAX_BYTES];
		const char *slash = strrchr(bots[i], '/');

		js_set(bot, "dir", js_new_string(bots[i]));
		/* The same bot may play in several seats. */
		for (int j = 0; j < i; j++)
			if (strcmp(bots[i], bots[j]) == 0) {
				snprintf(name, sizeof(name), "%.50s.%d", slash ? slash + 1 : bots[i], i);
				js_set(bot, "name", js_new_string(name));
			}
		js_add(list, bot);
	}
	js_set(document, "game", js_new_string(game));
	js_set(document, "bots", list);
	return document;
}

static int
apply(const struct wishes *wishes, struct setup *setup)
{
	uint64_t cpu;

	if (wishes->has_seed || !setup->has_seed)
		setup->seed = wishes->has_seed ? wishes->seed : command_seed();
	if (wishes->human >= setup->rules.players)
		return command_usage("--human: there is no such seat");
	if (wishes->human >= 0) {
		setup->bot[wishes->human].person = true;
		setup->rules.persons |= 1u << wishes->human;
	}
	if (!wishes->cpu)
		return 0;
	if (strcmp(wishes->cpu, "auto") == 0 || strcmp(wishes->cpu, "off") == 0)
		setup->cpu = *wishes->cpu == 'a' ? CPU_AUTO : CPU_OFF;
	else if (command_number(wishes->cpu, 4095, &cpu))
		setup->cpu = (int)cpu;
	else
		return command_usage("--cpu needs the number of a CPU, auto or off");
	return 0;
}

static void
print_program(const char *place, const struct party *party, double turn_ms, const char *fault)
{
	printf("%-6s %-16s %9.1f %9.1f %9.1f  ", place, party->program->name, turn_ms,
	    js_member_number(party->status, "cpu_us") / 1000,
	    js_member_number(party->status, "memory_peak") / (1 << 20));
	command_print_plain(fault);
	putchar('\n');
}

static void
print_players(const struct loop *loop)
{
	printf("\n%-6s %-16s %9s %9s %9s  %s\n", "place", "program", "turns ms", "CPU ms",
	    "peak MiB", "fault");
	for (int i = 0; i < loop_players(loop); i++) {
		const struct seat *seat = &loop->match.seat[i];
		char place[8] = "-", fault[320] = "";

		if (seat->rank)
			snprintf(place, sizeof(place), "%d", seat->rank);
		if (seat->fault)
			snprintf(fault, sizeof(fault), "%s: %s", fault_names[seat->fault],
			    *loop->party[i].why ? loop->party[i].why : fault_whats[seat->fault]);
		else if (seat->strikes)
			snprintf(fault, sizeof(fault), "%d strike%s, the last: %s", seat->strikes,
			    seat->strikes > 1 ? "s" : "", loop->party[i].why);
		print_program(place, &loop->party[i], (double)seat->total_us / 1000, fault);
	}
	print_program("game", &loop->party[loop_players(loop)], 0, "");
}

static void
print_result(const struct loop *loop, const char *folder)
{
	int winner = result_winner(&loop->match);

	print_players(loop);
	if (winner >= 0)
		printf("\n%s wins%s", loop->setup->bot[winner].name, *loop->why ? ": " : "");
	else
		printf("\n%s%s", loop->match.outcome == OUTCOME_FAILED ? "failed" : "draw",
		    *loop->why ? ": " : "");
	command_print_plain(loop->why);
	printf("\nfiles are in %s\n", folder);
	for (int i = 0; i <= loop_players(loop); i++)
		if (loop->party[i].complained)
			printf("%s complained: %s/%s.err\n", loop->party[i].program->name, folder,
			    loop->party[i].program->name);
}

/* The log of the match goes into the folder; what else looks on is as wished. */
static int
make_onlookers(const struct wishes *wishes, struct folder *folder, struct screen *screen,
    struct onlooker onlookers[ONLOOKERS])
{
	int fd = openat(folder->fd, "match.log", O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
	FILE *log = fd >= 0 ? fdopen(fd, "w") : NULL;
	bool live = !wishes->watch && !wishes->quiet && isatty(STDOUT_FILENO) && wishes->human < 0;

	if (!log)
		return -errno;
	*onlookers++ = (struct onlooker){ watch_log, log, 0 };
	if (wishes->watch || wishes->human >= 0)
		*onlookers++ = (struct onlooker){ watch_lines, stdout, 0 };
	else if (live)
		*onlookers++ = (struct onlooker){ watch_screen, screen, SCREEN_TICK_US };
	if (wishes->human >= 0)
		*onlookers++ = (struct onlooker){ watch_person, screen, 0 };
	FILE *events = wishes->events >= 0 ? fdopen(wishes->events, "w") : NULL;
	if (events)
		*onlookers++ = (struct onlooker){ watch_events, events, 0 };
	*onlookers = (struct onlooker){ NULL, NULL, 0 };
	return 0;
}

/* Another match of the same name may have taken the number meanwhile: then the next one is ours. */
static int
write_all(const struct wishes *wishes, struct loop *loop, struct folder *folder,
    const struct onlooker *onlookers)
{
	int error = fclose(onlookers[0].self) ? -EIO : 0;

	if (!error)
		error = result_write(loop, folder->fd);
	if (!error)
		error = folder_commit(folder);
	while (error == -EEXIST && !wishes->folder) {
		*strrchr(folder->final, '-') = '\0';
		char base[sizeof(folder->final)];
		strcpy(base, folder->final);
		command_folder(base, folder->final);
		error = folder_commit(folder);
	}
	return error;
}

static int
play(const struct wishes *wishes, struct setup *setup, const char *helper, struct folder *folder)
{
	static struct loop loop;
	static const int exits[OUTCOMES] = { EXIT_OURS, EXIT_FINISHED, EXIT_CLIENT_ERROR, EXIT_OURS };
	struct screen screen = { .out = stdout };
	struct onlooker onlookers[ONLOOKERS];
	int error = make_onlookers(wishes, folder, &screen, onlookers);

	if (error)
		return EXIT_OURS;
	error = loop_run(&loop, setup, setup->seed, helper, folder->fd, onlookers);
	for (int i = 0; i <= loop_players(&loop); i++)
		log_close(&loop.party[i].log);
	if (!error)
		error = write_all(wishes, &loop, folder, onlookers);
	if (error)
		fprintf(stderr, "match-run: %s: %s\n", folder->final, strerror(-error));
	else if (!wishes->quiet)
		print_result(&loop, folder->final);
	else if (loop.match.outcome == OUTCOME_FAILED)
		fprintf(stderr, "match-run: %s: failed: %s\n", folder->final, loop.why);
	int status = error ? EXIT_OURS : loop.refused ? EXIT_USAGE : exits[loop.match.outcome];
	screen_free(&screen);
	loop_free(&loop);
	return status;
}

/* Named after the match file, or the game. */
static void
folder_for(const struct wishes *wishes, const char *match, char path[4096])
{
	const char *slash = strrchr(match, '/'), *base = slash ? slash + 1 : match;
	char name[256];

	snprintf(name, sizeof(name), "%.*s", (int)strcspn(base, "."), base);
	if (wishes->folder)
		snprintf(path, 4096, "%s", wishes->folder);
	else
		command_folder(*name ? name : "match", path);
}

static int
play_setup(const struct wishes *wishes, struct setup *setup, const char *match, struct arena *arena)
{
	struct folder folder = { .fd = -1 };
	const char *helper = command_helper();
	char path[4096];

	if (!helper || apply(wishes, setup) || pin_setup(setup, helper))
		return EXIT_USAGE;
	folder_for(wishes, match, path);
	int error = folder_begin(&folder, path), status = EXIT_USAGE;
	if (error)
		fprintf(stderr, "match-run: %s: %s\n", path, strerror(-error));
	else
		status = play(wishes, setup, helper, &folder);
	folder_abandon(&folder);
	snprintf(path, sizeof(path), "%s", folder.final);
	if (status > EXIT_CLIENT_ERROR || !arena->path)
		return status;
	arena->javascript = wishes->javascript;
	if (arena_commit(arena, path) == 0)
		return status;
	fprintf(stderr, "match-run: %s\n", arena->wrong);
	return EXIT_OURS;
}

/* The match file, or what stands for one. -1, and a message was printed. */
static int
read_setup(struct setup *setup, struct arena *arena, const char *path)
{
	struct js *document = setup_document(setup, path);
	const char *wrong = setup->wrong;

	if (document && arena_is(document)) {
		struct js *match = arena_read(arena, document, path);

		js_free(document);
		document = match;
		wrong = arena->wrong;
	}
	if (document && setup_take(setup, document, path) == 0)
		return 0;
	fprintf(stderr, "match-run: %s\n", document ? setup->wrong : wrong);
	return -1;
}

static int
read_folders(struct setup *setup, const struct wishes *wishes, int count, char *bots[])
{
	if (setup_take(setup, document_of(wishes->game, count, bots), "match-run -g") == 0)
		return 0;
	fprintf(stderr, "match-run: %s\n", setup->wrong);
	return -1;
}

int
play_run(int argc, char *argv[])
{
	static struct setup setup;
	static struct arena arena;
	struct wishes wishes = { .events = -1, .human = -1 };
	int option, wrong;

	while ((option = command_option(play_options, argc, argv)) != -1)
		if (option < 0 || take_wish(&wishes, option))
			return EXIT_USAGE;
	if (!wishes.game && optind + 1 != argc)
		return command_usage("one match file is wanted");
	(void)signal(SIGPIPE, SIG_IGN);	/* a bot that is gone shows in its status line */
	wrong = wishes.game ? read_folders(&setup, &wishes, argc - optind, argv + optind)
	    : read_setup(&setup, &arena, argv[optind]);
	int status = wrong ? EXIT_USAGE
	    : play_setup(&wishes, &setup, wishes.game ? setup.game.name : argv[optind], &arena);
	setup_free(&setup);
	arena_free(&arena);
	return status;
}
