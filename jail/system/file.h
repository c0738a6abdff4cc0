/* Small files of the kernel's, and of root's, by descriptor. */
#ifndef FILE_H
#define FILE_H

#include "complaint.h"
#include "record.h"

#include <stddef.h>
#include <sys/types.h>

/* Closes it and leaves errno alone. Returns -1, so that a failing function can `return` it. */
int file_close(int fd);

/* Reads a whole file below `dir` as a string. Its length, or -1 with errno (EFBIG: too long). */
ssize_t file_read(int dir, const char *path, char *text, size_t size);

/* Writes the text in one call, and closes the descriptor in any case. -1 with errno. */
int file_put(int fd, const char *text);

/* The same with an existing file below `dir`. */
int file_write(int dir, const char *path, const char *text);

/*
 * Removes a cgroup, which is busy while its last process dies: asks again up to `tries` times, a
 * millisecond apart. None there is as good. -1 with errno.
 */
int file_remove_group(const char *path, int tries);

/* Closes every descriptor above 2 but these two, each -1 for none. -1 with errno. */
int fds_close_others(int a, int b);

/*
 * Loads the compiled policy of that name: a regular file of root's, not writable by others, nor any
 * directory on the way to it; sound; no older than its sources. NULL with a complaint. Static
 * storage.
 */
const struct record *record_load(const char *name, struct complaint *complaint);

#endif
