/* The slots' mounts: private, restricted copies of what the caller gave, ready to be attached. */
#ifndef SLOTS_H
#define SLOTS_H

#include "plan.h"

#include <sys/types.h>

struct slot_mounts {
	int fd[SLOTS_MAX];	/* detached mount; -1: not part of the jail */
	int idmap;		/* user namespace that maps the caller's ids to the jail's; -1: no need */
	const char *blame;	/* after a failure: the slot's name, else NULL; lives with the record */
};

/*
 * For each slot of the plan: a clone of the mount of `dirs`, not recursive, or a new sized tmpfs.
 * Read-only unless the slot is writable; nosuid, nodev, nosymfollow; noexec unless the policy says
 * exec; the caller's uid and gid mapped to the jail's. As root, before any namespace changes. -1
 * with errno: EMEDIUMTYPE when the file system cannot map owners and the slot cannot do without.
 */
int slots_clone(const struct plan *plan, const int dirs[SLOTS_MAX], uid_t uid, gid_t gid,
    uid_t jail,
    struct slot_mounts *mounts);

/*
 * In the jail's mount namespace: attaches the slot at `place` below the working directory. A tmp
 * slot is mapped now where the kernel can (6.3), else given to the jail's uid. -1 with errno.
 */
int slots_attach(const struct plan *plan, uint32_t index, const struct slot_mounts *mounts,
    uid_t jail, const char *place);

#endif
