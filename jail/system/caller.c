/*
 * Owns identity: how we were started, and when we are the caller and when root. Between caller_become() and
 * caller_raise() the effective uid is the caller's, so that a mistake in parsing is not yet root's.
 */
#include "caller.h"

#include "file.h"
#include "proc_text.h"
#include "sys.h"

#include <cap-ng.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/vfs.h>

#define SAME ((uid_t)-1)
#define INITIAL_USER_NAMESPACE 0xEFFFFFFDu	/* include/linux/proc_ns.h: PROC_USER_INIT_INO */

/* File systems whose files are switches of the kernel or answer from user space. */
static const unsigned refused_types[] = {
	PROC_SUPER_MAGIC, SYSFS_MAGIC, CGROUP_SUPER_MAGIC, CGROUP2_SUPER_MAGIC, DEVPTS_SUPER_MAGIC, FUSE_SUPER_MAGIC,
	DEBUGFS_MAGIC, TRACEFS_MAGIC, SECURITYFS_MAGIC, SELINUX_MAGIC, SMACK_MAGIC, BPF_FS_MAGIC, NSFS_MAGIC,
	BINFMTFS_MAGIC, PSTOREFS_MAGIC, EFIVARFS_MAGIC, HUGETLBFS_MAGIC, AUTOFS_SUPER_MAGIC, ANON_INODE_FS_MAGIC,
	0x62656570 /* configfs */, 0x19800202 /* mqueue */, 0x65735543 /* fusectl */, 0x67596969 /* rpc_pipefs */,
	0x6e667364 /* nfsd */,
};

static int
check_binary(uid_t effective, struct complaint *complaint)
{
	struct stat exe;

	if (stat("/proc/self/exe", &exe))
		return complain(complaint, "cannot look at /proc/self/exe: %s", strerror(errno));
	if (exe.st_uid != 0 || !(exe.st_mode & S_ISUID))
		return complain(complaint, "this copy of bot-jail is not setuid root (capabilities are no substitute): "
		    "install it with make install");
	if (exe.st_mode & (S_IWGRP | S_IWOTH))
		return complain(complaint, "this copy of bot-jail can be changed by others than root: install it anew");
	if (effective == 0)
		return 0;
	if (prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1)
		return complain(complaint, "no_new_privs is set, so setuid programs do not work here: "
		    "start bot-jail from outside that sandbox");
	return complain(complaint, "setuid had no effect: bot-jail lies on a file system mounted nosuid, "
	    "or was started in a user namespace");
}

static int
check_namespace(struct complaint *complaint)
{
	struct stat ns;

	if (stat("/proc/self/ns/user", &ns))
		return complain(complaint, "cannot look at /proc/self/ns/user: %s", strerror(errno));
	if (ns.st_ino != INITIAL_USER_NAMESPACE)
		return complain(complaint, "inside a user namespace (a container?): start bot-jail outside of it");
	if (prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) != 0)
		return complain(complaint, "no_new_privs is set: start bot-jail from outside that sandbox");
	return 0;
}

/* A process that had descriptor 0, 1 or 2 closed would see our next open() there. */
static int
fill_standard_fds(void)
{
	struct pollfd fds[3] = { { .fd = 0 }, { .fd = 1 }, { .fd = 2 } };

	if (poll(fds, 3, 0) < 0)
		return -1;
	for (int i = 0; i < 3; i++)
		if ((fds[i].revents & POLLNVAL) && open("/dev/null", O_RDWR) != i)
			return -1;
	return 0;
}

int
caller_begin(struct caller *caller)
{
	static const uint64_t all = ~(uint64_t)0;
	static char *no_environment[] = { NULL };
	struct sigaction standard = { .sa_handler = SIG_DFL };

	*caller = (struct caller){ (uid_t)getauxval(AT_UID), (gid_t)getauxval(AT_GID), -1, -1, -1 };
	environ = no_environment;
	/* With SIGCHLD ignored, as a caller may leave it, children would vanish unwaited. */
	if (caller_lower(caller) || prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) || fill_standard_fds() ||
	    sys_sigprocmask(SIG_SETMASK, &all) || sigaction(SIGCHLD, &standard, NULL))
		return -1;
	return 0;
}

int
caller_check(struct complaint *complaint)
{
	return check_binary((uid_t)getauxval(AT_EUID), complaint) || check_namespace(complaint) ? -1 : 0;
}

/* A descriptor of our own for one of the caller's, above 2 and closed at exec. */
static int
take_fd(int fd, int *mine)
{
	if (fd < 0)
		return 0;
	*mine = fcntl(fd, F_DUPFD_CLOEXEC, 3);
	return *mine < 0 ? -1 : 0;
}

static bool
is_unix_socket(int fd)
{
	int domain;
	socklen_t size = sizeof(domain);

	return getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &domain, &size) == 0 && domain == AF_UNIX;
}

/* A pid can be reused only after its process died, and then getppid() changes. */
static int
watch_parent(void)
{
	pid_t parent = getppid();
	int fd = (int)sys_pidfd_open(parent);

	return fd >= 0 && getppid() == parent ? fd : -1;
}

int
caller_keep(struct caller *caller, const struct request *request, struct complaint *complaint)
{
	if (take_fd(request->status_fd, &caller->status))
		return complain(complaint, "-s %d: %s", request->status_fd, strerror(errno));
	if (take_fd(request->control_fd, &caller->control))
		return complain(complaint, "-c %d: %s", request->control_fd, strerror(errno));
	if (caller->control >= 0 && !is_unix_socket(caller->control))
		return complain(complaint, "-c %d: not a Unix socket", request->control_fd);
	if (fds_close_others(caller->status, caller->control))
		return complain(complaint, "cannot close the other descriptors: %s", strerror(errno));
	caller->parent = watch_parent();
	if (caller->parent < 0)
		return complain(complaint, "cannot watch the calling process: it is gone or in another pid namespace");
	return 0;
}

int
caller_limits(uint64_t hard[LIMITS], struct complaint *complaint)
{
	char text[4096];

	if (file_read(AT_FDCWD, "/proc/self/limits", text, sizeof(text)) < 0)
		return complain(complaint, "cannot read /proc/self/limits: %s", strerror(errno));
	if (limits_text(text, hard))
		return complain(complaint, "cannot make out /proc/self/limits");
	return 0;
}

static bool
is_refused_type(int fd)
{
	struct statfs fs;

	if (fstatfs(fd, &fs))
		return true;
	for (size_t i = 0; i < sizeof(refused_types) / sizeof(*refused_types); i++)
		if ((unsigned)fs.f_type == refused_types[i])
			return true;
	return false;
}

/* O_PATH alone would admit a directory that the caller can name but not read. */
static int
open_slot(const struct record_slot *slot, const char *dir, const char *name, struct complaint *complaint)
{
	int wanted = slot->kind == SLOT_RW ? R_OK | W_OK | X_OK : R_OK | X_OK;
	int fd = open(dir, O_PATH | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0)
		return complain(complaint, "-d %s=%s: %s", name, dir, strerror(errno));
	if (is_refused_type(fd))
		return complain(complaint, "-d %s=%s: a directory of that kind of file system is never put in a jail: "
		    "copy the files to a disk", name, dir);
	if (syscall(SYS_faccessat2, fd, "", wanted, AT_EMPTY_PATH | AT_EACCESS))
		return complain(complaint, "-d %s=%s: you may not %s it: %s", name, dir,
		    wanted & W_OK ? "read and write" : "read", strerror(errno));
	return fd;
}

int
caller_slots(const struct caller *caller, const struct plan *plan, int fds[SLOTS_MAX],
    struct complaint *complaint)
{
	const struct record_slot *slot = record_part(plan->record, PART_SLOTS);

	for (uint32_t i = 0; i < SLOTS_MAX; i++) {
		const char *dir = plan->slot_dir[i];

		fds[i] = -1;
		if (!dir)
			continue;
		const char *name = record_string(plan->record, slot[i].name);
		if (slot[i].kind == SLOT_RW && caller->uid == 0)
			return complain(complaint, "-d %s=%s: root gets no writable slot, the bot's files would be root's: "
			    "start bot-jail as another user", name, dir);
		fds[i] = open_slot(&slot[i], dir, name, complaint);
		if (fds[i] < 0)
			return -1;
	}
	return 0;
}

/* A change of effective uid may make a process dumpable again (fs.suid_dumpable). */
int
caller_raise(void)
{
	return sys_setresuid(SAME, 0, SAME) || prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) ? -1 : 0;
}

int
caller_lower(const struct caller *caller)
{
	return (int)sys_setresuid(SAME, caller->uid, SAME);
}

int
caller_settle(const struct caller *caller)
{
	capng_clear(CAPNG_SELECT_CAPS);
	if (caller_lower(caller) || capng_apply(CAPNG_SELECT_CAPS))
		return -1;
	return prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
}
