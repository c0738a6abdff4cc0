/*
 * Owns how a directory of the caller becomes a mount of the jail. It works on descriptors alone:
 * the caller's paths were looked up once, by the caller.
 */
#include "slots.h"

#include "file.h"
#include "proc.h"
#include "sys.h"

#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>

/* Waits to be killed, by its parent or with it. */
static int
idle(void *parent)
{
	if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) || getppid() != *(pid_t *)parent)
		return 1;	/* the parent died first */
	return pause();
}

/*
 * A user namespace exists only with a process in it, until somebody holds its descriptor. It must
 * be root's: were it made while the effective uid is the caller's, he would have every capability
 * over it.
 */
static int
make_idmap(uid_t uid, gid_t gid, uid_t jail)
{
	static char stack[4096] __attribute__((aligned(16)));
	int pidfd, fd = -1, proc = proc_open();
	pid_t self = getpid();
	char path[32];

	if (proc < 0)
		return -1;
	pid_t pid = clone(idle, stack + sizeof(stack), CLONE_NEWUSER | CLONE_VM | CLONE_PIDFD |
	    SIGCHLD,
	    &self, &pidfd);
	snprintf(path, sizeof(path), "%d/ns/user", pid);
	if (pid >= 0 && proc_map_ids(proc, pid, uid, gid, jail) == 0)
		fd = openat(proc, path, O_RDONLY | O_CLOEXEC);
	(void)file_close(proc);
	if (pid < 0)
		return -1;
	int error = errno;
	if (sys_pidfd_kill(pidfd, SIGKILL) || waitid(P_PIDFD, (id_t)pidfd, NULL, WEXITED))
		return file_close(pidfd);
	errno = error;
	(void)file_close(pidfd);
	return fd;
}

static struct mount_attr
restrictions(const struct record_slot *slot, int idmap)
{
	return (struct mount_attr){
		.attr_set = MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOSYMFOLLOW |
		    (slot->kind == SLOT_RO ? MOUNT_ATTR_RDONLY : 0) |
		    (slot->flags & OP_EXEC ? 0 : MOUNT_ATTR_NOEXEC) |
		    (idmap < 0 ? 0 : MOUNT_ATTR_IDMAP),
		.propagation = MS_PRIVATE,	/* or what the host mounts there later would appear */
		.userns_fd = idmap < 0 ? 0 : (uint64_t)idmap,
	};
}

/*
 * Where owners cannot be mapped (EINVAL), others' permission bits must do, and only for reading: on
 * the host a jail's uid is a stranger to everybody.
 */
static int
restrict_mount(const struct record_slot *slot, int mount, int idmap)
{
	struct mount_attr mapped = restrictions(slot, idmap), plain = restrictions(slot, -1);
	struct stat st;

	if (sys_mount_setattr(mount, "", AT_EMPTY_PATH, &mapped) == 0)
		return 0;
	if (errno != EINVAL || fstat(mount, &st))
		return -1;
	errno = EMEDIUMTYPE;
	if (slot->kind != SLOT_RO || (st.st_mode & (S_IROTH | S_IXOTH)) != (S_IROTH | S_IXOTH))
		return -1;
	return (int)sys_mount_setattr(mount, "", AT_EMPTY_PATH, &plain);
}

static int
fs_set(int fs, const char *key, unsigned long long value)
{
	char text[24];

	snprintf(text, sizeof(text), "%llu", value);
	return (int)syscall(SYS_fsconfig, fs, FSCONFIG_SET_STRING, key, text, 0);
}

/* To a tmpfs, a size of 0 would mean no limit. */
static int
make_tmpfs(const struct record_slot *slot, uid_t uid, gid_t gid)
{
	int mount = -1, fs = slot->size ? (int)syscall(SYS_fsopen, "tmpfs", FSOPEN_CLOEXEC) : -1;

	if (fs < 0)
		return -1;
	if (fs_set(fs, "size", slot->size) == 0 && fs_set(fs, "nr_inodes", 65536) == 0 &&
	    fs_set(fs, "mode", 755) == 0 && fs_set(fs, "uid", uid) == 0 &&
	    fs_set(fs, "gid", gid) == 0 &&
	    syscall(SYS_fsconfig, fs, FSCONFIG_CMD_CREATE, NULL, NULL, 0) == 0)
		mount = (int)syscall(SYS_fsmount, fs, FSMOUNT_CLOEXEC,
		    restrictions(slot, -1).attr_set);
	(void)file_close(fs);
	return mount;
}

static int
make_mount(const struct record_slot *slot, int dir, uid_t uid, gid_t gid, int idmap)
{
	if (slot->kind == SLOT_TMP)
		return make_tmpfs(slot, uid, gid);
	int mount = (int)sys_open_tree(dir, "", CLONE_TREE | AT_EMPTY_PATH);
	return mount >= 0 && restrict_mount(slot, mount, idmap) ? -1 : mount;
}

int
slots_clone(const struct plan *plan, const int dirs[SLOTS_MAX], uid_t uid, gid_t gid, uid_t jail,
    struct slot_mounts *mounts)
{
	const struct record_slot *slot = record_part(plan->record, PART_SLOTS);

	memset(mounts, -1, sizeof(*mounts));
	for (uint32_t i = 0; i < SLOTS_MAX; i++) {
		if (!plan_has_slot(plan, i))
			continue;
		mounts->blame = record_string(plan->record, slot[i].name);
		if (mounts->idmap < 0)
			mounts->idmap = make_idmap(uid, gid, jail);
		if (mounts->idmap < 0)
			return -1;
		mounts->fd[i] = make_mount(&slot[i], dirs[i], uid, gid, mounts->idmap);
		if (mounts->fd[i] < 0)
			return -1;
	}
	mounts->blame = NULL;
	return 0;
}

/*
 * The keeper holds the unmapped mount, in which the caller's files are the caller's; the jail gets
 * a mapped clone of it. Only an attached mount can be cloned before Linux 6.15.
 */
static int
map_tmpfs(const struct record_slot *slot, int plain, int idmap, uid_t jail, const char *place)
{
	struct mount_attr attr = restrictions(slot, idmap);
	int mapped = (int)sys_open_tree(plain, "", CLONE_TREE | AT_EMPTY_PATH);

	if (mapped < 0)
		return -1;
	if (sys_mount_setattr(mapped, "", AT_EMPTY_PATH, &attr))
		return errno == EINVAL ? fchownat(plain, "", jail, jail, AT_EMPTY_PATH) : -1;
	return sys_umount(place) || sys_attach(mapped, place) ? -1 : 0;
}

int
slots_attach(const struct plan *plan, uint32_t index, const struct slot_mounts *mounts, uid_t jail,
    const char *place)
{
	const struct record_slot *slot = record_part(plan->record, PART_SLOTS);

	if (sys_attach(mounts->fd[index], place))
		return -1;
	return slot[index].kind == SLOT_TMP
	    ? map_tmpfs(&slot[index], mounts->fd[index], mounts->idmap, jail, place) : 0;
}
