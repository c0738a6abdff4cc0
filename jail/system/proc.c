/* Owns what root does to a process through /proc. Nothing is written below a mount that is not a real /proc. */
#include "proc.h"

#include "sys.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <stdio.h>
#include <string.h>
#include <sys/vfs.h>

int
proc_open(void)
{
	int fd = open("/proc", O_PATH | O_DIRECTORY | O_CLOEXEC);
	struct statfs fs;

	if (fd >= 0 && fstatfs(fd, &fs) == 0 && fs.f_type == PROC_SUPER_MAGIC)
		return fd;
	if (fd >= 0)
		(void)close(fd);	/* opened for its path only */
	errno = ENOSYS;
	return -1;
}

int
proc_write(int proc, pid_t pid, const char *file, const char *text)
{
	struct open_how how = { .flags = O_WRONLY | O_CLOEXEC,
		.resolve = RESOLVE_NO_XDEV | RESOLVE_NO_SYMLINKS | RESOLVE_BENEATH };
	char path[64];

	snprintf(path, sizeof(path), "%d/%s", pid, file);
	int fd = (int)sys_openat2(proc, path, &how);
	if (fd < 0)
		return -1;
	ssize_t length = write(fd, text, strlen(text));
	int error = errno;
	(void)close(fd);	/* these files report at write */
	errno = error;
	return length == (ssize_t)strlen(text) ? 0 : -1;
}

int
proc_userns(int proc, pid_t pid)
{
	char path[32];

	snprintf(path, sizeof(path), "%d/ns/user", pid);
	return openat(proc, path, O_RDONLY | O_CLOEXEC);
}

int
proc_map_ids(int proc, pid_t pid, const uid_t inside[2], uid_t outside)
{
	char text[64];

	snprintf(text, sizeof(text), "%u %u 1", inside[0], outside);
	if (proc_write(proc, pid, "uid_map", text))
		return -1;
	snprintf(text, sizeof(text), "%u %u 1", inside[1], outside);
	return proc_write(proc, pid, "gid_map", text);
}
