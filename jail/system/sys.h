/* System calls that the C library lacks, or does more than: musl's set*id look for threads. */
#ifndef SYS_H
#define SYS_H

#include <fcntl.h>
#include <linux/mount.h>
#include <linux/openat2.h>
#include <linux/sched.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>

#ifndef MNT_DETACH
#define MNT_DETACH 2
#endif
#ifndef MOUNT_ATTR_NOSYMFOLLOW
#define MOUNT_ATTR_NOSYMFOLLOW 0x00200000
#endif
#define CLONE_TREE (OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC)

#define CALL(name, number, parameters, ...) \
	static inline long sys_##name parameters { return syscall(number, __VA_ARGS__); }

CALL(clone3, SYS_clone3, (struct clone_args *args), args, sizeof(*args))
CALL(close_range, SYS_close_range, (unsigned first, unsigned last), first, last, 0)
CALL(keyctl, SYS_keyctl, (int operation, const char *name), operation, name)
CALL(mount, SYS_mount, (const char *type, const char *at, unsigned long flags,
    const char *options), type, at, type, flags, options)
CALL(mount_setattr, SYS_mount_setattr, (int fd, const char *path, unsigned flags,
    const struct mount_attr *attr), fd, path, flags, attr, sizeof(*attr))
CALL(attach, SYS_move_mount, (int mount, const char *at), mount, "", AT_FDCWD, at,
    MOVE_MOUNT_F_EMPTY_PATH)
CALL(open_tree, SYS_open_tree, (int fd, const char *path, unsigned flags), fd, path, flags)
CALL(openat2, SYS_openat2, (int fd, const char *path, const struct open_how *how), fd, path, how,
    sizeof(*how))
CALL(pidfd_open, SYS_pidfd_open, (pid_t pid), pid, 0)
CALL(pidfd_kill, SYS_pidfd_send_signal, (int pidfd, int signal), pidfd, signal, NULL, 0)
CALL(pivot_root, SYS_pivot_root, (const char *root, const char *old), root, old)
CALL(seccomp, SYS_seccomp, (unsigned operation, unsigned flags, void *args), operation, flags, args)
CALL(setgroups, SYS_setgroups, (int count, const gid_t *groups), count, groups)
CALL(setresgid, SYS_setresgid, (gid_t real, gid_t effective, gid_t saved), real, effective, saved)
CALL(setresuid, SYS_setresuid, (uid_t real, uid_t effective, uid_t saved), real, effective, saved)
CALL(sigmask, SYS_rt_sigprocmask, (uint64_t set), 2 /* SIG_SETMASK */, &set, NULL, sizeof(set))
CALL(signalfd, SYS_signalfd4, (uint64_t set), -1, &set, sizeof(set), O_CLOEXEC | O_NONBLOCK)
CALL(umount, SYS_umount2, (const char *at), at, MNT_DETACH)
CALL(unshare, SYS_unshare, (unsigned long flags), flags)

#endif
