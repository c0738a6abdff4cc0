/* Owns the clearing away of dead jails. A jail is dead when nobody holds the lock of its uid. */
#include "runtime.h"

#include "config.h"
#include "file.h"
#include "uids.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PATH_BYTES 1024
#define TRIES 2000	/* a millisecond each */

static bool
kill_and_remove(const char *group)
{
	char path[PATH_BYTES];

	snprintf(path, sizeof(path), "%s/cgroup.kill", group);
	/* what cannot be killed cannot be removed either, and that is told */
	(void)file_write(AT_FDCWD, path, "1");
	return file_remove_group(group, TRIES) == 0;
}

/*
 * Calls `each` with the path and name of every directory below `dir` that begins so. The sum of its
 * answers.
 */
static int
for_each(const char *dir, const char *start, int (*each)(const char *path, const char *name,
    int uids), int uids)
{
	DIR *entries = opendir(dir);
	struct dirent *entry;
	int sum = 0;

	while (entries && (entry = readdir(entries))) {
		char path[PATH_BYTES];

		if (entry->d_type != DT_DIR || entry->d_name[0] == '.' ||
		    strncmp(entry->d_name, start, strlen(start)) != 0)
			continue;
		snprintf(path, sizeof(path), "%s/%s", dir, entry->d_name);
		sum += each(path, entry->d_name, uids);
	}
	if (entries)
		(void)closedir(entries);	/* read only */
	return sum;
}

static int
collect_jail(const char *path, const char *name, int uids)
{
	uint32_t index = (uint32_t)strtoul(name, NULL, 10);

	if (uids >= 0 && uids_lock(uids, index, F_WRLCK))
		return 0;	/* it lives */
	return kill_and_remove(path);
}

/* The caller's own group goes with his last jail; removing it while one starts only fails. */
static int
collect_caller(const char *path, const char *name, int uids)
{
	(void)name;
	int removed = for_each(path, "", collect_jail, uids);
	return removed + (rmdir(path) == 0);
}

static int
collect(int uids)
{
	int removed = 0;

	for (int i = 0; i < HIERARCHIES; i++) {
		char dir[PATH_BYTES];

		snprintf(dir, sizeof(dir), CGROUP_DIR "/%s", hierarchy_names[i]);
		removed += for_each(dir, "u", collect_caller, uids);
	}
	return removed;
}

int
runtime_collect(void)
{
	int uids = open(UIDS_FILE, O_RDWR | O_CLOEXEC | O_NOFOLLOW);

	if (uids < 0)
		return 0;
	int removed = collect(uids);
	(void)close(uids);	/* and every lock with it */
	return removed;
}

static int
remove_all(void)
{
	int wrong = 0;

	for (int i = 0; i < HIERARCHIES; i++) {
		char link[PATH_BYTES], group[PATH_BYTES];

		snprintf(link, sizeof(link), CGROUP_DIR "/%s", hierarchy_names[i]);
		ssize_t length = readlink(link, group, sizeof(group) - 1);
		if (length < 0)
			continue;
		group[length] = '\0';
		wrong |= file_remove_group(group, TRIES);
		wrong |= unlink(link);
	}
	return wrong;
}

/* Removes the files of a directory of ours, and the directory. */
static int
remove_dir(const char *path)
{
	DIR *entries = opendir(path);
	struct dirent *entry;

	while (entries && (entry = readdir(entries)))
		if (entry->d_type != DT_DIR)
			(void)unlinkat(dirfd(entries), entry->d_name, 0);	/* rmdir() tells */
	if (entries)
		(void)closedir(entries);	/* read only */
	return rmdir(path) && errno != ENOENT ? -1 : 0;
}

int
runtime_remove(void)
{
	(void)collect(-1);	/* remove_all() tells what could not go */
	int wrong = remove_all();

	return wrong | remove_dir(CALLER_DIR) | remove_dir(CGROUP_DIR) | remove_dir(MOUNT_POINT) |
	    remove_dir(RUN_DIR) ? -1 : 0;
}
