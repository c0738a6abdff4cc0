/* A uid for each live jail, held by a lock on an open file description. */
#ifndef UIDS_H
#define UIDS_H

#include <stdint.h>
#include <sys/types.h>

struct jail_uid {
	uint32_t index;		/* of UID_COUNT; the jail's cgroup is called so */
	uid_t uid;		/* and gid */
	int lock;		/* released when the last copy of this descriptor is closed; -1: none is held */
};

/* F_WRLCK or F_UNLCK for one byte of the file, without waiting. -1 with errno: EAGAIN, held. */
int uids_lock(int fd, uint32_t index, short type);

/*
 * Takes the lowest free one and notes `caller` as its holder. Before that, `clear` is called for
 * every jail that is noted but dead, whoever's it was: its keeper was killed before he could clean
 * up. The uid of one that cannot be cleared yet is left out. -1 with errno: EAGAIN when none is
 * free.
 */
int uids_take(uid_t caller, int (*clear)(uid_t caller, uint32_t index), struct jail_uid *taken);

/* Notes that everything of this jail is gone. The lock stays until the descriptor is closed. */
int uids_clean(const struct jail_uid *taken);

#endif
