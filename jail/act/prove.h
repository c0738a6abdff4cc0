/* Reads back from the kernel what pid 1 has done to itself. */
#ifndef PROVE_H
#define PROVE_H

#include "launch.h"

/* securebits(7) of a jail: no uid gives a capability, none can be raised, and that is locked. */
#define JAIL_SECUREBITS (SECBIT_KEEP_CAPS_LOCKED | SECBIT_NO_SETUID_FIXUP | \
    SECBIT_NO_SETUID_FIXUP_LOCKED | SECBIT_NOROOT | SECBIT_NOROOT_LOCKED | \
    SECBIT_NO_CAP_AMBIENT_RAISE | SECBIT_NO_CAP_AMBIENT_RAISE_LOCKED)

/*
 * Identity, groups, the five capability sets, securebits, no_new_privs, dumpable, cgroup, resource
 * limits, mounts, and that uid 0 cannot be had back. Sets every signal that was inherited as
 * ignored back to its default. -1 with errno, EPERM when the kernel tells something else than was
 * asked.
 */
int prove(const struct launch *launch);

#endif
