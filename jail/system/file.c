/* Owns the kernel's small files and groups: read, write, remove; and the closing of descriptors. */
#include "file.h"

#include "sys.h"

#include <errno.h>
#include <string.h>
#include <time.h>

#define PAGE_BYTES 4096

int
file_close(int fd)
{
	int error = errno;

	(void)close(fd);	/* nothing is buffered in the files we use */
	errno = error;
	return -1;
}

ssize_t
file_read(int dir, const char *path, char *text, size_t size)
{
	int fd = openat(dir, path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return -1;
	ssize_t n, length = 0;
	/* Of a list the kernel gives a page at most at a time; a shorter text comes whole. */
	do {
		n = read(fd, text + length, size - 1 - (size_t)length);
		length = n < 0 ? -1 : length + n;
	} while (n > 0 && size > PAGE_BYTES && length < (ssize_t)size - 1);
	if (length == (ssize_t)size - 1) {
		errno = EFBIG;
		length = -1;
	}
	(void)file_close(fd);
	text[length > 0 ? length : 0] = '\0';
	return length;
}

int
file_put(int fd, const char *text)
{
	ssize_t length = write(fd, text, strlen(text));

	(void)file_close(fd);
	return length == (ssize_t)strlen(text) ? 0 : -1;
}

int
file_write(int dir, const char *path, const char *text)
{
	int fd = openat(dir, path, O_WRONLY | O_CLOEXEC);

	return fd < 0 ? -1 : file_put(fd, text);
}

int
file_remove_group(const char *path, int tries)
{
	static const struct timespec millisecond = { 0, 1000 * 1000 };

	for (; rmdir(path); tries--) {
		if (errno != EBUSY || tries == 0)
			return errno == ENOENT ? 0 : -1;
		(void)nanosleep(&millisecond, NULL);	/* woken early only means asking sooner */
	}
	return 0;
}

/* Closes what lies between, before and behind the two, of which either may be -1. */
int
fds_close_others(int a, int b)
{
	int low = a < b ? a : b, high = a < b ? b : a;

	if ((low > 3 && sys_close_range(3, (unsigned)low - 1)) ||
	    (high > (low < 0 ? 3 : low + 1) &&
	    sys_close_range(low < 0 ? 3 : (unsigned)low + 1, (unsigned)high - 1)))
		return -1;
	return (int)sys_close_range(high < 0 ? 3 : (unsigned)high + 1, ~0u);
}
