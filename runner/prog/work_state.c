/* Owns the worker's folder: results/ID is a match as match-run left it, outcomes/ID.json what is published of it. */
#include "work.h"

#include "common.h"
#include "tree.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#define OUTCOME_MAX (64 << 20)

static const char *const folders[] = { "results", "outcomes", "attempts" };

static const char *
top(const struct work *work)
{
	return settings_text(&work->settings, WORK_STATE);
}

static void
path_of(const struct work *work, const char *folder, const char *id, const char *ending, char path[PATH_BYTES])
{
	snprintf(path, PATH_BYTES, "%s/%s/%s%s", top(work), folder, id, ending);
}

int
state_open(const struct work *work)
{
	char path[PATH_BYTES];

	if (mkdir(top(work), 0755) && errno != EEXIST)
		return -errno;
	for (size_t i = 0; i < COUNT(folders); i++) {
		snprintf(path, sizeof(path), "%s/%s", top(work), folders[i]);
		if (mkdir(path, 0755) && errno != EEXIST)
			return -errno;
		if (access(path, W_OK))
			return -errno;
	}
	return 0;
}

void
state_result(const struct work *work, const char *id, char path[PATH_BYTES])
{
	snprintf(path, PATH_BYTES, "%.3900s/results/.%s-%s/result", top(work), id, work->name);
}

/* The folder around it, which is made. */
static void
around(const struct work *work, const char *id, char path[PATH_BYTES])
{
	state_result(work, id, path);
	*strrchr(path, '/') = '\0';
}

int
state_begin(const struct work *work, const char *id)
{
	char path[PATH_BYTES];

	around(work, id, path);
	tree_remove(path);
	return mkdir(path, 0755) ? -errno : 0;
}

void
state_keep(const struct work *work, const char *id)
{
	char path[PATH_BYTES], final[PATH_BYTES];

	state_result(work, id, path);
	path_of(work, "results", id, "", final);
	if (access(path, F_OK) == 0) {
		tree_remove(final);
		(void)rename(path, final);	/* what stays shows, and the outcome says all the same */
	}
	state_clear(work, id);
}

char *
state_outcome(const struct work *work, const char *id)
{
	char path[PATH_BYTES];
	size_t length;

	path_of(work, "outcomes", id, ".json", path);
	return read_whole(path, 0, OUTCOME_MAX, &length);
}

int
state_save(const struct work *work, const char *id, const char *outcome)
{
	char path[PATH_BYTES], fresh[PATH_BYTES];
	size_t length = strlen(outcome);

	path_of(work, "outcomes", id, ".json", path);
	path_of(work, "outcomes", id, ".new", fresh);
	cleanup_close int fd = open(fresh, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	errno = fd < 0 ? errno : ENOSPC;
	if (fd < 0 || write(fd, outcome, length) != (ssize_t)length || fsync(fd) || rename(fresh, path))
		return -errno;
	return 0;
}

/* --- attempts: a job that ends this worker each time must not do so for ever */

int
state_attempts(const struct work *work, const char *id)
{
	char path[PATH_BYTES];
	size_t length;

	path_of(work, "attempts", id, "", path);
	cleanup_free char *text = read_small(path, 0, &length);
	return text ? atoi(text) : 0;
}

void
state_note_attempt(const struct work *work, const char *id, int attempts)
{
	char path[PATH_BYTES];

	path_of(work, "attempts", id, "", path);
	cleanup_file FILE *file = fopen(path, "we");
	if (file)
		fprintf(file, "%d\n", attempts);	/* one attempt more, if it is lost */
}

void
state_forget_attempts(const struct work *work, const char *id)
{
	char path[PATH_BYTES];

	path_of(work, "attempts", id, "", path);
	(void)unlink(path);	/* it need not be there */
}

void
state_clear(const struct work *work, const char *id)
{
	char path[PATH_BYTES];

	around(work, id, path);
	tree_remove(path);
}

static void
prune_folder(const struct work *work, const char *folder, time_t before)
{
	char path[PATH_BYTES], inner[2 * PATH_BYTES];
	struct dirent *entry;
	struct stat st;

	snprintf(path, sizeof(path), "%s/%s", top(work), folder);
	DIR *dir = opendir(path);
	while (dir && (entry = readdir(dir))) {
		snprintf(inner, sizeof(inner), "%s/%s", path, entry->d_name);
		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0 && lstat(inner, &st) == 0 &&
		    st.st_mtime < before)
			tree_remove(inner);
	}
	if (dir)
		closedir(dir);
}

void
state_prune(const struct work *work)
{
	time_t before = time(NULL) - settings_number(&work->settings, WORK_KEEP) * 86400;

	for (size_t i = 0; i < COUNT(folders); i++)
		prune_folder(work, folders[i], before);
}
