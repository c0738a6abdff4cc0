/* What a caller with -c receives. There is nothing to send: bot-jail never reads that socket. */
#ifndef CONTROL_H
#define CONTROL_H

#include "cgroup.h"
#include "slots.h"

/*
 * {"cgroup":[names],"absent":[names]} and a newline, with a descriptor for each of the first, in
 * that order. As root, before the bot starts. -1 with errno.
 */
int control_send_cgroup(int socket, struct cgroup *cgroup);

/* {"slots":[names]} and a newline, with a directory of each tmp slot. When the jail is gone. */
int control_send_slots(int socket, const struct plan *plan, const struct slot_mounts *mounts);

#endif
