/* match-tournament add, withdraw and collect: what changes a tournament besides playing it. */
#include "contests.h"

#include "common.h"
#include "tree.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

enum { NAME };

const struct option_text add_options[] = {
	[NAME] = { "name", 0, "NAME", "what it is called, if not as its folder" },
	{ NULL, 0, NULL, NULL },
};

/* Brackets and groups stand from the start. */
static bool
takes_newcomers(const struct cup *cup)
{
	enum format format = cup->tourney.rules.format;

	return cup->count == 0 || (format != FORMAT_SINGLE && format != FORMAT_DOUBLE && format != FORMAT_GROUPS);
}

static int
add(struct cup *cup, const char *dir, const char *name)
{
	struct js *bot = js_new_object();

	cleanup_free char *absolute = realpath(dir, NULL);
	if (!absolute)
		return command_fail(EXIT_USAGE, "%s: %s", dir, strerror(errno));
	if (!takes_newcomers(cup))
		return command_fail(EXIT_USAGE, "a %s that has begun takes no more bots",
		    format_names[cup->tourney.rules.format]);
	js_set(bot, "dir", js_new_string(absolute));
	if (name)
		js_set(bot, "name", js_new_string(name));
	int wrong = tourney_add(&cup->tourney, bot, cup->dir);
	js_free(bot);
	if (wrong)
		return command_fail(EXIT_USAGE, "%s", cup->tourney.wrong);
	int index = cup->tourney.lineup.bots - 1;
	struct js *object = lineup_new_bot(&cup->tourney.lineup.bot[index]);
	wrong = store_add(cup->store, index, object) ? cup_store_failed(cup) : 0;
	js_free(object);
	return wrong ? contest_failed(cup) : 0;
}

int
add_run(int argc, char *argv[])
{
	static struct cup cup;
	const char *name = NULL;
	int option;

	while ((option = command_option(add_options, argc, argv)) != -1) {
		if (option < 0)
			return EXIT_USAGE;
		name = optarg;
	}
	if (optind + 2 != argc)
		return command_usage("add needs the folder of a tournament and that of a bot");
	int status = cup_open(&cup, argv[optind], NULL, CUP_ADD) ? contest_failed(&cup)
								 : add(&cup, argv[optind + 1], name);
	cup_close(&cup);
	return status;
}

static int
withdraw(struct cup *cup, const char *name)
{
	int bot = lineup_find(&cup->tourney.lineup, name);

	if (bot < 0)
		return command_fail(EXIT_USAGE, "there is no bot '%s'", name);
	if (cup->gone[bot])
		return command_fail(EXIT_USAGE, "%s is withdrawn already", name);
	return store_withdraw(cup->store, bot) ? cup_store_failed(cup), contest_failed(cup) : 0;
}

int
withdraw_run(int argc, char *argv[])
{
	static struct cup cup;

	if (argc != 3)
		return command_usage("withdraw needs the folder of a tournament and the name of a bot");
	int status = cup_open(&cup, argv[1], NULL, CUP_ADD) ? contest_failed(&cup) : withdraw(&cup, argv[2]);
	cup_close(&cup);
	return status;
}

/* --- results made elsewhere */

enum { OUTPUT };

const struct option_text collect_options[] = {
	[OUTPUT] = { "output", 'o', "DIR", "where its state, matches and report are" },
	{ NULL, 0, NULL, NULL },
};

/* A copy in the tournament's own folder, whole or not at all. */
static int
copy_result(const char *from, const char *folder)
{
	char beside[PATH_BYTES + 8], trouble[PATH_BYTES];

	snprintf(beside, sizeof(beside), "%s.new", folder);
	tree_remove(beside);
	int error = tree_copy(from, beside, trouble);
	if (error < 0)
		return command_fail(EXIT_OURS, "%s: %s", trouble, strerror(-error));
	if (rename(beside, folder) == 0)
		return 0;
	error = errno;
	tree_remove(beside);
	return command_fail(EXIT_OURS, "%s: %s", folder, strerror(error));
}

struct tally {
	int taken, refused;
};

static int
collect_one(struct cup *cup, size_t index, const char *results, struct tally *tally)
{
	char from[PATH_BYTES + 16], folder[PATH_BYTES];
	int number = cup->entry[index].number;

	snprintf(from, sizeof(from), "%s/%05d", results, number);
	if (access(from, F_OK))
		return 0;
	cup_folder(cup, &cup->entry[index], folder);
	int status = access(folder, F_OK) ? copy_result(from, folder) : 0;
	int taken = status ? 0 : cup_take(cup, index, folder);
	tally->taken += taken > 0;
	tally->refused += taken < 0;
	if (taken < 0) {
		(void)command_fail(0, "%s: %s", from, cup->wrong);
		tree_remove(folder);
	}
	return status;
}

static int
collect(struct cup *cup, const char *results)
{
	struct tally tally = { 0, 0 };
	int status = 0, more = 1;

	while (!status && more > 0) {
		for (size_t i = 0; i < cup->count && !status; i++)
			if (entry_is_open(&cup->entry[i]))
				status = collect_one(cup, i, results, &tally);
		more = status || cup_open_count(cup) > 0 ? 0 : cup_extend(cup);
	}
	if (more < 0)
		return contest_failed(cup);
	printf("%d results counted, %d refused, %zu matches left\n", tally.taken, tally.refused, cup_open_count(cup));
	return status ? status : cup_open_count(cup) ? EXIT_OURS : EXIT_FINISHED;
}

int
collect_run(int argc, char *argv[])
{
	static struct cup cup;
	const char *dir = NULL;
	int option;

	while ((option = command_option(collect_options, argc, argv)) != -1) {
		if (option < 0)
			return EXIT_USAGE;
		dir = optarg;
	}
	if (optind + 2 != argc)
		return command_usage("collect needs a tournament and the folder of results");
	int status = cup_open(&cup, argv[optind], dir, CUP_RUN) || (cup.count == 0 && cup_extend(&cup) < 0)
	    ? contest_failed(&cup) : collect(&cup, argv[optind + 1]);
	cup_close(&cup);
	return status;
}
