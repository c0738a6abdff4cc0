/* The limits of a plan that a cgroup enforces. */
#ifndef CGROUP_LIMITS_H
#define CGROUP_LIMITS_H

#include "cgroup.h"

/* Writes each and reads it back: see cgroup_make(). */
int cgroup_set_limits(struct cgroup *cgroup, const struct plan *plan, const int slots[SLOTS_MAX],
    struct outcome *outcome);

#endif
