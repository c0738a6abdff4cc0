/*
 * Owns the playing of a tournament by match-workers. A match is a job whose id is the tournament's own word, its
 * number and the attempt, so sending it twice is no harm: its result comes once. What comes is written as a match's
 * folder and taken like any other, and only then is it gone from the queue.
 */
#include "via.h"

#include "command.h"
#include "common.h"
#include "folder.h"
#include "now.h"
#include "tree.h"
#include "work_queue.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/random.h>

#define TAG_BYTES 24
#define LOOK_MS 100
#define LOOK_US INT64_C(1000000)	/* so often others' changes are looked for */
#define PAUSE_MOST_MS 10000
#define REPLY "match-results:"

struct via {
	struct course *course;
	struct settings settings;
	struct queue_config config;
	struct queue *queue;		/* NULL: it cannot be reached */
	char tag[TAG_BYTES], reply[TAG_BYTES + 16], name[64];
	int *sent;			/* by entry: the attempt that is in the queue, from 1; 0: none */
	size_t entries;
	int ahead;
	int pause_ms;
	int64_t retry_us, looked_us;
	char wrong[QUEUE_WRONG_BYTES];
};

/* --- the tournament's own word: it stays in its folder, and no other tournament ever had it */

static bool
read_tag(const char *path, char tag[TAG_BYTES])
{
	size_t length;
	cleanup_free char *text = read_small(path, O_NOFOLLOW, &length);

	if (!text || length < 17 || strspn(text, "0123456789abcdef") != 16)
		return false;
	snprintf(tag, TAG_BYTES, "%.16s", text);
	return true;
}

static int
take_tag(struct via *via)
{
	char path[PATH_BYTES + 8];
	uint64_t chance;

	snprintf(path, sizeof(path), "%s/via", via->course->cup.dir);
	if (!read_tag(path, via->tag)) {
		cleanup_file FILE *file = fopen(path, "we");

		if (!file || getrandom(&chance, sizeof(chance), 0) != sizeof(chance) ||
		    fprintf(file, "%016llx\n", (unsigned long long)chance) < 0 || fflush(file) ||
		    !read_tag(path, via->tag))
			return -errno;
	}
	snprintf(via->reply, sizeof(via->reply), REPLY "%s", via->tag);
	snprintf(via->name, sizeof(via->name), "tournament-%s-%d", via->tag, (int)getpid());
	return 0;
}

void
via_forget(const char *dir)
{
	char path[PATH_BYTES + 8];

	snprintf(path, sizeof(path), "%s/via", dir);
	(void)unlink(path);	/* it need not be there */
}

/* --- the queue */

static void
lose(struct via *via)
{
	live_say(&via->course->live, "queue", "%s", via->queue->wrong);
	via->queue->driver->close(via->queue);
	via->queue = NULL;
	via->retry_us = now_us() + LOOK_US;
}

static bool
is_reached(struct via *via)
{
	if (via->queue || now_us() < via->retry_us)
		return via->queue != NULL;
	via->queue = queue_open(&via->config, via->wrong);
	if (!via->queue) {
		if (via->pause_ms == 0)
			live_say(&via->course->live, "queue", "%s", via->wrong);
		via->pause_ms = via->pause_ms == 0 ? 250
		    : via->pause_ms < PAUSE_MOST_MS ? 2 * via->pause_ms : PAUSE_MOST_MS;
		via->retry_us = now_us() + via->pause_ms * INT64_C(1000);
		return false;
	}
	via->pause_ms = 0;
	return true;
}

/* --- sending */

static bool
make_room(struct via *via)
{
	size_t count = via->course->cup.count;
	int *larger = count > via->entries ? realloc(via->sent, count * sizeof(*larger)) : via->sent;

	if (count > via->entries && larger) {
		memset(larger + via->entries, 0, (count - via->entries) * sizeof(*larger));
		via->sent = larger;
		via->entries = count;
	}
	return via->entries >= count;
}

static int
send_one(struct via *via, size_t index)
{
	const struct cup *cup = &via->course->cup;
	int attempt = cup->note[index].attempts + 1;
	struct js *job = js_new_object();
	char id[64];

	snprintf(id, sizeof(id), "%s-%d-%d", via->tag, cup->entry[index].number, attempt);
	js_set(job, "type", js_new_string("match"));
	js_set(job, "id", js_new_string(id));
	js_set(job, "reply_to", js_new_string(via->reply));
	js_set(job, "files", js_new_bool(true));
	js_set(job, "match", tourney_match(&cup->tourney, &cup->entry[index]));
	cleanup_free char *text = js_print(job);
	js_free(job);
	if (!text || via->queue->driver->submit(via->queue, QUEUE_MATCHES, id, text))
		return -1;
	via->sent[index] = attempt;
	via->ahead++;
	return 0;
}

static void
send_all(struct via *via)
{
	const struct cup *cup = &via->course->cup;

	for (size_t i = 0; i < cup->count && via->ahead < VIA_AHEAD; i++)
		if (entry_is_open(&cup->entry[i]) && !via->sent[i] && send_one(via, i)) {
			lose(via);
			return;
		}
}

/* --- what comes back */

/* "TAG-NUMBER-ATTEMPT" of an attempt that is waited for: its entry. false: of none. */
static bool
find_entry(const struct via *via, const char *id, size_t *index)
{
	int number, attempt, end = 0;
	char tag[TAG_BYTES];

	if (!id || sscanf(id, "%16[0-9a-f]-%d-%d%n", tag, &number, &attempt, &end) != 3 || id[end] ||
	    strcmp(tag, via->tag) != 0 || number < 1 || (size_t)number > via->entries)
		return false;
	*index = (size_t)number - 1;
	return via->sent[*index] == attempt;
}

/* Writes the files of a result as match-run would have. -errno. */
static int
write_folder(const char *path, const struct js *files)
{
	struct folder folder = { .fd = -1 };
	const char *name;
	const struct js *text;
	void *at = NULL;
	int error = folder_begin(&folder, path);

	while (!error && js_next(files, &at, &name, &text)) {
		if (!is_name(name) || !js_string(text))
			continue;
		cleanup_close int fd = openat(folder.fd, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
		    0644);
		size_t length = strlen(js_string(text));
		errno = fd < 0 ? errno : ENOSPC;
		if (fd < 0 || write(fd, js_string(text), length) != (ssize_t)length)
			error = -errno;
	}
	if (!error)
		error = folder_commit(&folder);
	folder_abandon(&folder);
	return error == -EEXIST ? 0 : error;	/* it came before, and was not written down */
}

static void
hold(struct via *via, size_t index, const char *why)
{
	via->course->held = true;
	via_forget(via->course->cup.dir);	/* sent again as it was, it would be answered as it was */
	snprintf(via->course->why, sizeof(via->course->why), "match %d cannot be played there: %.250s",
	    via->course->cup.entry[index].number, why);
}

static void
take_outcome(struct via *via, size_t index, const struct js *outcome)
{
	struct course *course = via->course;
	const char *status = js_string(js_get(outcome, "status")), *why = js_string(js_get(outcome, "why"));
	const struct js *files = js_get(outcome, "files");
	char path[PATH_BYTES];

	via->sent[index] = 0;
	via->ahead--;
	if (!entry_is_open(&course->cup.entry[index]))
		return;
	cup_folder(&course->cup, &course->cup.entry[index], path);
	if (js_get(files, "result.json")) {
		int error = write_folder(path, files);

		if (error) {
			course->broken = error != -ENOSPC && error != -EDQUOT;
			course->full = !course->broken;
			snprintf(course->cup.wrong, sizeof(course->cup.wrong), "%.400s: %s", path, strerror(-error));
			course->cup.status = EXIT_OURS;
		} else
			(void)course_take(course, index);
	} else if (status && strcmp(status, "client_error") == 0)
		hold(via, index, why ? why : "it was refused");
	else
		course_fail(course, index, why ? why : "the worker said nothing");
}

/* One result: written down first, taken out of the queue then. false: there was none. */
static bool
collect(struct via *via)
{
	cleanup_free char *text = NULL;
	char error[JS_ERROR_BYTES];
	int found = via->queue->driver->collect(via->queue, via->reply, &text);
	size_t index;

	if (found == QUEUE_LOST) {
		lose(via);
		return false;
	}
	if (!found)
		return false;
	struct js *outcome = js_parse(text, strlen(text), error);
	if (!outcome) {		/* it stays where it is, for whoever looks into it */
		via->course->held = true;
		snprintf(via->course->why, sizeof(via->course->why), "a result in %s cannot be read: %.150s",
		    via->reply, error);
		return false;
	}
	if (find_entry(via, js_string(js_get(outcome, "id")), &index))
		take_outcome(via, index, outcome);
	js_free(outcome);
	if (via->course->broken || via->course->full)
		return false;
	if (via->queue->driver->collected(via->queue, via->reply))
		lose(via);
	return via->queue != NULL;
}

/* --- the course of it */

static void
look_at_changes(struct via *via)
{
	struct course *course = via->course;

	if (now_us() - via->looked_us < LOOK_US)
		return;
	via->looked_us = now_us();
	course_refresh(course);
	live_draw(&course->live, &course->cup, via->ahead, false);
}

/* Until nothing of this part is open, or there is a reason to stop. */
static void
play_part(struct via *via)
{
	struct course *course = via->course;

	while (cup_open_count(&course->cup) > 0 && !course_is_over(course)) {
		if (!make_room(via)) {
			course->broken = true;
			break;
		}
		if (is_reached(via))
			send_all(via);
		bool more = via->queue && collect(via);
		if (!more)
			course_wait(course, LOOK_MS);
		look_at_changes(via);
	}
}

void
via_play(struct course *course, const char *url)
{
	static struct via via;
	char wrong[SETTINGS_WRONG_BYTES];

	via = (struct via){ .course = course };
	int error = take_tag(&via);
	if (error || settings_read(&via.settings, work_table, NULL, wrong) ||
	    work_queue_configure(&via.settings, url, &via.config)) {
		course->held = true;
		snprintf(course->why, sizeof(course->why), error ? "%.200s: %s" : "there is no queue '%.200s'%.0s",
		    error ? course->cup.dir : url, strerror(-error));
		return;
	}
	via.config.worker = via.name;
	course_sweep(course);
	while (!course_is_over(course)) {
		play_part(&via);
		if (cup_open_count(&course->cup) == 0 && !course->broken && !course_extend(course))
			break;
	}
	if (via.queue)
		via.queue->driver->close(via.queue);
	free(via.sent);
	settings_free(&via.settings);
}
