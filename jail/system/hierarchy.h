/* Where cgroup hierarchies are mounted, which controllers are where, and our own group in each. */
#ifndef HIERARCHY_H
#define HIERARCHY_H

#include <stdbool.h>

#define HIERARCHY_PATH 512

/*
 * The names of the links in CGROUP_DIR: the v2 hierarchy, and v1 ones that hold a controller we
 * need.
 */
enum hierarchy_id { HIERARCHY_UNIFIED, HIERARCHY_MEMORY, HIERARCHY_PIDS, HIERARCHY_CPU,
    HIERARCHY_BLKIO, HIERARCHIES };

extern const char *const hierarchy_names[HIERARCHIES];

struct hierarchy {
	bool present;				/* mounted; a v1 one only if the controller is bound to v1 */
	char mount[HIERARCHY_PATH];
	char own[HIERARCHY_PATH];		/* our own group in it, "/..." */
};

struct hierarchies {
	struct hierarchy at[HIERARCHIES];
	char v2_controllers[256];		/* of the v2 mount's root, "cpu io memory pids" */
};

/*
 * Looks at the mounts, through libcgroup, and at /proc/self/cgroup. -1 with errno when there is no
 * v2 mount.
 */
int hierarchies_find(struct hierarchies *found);

/* Is the controller ("memory", "pids", "cpu", "io") to be had, in v2 or v1? */
bool hierarchies_have(const struct hierarchies *found, const char *controller);

/* Is it one of v2? */
bool hierarchies_in_v2(const struct hierarchies *found, const char *controller);

/*
 * Are we in the cgroup of this systemd unit, or below it? If so, `own` is made that group in every
 * hierarchy: what systemd puts below it, such as .control of a reload, comes and goes.
 */
bool hierarchies_in_unit(struct hierarchies *found, const char *unit);

#endif
