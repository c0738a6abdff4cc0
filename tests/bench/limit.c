/*
 * limit POLICY.record DIR PROGRAM...: what a jail costs at least. As root.
 *
 * The same jail as bot-jail's, built in the straightest way: same namespaces, pid 1, mapped slot, mounts, cgroup v2,
 * resource limits, capabilities and filter, all taken from the same record. It checks nothing, proves nothing, has
 * no deadline, no lock, no status line and no accounts: it is here to be measured against, not to be used.
 */
#include "record.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/mount.h>
#include <linux/sched.h>
#include <linux/seccomp.h>
#include <linux/securebits.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <unistd.h>

#define UID 1900000999
#define INSIDE 1000
#define GROUP RUN_DIR "/cgroup/unified/limit-%d"

static union {
	struct record record;
	char bytes[RECORD_BYTES_MAX];
} room;

static char *const *program;
static int slot = -1, ready[2], go[2];

static void
must(int right, const char *what)
{
	if (right)
		return;
	perror(what);
	_exit(125);
}

static void
put(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);

	must(fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text), path);
	close(fd);
}

static void
map(pid_t pid, int inside_uid, int inside_gid)
{
	char path[64], text[64];

	snprintf(path, sizeof(path), "/proc/%d/uid_map", pid);
	snprintf(text, sizeof(text), "%d %d 1", inside_uid, UID);
	put(path, text);
	snprintf(path, sizeof(path), "/proc/%d/gid_map", pid);
	snprintf(text, sizeof(text), "%d %d 1", inside_gid, UID);
	put(path, text);
}

static int
wait_forever(void *arg)
{
	(void)arg;
	return pause();
}

/* The caller's directory, its owner shown as the jail's uid. */
static int
mapped_slot(const char *dir)
{
	static char stack[4096] __attribute__((aligned(16)));
	struct mount_attr attr = { .attr_set = MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV |
	    MOUNT_ATTR_NOSYMFOLLOW | MOUNT_ATTR_IDMAP };
	char path[64];
	struct stat st;

	must(stat(dir, &st) == 0, dir);
	pid_t pid = clone(wait_forever, stack + sizeof(stack), CLONE_NEWUSER | CLONE_VM | SIGCHLD, NULL);
	must(pid > 0, "clone");
	map(pid, (int)st.st_uid, (int)st.st_gid);
	snprintf(path, sizeof(path), "/proc/%d/ns/user", pid);
	attr.userns_fd = (uint64_t)open(path, O_RDONLY | O_CLOEXEC);
	kill(pid, SIGKILL);
	waitpid(pid, NULL, __WALL);
	int fd = (int)syscall(SYS_open_tree, AT_FDCWD, dir, OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC);
	must(fd >= 0 && syscall(SYS_mount_setattr, fd, "", AT_EMPTY_PATH, &attr, sizeof(attr)) == 0, "mount_setattr");
	return fd;
}

static void
make(const struct record_op *op)
{
	const char *place = record_string(&room.record, op->place), *text = record_string(&room.record, op->text);
	struct mount_attr attr = { .attr_set = MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV };
	char options[64];
	int fd;

	switch (op->kind) {
	case OP_DIR:
		mkdir(place, 0755);
		break;
	case OP_FILE:
		fd = open(place, O_WRONLY | O_CREAT, 0644);
		must(write(fd, text, strlen(text)) >= 0, place);
		close(fd);
		break;
	case OP_LINK:
		must(symlink(text, place) == 0, place);
		break;
	case OP_BIND:
		fd = (int)syscall(SYS_open_tree, AT_FDCWD, text, OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC);
		syscall(SYS_mount_setattr, fd, "", AT_EMPTY_PATH, &attr, sizeof(attr));
		syscall(SYS_move_mount, fd, "", AT_FDCWD, place, MOVE_MOUNT_F_EMPTY_PATH);
		close(fd);
		break;
	case OP_TMPFS:
		snprintf(options, sizeof(options), "mode=1777,size=%llu", (unsigned long long)room.record.limit[op->number]);
		must(mount("tmpfs", place, "tmpfs", MS_NOSUID | MS_NODEV | MS_NOEXEC, options) == 0, place);
		break;
	case OP_PROC:
		must(mount("proc", place, "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC | MS_RDONLY,
		    "hidepid=2,subset=pid") == 0, place);
		break;
	case OP_DEV:
		mknod(place, S_IFCHR | 0666, makedev(1, op->number));
		break;
	case OP_SLOT:
		mkdir(place, 0755);
		if (slot >= 0)
			syscall(SYS_move_mount, slot, "", AT_FDCWD, place, MOVE_MOUNT_F_EMPTY_PATH);
		break;
	}
}

static void
make_tree(void)
{
	const struct record_op *op = record_part(&room.record, PART_OPS);

	umask(0);
	must(mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0, "private");
	must(mount("tmpfs", RUN_DIR "/root", "tmpfs", MS_NOSUID, "mode=755") == 0, "root");
	must(chdir(RUN_DIR "/root") == 0, "root");
	for (uint32_t i = 0; i < room.record.part[PART_OPS].count; i++)
		make(&op[i]);
	must(syscall(SYS_pivot_root, ".", ".") == 0 && umount2(".", MNT_DETACH) == 0, "pivot");
	must(mount(NULL, "/", NULL, MS_REMOUNT | MS_BIND | MS_RDONLY | MS_NOSUID, NULL) == 0, "read-only");
	must(chdir(slot >= 0 ? "/bot" : "/") == 0, "chdir");
}

static void
drop(void)
{
	struct __user_cap_header_struct head = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct none[_LINUX_CAPABILITY_U32S_3] = { 0 };
	char byte;

	must(syscall(SYS_setgroups, 0, NULL) == 0 && prctl(PR_SET_KEEPCAPS, 1) == 0 &&
	    syscall(SYS_setresgid, UID, UID, UID) == 0 && syscall(SYS_setresuid, UID, UID, UID) == 0, "ids");
	must(unshare(CLONE_NEWUSER) == 0 && write(ready[1], "", 1) == 1 && read(go[0], &byte, 1) == 1, "userns");
	for (int i = 0; i < LIMITS; i++) {
		struct rlimit64 limit = { room.record.limit[i], room.record.limit[i] };

		if (limit_rows[i].set >= 0 && room.record.limit[i] != LIMIT_NONE)
			syscall(SYS_prlimit64, 0, limit_rows[i].set, &limit, NULL);
	}
	prctl(PR_SET_SECUREBITS, SECBIT_NOROOT | SECBIT_NOROOT_LOCKED | SECBIT_NO_SETUID_FIXUP);
	for (int cap = 0; prctl(PR_CAPBSET_DROP, cap, 0, 0, 0) == 0; cap++)
		;
	syscall(SYS_capset, &head, none);
	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
}

static int
bot(void *arg)
{
	struct sock_fprog filter = { (unsigned short)room.record.part[PART_FILTER].count,
	    (struct sock_filter *)record_part(&room.record, PART_FILTER) };
	char *const envp[] = { "PATH=/usr/bin:/bin", NULL };

	(void)arg;
	must(prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter) == 0, "filter");
	execve(program[0], program, envp);
	return 127;
}

static void __attribute__((noreturn))
init(void)
{
	static char stack[16384] __attribute__((aligned(16)));
	int status = 0;

	setsid();
	sethostname("jail", 4);
	make_tree();
	drop();
	pid_t pid = clone(bot, stack + sizeof(stack), CLONE_VM | CLONE_VFORK | SIGCHLD, NULL);
	while (waitpid(-1, &status, 0) != pid)
		;
	_exit(WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
}

int
main(int argc, char *argv[])
{
	char group[128], byte;
	int status = 0, fd = argc > 3 ? open(argv[1], O_RDONLY | O_CLOEXEC) : -1;

	must(fd >= 0 && read(fd, &room, sizeof(room)) > 0, "record");
	close(fd);
	program = argv + 3;
	if (*argv[2])
		slot = mapped_slot(argv[2]);
	snprintf(group, sizeof(group), GROUP, getpid());
	must(mkdir(group, 0755) == 0, group);
	struct clone_args args = { .flags = CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWIPC | CLONE_NEWUTS | CLONE_NEWNET |
	    CLONE_NEWCGROUP | CLONE_INTO_CGROUP, .cgroup = (uint64_t)open(group, O_RDONLY | O_DIRECTORY | O_CLOEXEC),
	    .exit_signal = SIGCHLD };
	must(pipe2(ready, O_CLOEXEC) == 0 && pipe2(go, O_CLOEXEC) == 0, "pipe");
	pid_t pid = (pid_t)syscall(SYS_clone3, &args, sizeof(args));
	if (pid == 0)
		init();
	must(pid > 0 && read(ready[0], &byte, 1) == 1, "pid 1");
	map(pid, INSIDE, INSIDE);
	must(write(go[1], "", 1) == 1 && waitpid(pid, &status, 0) == pid, "wait");
	must(rmdir(group) == 0, group);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 125;
}
