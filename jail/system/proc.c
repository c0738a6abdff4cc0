/* Owns what root does to a process through /proc: nothing, unless it is a real one. */
#include "proc.h"

#include "file.h"
#include "sys.h"

#include <errno.h>
#include <linux/magic.h>
#include <stdio.h>
#include <string.h>
#include <sys/vfs.h>

int
proc_open(void)
{
	int fd = openat(AT_FDCWD, "/proc", O_PATH | O_DIRECTORY | O_CLOEXEC);
	struct statfs fs;

	if (fd < 0 || (fstatfs(fd, &fs) == 0 && fs.f_type == PROC_SUPER_MAGIC))
		return fd;
	errno = ENOSYS;
	return file_close(fd);
}

int
proc_write(int proc, pid_t pid, const char *file, const char *text)
{
	struct open_how how = { .flags = O_WRONLY | O_CLOEXEC,
		.resolve = RESOLVE_NO_XDEV | RESOLVE_NO_SYMLINKS | RESOLVE_BENEATH };
	char path[64];

	snprintf(path, sizeof(path), "%d/%s", pid, file);
	int fd = (int)sys_openat2(proc, path, &how);
	return fd < 0 ? -1 : file_put(fd, text);
}

int
proc_map_ids(int proc, pid_t pid, uid_t inside_uid, gid_t inside_gid, uid_t outside)
{
	char uids[64], gids[64];

	snprintf(uids, sizeof(uids), "%u %u 1", inside_uid, outside);
	snprintf(gids, sizeof(gids), "%u %u 1", inside_gid, outside);
	return proc_write(proc, pid, "uid_map", uids) || proc_write(proc, pid, "gid_map", gids) ? -1
	    : 0;
}
