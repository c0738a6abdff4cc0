/* Owns reading and writing of the kernel's small files, and the closing of descriptors. */
#include "file.h"

#include "sys.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

ssize_t
file_read(int dir, const char *path, char *text, size_t size)
{
	int fd = openat(dir, path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return -1;
	ssize_t length = read(fd, text, size - 1);
	int error = errno;
	(void)close(fd);	/* nothing was written */
	errno = length < (ssize_t)size - 1 ? error : EFBIG;
	if (length < 0 || length == (ssize_t)size - 1)
		return -1;
	text[length] = '\0';
	return length;
}

int
file_write(int dir, const char *path, const char *text)
{
	int fd = openat(dir, path, O_WRONLY | O_CLOEXEC);

	if (fd < 0)
		return -1;
	ssize_t length = write(fd, text, strlen(text));
	int error = errno;
	(void)close(fd);	/* the kernel's files report at write */
	errno = error;
	return length == (ssize_t)strlen(text) ? 0 : -1;
}

int
fds_close_others(int a, int b)
{
	unsigned low = (unsigned)(a < b ? a : b), high = (unsigned)(a < b ? b : a), next = 3;

	if (a >= 0 && b >= 0) {
		if (low > next && sys_close_range(next, low - 1, 0))
			return -1;
		next = low + 1;
	}
	if (a >= 0 || b >= 0) {
		if (high > next && sys_close_range(next, high - 1, 0))
			return -1;
		next = high + 1;
	}
	return (int)sys_close_range(next, ~0u, 0);
}
