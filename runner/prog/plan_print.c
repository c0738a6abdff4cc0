/* match-tournament plan: the list of matches, for people and for other schedulers. */
#include "contests.h"

#include "common.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

enum { FILES, OPEN_ONLY, MATCH, OUTPUT };

const struct option_text plan_options[] = {
	[FILES] = { "files", 'f', "DIR", "write the matches that are left as match files DIR/NNNNN.json" },
	[OPEN_ONLY] = { "left", 'l', NULL, "only matches that are left" },
	[MATCH] = { "match", 'm', "N", "print the match file of match N" },
	[OUTPUT] = { "output", 'o', "DIR", "begin the tournament in DIR, without playing it" },
	{ NULL, 0, NULL, NULL },
};

struct wishes {
	const char *files, *dir;
	bool open_only;
	uint64_t match;
};

static struct js *
new_line(const struct cup *cup, const struct entry *entry)
{
	struct js *line = js_new_object(), *bots = js_new_array();

	for (int seat = 0; seat < entry->players; seat++)
		js_add(bots, js_new_string(cup_title(cup, entry, seat)));
	js_set(line, "match", js_new_integer(entry->number));
	js_set(line, "round", js_new_integer(entry->round));
	js_set(line, "pairing", js_new_integer(entry->pairing));
	js_set(line, "set", js_new_integer(entry->set));
	js_set(line, "game", entry->players > 1 ? js_new_string(cup->tourney.lineup.game[entry->game].name) : NULL);
	js_set(line, "bots", bots);
	js_set(line, "seed", js_new_integer(entry->seed));
	js_set(line, "state", js_new_string(entry_states[entry->state]));
	return line;
}

static int
print_plan(const struct cup *cup, bool open_only)
{
	for (size_t i = 0; i < cup->count; i++) {
		if (open_only && !entry_is_open(&cup->entry[i]))
			continue;
		struct js *line = new_line(cup, &cup->entry[i]);
		cleanup_free char *text = js_print(line);

		js_free(line);
		if (!text || puts(text) < 0)
			return EXIT_OURS;
	}
	return fflush(stdout) ? EXIT_OURS : 0;
}

static int
write_file(const char *dir, int number, const char *text)
{
	char path[PATH_BYTES + 16];

	snprintf(path, sizeof(path), "%s/%05d.json", dir, number);
	cleanup_file FILE *file = fopen(path, "we");
	if (file && text && fprintf(file, "%s\n", text) > 0 && fflush(file) == 0)
		return 0;
	return command_fail(EXIT_OURS, "%s: %s", path, strerror(errno));
}

static int
write_plan(const struct cup *cup, const char *dir)
{
	int wrong = 0;

	if (mkdir(dir, 0755) && errno != EEXIST)
		return command_fail(EXIT_USAGE, "%s: %s", dir, strerror(errno));
	for (size_t i = 0; i < cup->count && !wrong; i++) {
		if (!entry_is_open(&cup->entry[i]))
			continue;
		struct js *match = tourney_match(&cup->tourney, &cup->entry[i]);
		cleanup_free char *text = js_print_pretty(match);

		js_free(match);
		wrong = write_file(dir, cup->entry[i].number, text);
	}
	return wrong;
}

static int
print_match(const struct cup *cup, uint64_t number)
{
	if (number < 1 || number > cup->count || cup->entry[number - 1].players < 2)
		return command_fail(EXIT_USAGE, "there is no match %d", (int)number);
	struct js *match = tourney_match(&cup->tourney, &cup->entry[number - 1]);
	cleanup_free char *text = js_print_pretty(match);

	js_free(match);
	return text && puts(text) >= 0 && fflush(stdout) == 0 ? 0 : EXIT_OURS;
}

/* The plan of a file is made, and nothing is written; that of a folder is the one that is played. */
static int
open_cup(struct cup *cup, const char *path, const char *dir)
{
	struct stat st;

	if (dir)
		return cup_open(cup, path, dir, CUP_RUN);
	if (stat(path, &st) == 0 && S_ISDIR(st.st_mode))
		return cup_open(cup, path, NULL, CUP_LOOK);
	return cup_imagine(cup, path);
}

int
plan_run(int argc, char *argv[])
{
	static struct cup cup;
	struct wishes wishes = { .files = NULL };
	int option;

	while ((option = command_option(plan_options, argc, argv)) != -1) {
		if (option < 0)
			return EXIT_USAGE;
		if (option == FILES)
			wishes.files = optarg;
		else if (option == OUTPUT)
			wishes.dir = optarg;
		else if (option == OPEN_ONLY)
			wishes.open_only = true;
		else if (!command_number(optarg, INT32_MAX, &wishes.match))
			return command_usage("--match needs a number");
	}
	if (optind + 1 != argc)
		return command_usage("one tournament file, or its folder, is wanted");
	int status = open_cup(&cup, argv[optind], wishes.dir) ? contest_failed(&cup)
	    : wishes.files ? write_plan(&cup, wishes.files)
	    : wishes.match ? print_match(&cup, wishes.match) : print_plan(&cup, wishes.open_only);
	cup_close(&cup);
	return status;
}
