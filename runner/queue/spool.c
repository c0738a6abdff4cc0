/*
 * Jobs as files in a folder: no broker, nothing to install. new/ is the queue, in order of names; running/ holds
 * what is played, each file locked by who plays it; results/, states/, dead/ are what came of it. Every step is a
 * rename, so a file is in one place, whoever is killed. match-worker(8), SPOOL.
 */
#include "queue.h"

#include "common.h"
#include "raw.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <time.h>

#define JOBS_MAX 256
#define JOB_BYTES (128 << 20)
#define YOUNG_S 5		/* a file that is no JSON and younger may still be written */
#define PATH_BYTES 4096

enum folder { NEW, RUNNING, RESULTS, STATES, DEAD, REPLIES, FOLDERS };
static const char *const folder_names[FOLDERS] = { "new", "running", "results", "states", "dead", "replies" };

struct spool {
	struct queue queue;
	uint64_t generation;		/* an older delivery is not ours any more */
	int dir[FOLDERS];
	int watch;			/* inotify, on new/ */
	struct held {
		char name[256];		/* in running/; "" : free */
		int fd;			/* which holds the lock */
	} held[JOBS_MAX];
	char collected[QUEUE_ID_BYTES + 16];
};

static struct spool *
of(struct queue *queue)
{
	return (struct spool *)queue;
}

static int
lost(struct spool *spool, const char *what)
{
	snprintf(spool->queue.wrong, QUEUE_WRONG_BYTES, "%s: %s: %s", spool->queue.config->url, what, strerror(errno));
	return QUEUE_LOST;
}

/* What cannot be written now: a full disk takes it later, and our locks are as good as before. */
static int
not_written(struct spool *spool, const char *what)
{
	bool full = errno == ENOSPC || errno == EDQUOT;

	(void)lost(spool, what);
	return full ? QUEUE_LATER : QUEUE_LOST;
}

/* --- opening */

static void
close_spool(struct queue *queue)
{
	struct spool *spool = of(queue);

	for (int i = 0; i < FOLDERS; i++)
		common_close(&spool->dir[i]);
	for (int i = 0; i < JOBS_MAX; i++)
		common_close(&spool->held[i].fd);
	common_close(&spool->watch);
	free(spool);
}

static int
open_folders(struct spool *spool, const char *path)
{
	if (mkdir(path, 0755) && errno != EEXIST)
		return -1;
	cleanup_close int top = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	for (int i = 0; i < FOLDERS && top >= 0; i++) {
		if (mkdirat(top, folder_names[i], 0755) && errno != EEXIST)
			return -1;
		spool->dir[i] = openat(top, folder_names[i], O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		if (spool->dir[i] < 0)
			return -1;
	}
	/* Where nothing can be written, jobs would lie without a word. */
	return top < 0 || faccessat(spool->dir[NEW], ".", W_OK, 0) ? -1 : 0;
}

static struct queue *
open_spool(const struct queue_config *config, char wrong[QUEUE_WRONG_BYTES])
{
	static uint64_t generation;
	struct spool *spool = calloc(1, sizeof(*spool));
	const char *path = config->url + strlen("spool:");
	char fresh[PATH_BYTES];

	if (!spool)
		return NULL;
	path += strncmp(path, "//", 2) == 0 ? 2 : 0;
	spool->queue = (struct queue){ .driver = &spool_driver, .config = config };
	spool->generation = ++generation;
	for (int i = 0; i < FOLDERS; i++)
		spool->dir[i] = -1;
	for (int i = 0; i < JOBS_MAX; i++)
		spool->held[i].fd = -1;
	spool->watch = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
	snprintf(fresh, sizeof(fresh), "%s/new", path);
	if (open_folders(spool, path) == 0 && spool->watch >= 0 &&
	    inotify_add_watch(spool->watch, fresh, IN_MOVED_TO | IN_CLOSE_WRITE) >= 0)
		return &spool->queue;
	snprintf(wrong, QUEUE_WRONG_BYTES, "%s: %s", path, strerror(errno));
	close_spool(&spool->queue);
	return NULL;
}

static int
polls(struct queue *queue, struct pollfd fds[QUEUE_FDS])
{
	fds[0] = (struct pollfd){ of(queue)->watch, POLLIN, 0 };
	return 1;
}

/* --- taking */

/* "NAME.json~2" was tried twice. */
static int
attempts_of(const char *name)
{
	const char *mark = strrchr(name, '~');

	return mark && mark[1] && strlen(mark + 1) < 6 && strspn(mark + 1, "0123456789") == strlen(mark + 1)
	    ? atoi(mark + 1) : 0;
}

/* Of a name without its attempts. */
static size_t
stem_length(const char *name)
{
	return attempts_of(name) ? (size_t)(strrchr(name, '~') - name) : strlen(name);
}

static int
is_job(const struct dirent *entry)
{
	size_t length = strlen(entry->d_name);

	return entry->d_name[0] != '.' && stem_length(entry->d_name) < 240 &&
	    !(length > 4 && strcmp(entry->d_name + length - 4, ".tmp") == 0);
}

static bool
read_job(int fd, struct delivery *delivery, const struct stat *st)
{
	if (!S_ISREG(st->st_mode))
		return false;
	if (st->st_size > JOB_BYTES)	/* what is no job shows as a dead letter */
		return (delivery->text = strdup("")) != NULL;
	delivery->text = malloc((size_t)st->st_size + 1);
	ssize_t length = delivery->text ? pread(fd, delivery->text, (size_t)st->st_size, 0) : -1;
	if (length < 0)
		return false;
	delivery->text[length] = '\0';
	delivery->length = (size_t)length;
	return raw_check(delivery->text, delivery->length) == NULL || time(NULL) - st->st_mtime >= YOUNG_S;
}

static int
free_place(const struct spool *spool)
{
	for (int i = 0; i < JOBS_MAX; i++)
		if (!spool->held[i].name[0])
			return i;
	return -1;
}

/* Who locks the file first plays it. Its kind is said in it: the worker looks. */
static int
take_one(struct spool *spool, const char *name, struct delivery *delivery)
{
	int fd = openat(spool->dir[NEW], name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC),
	    place = free_place(spool);
	struct stat st, there;

	*delivery = (struct delivery){ .attempts = attempts_of(name), .generation = spool->generation };
	if (fd < 0 || place < 0 || fstat(fd, &st) || flock(fd, LOCK_EX | LOCK_NB) || !read_job(fd, delivery, &st) ||
	    fstatat(spool->dir[NEW], name, &there, AT_SYMLINK_NOFOLLOW) || there.st_ino != st.st_ino ||
	    renameat2(spool->dir[NEW], name, spool->dir[RUNNING], name, RENAME_NOREPLACE)) {
		common_close(&fd);
		free(delivery->text);
		return 0;
	}
	snprintf(spool->held[place].name, sizeof(spool->held[place].name), "%s", name);
	spool->held[place].fd = fd;
	delivery->tag = (uint64_t)place;
	delivery->again = delivery->attempts > 0;
	return 1;
}

static int
take(struct queue *queue, struct delivery *delivery)
{
	struct spool *spool = of(queue);
	struct dirent **names = NULL;
	char events[4096];
	int taken = 0;

	while (read(spool->watch, events, sizeof(events)) > 0)
		;	/* that something came is all they say */
	int count = scandirat(spool->dir[NEW], ".", &names, is_job, alphasort);
	if (count < 0)
		return lost(spool, "new");
	for (int i = 0; i < count; i++) {
		if (!taken)
			taken = take_one(spool, names[i]->d_name, delivery);
		free(names[i]);
	}
	free(names);
	return taken;
}

static bool
owns(struct queue *queue, const struct delivery *delivery)
{
	const struct spool *spool = of(queue);

	return delivery->generation == spool->generation && spool->held[delivery->tag].name[0];
}

/* --- ending */

static int
write_file(int dir, const char *name, const char *text, unsigned flags)
{
	char fresh[QUEUE_ID_BYTES + 64];

	snprintf(fresh, sizeof(fresh), ".%.64s-%d", name, (int)getpid());
	cleanup_close int fd = openat(dir, fresh, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0644);
	size_t length = strlen(text);
	if (fd >= 0)
		errno = ENOSPC;		/* which a write that falls short does not say */
	if (fd < 0 || write(fd, text, length) != (ssize_t)length || write(fd, "\n", 1) != 1 || (flags && fsync(fd)) ||
	    renameat2(dir, fresh, dir, name, flags)) {
		int error = errno;

		(void)unlinkat(dir, fresh, 0);
		errno = error;
		return -1;
	}
	return flags ? fsync(dir) : 0;
}

static void
drop(struct spool *spool, const struct delivery *delivery)
{
	struct held *held = &spool->held[delivery->tag];

	if (held->name[0])
		(void)unlinkat(spool->dir[RUNNING], held->name, 0);	/* nothing is left to be done with it */
	held->name[0] = '\0';
	close_fd(&held->fd);
}

/* 1: it is there now; 0: it was. */
static int
publish(struct spool *spool, const struct settlement *settlement)
{
	char name[QUEUE_ID_BYTES + 8];
	cleanup_close int reply = -1;
	int dir = spool->dir[RESULTS];

	snprintf(name, sizeof(name), "%s.json", settlement->id);
	if (settlement->reply) {
		if (mkdirat(spool->dir[REPLIES], settlement->reply, 0755) && errno != EEXIST)
			return not_written(spool, settlement->reply);
		dir = reply = openat(spool->dir[REPLIES], settlement->reply,
		    O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	}
	if (write_file(dir, name, settlement->outcome, RENAME_NOREPLACE) == 0)
		return 1;
	return errno == EEXIST ? 0 : not_written(spool, name);
}

/* A dead letter is the job as it was, and beside it why. 0; QUEUE_LOST, QUEUE_LATER. */
static int
bury(struct spool *spool, const struct delivery *delivery, const struct settlement *settlement)
{
	struct held *held = &spool->held[delivery->tag];
	char name[300];

	snprintf(name, sizeof(name), "%s.why", held->name);
	if (write_file(spool->dir[DEAD], name, settlement->why, 0) ||
	    renameat(spool->dir[RUNNING], held->name, spool->dir[DEAD], held->name))
		return not_written(spool, "dead");
	return 0;
}

static int
settle(struct queue *queue, const struct delivery *delivery, const struct settlement *settlement)
{
	struct spool *spool = of(queue);
	int published = settlement->outcome ? publish(spool, settlement) : 0;

	if (published < 0)
		return published;
	int buried = settlement->why ? bury(spool, delivery, settlement) : 0;
	if (buried < 0)
		return buried;
	drop(spool, delivery);
	return published;
}

/* Back into the queue under its name, which says how often it was tried. */
static int
put_back(struct spool *spool, const char *name, int attempts)
{
	char stem[256], fresh[300];
	int wrong = -1;

	snprintf(stem, sizeof(stem), "%.*s", (int)stem_length(name), name);
	for (int tries = 0; wrong && tries < 100 && (tries == 0 || errno == EEXIST); tries++) {
		snprintf(fresh, sizeof(fresh), attempts + tries ? "%s~%d" : "%s", stem, attempts + tries);
		wrong = renameat2(spool->dir[RUNNING], name, spool->dir[NEW], fresh, RENAME_NOREPLACE);
	}
	return wrong;
}

static int
give_back(struct queue *queue, const struct delivery *delivery, bool tried)
{
	struct spool *spool = of(queue);
	struct held *held = &spool->held[delivery->tag];

	if (held->name[0] && put_back(spool, held->name, attempts_of(held->name) + tried))
		return lost(spool, held->name);
	held->name[0] = '\0';
	close_fd(&held->fd);
	return 0;
}

static int
tell(struct queue *queue, const char *id, const char *what, const char *text)
{
	char name[QUEUE_ID_BYTES + 16];

	snprintf(name, sizeof(name), "%s.%s", id, strcmp(what, "state") == 0 ? "json" : "frame");
	(void)write_file(of(queue)->dir[STATES], name, text, 0);	/* nobody's verdict depends on it */
	return 0;
}

/* --- what workers that died left: their lock is gone with them */

static bool
is_held(const struct spool *spool, const char *name)
{
	for (int i = 0; i < JOBS_MAX; i++)
		if (strcmp(spool->held[i].name, name) == 0)
			return true;
	return false;
}

static int
beat(struct queue *queue)
{
	struct spool *spool = of(queue);
	struct dirent **names = NULL;
	int count = scandirat(spool->dir[RUNNING], ".", &names, is_job, alphasort);

	for (int i = 0; i < count; i++) {
		const char *name = names[i]->d_name;
		cleanup_close int fd = is_held(spool, name) ? -1
		    : openat(spool->dir[RUNNING], name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);

		if (fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) == 0)
			(void)put_back(spool, name, attempts_of(name) + 1);	/* or somebody else did */
		free(names[i]);
	}
	free(names);
	return count < 0 ? lost(spool, "running") : 0;
}

static int
pause_spool(struct queue *queue)
{
	(void)queue;
	return 0;
}

/* --- the other side */

static int
submit(struct queue *queue, enum queue_kind kind, const char *id, const char *text)
{
	char name[QUEUE_ID_BYTES + 40];
	struct timespec now;

	(void)kind;
	(void)clock_gettime(CLOCK_REALTIME, &now);	/* names are in the order of their coming */
	snprintf(name, sizeof(name), "%010lld%06ld-%s.json", (long long)now.tv_sec, now.tv_nsec / 1000, id);
	return write_file(of(queue)->dir[NEW], name, text, RENAME_NOREPLACE) ? lost(of(queue), name) : 0;
}

static int
open_reply(struct spool *spool, const char *reply)
{
	return openat(spool->dir[REPLIES], reply, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
}

static int
collect(struct queue *queue, const char *reply, char **text)
{
	struct spool *spool = of(queue);
	cleanup_close int dir = open_reply(spool, reply);
	struct dirent **names = NULL;
	struct delivery found = { .text = NULL };
	struct stat st;
	int count = dir < 0 ? 0 : scandirat(dir, ".", &names, is_job, alphasort);

	if (count > 0) {
		snprintf(spool->collected, sizeof(spool->collected), "%s", names[0]->d_name);
		cleanup_close int fd = openat(dir, names[0]->d_name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
		if (fd >= 0 && fstat(fd, &st) == 0)
			(void)read_job(fd, &found, &st);	/* no text: not now */
	}
	for (int i = 0; names && i < count; i++)
		free(names[i]);
	free(names);
	*text = found.text;
	return found.text ? 1 : 0;
}

static int
collected(struct queue *queue, const char *reply)
{
	struct spool *spool = of(queue);
	cleanup_close int dir = open_reply(spool, reply);

	return dir < 0 || unlinkat(dir, spool->collected, 0) ? lost(spool, reply) : 0;
}

static const char *const schemes[] = { "spool", NULL };

const struct queue_driver spool_driver = { schemes, open_spool, close_spool, polls, take, owns, settle, give_back, tell,
	beat, pause_spool, NULL, submit, collect, collected };
