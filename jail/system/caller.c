/*
 * Owns identity: how we were started, and when we are the caller and when root. Between
 * caller_begin() and caller_raise() the effective uid is the caller's, so that a mistake in parsing
 * is not yet root's.
 */
#include "caller.h"

#include "file.h"
#include "proc_text.h"
#include "sys.h"

#include <errno.h>
#include <linux/capability.h>
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

/* File systems whose files are switches of the kernel, or that user space answers for. */
static const unsigned refused_types[] = {
	PROC_SUPER_MAGIC, SYSFS_MAGIC, CGROUP_SUPER_MAGIC, CGROUP2_SUPER_MAGIC, DEVPTS_SUPER_MAGIC,
	FUSE_SUPER_MAGIC, DEBUGFS_MAGIC, TRACEFS_MAGIC, SECURITYFS_MAGIC, SELINUX_MAGIC,
	SMACK_MAGIC,
	BPF_FS_MAGIC, NSFS_MAGIC, BINFMTFS_MAGIC, PSTOREFS_MAGIC, EFIVARFS_MAGIC, HUGETLBFS_MAGIC,
	AUTOFS_SUPER_MAGIC, ANON_INODE_FS_MAGIC, 0x62656570 /* configfs */, 0x19800202 /* mqueue */,
	0x65735543 /* fusectl */, 0x67596969 /* rpc_pipefs */, 0x6e667364 /* nfsd */,
};

/* A change of effective uid may make a process dumpable again (fs.suid_dumpable). */
static int
become(uid_t uid)
{
	return sys_setresuid(SAME, uid, SAME) || prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) ? -1 : 0;
}

int
caller_raise(void)
{
	return become(0);
}

int
caller_lower(const struct caller *caller)
{
	return become(caller->uid);
}

int
caller_settle(const struct caller *caller)
{
	struct __user_cap_header_struct head = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct caps[_LINUX_CAPABILITY_U32S_3] = {
		{ .permitted = 1 << CAP_KILL },
	};

	if (syscall(SYS_capset, &head, caps) || caller_lower(caller))
		return -1;
	caps[0].effective = caps[0].permitted;
	return (int)syscall(SYS_capset, &head, caps);
}

/* A program whose descriptor 0, 1 or 2 is closed would find there what we open next. */
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
	static char *no_environment[] = { NULL };
	struct sigaction standard = { .sa_handler = SIG_DFL };

	*caller = (struct caller){ (uid_t)getauxval(AT_UID), (gid_t)getauxval(AT_GID), -1, -1, -1 };
	environ = no_environment;
	(void)umask(022);	/* cannot fail */
	/* With SIGCHLD ignored, as a caller may leave it, children would vanish unwaited. */
	return caller_lower(caller) || fill_standard_fds() || sys_sigmask(~0ull) ||
	    sigaction(SIGCHLD, &standard, NULL) ? -1 : 0;
}

/*
 * The standard streams are the bot's: from a directory among them it could walk the host's files.
 */
static bool
has_directory(void)
{
	struct stat st;
	bool found = false;

	for (int fd = 0; fd < 3; fd++)
		found |= fstat(fd, &st) || S_ISDIR(st.st_mode);
	return found;
}

int
caller_check(struct complaint *complaint)
{
	struct stat exe, ns;

	if (has_directory())
		return complain(complaint,
		    "standard input, output or error is a directory: give a file, a pipe or /dev/null");
	if (stat("/proc/self/exe", &exe) || stat("/proc/self/ns/user", &ns))
		return complain(complaint, "cannot look at /proc/self: %s", strerror(errno));
	if (exe.st_uid != 0 || !(exe.st_mode & S_ISUID))
		return complain(complaint,
		    "this copy of bot-jail is not setuid root (capabilities are "
		    "no substitute): install it with make install");
	if (exe.st_mode & (S_IWGRP | S_IWOTH))
		return complain(complaint,
		    "this copy of bot-jail can be changed by others than root: "
		    "install it anew");
	if (prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) != 0)
		return complain(complaint,
		    "no_new_privs is set, so setuid programs do not work here: "
		    "start bot-jail from outside that sandbox");
	if (getauxval(AT_EUID) != 0 || ns.st_ino != INITIAL_USER_NAMESPACE)
		return complain(complaint,
		    "setuid has no effect here: bot-jail lies on a file system "
		    "mounted nosuid, or was started in a user namespace (a container?)");
	return 0;
}

/* A descriptor of our own for one of the caller's, above 2 and closed at exec. */
static int
take_fd(int fd, char letter, int *mine, struct complaint *complaint)
{
	if (fd < 0)
		return 0;
	*mine = fcntl(fd, F_DUPFD_CLOEXEC, 3);
	return *mine < 0 ? complain(complaint, "-%c %d: %s", letter, fd, strerror(errno)) : 0;
}

static bool
is_unix_socket(int fd)
{
	int domain;
	socklen_t size = sizeof(domain);

	return getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &domain, &size) == 0 && domain == AF_UNIX;
}

int
caller_keep(struct caller *caller, const struct request *request, struct complaint *complaint)
{
	if (take_fd(request->status_fd, 's', &caller->status, complaint) ||
	    take_fd(request->control_fd, 'c', &caller->control, complaint))
		return -1;
	if (caller->control >= 0 && !is_unix_socket(caller->control))
		return complain(complaint, "-c %d: not a Unix socket", request->control_fd);
	if (fds_close_others(caller->status, caller->control))
		return complain(complaint, "cannot close descriptors: %s", strerror(errno));
	/* A pid can be reused only after its process died, and then getppid() changes. */
	pid_t parent = getppid();
	caller->parent = (int)sys_pidfd_open(parent);
	if (caller->parent < 0 || getppid() != parent)
		return complain(complaint,
		    "cannot watch the process that started us: it is gone, or in "
		    "another pid namespace");
	return 0;
}

int
caller_limits(uint64_t hard[LIMITS], struct complaint *complaint)
{
	char text[4096];

	if (file_read(AT_FDCWD, "/proc/self/limits", text, sizeof(text)) < 0 ||
	    limits_text(text, hard))
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
open_slot(bool writable, const char *name, const char *dir, struct complaint *complaint)
{
	int fd = openat(AT_FDCWD, dir, O_PATH | O_DIRECTORY | O_CLOEXEC);
	int wanted = R_OK | X_OK | (writable ? W_OK : 0);

	if (fd < 0)
		return complain(complaint, "-d %s=%s: %s", name, dir, strerror(errno));
	if (is_refused_type(fd))
		return complain(complaint,
		    "-d %s=%s: a directory of that kind of file system is never "
		    "put in a jail: copy the files to a disk", name, dir);
	if (syscall(SYS_faccessat2, fd, "", wanted, AT_EMPTY_PATH | AT_EACCESS))
		return complain(complaint, "-d %s=%s: you may not %s it: %s", name, dir,
		    writable ? "read and write" : "read", strerror(errno));
	return fd;
}

int
caller_slots(const struct caller *caller, const struct plan *plan, int fds[SLOTS_MAX],
    struct complaint *complaint)
{
	const struct record_slot *slot = record_part(plan->record, PART_SLOTS);

	memset(fds, -1, SLOTS_MAX * sizeof(*fds));
	for (uint32_t i = 0; i < SLOTS_MAX; i++) {
		const char *dir = plan->slot_dir[i];

		if (!dir)
			continue;
		const char *name = record_string(plan->record, slot[i].name);
		if (slot[i].kind == SLOT_RW && caller->uid == 0)
			return complain(complaint,
			    "-d %s=%s: root gets no writable slot, the files in it "
			    "would be root's: start bot-jail as another user", name, dir);
		fds[i] = open_slot(slot[i].kind == SLOT_RW, name, dir, complaint);
		if (fds[i] < 0)
			return -1;
	}
	return 0;
}
