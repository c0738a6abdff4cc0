/*
 * Owns the cgroup of a jail. Our parent group in each hierarchy is found through links that root left in CGROUP_DIR;
 * libcgroup was used for that, at boot. Here is only mkdir, open, read, write and rmdir.
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
#include <time.h>
#include <unistd.h>

#define REMOVE_TRIES 2000	/* a millisecond each */
#define PATH_BYTES 128

static const char *const v1_names[V1S] = {
	[V1_MEMORY] = "memory", [V1_PIDS] = "pids", [V1_CPU] = "cpu", [V1_BLKIO] = "blkio",
};

/* What bounds all jails of one caller: files of his group, whose content root keeps as CALLER_DIR/HIERARCHY:FILE. */
static const struct ceiling {
	const char *hierarchy, *file;
} ceilings[] = {
	{ "unified", "cgroup.max.descendants" },
	{ "unified", "memory.max" },
	{ "unified", "memory.swap.max" },
	{ "unified", "pids.max" },
	{ "unified", "cpu.max" },
	{ "unified", "cgroup.subtree_control" },	/* last: from here on jails can be made */
	{ "memory",  "memory.limit_in_bytes" },
	{ "memory",  "memory.memsw.limit_in_bytes" },
	{ "pids",    "pids.max" },
	{ "cpu",     "cpu.cfs_quota_us" },
};

void
cgroup_init(struct cgroup *cgroup, uid_t caller, uint32_t index)
{
	*cgroup = (struct cgroup){ .caller = caller, .index = index, .dir = -1, .kill = -1, .oom = -1 };
	for (int i = 0; i < V1S; i++)
		cgroup->v1[i] = -1;
}

static void
caller_path(const char *hierarchy, uid_t caller, char path[PATH_BYTES])
{
	snprintf(path, PATH_BYTES, CGROUP_DIR "/%s/u%u", hierarchy, caller);
}

static void
jail_path(const char *hierarchy, const struct cgroup *cgroup, char path[PATH_BYTES])
{
	snprintf(path, PATH_BYTES, CGROUP_DIR "/%s/u%u/%u", hierarchy, cgroup->caller, cgroup->index);
}

/* Copies what root wrote into the ceiling's file; a file that root left out sets no ceiling. */
static int
set_ceiling(const struct ceiling *ceiling, const char *group)
{
	char text[256], path[PATH_BYTES + 32];

	snprintf(path, sizeof(path), CALLER_DIR "/%s:%s", ceiling->hierarchy, ceiling->file);
	if (file_read(AT_FDCWD, path, text, sizeof(text)) < 0)
		return errno == ENOENT ? 0 : -1;
	snprintf(path, sizeof(path), "%s/%s", group, ceiling->file);
	return file_write(AT_FDCWD, path, text);
}

/* Another first jail of the same caller may do this at the same time; each step is good twice. */
static int
make_caller(const char *hierarchy, uid_t caller)
{
	char group[PATH_BYTES];

	caller_path(hierarchy, caller, group);
	if (mkdir(group, 0755) && errno != EEXIST)
		return -1;
	for (size_t i = 0; i < sizeof(ceilings) / sizeof(*ceilings); i++)
		if (strcmp(ceilings[i].hierarchy, hierarchy) == 0 && set_ceiling(&ceilings[i], group))
			return -1;
	return 0;
}

static int
make_group(const char *hierarchy, const struct cgroup *cgroup)
{
	char path[PATH_BYTES];

	jail_path(hierarchy, cgroup, path);
	if (mkdir(path, 0755)) {
		/* Of an earlier jail, if it is there at all: we hold the lock of its uid. */
		if (errno == EEXIST ? cgroup_clear(cgroup->caller, cgroup->index)
		    : errno != ENOENT || make_caller(hierarchy, cgroup->caller))
			return -1;
		if (mkdir(path, 0755))
			return -1;
	}
	return open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
}

enum v1
cgroup_v1_of(const char *file)
{
	enum v1 v1 = 0;

	while (v1 < V1S && strncmp(file, v1_names[v1], strcspn(file, ".")) != 0)
		v1++;
	return v1;
}

/* On v1 no memory.oom.group exists: the keeper must hear of the OOM killer and end the jail itself. */
static int
watch_oom(struct cgroup *cgroup)
{
	int dir = cgroup->v1[V1_MEMORY], control = openat(dir, "memory.oom_control", O_RDONLY | O_CLOEXEC);
	char text[32];

	cgroup->oom = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (control < 0 || cgroup->oom < 0)
		return -1;
	snprintf(text, sizeof(text), "%d %d", cgroup->oom, control);
	int wrong = file_write(dir, "cgroup.event_control", text);
	(void)close(control);	/* the kernel holds what it needs */
	return wrong;
}

int
cgroup_v1(struct cgroup *cgroup, enum v1 v1)
{
	if (cgroup->v1[v1] >= 0)
		return cgroup->v1[v1];
	cgroup->v1[v1] = make_group(v1_names[v1], cgroup);
	if (cgroup->v1[v1] < 0 && errno == ENOENT)
		errno = ENOSYS;
	if (cgroup->v1[v1] >= 0 && v1 == V1_MEMORY && watch_oom(cgroup))
		return -1;
	return cgroup->v1[v1];
}

int
cgroup_make(struct cgroup *cgroup, const struct plan *plan, const int slots[SLOTS_MAX], struct outcome *outcome)
{
	cgroup->dir = make_group("unified", cgroup);
	if (cgroup->dir < 0)
		return -1;
	cgroup->kill = openat(cgroup->dir, "cgroup.kill", O_WRONLY | O_CLOEXEC);
	if (cgroup->kill < 0 || cgroup_set_limits(cgroup, plan, slots, outcome))
		return -1;
	bool is_v2 = plan->limit[LIMIT_memory] != LIMIT_NONE && cgroup->v1[V1_MEMORY] < 0;
	return is_v2 ? file_write(cgroup->dir, "memory.oom.group", "1") : 0;
}

int
cgroup_attach(const struct cgroup *cgroup, pid_t pid)
{
	char text[16], back[16] = "";

	snprintf(text, sizeof(text), "%d\n", pid);
	for (int i = 0; i < V1S; i++)
		if (cgroup->v1[i] >= 0 && file_write(cgroup->v1[i], "cgroup.procs", text))
			return -1;
	for (int i = 0; i < V1S; i++)
		if (cgroup->v1[i] >= 0 && (file_read(cgroup->v1[i], "cgroup.procs", back, sizeof(back)) < 0 ||
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
remove_group(const char *hierarchy, const struct cgroup *cgroup)
{
	static const struct timespec millisecond = { 0, 1000 * 1000 };
	char path[PATH_BYTES];
	int tries = 0;

	jail_path(hierarchy, cgroup, path);
	while (rmdir(path)) {
		if (errno != EBUSY || ++tries == REMOVE_TRIES)
			return errno == ENOENT ? 0 : -1;
		(void)nanosleep(&millisecond, NULL);	/* woken early only means asking sooner */
	}
	return 0;
}

int
cgroup_remove(const struct cgroup *cgroup)
{
	int wrong = remove_group("unified", cgroup);

	for (int i = 0; i < V1S; i++)
		wrong |= remove_group(v1_names[i], cgroup);
	return wrong;
}

int
cgroup_clear(uid_t caller, uint32_t index)
{
	struct cgroup old;
	char path[PATH_BYTES + 16];

	cgroup_init(&old, caller, index);
	jail_path("unified", &old, path);
	strcat(path, "/cgroup.kill");
	if (file_write(AT_FDCWD, path, "1") && errno != ENOENT)
		return -1;
	return cgroup_remove(&old);
}
