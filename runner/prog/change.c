/* match-tournament add, withdraw and collect: what changes a tournament besides playing it. */
#include "contests.h"

#include "common.h"
#include "tree.h"
#include "via.h"

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
	return cup->count == 0 || !cup->tourney.rules.knockout;
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
	wrong = store_add(cup->store, object) ? cup_store_failed(cup) : 0;
	js_free(object);
	if (wrong)
		return contest_failed(cup);
	command_print_plain(cup->tourney.lineup.bot[index].title);
	return printf(" plays from the next part of the plan on\n") < 0 ? EXIT_OURS : 0;
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
	if (store_withdraw(cup->store, bot)) {
		(void)cup_store_failed(cup);
		return contest_failed(cup);
	}
	command_print_plain(cup->tourney.lineup.bot[bot].title);
	return printf(" is withdrawn; what it has not played is dropped\n") < 0 ? EXIT_OURS : 0;
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

/* --- matches to be played again */

/* First the plan, then the results: whoever is stopped between finds them again, and nothing has happened. */
static int
redo(struct cup *cup, const char *name)
{
	int bot = lineup_find(&cup->tourney.lineup, name);
	char folder[PATH_BYTES];

	if (bot < 0)
		return command_fail(EXIT_USAGE, "there is no bot '%s'", name);
	if (format_rests(&cup->tourney.rules))
		return command_fail(EXIT_USAGE, "rounds of a %s rest on each other: nothing in it is played again",
		    format_names[cup->tourney.rules.format]);
	int count = store_redo(cup->store, bot);
	via_forget(cup->dir);
	for (size_t i = 0; i < cup->count && count > 0; i++)
		if (cup->entry[i].state != ENTRY_DROPPED && entry_seat(&cup->entry[i], bot) >= 0) {
			cup_folder(cup, &cup->entry[i], folder);
			tree_remove(folder);
		}
	if (count < 0) {
		(void)cup_store_failed(cup);
		return contest_failed(cup);
	}
	return printf("%d matches are to be played again\n", count) < 0 ? EXIT_OURS : 0;
}

int
redo_run(int argc, char *argv[])
{
	static struct cup cup;

	if (argc != 3)
		return command_usage("redo needs the folder of a tournament and the name of a bot");
	int status = cup_open(&cup, argv[1], NULL, CUP_RUN) ? contest_failed(&cup) : redo(&cup, argv[2]);
	cup_close(&cup);
	return status;
}

/* --- results made elsewhere */

enum { OUTPUT };

const struct option_text collect_options[] = {
	[OUTPUT] = { "output", 'o', "DIR", "where its state, matches and report are" },
	{ NULL, 0, NULL, NULL },
};

/* The files of a result, and no others: whoever made it may have put anything there. */
static int
copy_files(const struct cup *cup, const struct entry *entry, const char *from, const char *to)
{
	static const char *const files[] = { "result.json", "replay.jsonl", "match.log" };
	const struct lineup *lineup = &cup->tourney.lineup;
	char name[NAME_MAX_BYTES + 8], source[2 * PATH_BYTES], target[2 * PATH_BYTES];
	int copied, programs = entry->players + 1;

	for (int i = 0; i < (int)COUNT(files) + programs; i++) {
		int seat = i - (int)COUNT(files);

		if (seat < 0)
			snprintf(name, sizeof(name), "%s", files[i]);
		else
			snprintf(name, sizeof(name), "%s.err",
			    seat < entry->players ? lineup->bot[entry->bot[seat]].name
						  : lineup->game[entry->game].name);
		snprintf(source, sizeof(source), "%s/%s", from, name);
		snprintf(target, sizeof(target), "%s/%s", to, name);
		copied = tree_copy_file(source, target);
		if (copied < 0 && (copied != -ENOENT || i == 0))
			return copied;
	}
	return 0;
}

/* A copy in the tournament's own folder, whole or not at all. -errno. */
static int
copy_result(const struct cup *cup, const struct entry *entry, const char *from, const char *folder)
{
	char beside[PATH_BYTES + 8];

	snprintf(beside, sizeof(beside), "%s.new", folder);
	tree_remove(beside);
	int error = mkdir(beside, 0755) ? -errno : copy_files(cup, entry, from, beside);
	if (!error && rename(beside, folder))
		error = -errno;
	if (error)
		tree_remove(beside);
	return error;
}

struct tally {
	int taken, refused;
};

static bool
is_ours(int error)
{
	return error == -ENOSPC || error == -EDQUOT || error == -EIO || error == -EROFS;
}

/* One that is not complete yet is left for the next time; one that is wrong does not keep the others from counting. */
static int
collect_one(struct cup *cup, size_t index, const char *results, struct tally *tally)
{
	char from[PATH_BYTES + 16], folder[PATH_BYTES];

	snprintf(from, sizeof(from), "%s/%05d", results, cup->entry[index].number);
	cup_folder(cup, &cup->entry[index], folder);
	int error = access(folder, F_OK) ? copy_result(cup, &cup->entry[index], from, folder) : 0;
	if (error == -ENOENT)
		return 0;
	if (error) {
		tally->refused++;
		(void)command_fail(0, "%s: %s", from, strerror(-error));
		return is_ours(error) ? EXIT_OURS : 0;
	}
	int taken = cup_take(cup, index, folder);
	if (taken == CUP_TROUBLE)
		return contest_failed(cup);
	tally->taken += taken > 0;
	tally->refused += taken < 0;
	if (taken < 0)
		(void)command_fail(0, "%s: %s", from, cup->wrong);
	if (taken <= 0)
		tree_remove(folder);
	return 0;
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
	int status = cup_open(&cup, argv[optind], dir, CUP_RUN) ? contest_failed(&cup)
	    : collect(&cup, argv[optind + 1]);
	cup_close(&cup);
	return status;
}
