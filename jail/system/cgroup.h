/* The cgroup of a jail: made, limited, measured, killed and removed. */
#ifndef CGROUP_H
#define CGROUP_H

#include "outcome.h"
#include "plan.h"

#include <stdbool.h>
#include <sys/types.h>

/*
 * Controllers that a hybrid host may still have bound to cgroup v1, each in a hierarchy of its own.
 */
enum v1 { V1_MEMORY, V1_PIDS, V1_CPU, V1_BLKIO, V1S };

struct cgroup {
	uid_t caller;
	uint32_t index;		/* the group is u<caller>/<index> below our parent group */
	int dir;		/* v2: for CLONE_INTO_CGROUP */
	int v1[V1S];		/* -1 where v2 has the controller or no limit needs it */
	int kill;		/* v2: cgroup.kill, open for writing */
	int oom;		/* hybrid: eventfd that the OOM killer counts up; else -1 */
};

/* No descriptor open. */
void cgroup_init(struct cgroup *cgroup, uid_t caller, uint32_t index);

/*
 * Makes the group below the caller's (which it makes with its ceilings if this is the caller's
 * first jail), writes every limit of the plan that a cgroup enforces, and reads each back into
 * outcome->cgroup_limit. The io limits bear on the disks that `slots` lie on (-1: none). As root.
 * -1 with errno: ENOSYS when this host has not the controller, EAGAIN when the caller has as many
 * jails as he may, ENOTBLK when a slot lies on no disk.
 */
int cgroup_make(struct cgroup *cgroup, const struct plan *plan, const int slots[SLOTS_MAX],
    struct outcome *outcome);

/*
 * A file of the group, opened: the v2 one, or else that of v1, whose group is made for it when
 * `make` is true. *is_v1 tells which. -1 with errno, ENOSYS: there is no such hierarchy.
 */
int cgroup_open(struct cgroup *cgroup, const char *v2, const char *v1, int flags, bool make,
    bool *is_v1);

/* Hybrid hosts: moves the process into the v1 groups and sees that it is there. As root. */
int cgroup_attach(const struct cgroup *cgroup, pid_t pid);

/*
 * Is pid 1 alone in all of them? Asked once it has its own uid: until then the caller could move it.
 * -1 with errno.
 */
int cgroup_verify(const struct cgroup *cgroup, pid_t pid);

/* Kills everything in the group. Needs no privilege once it is made. */
int cgroup_kill(const struct cgroup *cgroup);

/* CPU time used so far: all, user, system; STAT_NONE each when it cannot be read. */
struct usage {
	int64_t cpu_us, user_us, system_us;
};
struct usage cgroup_usage(const struct cgroup *cgroup);

/* Reads what the kernel counted, less `before`, which is what the set-up used. */
void cgroup_statistics(struct cgroup *cgroup, const struct usage *before, struct outcome *outcome);

/* Waits until nothing is left in the group, two seconds at most, and removes it. As root. */
int cgroup_remove(const struct cgroup *cgroup);

/* The same for a group that an earlier jail left behind; what is still in it is killed. As root. */
int cgroup_clear(uid_t caller, uint32_t index);

/*
 * The files through which a caller watches, freezes and kills, opened. fd -1: there is none here.
 */
#define CGROUP_FILES 10
struct cgroup_file {
	const char *name;
	int fd;
};
void cgroup_open_files(struct cgroup *cgroup, struct cgroup_file files[CGROUP_FILES]);

#endif
