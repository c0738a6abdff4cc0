/* Everything that the keeper makes before the jail starts, and pid 1 inherits. */
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
	const int *dirs;		/* of the slots, as caller_slots() opened them */
	struct jail_uid id;		/* id.lock is -1 before there is one */
	struct cgroup cgroup;
	struct slot_mounts slots;
	int report[2];			/* the keeper's end and pid 1's: messages of report.h */
	pid_t pid;			/* pid 1, as the host sees it; 0: there is none yet */
	int pidfd;
};

/* As root, only up to the cgroup with its limits. -1: the outcome says what failed. */
int launch_try(struct launch *launch, struct outcome *outcome);

/*
 * The keeper's steps from the uid to the maps of pid 1's user namespace, and then every privilege
 * is given up, and pid 1 let go. -1: the outcome says what failed; what was made so far is in
 * `launch`.
 */
int launch_start(struct launch *launch, struct outcome *outcome);

/*
 * As root: ends what is left of the jail, removes the cgroup, frees the uid. -1: something is
 * stuck.
 */
int launch_undo(struct launch *launch);

#endif
