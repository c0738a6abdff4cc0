/* The files of a jail: what the policy lists, made on a tmpfs of our own. All -1 with errno. */
#ifndef TREE_H
#define TREE_H

#include "launch.h"

/*
 * Mounts an empty tmpfs in this mount namespace, made private first, and makes it the working
 * directory.
 */
int tree_root(const struct launch *launch);

/* Does the record's operations in order, below the working directory. */
int tree_make(const struct launch *launch);

/*
 * Makes the working directory the root, detaches the old one, makes it read-only, goes to the first
 * slot.
 */
int tree_pivot(const struct launch *launch);

/*
 * Proves it from /proc/self/mountinfo: the mounts of the plan with their flags, and not one more.
 */
int tree_verify(const struct plan *plan);

#endif
