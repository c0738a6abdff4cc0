/*
 * Owns the file of jail uids: one word for each, which names its holder, and an open-file-description lock
 * on the byte of the same number, which says that the holder lives. Locks of that kind belong to the open file,
 * not to a process (fcntl(2)): pid 1 of the jail inherits it, and it outlives the keeper.
 */
#include "uids.h"

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

static int
lock(int fd, uint32_t index)
{
	struct flock byte = { .l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = index, .l_len = 1 };

	return fcntl(fd, F_OFD_SETLK, &byte);
}

static int
note(const struct jail_uid *taken, uint32_t holder)
{
	off_t at = (off_t)taken->index * (off_t)sizeof(holder);

	return pwrite(taken->lock, &holder, sizeof(holder), at) == sizeof(holder) ? 0 : -1;
}

static int
take(int fd, uid_t caller, struct jail_uid *taken)
{
	uint32_t index = 0;

	while (index < UID_COUNT && lock(fd, index)) {
		if (errno != EAGAIN && errno != EACCES)
			return -1;
		index++;
	}
	errno = EAGAIN;
	if (index == UID_COUNT)
		return -1;
	*taken = (struct jail_uid){ index, UID_FIRST + index, fd, 0 };
	off_t at = (off_t)index * (off_t)sizeof(taken->last);
	if (pread(fd, &taken->last, sizeof(taken->last), at) < 0)
		return -1;
	return note(taken, caller + 1);
}

int
uids_take(uid_t caller, struct jail_uid *taken)
{
	int fd = open(UIDS_FILE, O_RDWR | O_CLOEXEC | O_NOFOLLOW);

	if (fd < 0)
		return -1;
	if (take(fd, caller, taken)) {
		int error = errno;
		(void)close(fd);	/* the lock goes with it */
		errno = error;
		return -1;
	}
	return 0;
}

int
uids_clean(const struct jail_uid *taken)
{
	return note(taken, 0);
}
