/* Owns the making and the commit of a result folder. */
#include "folder.h"

#include "common.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

int
folder_begin(struct folder *folder, const char *path)
{
	*folder = (struct folder){ .fd = -1 };
	if (strlen(path) >= sizeof(folder->final))
		return -ENAMETOOLONG;
	strcpy(folder->final, path);
	if (access(path, F_OK) == 0)
		return -EEXIST;
	snprintf(folder->work, sizeof(folder->work), "%s.part-%d", path, getpid());
	if (mkdir(folder->work, 0755))
		return -errno;
	folder->fd = open(folder->work, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return folder->fd < 0 ? -errno : 0;
}

int
folder_commit(struct folder *folder)
{
	if (fsync(folder->fd) || renameat2(AT_FDCWD, folder->work, AT_FDCWD, folder->final,
	    RENAME_NOREPLACE))
		return -errno;
	close(folder->fd);
	folder->fd = -1;
	return 0;
}

void
folder_abandon(struct folder *folder)
{
	if (folder->fd < 0)
		return;
	DIR *dir = fdopendir(folder->fd);
	struct dirent *entry;
	while (dir && (entry = readdir(dir)))
		/* rmdir() below tells nobody, and nobody asks */
		(void)unlinkat(dirfd(dir), entry->d_name, 0);
	if (dir)
		closedir(dir);
	folder->fd = -1;
	(void)rmdir(folder->work);
}
