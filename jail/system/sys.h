/* System calls that the C library lacks, or wraps with work we do not want (musl synchronises threads we do not have). */
#ifndef SYS_H
#define SYS_H

#include <linux/close_range.h>
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

#define SYS_CALL(name, number, parameters, ...) \
	static inline long name parameters { return syscall(number, __VA_ARGS__); }

SYS_CALL(sys_clone3, SYS_clone3, (struct clone_args *args), args, sizeof(*args))
SYS_CALL(sys_close_range, SYS_close_range, (unsigned first, unsigned last, unsigned flags), first, last, flags)
SYS_CALL(sys_keyctl, SYS_keyctl, (int operation, const char *name), operation, name)
SYS_CALL(sys_mount, SYS_mount, (const char *from, const char *at, const char *type, unsigned long flags,
    const char *options), from, at, type, flags, options)
SYS_CALL(sys_mount_setattr, SYS_mount_setattr, (int fd, const char *path, unsigned flags,
    struct mount_attr *attr), fd, path, flags, attr, sizeof(*attr))
SYS_CALL(sys_move_mount, SYS_move_mount, (int from, int to, const char *path), from, "", to, path,
    MOVE_MOUNT_F_EMPTY_PATH)
SYS_CALL(sys_open_tree, SYS_open_tree, (int fd, const char *path, unsigned flags), fd, path, flags)
SYS_CALL(sys_openat2, SYS_openat2, (int fd, const char *path, struct open_how *how), fd, path, how, sizeof(*how))
SYS_CALL(sys_pidfd_open, SYS_pidfd_open, (pid_t pid), pid, 0)
SYS_CALL(sys_pidfd_kill, SYS_pidfd_send_signal, (int pidfd, int signal), pidfd, signal, NULL, 0)
SYS_CALL(sys_pivot_root, SYS_pivot_root, (const char *root, const char *old), root, old)
SYS_CALL(sys_seccomp, SYS_seccomp, (unsigned operation, unsigned flags, void *args), operation, flags, args)
SYS_CALL(sys_setgroups, SYS_setgroups, (int count, const gid_t *groups), count, groups)
SYS_CALL(sys_setresgid, SYS_setresgid, (gid_t real, gid_t effective, gid_t saved), real, effective, saved)
SYS_CALL(sys_setresuid, SYS_setresuid, (uid_t real, uid_t effective, uid_t saved), real, effective, saved)
SYS_CALL(sys_sigprocmask, SYS_rt_sigprocmask, (int how, const uint64_t *set), how, set, NULL, sizeof(*set))
SYS_CALL(sys_umount2, SYS_umount2, (const char *at, int flags), at, flags)
SYS_CALL(sys_unshare, SYS_unshare, (unsigned long flags), flags)

#endif
