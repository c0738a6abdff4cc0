/* A uid for each live jail, held by a lock on an open file description. */
#ifndef UIDS_H
#define UIDS_H

#include <stdint.h>
#include <sys/types.h>

struct jail_uid {
	uint32_t index;		/* of UID_COUNT; the jail's cgroup is called so */
	uid_t uid;		/* and gid */
	int lock;		/* released when the last copy of this descriptor is closed */
	uint32_t last;		/* uid of the caller who had it before, plus one; 0: it was left clean */
};

/*
 * Takes the lowest free one, and notes `caller` as its holder. -1 with errno: EAGAIN when all are busy.
 * Whoever takes it must first clear what `last` may have left behind.
 */
int uids_take(uid_t caller, struct jail_uid *taken);

/* Notes that everything of this jail is gone. The lock stays until the descriptor is closed. */
int uids_clean(const struct jail_uid *taken);

#endif
