/* Who called us, and being that caller. */
#ifndef CALLER_H
#define CALLER_H

#include "complaint.h"
#include "limits.h"
#include "plan.h"

#include <stdbool.h>
#include <sys/types.h>

struct caller {
	uid_t uid;
	gid_t gid;
	int parent;		/* pidfd of the process that called us */
	int status, control;	/* descriptors of -s and -c, -1: none; ours are never 0-2 */
};

/*
 * First of all: becomes the caller in effect, with root kept aside, so that whatever is parsed is
 * parsed without root's rights. Not dumpable, no environment, every signal blocked, descriptors 0-2
 * open. -1 with errno.
 */
int caller_begin(struct caller *caller);

/*
 * Refuses every way of being started but one: setuid root, from a copy that only root can change,
 * in the initial user namespace, without no_new_privs. -1 with a complaint.
 */
int caller_check(struct complaint *complaint);

/* Takes over the descriptors of -s and -c, closes every other but 0-2, and watches the caller. */
int caller_keep(struct caller *caller, const struct request *request, struct complaint *complaint);

/* Hard resource limits that were inherited, in our units. */
int caller_limits(uint64_t hard[LIMITS], struct complaint *complaint);

/*
 * Opens the directory of each filled slot of the plan, O_PATH, with the caller's identity, and
 * checks that it is a directory of an ordinary file system that the caller may use so. fds of other
 * slots become -1.
 */
int caller_slots(const struct caller *caller, const struct plan *plan, int fds[SLOTS_MAX],
    struct complaint *complaint);

/* From the caller in effect to root, and back. -1 with errno. */
int caller_raise(void);
int caller_lower(const struct caller *caller);

/*
 * Gives up every capability for good, and lowers: what stays is uid 0 kept aside, which owns the
 * cgroups that are to be removed in the end.
 */
int caller_settle(const struct caller *caller);

#endif
