/*
 * Owns how a directory of the caller becomes a mount of the jail. It works on descriptors alone: the caller's
 * paths were looked up once, by the caller.
 */
#include "slots.h"

#include "proc.h"
#include "sys.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>

#define WHOLE_CLONE (OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_EMPTY_PATH)
#define READ_AND_SEARCH (S_IROTH | S_IXOTH)

/* Waits to be killed, by its parent or with it. */
static int
idle(void *parent)
{
	if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) || getppid() != *(pid_t *)parent)
		return 1;	/* the parent died first */
	return pause();
}

/*
 * A user namespace exists only with a process in it, until somebody holds its descriptor. It must be root's: were
 * it made while the effective uid is the caller's, the caller would have every capability over it.
 */
static int
make_idmap(const uid_t caller[2], uid_t jail)
{
	static char stack[4096] __attribute__((aligned(16)));
	int pidfd, fd = -1, proc = proc_open();
	pid_t self = getpid();

	if (proc < 0)
		return -1;
	pid_t pid = clone(idle, stack + sizeof(stack), CLONE_NEWUSER | CLONE_VM | CLONE_PIDFD | SIGCHLD, &self,
	    &pidfd);
	if (pid >= 0 && proc_map_ids(proc, pid, caller, jail) == 0)
		fd = proc_userns(proc, pid);
	int error = errno;
	if (pid >= 0 && (sys_pidfd_kill(pidfd, SIGKILL) || waitid(P_PIDFD, (id_t)pidfd, NULL, WEXITED))) {
		error = errno;
		fd = -1;
	}
	if (pid >= 0)
		(void)close(pidfd);	/* reaped */
	(void)close(proc);		/* opened for its path only */
	errno = error;
	return fd;
}

static uint64_t
restrictions(const struct record_slot *slot)
{
	return MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOSYMFOLLOW |
	    (slot->kind == SLOT_RO ? MOUNT_ATTR_RDONLY : 0) | (slot->flags & OP_EXEC ? 0 : MOUNT_ATTR_NOEXEC);
}

/* Some file systems cannot be mapped. Others' permission bits must do then, and only to read. */
static int
restrict_unmapped(const struct record_slot *slot, int mount)
{
	struct mount_attr attr = { .attr_set = restrictions(slot) };
	struct stat st;

	if (fstat(mount, &st))
		return -1;
	errno = EMEDIUMTYPE;
	if (slot->kind != SLOT_RO || (st.st_mode & READ_AND_SEARCH) != READ_AND_SEARCH)
		return -1;
	return (int)sys_mount_setattr(mount, "", AT_EMPTY_PATH, &attr);
}

static int
clone_dir(const struct record_slot *slot, int dir, int idmap)
{
	struct mount_attr attr = { .attr_set = restrictions(slot) | MOUNT_ATTR_IDMAP, .userns_fd = (uint64_t)idmap };
	int mount = (int)sys_open_tree(dir, "", WHOLE_CLONE);

	if (mount < 0)
		return -1;
	if (sys_mount_setattr(mount, "", AT_EMPTY_PATH, &attr) &&
	    (errno != EINVAL || restrict_unmapped(slot, mount)))
		return -1;
	return mount;
}

static int
make_tmpfs(const struct record_slot *slot, const uid_t caller[2])
{
	char size[24], uid[16], gid[16];
	const char *const settings[][2] = {
		{ "size", size }, { "nr_inodes", "65536" }, { "mode", "0755" }, { "uid", uid }, { "gid", gid },
	};

	snprintf(size, sizeof(size), "%llu", (unsigned long long)slot->size);
	snprintf(uid, sizeof(uid), "%u", caller[0]);
	snprintf(gid, sizeof(gid), "%u", caller[1]);
	int fs = (int)syscall(SYS_fsopen, "tmpfs", FSOPEN_CLOEXEC);
	if (fs < 0)
		return -1;
	for (size_t i = 0; i < sizeof(settings) / sizeof(*settings); i++)
		if (syscall(SYS_fsconfig, fs, FSCONFIG_SET_STRING, settings[i][0], settings[i][1], 0))
			return -1;
	if (syscall(SYS_fsconfig, fs, FSCONFIG_CMD_CREATE, NULL, NULL, 0))
		return -1;
	int mount = (int)syscall(SYS_fsmount, fs, FSMOUNT_CLOEXEC, restrictions(slot));
	(void)close(fs);	/* the mount holds what it needs */
	return mount;
}

int
slots_clone(const struct plan *plan, const int dirs[SLOTS_MAX], const uid_t caller[2], uid_t jail,
    struct slot_mounts *mounts)
{
	const struct record_slot *slot = record_part(plan->record, PART_SLOTS);

	memset(mounts->fd, -1, sizeof(mounts->fd));
	mounts->idmap = -1;
	for (uint32_t i = 0; i < plan->record->part[PART_SLOTS].count; i++) {
		if (!plan_has_slot(plan, i))
			continue;
		mounts->blame = record_string(plan->record, slot[i].name);
		if (mounts->idmap < 0)
			mounts->idmap = make_idmap(caller, jail);
		if (mounts->idmap < 0)
			return -1;
		mounts->fd[i] = slot[i].kind == SLOT_TMP ? make_tmpfs(&slot[i], caller)
		    : clone_dir(&slot[i], dirs[i], mounts->idmap);
		if (mounts->fd[i] < 0)
			return -1;
	}
	return 0;
}

/*
 * The keeper holds the unmapped mount, in which the caller's files are the caller's; the jail gets a mapped clone
 * of it. Only an attached mount can be cloned before Linux 6.15.
 */
static int
attach_tmp(const struct record_slot *slot, int plain, const struct slot_mounts *mounts, uid_t jail, const char *place)
{
	struct mount_attr attr = { .attr_set = restrictions(slot) | MOUNT_ATTR_IDMAP,
		.userns_fd = (uint64_t)mounts->idmap };
	int mapped = (int)sys_open_tree(plain, "", WHOLE_CLONE);

	if (mapped < 0)
		return -1;
	if (sys_mount_setattr(mapped, "", AT_EMPTY_PATH, &attr))
		return errno == EINVAL ? fchownat(plain, "", jail, jail, AT_EMPTY_PATH) : -1;
	return sys_umount2(place, MNT_DETACH) || sys_move_mount(mapped, AT_FDCWD, place) ? -1 : 0;
}

int
slots_attach(const struct plan *plan, uint32_t index, const struct slot_mounts *mounts, uid_t jail,
    const char *place)
{
	const struct record_slot *slot = (const struct record_slot *)record_part(plan->record, PART_SLOTS) + index;

	if (sys_move_mount(mounts->fd[index], AT_FDCWD, place))
		return -1;
	return slot->kind == SLOT_TMP ? attach_tmp(slot, mounts->fd[index], mounts, jail, place) : 0;
}
