/* The runtime folder and the parent cgroups: what bot-jail-setup makes and bot-jail only opens. */
#ifndef RUNTIME_H
#define RUNTIME_H

#include "complaint.h"
#include "hierarchy.h"
#include "setup_conf.h"

/* Reads setup.conf, if there is one, over the defaults. -1 with a complaint. */
int runtime_conf(struct setup_conf *conf, struct complaint *complaint);

/*
 * RUN_DIR and what is in it, but for the links. Good twice. -1 with a complaint that holds the
 * cure.
 */
int runtime_make(struct complaint *complaint);

/*
 * Makes our parent group in each hierarchy, with its ceilings, leaves a link to it in CGROUP_DIR
 * and the ceilings of one caller in CALLER_DIR. On v2 below our own group if that is the root or
 * holds no process but us; on v1 below our own group always. Good twice. -1 with a complaint that
 * holds the cure.
 */
int runtime_parents(const struct hierarchies *found, const struct setup_conf *conf,
    struct complaint *complaint);

/*
 * Removes what dead jails left: their groups, and callers' groups that are empty. How many groups.
 */
int runtime_collect(void);

/*
 * Ends every jail and removes all that runtime_make() and runtime_parents() made. -1: something is
 * left.
 */
int runtime_remove(void);

#endif
