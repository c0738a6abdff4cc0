/* What every file of the runner may use: cleanup attributes and the size of an array. */
#ifndef COMMON_H
#define COMMON_H

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

/*
 * Frees or closes a local when it goes out of scope. Hand over by returning a copy and setting NULL
 * or -1.
 */
#define cleanup_free __attribute__((cleanup(common_free)))
#define cleanup_close __attribute__((cleanup(common_close)))
#define cleanup_file __attribute__((cleanup(common_fclose)))

static inline void
common_free(void *pointer)
{
	free(*(void **)pointer);
}

static inline void
common_close(const int *fd)
{
	if (*fd >= 0)
		close(*fd);
}

/* Closes a descriptor that a struct lists, if it is open, and strikes it out. */
static inline void
close_fd(int *fd)
{
	common_close(fd);
	*fd = -1;
}

static inline void
common_fclose(FILE **file)
{
	if (*file)
		fclose(*file);
}

#endif
