/*
 * Owns the parent cgroups. libcgroup creates them and enables their controllers; ceilings are plain
 * writes.
 */
#include "runtime.h"

#include "config.h"
#include "file.h"

#include <errno.h>
#include <fcntl.h>
#include <libcgroup.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PARENT "bot-jail"
#define SETUP_LEAF "setup"	/* where we go, so that our group holds no process and can have controllers */
#define PATH_BYTES (2 * HIERARCHY_PATH + 64)
#define CPU_US_PER_PERCENT 1000

static const char *const v2_controllers[] = { "memory", "pids", "cpu", "io" };

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

static bool
has_v2_controllers(const struct hierarchies *found)
{
	for (size_t i = 0; i < COUNT(v2_controllers); i++)
		if (hierarchies_in_v2(found, v2_controllers[i]))
			return true;
	return false;
}

static const char *
below(const struct hierarchy *hierarchy)
{
	return strcmp(hierarchy->own, "/") == 0 ? "" : hierarchy->own;
}

/* The processes of the group that ours is made below, as text; "?" if they cannot be read. */
static void
processes_of(const struct hierarchy *v2, char text[64])
{
	char path[PATH_BYTES];

	snprintf(path, sizeof(path), "%s%s/cgroup.procs", v2->mount, below(v2));
	if (file_read(AT_FDCWD, path, text, 64) < 0)
		strcpy(text, "?");
}

/* A v2 group with processes in it can give no controllers to groups below; the root can. */
static int
step_aside(const struct hierarchy *v2, struct complaint *complaint)
{
	char path[PATH_BYTES], pid[16], processes[64];

	processes_of(v2, processes);
	if (strcmp(v2->own, "/") == 0 || !*processes)
		return 0;
	snprintf(pid, sizeof(pid), "%d\n", getpid());
	if (strcmp(processes, pid) != 0)
		return complain(complaint,
		    "the cgroup of this shell (%s) holds other processes, so no limits can be set "
		    "below it: sh -c 'mkdir -p %s/" PARENT "-setup && echo $$ >%s/" PARENT "-setup/cgroup.procs && "
		    "exec bot-jail-setup'", v2->own, v2->mount, v2->mount);
	snprintf(path, sizeof(path), "%s%s/" SETUP_LEAF, v2->mount, v2->own);
	if (mkdir(path, 0755) && errno != EEXIST)
		return complain(complaint, "%s: %s", path, strerror(errno));
	strcat(path, "/cgroup.procs");
	return file_write(AT_FDCWD, path, pid)
	    ? complain(complaint, "%s: %s", path, strerror(errno)) : 0;
}

/*
 * By libcgroup: makes the group in the hierarchies of these controllers, and enables them above it.
 */
static int
create(const char *path, const char *const *controllers, size_t n, struct complaint *complaint)
{
	struct cgroup *group = cgroup_new_cgroup(path);
	int error = group ? 0 : ECGOTHER;

	for (size_t i = 0; !error && i < n; i++)
		if (!cgroup_add_controller(group, controllers[i]))
			error = ECGOTHER;
	if (!error)
		error = cgroup_create_cgroup(group, 0);
	if (group)
		cgroup_free(&group);
	return error ? complain(complaint, "cgroup %s: %s (%s)", path, cgroup_strerror(error),
	    strerror(cgroup_get_last_errno())) : 0;
}

/* Lets groups below have what this one has, and says so in `enabled` ("+cpu +memory"). */
static int
enable_below(const struct hierarchies *found, const char *group, char enabled[64],
    struct complaint *complaint)
{
	char path[PATH_BYTES];

	enabled[0] = '\0';
	for (size_t i = 0; i < COUNT(v2_controllers); i++)
		if (hierarchies_in_v2(found, v2_controllers[i])) {
			strcat(enabled, *enabled ? " +" : "+");
			strcat(enabled, v2_controllers[i]);
		}
	snprintf(path, sizeof(path), "%s/cgroup.subtree_control", group);
	if (*enabled && file_write(AT_FDCWD, path, enabled))
		return complain(complaint, "%s: %s", path, strerror(errno));
	return 0;
}

static int
create_v2(const struct hierarchies *found, const char *relative, const char *group,
    struct complaint *complaint)
{
	const char *controllers[COUNT(v2_controllers)];
	size_t n = 0;

	for (size_t i = 0; i < COUNT(v2_controllers); i++)
		if (hierarchies_in_v2(found, v2_controllers[i]))
			controllers[n++] = v2_controllers[i];
	if (n > 0)
		return create(relative, controllers, n, complaint);
	if (mkdir(group, 0755) && errno != EEXIST)
		return complain(complaint, "%s: %s", group, strerror(errno));
	return 0;
}

/* The text that a ceiling's file takes, NULL when there is no ceiling. */
static const char *
ceiling_text(enum limit limit, const uint64_t ceiling[LIMITS], bool v1, char text[64])
{
	uint64_t value = ceiling[limit];

	if (value == LIMIT_NONE)
		return NULL;
	if (limit == LIMIT_swap && v1)
		value += ceiling[LIMIT_memory];
	if (limit == LIMIT_cpu_rate)
		value *= CPU_US_PER_PERCENT;
	snprintf(text, 64, "%llu%s", (unsigned long long)value, limit == LIMIT_cpu_rate && !v1
	    ? " 100000" : "");
	return text;
}

/* Is this limit's file in that hierarchy? */
static const char *
ceiling_file(enum limit limit, enum hierarchy_id id, const struct hierarchies *found)
{
	const struct limit_row *row = &limit_rows[limit];
	const char *name = hierarchy_names[id];
	char controller[16];

	if (!row->v2)
		return NULL;
	snprintf(controller, sizeof(controller), "%.*s", (int)strcspn(row->v2, "."), row->v2);
	if (id == HIERARCHY_UNIFIED)
		return hierarchies_in_v2(found, controller) ? row->v2 : NULL;
	return strncmp(row->v1, name, strlen(name)) == 0 && row->v1[strlen(name)] == '.' ? row->v1
	    : NULL;
}

/*
 * A ceiling that was taken out of setup.conf must go from the kernel, too: v1 spells "none" as -1.
 */
static int
write_ceilings(const struct hierarchies *found, enum hierarchy_id id, const char *group,
    const uint64_t ceiling[LIMITS], struct complaint *complaint)
{
	for (int i = 0; i < LIMITS; i++) {
		const char *file = ceiling_file(i, id, found);
		char path[PATH_BYTES], room[64];

		if (!file || i == LIMIT_io_read || i == LIMIT_io_write)
			continue;
		const char *text = ceiling_text(i, ceiling, id != HIERARCHY_UNIFIED, room);
		if (!text && id != HIERARCHY_UNIFIED && i == LIMIT_swap)
			continue;
		snprintf(path, sizeof(path), "%s/%s", group, file);
		if (!text)
			text = id == HIERARCHY_UNIFIED || i == LIMIT_processes ? "max" : "-1";
		if (file_write(AT_FDCWD, path, text) && errno != ENOENT)
			return complain(complaint, "%s: cannot set %s: %s", path, text,
			    strerror(errno));
	}
	return 0;
}

static int
put_file(enum hierarchy_id id, const char *name, const char *text, struct complaint *complaint)
{
	char path[PATH_BYTES];

	snprintf(path, sizeof(path), CALLER_DIR "/%s:%s", hierarchy_names[id], name);
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0644);
	if (fd < 0 || write(fd, text, strlen(text)) != (ssize_t)strlen(text) || close(fd))
		return complain(complaint, "%s: %s", path, strerror(errno));
	return 0;
}

/* What bot-jail copies into the group of a caller who starts his first jail. */
static int
put_caller_ceilings(const struct hierarchies *found, enum hierarchy_id id,
    const struct setup_conf *conf,
    const char *enabled, struct complaint *complaint)
{
	char room[64];

	for (int i = 0; i < LIMITS; i++) {
		const char *file = ceiling_file(i, id, found);
		const char *text = file ? ceiling_text(i, conf->caller, id != HIERARCHY_UNIFIED,
		    room) : NULL;

		if (text && put_file(id, file, text, complaint))
			return -1;
	}
	if (id != HIERARCHY_UNIFIED)
		return 0;
	snprintf(room, sizeof(room), "%llu", (unsigned long long)conf->jails);
	if (put_file(id, "cgroup.max.descendants", room, complaint))
		return -1;
	return *enabled ? put_file(id, "cgroup.subtree_control", enabled, complaint) : 0;
}

/*
 * Points the link at the group in one step. Where it pointed before was another shell's cgroup, or
 * another boot's.
 */
static int
put_link(enum hierarchy_id id, const char *group, struct complaint *complaint)
{
	char link[PATH_BYTES], next[PATH_BYTES + 8], old[PATH_BYTES];

	snprintf(link, sizeof(link), CGROUP_DIR "/%s", hierarchy_names[id]);
	snprintf(next, sizeof(next), "%s.new", link);
	ssize_t length = readlink(link, old, sizeof(old) - 1);
	old[length > 0 ? length : 0] = '\0';
	if (strcmp(old, group) == 0)
		return 0;
	(void)unlink(next);	/* of a run that was killed */
	if (symlink(group, next) || rename(next, link))
		return complain(complaint, "%s: %s", link, strerror(errno));
	if (*old)
		(void)rmdir(old);	/* while jails run there, it stays */
	return 0;
}

static int
make_parent(const struct hierarchies *found, enum hierarchy_id id, const struct setup_conf *conf,
    struct complaint *complaint)
{
	const struct hierarchy *hierarchy = &found->at[id];
	char relative[PATH_BYTES], group[PATH_BYTES], enabled[64] = "";
	const char *controller = hierarchy_names[id];
	bool v2 = id == HIERARCHY_UNIFIED;

	snprintf(relative, sizeof(relative), "%s/" PARENT, below(hierarchy));
	snprintf(group, sizeof(group), "%s%s/" PARENT, hierarchy->mount, below(hierarchy));
	/* libcgroup names groups from the mount on, without the first '/'. */
	if (v2 ? create_v2(found, relative + 1, group, complaint)
	    : create(relative + 1, &controller, 1, complaint))
		return -1;
	if (v2 && enable_below(found, group, enabled, complaint))
		return -1;
	if (write_ceilings(found, id, group, conf->all, complaint) ||
	    put_caller_ceilings(found, id, conf, enabled, complaint))
		return -1;
	return put_link(id, group, complaint);
}

int
runtime_parents(const struct hierarchies *found, const struct setup_conf *conf,
    struct complaint *complaint)
{
	if (has_v2_controllers(found) && step_aside(&found->at[HIERARCHY_UNIFIED], complaint))
		return -1;
	for (int i = 0; i < HIERARCHIES; i++)
		if (found->at[i].present && make_parent(found, i, conf, complaint))
			return -1;
	return 0;
}
