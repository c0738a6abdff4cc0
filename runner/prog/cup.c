/* Owns the state of a tournament in memory, and that it agrees with the one on disk. */
#include "cup.h"

#include "command.h"
#include "common.h"
#include "digest.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>

#define LOCK_TRIES 100		/* of 50 ms each: matches of one that was killed are still ending */
#define LOCK_FD 10		/* out of the way of descriptors that have a meaning */

static int
wrong(struct cup *cup, int status, const char *format, ...)
{
	va_list args;

	cup->status = status;
	va_start(args, format);
	vsnprintf(cup->wrong, sizeof(cup->wrong), format, args);
	va_end(args);
	return -1;
}

int
cup_store_failed(struct cup *cup)
{
	return wrong(cup, store_may_recover(cup->store) ? EXIT_OURS : EXIT_USAGE, "%s", store_wrong(cup->store));
}

/* --- reading */

static int
lend_memory(struct cup *cup)
{
	size_t bots = (size_t)cup->tourney.lineup.bots;

	free(cup->met);
	free(cup->work);
	free(cup->bouts);
	cup->met = calloc(CONTEST_MET(bots), sizeof(*cup->met));
	cup->work = calloc(CONTEST_WORK(bots), sizeof(*cup->work));
	cup->bouts = calloc(cup->count + 1, sizeof(*cup->bouts));
	return cup->met && cup->work && cup->bouts ? 0 : wrong(cup, EXIT_OURS, "out of memory");
}

/* Entries name bots and games that there are, or the file is not what we wrote. */
static int
check_plan(struct cup *cup)
{
	const struct lineup *lineup = &cup->tourney.lineup;

	for (size_t i = 0; i < cup->count; i++) {
		const struct entry *entry = &cup->entry[i];

		for (int seat = 0; seat < entry->players; seat++)
			if (entry->bot[seat] >= lineup->bots || entry->game >= lineup->games ||
			    entry->pool >= cup->tourney.rules.pool[entry->game])
				return wrong(cup, EXIT_USAGE, "%s/" STORE_NAME ": damaged: match %d", cup->dir,
				    entry->number);
	}
	return 0;
}

int
cup_reload(struct cup *cup)
{
	cup->version = store_version(cup->store);	/* before: what changes meanwhile is seen the next time */
	struct js *document = store_document(cup->store);

	if (!document)
		return cup_store_failed(cup);
	tourney_free(&cup->tourney);
	if (tourney_take(&cup->tourney, document, cup->dir, NULL))
		return wrong(cup, EXIT_USAGE, "%s", cup->tourney.wrong);
	free(cup->entry);
	free(cup->note);
	cup->entry = NULL;
	cup->note = NULL;
	cup->count = 0;
	memset(cup->gone, 0, sizeof(cup->gone));
	if (store_gone(cup->store, cup->gone, cup->tourney.lineup.bots) ||
	    store_load(cup->store, &cup->entry, &cup->note, &cup->count))
		return cup_store_failed(cup);
	return check_plan(cup) ? -1 : lend_memory(cup);
}

int
cup_refresh(struct cup *cup)
{
	if (store_version(cup->store) == cup->version)
		return 0;
	return cup_reload(cup) ? -1 : 1;
}

/* --- opening */

/*
 * Who changes the plan holds a lock that his matches inherit, so that it ends when the last of them has. On a
 * file that others cannot open.
 */
static int
lock(struct cup *cup)
{
	char path[PATH_BYTES + 16];

	snprintf(path, sizeof(path), "%s/.lock", cup->dir);
	cleanup_close int fd = open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
	cup->lock = fd < 0 ? -1 : fcntl(fd, F_DUPFD, LOCK_FD);
	if (cup->lock < 0)
		return wrong(cup, errno == ENOSPC ? EXIT_OURS : EXIT_USAGE, "%s: %s", path, strerror(errno));
	for (int tries = 0; flock(cup->lock, LOCK_EX | LOCK_NB); tries++) {
		if (errno != EWOULDBLOCK && errno != EINTR)
			return wrong(cup, EXIT_OURS, "%s: %s", path, strerror(errno));
		if (tries == LOCK_TRIES)
			return wrong(cup, EXIT_OURS, "%s: another match-tournament runs it", cup->dir);
		(void)usleep(50000);
	}
	return 0;
}

/* What decides about matches: not how many run at a time, nor where results go. */
static void
digest_file_of(const struct tourney *tourney, char digest[DIGEST_BYTES])
{
	struct js *copy = js_copy(tourney->document);

	js_drop(copy, "concurrency");
	js_drop(copy, "retries");
	js_drop(copy, "output");
	cleanup_free char *text = js_print(copy);
	digest_text(text ? text : "", text ? strlen(text) : 0, digest);
	js_free(copy);
}

static int
begin(struct cup *cup, const struct tourney *file)
{
	struct js *document = tourney_resolved(file), *bots = js_copy(js_get(document, "bots"));
	char digest[DIGEST_BYTES];

	digest_file_of(file, digest);
	js_drop(document, "bots");
	int error = store_begin(cup->store, document, digest, bots);
	js_free(document);
	js_free(bots);
	return error ? cup_store_failed(cup) : 0;
}

static int
open_store(struct cup *cup, enum store_mode mode)
{
	bool absent;

	cup->store = store_open(cup->dir, mode, cup->wrong, &absent);
	if (cup->store)
		return 0;
	cup->status = EXIT_USAGE;
	return -1;
}

/* The file is the one that the state was made from. */
static int
compare(struct cup *cup, const struct tourney *file)
{
	char was[DIGEST_BYTES], is[DIGEST_BYTES];

	if (store_digest(cup->store, was))
		return cup_store_failed(cup);
	digest_file_of(file, is);
	if (strcmp(was, is) == 0)
		return 0;
	return wrong(cup, EXIT_USAGE, "%s was begun with another file; to change bots there are add and withdraw,"
	    " for a new tournament -o", cup->dir);
}

/* A folder named after the file, beside it; or what the file says. */
static void
choose_dir(struct cup *cup, const struct tourney *file, const char *path, const char *dir)
{
	const char *slash = strrchr(path, '/'), *base = slash ? slash + 1 : path;
	int length = (int)(base - path) + (int)strcspn(base, ".");

	if (dir)
		snprintf(cup->dir, sizeof(cup->dir), "%s", dir);
	else if (*file->output)
		snprintf(cup->dir, sizeof(cup->dir), "%s", file->output);
	else
		snprintf(cup->dir, sizeof(cup->dir), "%.*s%s", length, path, path[length] ? "" : ".d");
}

/* Names in it that are not ours, when no tournament has begun there. */
static bool
has_others(const char *dir)
{
	DIR *list = opendir(dir);
	bool others = false, begun = false;
	const struct dirent *entry;

	while (list && (entry = readdir(list))) {
		begun |= strcmp(entry->d_name, STORE_NAME) == 0;
		others |= entry->d_name[0] != '.' && strcmp(entry->d_name, "matches") != 0;
	}
	if (list)
		closedir(list);
	return others && !begun;
}

static int
make_folders(struct cup *cup)
{
	char path[PATH_BYTES + 16];

	snprintf(path, sizeof(path), "%s/matches", cup->dir);
	if (has_others(cup->dir))
		return wrong(cup, EXIT_USAGE,
		    "%s: there is something else in that folder; -o DIR takes another one", cup->dir);
	if ((mkdir(cup->dir, 0755) && errno != EEXIST) || (mkdir(path, 0755) && errno != EEXIST))
		return wrong(cup, errno == ENOSPC ? EXIT_OURS : EXIT_USAGE,
		    "%s: %s; -o DIR takes another folder", cup->dir, strerror(errno));
	return 0;
}

static int
open_file(struct cup *cup, const char *path, const char *dir, enum cup_use use)
{
	static struct tourney file;
	int error = tourney_read(&file, path) || tourney_try(&file, path)
	    ? wrong(cup, EXIT_USAGE, "%s", file.wrong)
	    : 0;

	if (!error) {
		choose_dir(cup, &file, path, dir);
		error = use == CUP_RUN ? make_folders(cup) || lock(cup) || open_store(cup, STORE_MAKE)
		    : open_store(cup, use == CUP_LOOK ? STORE_LOOK : STORE_CHANGE);
	}
	if (!error && !store_has_begun(cup->store))
		error = use == CUP_RUN ? begin(cup, &file)
				       : wrong(cup, EXIT_USAGE, "%s: there is no tournament", cup->dir);
	else if (!error)
		error = compare(cup, &file);
	tourney_free(&file);
	return error ? -1 : 0;
}

static int
open_folder(struct cup *cup, const char *path, enum cup_use use)
{
	snprintf(cup->dir, sizeof(cup->dir), "%s", path);
	if (open_store(cup, use == CUP_LOOK ? STORE_LOOK : STORE_CHANGE))
		return -1;
	if (!store_has_begun(cup->store))
		return wrong(cup, EXIT_USAGE, "%s: there is no tournament", path);
	return use == CUP_RUN ? lock(cup) : 0;
}

int
cup_open(struct cup *cup, const char *path, const char *dir, enum cup_use use)
{
	struct stat st;
	bool folder = stat(path, &st) == 0 && S_ISDIR(st.st_mode);

	memset(cup, 0, sizeof(*cup));
	cup->lock = -1;
	if (folder ? open_folder(cup, path, use) : open_file(cup, path, dir, use))
		return -1;
	/* Whoever goes elsewhere still finds it. */
	cleanup_free char *absolute = realpath(cup->dir, NULL);
	if (absolute)
		snprintf(cup->dir, sizeof(cup->dir), "%s", absolute);
	if (cup_reload(cup))
		return -1;
	return use == CUP_RUN && cup->count == 0 && cup_extend(cup) < 0 ? -1 : 0;
}

int
cup_imagine(struct cup *cup, const char *path)
{
	memset(cup, 0, sizeof(*cup));
	cup->lock = -1;
	if (tourney_read(&cup->tourney, path) || tourney_try(&cup->tourney, path))
		return wrong(cup, EXIT_USAGE, "%s", cup->tourney.wrong);
	return lend_memory(cup) ? -1 : cup_extend(cup) < 0 ? -1 : 0;
}

void
cup_close(struct cup *cup)
{
	store_close(cup->store);
	tourney_free(&cup->tourney);
	free(cup->entry);
	free(cup->note);
	free(cup->met);
	free(cup->work);
	free(cup->bouts);
	close_fd(&cup->lock);
}

/* --- the plan */

struct contest
cup_contest(struct cup *cup)
{
	return (struct contest){ .rules = &cup->tourney.rules,
		.entry = cup->entry,
		.count = cup->count,
		.bots = cup->tourney.lineup.bots,
		.gone = cup->gone,
		.met = cup->met,
		.work = cup->work,
		.bouts = cup->bouts };
}

struct growth {
	struct draw draw;
	const struct format_rules *rules;
	struct entry *entry;
	size_t before, count, room;
	int pairing;
	bool failed;
};

static bool
make_room(struct growth *growth, size_t more)
{
	if (growth->count + more <= growth->room)
		return true;
	size_t room = 2 * (growth->count + more);
	struct entry *larger = realloc(growth->entry, room * sizeof(*larger));
	if (!larger)
		return false;
	growth->entry = larger;
	growth->room = room;
	return true;
}

static void
take_pairing(struct draw *draw, const struct pairing *pairing)
{
	struct growth *growth = (struct growth *)draw;
	int entries = format_entries(growth->rules, pairing);

	growth->failed |= growth->before + growth->count + (size_t)entries > MATCHES_MAX ||
	    !make_room(growth, (size_t)entries);
	if (growth->failed)
		return;
	growth->pairing++;
	for (int i = 0; i < entries; i++, growth->count++)
		growth->entry[growth->count] = format_entry(growth->rules, pairing, growth->pairing, i,
		    (int)(growth->before + growth->count) + 1);
}

static int
adopt(struct cup *cup, const struct growth *growth)
{
	size_t count = cup->count + growth->count;
	struct entry *entries = realloc(cup->entry, (count + 1) * sizeof(*entries));
	struct note *notes = realloc(cup->note, (count + 1) * sizeof(*notes));

	cup->entry = entries ? entries : cup->entry;
	cup->note = notes ? notes : cup->note;
	if (!entries || !notes)
		return wrong(cup, EXIT_OURS, "out of memory");
	memcpy(cup->entry + cup->count, growth->entry, growth->count * sizeof(*entries));
	memset(cup->note + cup->count, 0, growth->count * sizeof(*notes));
	cup->count = count;
	return lend_memory(cup);
}

/* 1: somebody else changed something meanwhile, and it must be done anew. */
static int
write_growth(struct cup *cup, const struct growth *growth)
{
	if (!cup->store || growth->count == 0)
		return 0;
	int changed = store_append(cup->store, growth->entry, growth->count, cup->version);
	if (changed < 0)
		return cup_store_failed(cup);
	return changed && cup_reload(cup) ? -1 : changed;
}

int
cup_extend(struct cup *cup)
{
	int again, added = 0;

	do {
		struct contest contest = cup_contest(cup);
		struct growth growth = { .draw.take = take_pairing, .rules = &cup->tourney.rules, .before = cup->count,
			.pairing = cup->count ? cup->entry[cup->count - 1].pairing : 0 };

		format_next(&contest, &growth.draw);
		again = growth.failed ? wrong(cup, EXIT_OURS, "out of memory") : write_growth(cup, &growth);
		if (again == 0 && growth.count > 0)
			again = adopt(cup, &growth);
		added = (int)growth.count;
		free(growth.entry);
	} while (again > 0);
	return again < 0 ? -1 : added;
}

size_t
cup_open_count(const struct cup *cup)
{
	size_t open = 0;

	for (size_t i = 0; i < cup->count; i++)
		open += entry_is_open(&cup->entry[i]);
	return open;
}

size_t
cup_match_count(const struct cup *cup)
{
	size_t matches = 0;

	for (size_t i = 0; i < cup->count; i++)
		matches += cup->entry[i].players > 1;
	return matches;
}

void
cup_folder(const struct cup *cup, const struct entry *entry, char path[PATH_BYTES])
{
	snprintf(path, PATH_BYTES, "%.4000s/matches/%05d", cup->dir, entry->number);
}

const char *
cup_title(const struct cup *cup, const struct entry *entry, int seat)
{
	return cup->tourney.lineup.bot[entry->bot[seat]].title;
}

/* --- results */

/* Settles an entry, and what its pairing need not play any more. */
static int
settle(struct cup *cup, size_t index)
{
	size_t first = index, end = index + 1, changed = 1;

	while (first > 0 && cup->entry[first - 1].pairing == cup->entry[index].pairing)
		first--;
	while (end < cup->count && cup->entry[end].pairing == cup->entry[index].pairing)
		end++;
	cleanup_free const struct entry **list = calloc(end - first + 1, sizeof(const struct entry *));
	cleanup_free enum entry_state *before = calloc(end - first, sizeof(*before));
	if (!list || !before)
		return wrong(cup, EXIT_OURS, "out of memory");
	list[0] = &cup->entry[index];
	for (size_t i = first; i < end; i++)
		before[i - first] = cup->entry[i].state;
	(void)format_settle(&cup->tourney.rules, &cup->entry[first], end - first);
	for (size_t i = first; i < end; i++)
		if (i != index && cup->entry[i].state != before[i - first])
			list[changed++] = &cup->entry[i];
	return store_settle(cup->store, list, changed, &cup->note[index]) ? cup_store_failed(cup) : 0;
}

int
cup_fail(struct cup *cup, size_t index, const char *why)
{
	struct note *note = &cup->note[index];

	snprintf(note->why, sizeof(note->why), "%s", why);
	if (note->attempts++ >= cup->tourney.retries)
		cup->entry[index].state = ENTRY_FAILED;
	return settle(cup, index);
}

static bool
is_same_bot(const struct cup *cup, const struct entry *entry, int seat, const struct js *player)
{
	const char *name = js_string(js_get(player, "name"));

	return name && strcmp(name, cup->tourney.lineup.bot[entry->bot[seat]].name) == 0;
}

/* Ranks and faults of a result. NULL, or why it is none for this entry. */
static const char *
read_result(const struct cup *cup, const struct js *result, struct entry *entry, struct note *note)
{
	const char *outcome = js_string(js_get(result, "outcome")), *why = js_string(js_get(result, "why"));
	const struct js *players = js_get(result, "players");
	int64_t seed, rank;

	if (!outcome || !js_integer(js_get(result, "seed"), &seed) || seed != entry->seed ||
	    js_count(players) != (size_t)entry->players)
		return "the result of another match";
	if (strcmp(outcome, "failed") == 0)
		return why && *why ? why : "failed";
	for (int seat = 0; seat < entry->players; seat++) {
		const struct js *player = js_at(players, (size_t)seat);
		const char *fault = js_string(js_get(player, "fault"));
		int kind = fault ? name_index(fault_names, FAULTS, fault) : FAULT_none;

		if (!is_same_bot(cup, entry, seat, player))
			return "the result of another match";
		if (!js_integer(js_get(player, "rank"), &rank) || rank < 1 || rank > entry->players || kind < 0)
			return "a result without ranks";
		entry->rank[seat] = (int)rank;
		entry->fault[seat] = (enum fault)kind;
	}
	double us = js_member_number(result, "match_us");
	note->match_us = us > 0 && us < (double)(INT64_C(1) << 53) ? (int64_t)us : 0;
	snprintf(note->why, sizeof(note->why), "%s", why ? why : "");
	return NULL;
}

int
cup_take(struct cup *cup, size_t index, const char *folder)
{
	char path[PATH_BYTES + 16], error[JS_ERROR_BYTES];
	struct entry entry = cup->entry[index];
	struct note note = cup->note[index];
	size_t length;

	snprintf(path, sizeof(path), "%s/result.json", folder);
	cleanup_free char *text = read_small(path, O_NOFOLLOW, &length);
	if (!text && (errno == ENOENT || errno == ENOTDIR))
		return 0;
	if (!text) {
		/* Somebody's link or device is no result; what cannot be read now may be one. */
		bool none = errno == ELOOP || errno == EINVAL || errno == EFBIG;

		(void)wrong(cup, EXIT_OURS, "%s: %s", path, strerror(errno));
		return none ? -1 : CUP_TROUBLE;
	}
	struct js *result = js_parse(text, length, error);
	const char *why = result ? read_result(cup, result, &entry, &note) : "no result";
	if (why)
		(void)wrong(cup, EXIT_OURS, "%s", why);
	js_free(result);
	if (why)
		return -1;
	entry.state = ENTRY_PLAYED;
	cup->entry[index] = entry;
	cup->note[index] = note;
	return settle(cup, index) ? CUP_TROUBLE : 1;
}
