/*
 * Owns the file of jail uids: one word for each, which names its holder, and an
 * open-file-description lock on the byte of the same number, which says that the holder lives.
 * Locks of that kind belong to the open file, not to a process
 * (fcntl(2)): pid 1 of the jail inherits it, and it outlives the keeper.
 */
#include "uids.h"

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

int
uids_lock(int fd, uint32_t index, short type)
{
	struct flock byte = { .l_type = type, .l_whence = SEEK_SET, .l_start = index, .l_len = 1 };

	return fcntl(fd, F_OFD_SETLK, &byte);
}

/* The word is the holder's uid plus one; 0: it was left clean. */
static int
note(int fd, uint32_t index, uint32_t word)
{
	errno = EFBIG;		/* a short write: RLIMIT_FSIZE */
	return pwrite(fd, &word, sizeof(word), (off_t)(index * sizeof(word))) == sizeof(word) ? 0
	    : -1;
}

/* A word counts as it is under the lock: before, other starts may come and go. */
static int
lock_word(int fd, uint32_t index, uint32_t *word)
{
	off_t at = (off_t)(index * sizeof(*word));

	return uids_lock(fd, index, F_WRLCK) ||
	    pread(fd, word, sizeof(*word), at) != sizeof(*word) ? -1 : 0;
}

/* What cannot be cleared yet keeps its word, and its uid is nobody's. */
static int
clear_dead(int fd, int (*clear)(uid_t caller, uint32_t index))
{
	static uint32_t words[UID_COUNT];

	if (pread(fd, words, sizeof(words), 0) != sizeof(words))
		return -1;
	for (uint32_t i = 0; i < UID_COUNT; i++) {
		if (!words[i] || lock_word(fd, i, &words[i]))
			continue;	/* clean, or alive */
		if ((words[i] && clear(words[i] - 1, i) == 0 && note(fd, i, 0)) ||
		    uids_lock(fd, i, F_UNLCK))
			return -1;
	}
	return 0;
}

static int
lock_lowest_clean(int fd, uint32_t *index)
{
	for (*index = 0; *index < UID_COUNT; (*index)++) {
		uint32_t word;

		if (lock_word(fd, *index, &word) == 0 && word == 0)
			return 0;
		/* a stuck one; what others hold stays theirs */
		(void)uids_lock(fd, *index, F_UNLCK);
	}
	errno = EAGAIN;
	return -1;
}

int
uids_take(uid_t caller, int (*clear)(uid_t caller, uint32_t index), struct jail_uid *taken)
{
	int fd = open(UIDS_FILE, O_RDWR | O_CLOEXEC | O_NOFOLLOW);
	uint32_t index;

	*taken = (struct jail_uid){ .lock = -1 };
	if (fd < 0)
		return -1;
	if (clear_dead(fd, clear) || lock_lowest_clean(fd, &index) ||
	    note(fd, index, caller + 1)) {
		int error = errno;
		(void)close(fd);	/* the locks go with it */
		errno = error;
		return -1;
	}
	*taken = (struct jail_uid){ index, UID_FIRST + index, fd };
	return 0;
}

int
uids_clean(const struct jail_uid *taken)
{
	return note(taken->lock, taken->index, 0);
}
