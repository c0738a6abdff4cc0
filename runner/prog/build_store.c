/* match-build list, show, remove and gc: looking after the store. */
#include "builds.h"

#include "common.h"
#include "tree.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

enum { STORE, SECOND, THIRD };
#define STORE_OPTION { "store", 's', "DIR", "the store" }

const struct option_text list_options[] = {
	[STORE] = STORE_OPTION,
	[SECOND] = { "owner", 'o', "NAME", "only his" },
	[THIRD] = { "json", 'j', NULL, "print a manifest a line" },
	{ NULL, 0, NULL, NULL },
};
const struct option_text show_store_options[] = {
	[STORE] = STORE_OPTION,
	{ NULL, 0, NULL, NULL },
};
const struct option_text remove_options[] = {
	[STORE] = STORE_OPTION,
	[SECOND] = { "owner", 'o', "NAME", "whose; what others own, too, stays theirs" },
	{ NULL, 0, NULL, NULL },
};
const struct option_text gc_options[] = {
	[STORE] = STORE_OPTION,
	[SECOND] = { "days", 'd', "N", "also bots without an owner that are older; 7 if nothing is said" },
	{ NULL, 0, NULL, NULL },
};

struct wishes {
	char store[PATH_BYTES];
	const char *owner, *days;
	bool json;
	struct depot depot;
	int count;		/* of what was done */
};

static int
take_wishes(struct wishes *wishes, const struct option_text *options, int argc, char *argv[], bool change)
{
	char wrong[SETUP_ERROR_BYTES];
	int option;

	depot_default(wishes->store);
	while ((option = command_option(options, argc, argv)) != -1) {
		if (option < 0)
			return EXIT_USAGE;
		if (option == STORE)
			snprintf(wishes->store, sizeof(wishes->store), "%s", optarg);
		else if (option == THIRD)
			wishes->json = true;
		else if (options == gc_options)
			wishes->days = optarg;
		else
			wishes->owner = optarg;
	}
	if (depot_open(&wishes->depot, wishes->store, change, wrong))
		return command_fail(EXIT_USAGE, "%s", wrong);
	depot_share();
	return 0;
}

static bool
is_owner(const struct js *manifest, const char *owner)
{
	const struct js *owners = js_get(manifest, "owners");

	for (size_t i = 0; i < js_count(owners); i++)
		if (js_string(js_at(owners, i)) && strcmp(js_string(js_at(owners, i)), owner) == 0)
			return true;
	return false;
}

static const char *
member(const struct js *object, const char *key)
{
	return js_string(js_get(object, key)) ? js_string(js_get(object, key)) : "-";
}

/* --- list, show */

static int
list_one(void *self, const char *digest, struct js *manifest)
{
	struct wishes *wishes = self;

	if (wishes->owner && !is_owner(manifest, wishes->owner))
		return 0;
	if (!wishes->json)
		return printf("%.12s  %-10s %-16s %-20s %s\n", digest, member(manifest, "language"),
		    member(manifest, "entry"), member(manifest, "owner"), member(manifest, "built")) < 0
		    ? EXIT_OURS : 0;
	cleanup_free char *text = js_print(manifest);
	return !text || puts(text) < 0 ? EXIT_OURS : 0;
}

int
list_run(int argc, char *argv[])
{
	static struct wishes wishes;
	int status = take_wishes(&wishes, list_options, argc, argv, false);

	if (status)
		return status;
	return depot_each(&wishes.depot, list_one, &wishes) || fflush(stdout) ? EXIT_OURS : 0;
}

/* The folder is part of what is shown: scripts play from there. */
int
show_store_run(int argc, char *argv[])
{
	static struct wishes wishes;
	char digest[DIGEST_BYTES], path[PATH_BYTES], dir[PATH_BYTES + 8];
	int status = take_wishes(&wishes, show_store_options, argc, argv, false);

	if (status)
		return status;
	if (optind + 1 != argc)
		return command_usage("a digest, 8 digits of one, or a name is wanted");
	struct js *manifest = depot_find(&wishes.depot, argv[optind], digest)
	    ? depot_manifest(&wishes.depot, digest) : NULL;
	if (!manifest)
		return command_fail(EXIT_CLIENT_ERROR, "there is no bot %s in %s", argv[optind], wishes.store);
	depot_path(&wishes.depot, digest, path);
	snprintf(dir, sizeof(dir), "%s/bot", path);
	js_set(manifest, "dir", js_new_string(dir));
	cleanup_free char *text = js_print_pretty(manifest);
	js_free(manifest);
	return !text || puts(text) < 0 || fflush(stdout) ? EXIT_OURS : 0;
}

/* --- remove, gc */

/* Takes an owner off; who is left keeps the bot. */
static int
disown(struct wishes *wishes, const char *digest, struct js *manifest)
{
	struct js *owners = js_new_array();

	if (!is_owner(manifest, wishes->owner)) {
		js_free(owners);
		return 0;
	}
	for (size_t i = 0; i < js_count(js_get(manifest, "owners")); i++) {
		const struct js *owner = js_at(js_get(manifest, "owners"), i);

		if (js_string(owner) && strcmp(js_string(owner), wishes->owner) != 0)
			js_add(owners, js_copy(owner));
	}
	size_t left = js_count(owners);
	js_set(manifest, "owner", left ? js_copy(js_at(owners, 0)) : NULL);
	js_set(manifest, "owners", owners);
	int error = left ? depot_rewrite(&wishes->depot, digest, manifest) : depot_remove(&wishes->depot, digest);
	if (error)
		return command_fail(EXIT_OURS, "%s: %s", digest, strerror(-error));
	wishes->count++;
	return printf("%.12s  %s\n", digest, left ? "is still others'" : "removed") < 0 ? EXIT_OURS : 0;
}

static int
disown_one(void *self, const char *digest, struct js *manifest)
{
	return disown(self, digest, manifest);
}

static int
remove_word(struct wishes *wishes, const char *word)
{
	char digest[DIGEST_BYTES];
	struct js *manifest = depot_find(&wishes->depot, word, digest) ? depot_manifest(&wishes->depot, digest) : NULL;
	int status = manifest ? disown(wishes, digest, manifest) : 0;

	js_free(manifest);
	if (!status && wishes->count == 0)
		return command_fail(EXIT_CLIENT_ERROR, "%s has no bot %s in %s", wishes->owner, word, wishes->store);
	return status;
}

int
remove_run(int argc, char *argv[])
{
	static struct wishes wishes;
	int status = take_wishes(&wishes, remove_options, argc, argv, true);

	if (status)
		return status;
	if (!wishes.owner || optind + 1 < argc)
		return command_usage("remove needs --owner, and takes one bot, or all of his");
	status = optind < argc ? remove_word(&wishes, argv[optind]) : depot_each(&wishes.depot, disown_one, &wishes);
	return fflush(stdout) ? EXIT_OURS : status;
}

/* A bot that nobody owns, built longer ago than that. */
static int
collect_one(void *self, const char *digest, struct js *manifest)
{
	struct wishes *wishes = self;
	char path[PATH_BYTES];
	struct stat st;
	uint64_t days = 7;

	depot_path(&wishes->depot, digest, path);
	if (wishes->days)
		(void)command_number(wishes->days, 100000, &days);
	if ((manifest && js_count(js_get(manifest, "owners"))) || stat(path, &st) ||
	    time(NULL) - st.st_mtime < (time_t)(days * 86400))
		return 0;
	wishes->count += depot_remove(&wishes->depot, digest) == 0;
	return 0;
}

int
gc_run(int argc, char *argv[])
{
	static struct wishes wishes;
	uint64_t days;
	int status = take_wishes(&wishes, gc_options, argc, argv, true);

	if (status)
		return status;
	if (wishes.days && !command_number(wishes.days, 100000, &days))
		return command_usage("--days needs a number");
	int swept = depot_sweep(&wishes.depot);
	(void)depot_each(&wishes.depot, collect_one, &wishes);
	swept += depot_sweep(&wishes.depot);
	return printf("removed %d bots and %d leftovers\n", wishes.count, swept) < 0 || fflush(stdout) ? EXIT_OURS : 0;
}
