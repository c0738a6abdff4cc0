/*
 * Owns the cgroup of a jail. Our parent group in each hierarchy is found through links that root
 * left in CGROUP_DIR; libcgroup was used for that, at boot. Here is only mkdir, open, write and
 * rmdir.
 */
#include "cgroup.h"

#include "cgroup_limits.h"
#include "config.h"
#include "file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/stat.h>
#include <unistd.h>

#define REMOVE_TRIES 2000	/* a millisecond each: our own jail, which was killed just now */
#define CLEAR_TRIES 5		/* others': a start cannot wait for each that does not die */
#define PATH_BYTES 192

static const char *const hierarchies[] = { "memory", "pids", "cpu", "blkio", "unified" };
#define UNIFIED V1S

/*
 * What bounds all jails of one caller: files of his group, whose content root keeps as
 * CALLER_DIR/HIERARCHY:FILE. With the last of them jails can be made.
 */
static const struct ceiling {
	int hierarchy;
	const char *file;
} ceilings[] = {
	{ V1_MEMORY, "memory.limit_in_bytes" }, { V1_MEMORY, "memory.memsw.limit_in_bytes" },
	{ V1_PIDS, "pids.max" }, { V1_CPU, "cpu.cfs_quota_us" },
	{ UNIFIED, "cgroup.max.descendants" }, { UNIFIED, "memory.max" },
	{ UNIFIED, "memory.swap.max" }, { UNIFIED, "pids.max" }, { UNIFIED, "cpu.max" },
	{ UNIFIED, "cgroup.subtree_control" },
};

void
cgroup_init(struct cgroup *cgroup, uid_t caller, uint32_t index)
{
	*cgroup = (struct cgroup){ caller, index, -1, { -1, -1, -1, -1 }, -1, -1 };
}

static void
jail_path(int hierarchy, const struct cgroup *cgroup, char path[PATH_BYTES])
{
	snprintf(path, PATH_BYTES, CGROUP_DIR "/%s/u%u/%u", hierarchies[hierarchy], cgroup->caller,
	    cgroup->index);
}

/* Copies what root wrote into the ceiling's file; a file that root left out sets no ceiling. */
static int
set_ceiling(const struct ceiling *ceiling, const char *group)
{
	char text[256], path[PATH_BYTES + 32];

	snprintf(path, sizeof(path), CALLER_DIR "/%s:%s", hierarchies[ceiling->hierarchy],
	    ceiling->file);
	if (file_read(AT_FDCWD, path, text, sizeof(text)) < 0)
		return errno == ENOENT ? 0 : -1;
	snprintf(path, sizeof(path), "%s/%s", group, ceiling->file);
	return file_write(AT_FDCWD, path, text);
}

/*
 * The caller's group, with all its ceilings; its mode says that it has them. Another first jail of
 * the same caller may do this at the same time; each step is good twice.
 */
static int
make_caller(int hierarchy, uid_t caller)
{
	char group[PATH_BYTES];
	struct stat st;

	snprintf(group, sizeof(group), CGROUP_DIR "/%s/u%u", hierarchies[hierarchy], caller);
	if (stat(group, &st) == 0 && (st.st_mode & S_IXOTH))
		return 0;
	if (mkdir(group, 0700) && errno != EEXIST)
		return -1;
	for (size_t i = 0; i < sizeof(ceilings) / sizeof(*ceilings); i++)
		if (ceilings[i].hierarchy == hierarchy && set_ceiling(&ceilings[i], group))
			return -1;
	return chmod(group, 0755);
}

/* A group that is there already is an earlier jail's: we hold the lock of its uid. */
static int
make_group(int hierarchy, const struct cgroup *cgroup)
{
	char path[PATH_BYTES];

	jail_path(hierarchy, cgroup, path);
	if (make_caller(hierarchy, cgroup->caller) || (mkdir(path, 0755) && (errno != EEXIST ||
	    cgroup_clear(cgroup->caller, cgroup->index) || mkdir(path, 0755))))
		return -1;
	return openat(AT_FDCWD, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
}

/*
 * On v1 no memory.oom.group exists: the keeper must hear of the OOM killer and end the jail itself.
 */
static int
watch_oom(struct cgroup *cgroup)
{
	int dir = cgroup->v1[V1_MEMORY];
	int control = openat(dir, "memory.oom_control", O_RDONLY | O_CLOEXEC);
	char text[32];

	cgroup->oom = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (control < 0 || cgroup->oom < 0)
		return -1;
	snprintf(text, sizeof(text), "%d %d", cgroup->oom, control);
	int wrong = file_write(dir, "cgroup.event_control", text);
	(void)file_close(control);	/* the kernel holds what it needs */
	return wrong;
}

/* The v1 group that a file such as "pids.max" belongs to. */
static int
v1_group(struct cgroup *cgroup, const char *file, bool make)
{
	int i = 0;

	while (i < V1S && strncmp(file, hierarchies[i], strcspn(file, ".")) != 0)
		i++;
	if (i == V1S || cgroup->v1[i] >= 0 || !make)
		return i < V1S ? cgroup->v1[i] : -1;
	cgroup->v1[i] = make_group(i, cgroup);
	if (cgroup->v1[i] < 0 && errno == ENOENT)
		errno = ENOSYS;
	if (cgroup->v1[i] >= 0 && i == V1_MEMORY && watch_oom(cgroup))
		return -1;
	return cgroup->v1[i];
}

int
cgroup_open(struct cgroup *cgroup, const char *v2, const char *v1, int flags, bool make,
    bool *is_v1)
{
	int fd = openat(cgroup->dir, v2, flags | O_CLOEXEC);

	*is_v1 = fd < 0;
	if (fd >= 0 || errno != ENOENT || !v1)
		return fd;
	int dir = v1_group(cgroup, v1, make);
	return dir < 0 ? -1 : openat(dir, v1, flags | O_CLOEXEC);
}

int
cgroup_make(struct cgroup *cgroup, const struct plan *plan, const int slots[SLOTS_MAX],
    struct outcome *outcome)
{
	cgroup->dir = make_group(UNIFIED, cgroup);
	if (cgroup->dir < 0)
		return -1;
	cgroup->kill = openat(cgroup->dir, "cgroup.kill", O_WRONLY | O_CLOEXEC);
	if (cgroup->kill < 0 || cgroup_set_limits(cgroup, plan, slots, outcome))
		return -1;
	if (plan->limit[LIMIT_memory] == LIMIT_NONE || cgroup->v1[V1_MEMORY] >= 0)
		return 0;
	return file_write(cgroup->dir, "memory.oom.group", "1");
}

int
cgroup_attach(const struct cgroup *cgroup, pid_t pid)
{
	char text[16];

	snprintf(text, sizeof(text), "%d\n", pid);
	/* One right after the other: the kernel waits once for all of them. */
	for (int i = 0; i < V1S; i++)
		if (cgroup->v1[i] >= 0 && file_write(cgroup->v1[i], "cgroup.procs", text))
			return -1;
	return 0;
}

int
cgroup_verify(const struct cgroup *cgroup, pid_t pid)
{
	char text[16], back[16];

	snprintf(text, sizeof(text), "%d\n", pid);
	errno = EPERM;
	for (int i = 0; i < V1S; i++)
		if (cgroup->v1[i] >= 0 &&
		    (file_read(cgroup->v1[i], "cgroup.procs", back, sizeof(back)) < 0 ||
		    strcmp(back, text) != 0))
			return -1;
	return 0;
}

int
cgroup_kill(const struct cgroup *cgroup)
{
	return write(cgroup->kill, "1", 1) == 1 ? 0 : -1;
}

static int
remove_groups(const struct cgroup *cgroup, int tries)
{
	char path[PATH_BYTES];
	int wrong = 0;

	for (int i = 0; i <= UNIFIED; i++) {
		jail_path(i, cgroup, path);
		wrong |= file_remove_group(path, tries);
	}
	return wrong;
}

int
cgroup_remove(const struct cgroup *cgroup)
{
	return remove_groups(cgroup, REMOVE_TRIES);
}

int
cgroup_clear(uid_t caller, uint32_t index)
{
	struct cgroup old;
	char path[PATH_BYTES];

	cgroup_init(&old, caller, index);
	jail_path(UNIFIED, &old, path);
	strcat(path, "/cgroup.kill");
	return file_write(AT_FDCWD, path, "1") && errno != ENOENT ? -1
	    : remove_groups(&old, CLEAR_TRIES);
}
