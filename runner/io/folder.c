/* Owns the making and the commit of a result folder. */
#include "folder.h"

#include "common.h"
#include "js.h"
#include "tree.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>

#define LOCK_TRIES 1000
#define LOCK_PAUSE_US 5000
#define PART ".part-"

/* Removes what runs that were killed left behind: nobody holds the lock on it any more. */
static void
sweep(const char *parent, const char *base)
{
	DIR *dir = opendir(parent);
	struct dirent *entry;
	size_t length = strlen(base);

	while (dir && (entry = readdir(dir))) {
		char path[PATH_MAX];

		if (strncmp(entry->d_name, base, length) != 0 ||
		    strncmp(entry->d_name + length, PART, strlen(PART)) != 0)
			continue;
		snprintf(path, sizeof(path), "%s/%s", parent, entry->d_name);
		cleanup_close int fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
		if (fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) == 0)
			tree_remove(path);
	}
	if (dir)
		closedir(dir);
}

void
folder_parents(const char *path)
{
	char parent[PATH_MAX];

	for (const char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
		snprintf(parent, sizeof(parent), "%.*s", (int)(slash - path), path);
		(void)mkdir(parent, 0755);	/* what is missing then shows when it is opened */
	}
}

static int
make(struct folder *folder)
{
	if (!mkdtemp(folder->work) || chmod(folder->work, 0755))
		return -errno;
	folder->fd = open(folder->work, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return folder->fd < 0 || flock(folder->fd, LOCK_EX | LOCK_NB) ? -errno : 0;
}

/* While this is held nobody has a folder without its lock. Strangers may hold it, too, but not for ever. */
static int
lock(int fd)
{
	int tries = 0;

	while (flock(fd, LOCK_EX | LOCK_NB)) {
		if (errno != EWOULDBLOCK || ++tries == LOCK_TRIES)
			return -1;
		(void)usleep(LOCK_PAUSE_US);
	}
	return 0;
}

int
folder_begin(struct folder *folder, const char *path)
{
	const char *slash = strrchr(path, '/');
	char parent[PATH_MAX] = ".";

	*folder = (struct folder){ .fd = -1 };
	if (strlen(path) >= sizeof(folder->final))
		return -ENAMETOOLONG;
	strcpy(folder->final, path);
	if (access(path, F_OK) == 0)
		return -EEXIST;
	if (slash)
		snprintf(parent, sizeof(parent), "%.*s", slash > path ? (int)(slash - path) : 1, path);
	folder_parents(path);
	snprintf(folder->work, sizeof(folder->work), "%s" PART "XXXXXX", path);
	cleanup_close int all = open(parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (all < 0 || lock(all))
		return -errno;
	sweep(parent, slash ? slash + 1 : path);
	return make(folder);
}

int
folder_write(int dir, const char *name, const struct js *document)
{
	cleanup_free char *text = js_print_pretty(document);
	int fd = openat(dir, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
	cleanup_file FILE *file = fd >= 0 ? fdopen(fd, "w") : NULL;

	if (!text || !file)
		return -errno;
	errno = EIO;
	return fprintf(file, "%s\n", text) < 0 || fflush(file) || fsync(fd) ? -errno : 0;
}

int
folder_commit(struct folder *folder)
{
	if (fsync(folder->fd) || renameat2(AT_FDCWD, folder->work, AT_FDCWD, folder->final,
	    RENAME_NOREPLACE))
		return -errno;
	close_fd(&folder->fd);
	return 0;
}

void
folder_abandon(struct folder *folder)
{
	if (folder->fd < 0)
		return;
	tree_remove(folder->work);
	close_fd(&folder->fd);
}
