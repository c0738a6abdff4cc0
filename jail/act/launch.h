/* Everything that the keeper makes before the jail starts, and pid 1 inherits. Written by launch() alone. */
#ifndef LAUNCH_H
#define LAUNCH_H

#include "caller.h"
#include "cgroup.h"
#include "outcome.h"
#include "plan.h"
#include "slots.h"
#include "uids.h"

#include <sys/types.h>

struct launch {
	const struct plan *plan;
	const struct caller *caller;
	struct jail_uid id;		/* id.lock is -1 before there is one */
	struct cgroup cgroup;
	struct slot_mounts slots;
	int report[2];			/* the keeper's end and pid 1's: messages of report.h */
	pid_t pid;			/* pid 1, as the host sees it */
	int pidfd;			/* -1 before it is started */
	int signals;			/* signalfd of those that end the jail */
};

/*
 * Does the keeper's steps, from the uid to the maps of pid 1's user namespace. `dirs` are the slots' directories. Root
 * when it returns. -1: the outcome says what failed; what was made so far is in `launch`, for launch_undo().
 */
int launch_start(struct launch *launch, const struct plan *plan, const struct caller *caller,
    const int dirs[SLOTS_MAX], struct outcome *outcome);

/* Lets pid 1 go on, now that the keeper has settled. -1 with errno. */
int launch_release(const struct launch *launch);

/* Only up to the cgroup with its limits: for -n. */
int launch_try(struct launch *launch, const struct plan *plan, const struct caller *caller,
    const int dirs[SLOTS_MAX], struct outcome *outcome);

/* Removes the cgroup and frees the uid, as root. -1: the cgroup is stuck; the uid stays taken then. */
int launch_undo(struct launch *launch);

#endif
