/* Owns what libcgroup and /proc know about hierarchies. It changes nothing. */
#include "hierarchy.h"

#include "file.h"

#include <errno.h>
#include <fcntl.h>
#include <libcgroup.h>
#include <mntent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <linux/magic.h>

const char *const hierarchy_names[HIERARCHIES] = { "unified", "memory", "pids", "cpu", "blkio" };

static bool
is_v1(const char *path)
{
	struct statfs fs;

	return statfs(path, &fs) == 0 && fs.f_type == CGROUP_SUPER_MAGIC;
}

static void
find_v1(struct hierarchy *hierarchy, const char *controller)
{
	char *mount = NULL, *own = NULL;

	if (cgroup_get_subsys_mount_point(controller, &mount) == 0 && is_v1(mount) &&
	    cgroup_get_current_controller_path(getpid(), controller, &own) == 0) {
		hierarchy->present = true;
		snprintf(hierarchy->mount, HIERARCHY_PATH, "%s", mount);
		snprintf(hierarchy->own, HIERARCHY_PATH, "%s", own);
	}
	free(mount);
	free(own);
}

/*
 * libcgroup names no mount for a v2 hierarchy that has none of its controllers, as on hybrid hosts.
 */
static void
find_v2(struct hierarchy *hierarchy)
{
	FILE *mounts = setmntent("/proc/self/mounts", "r");
	struct mntent *entry;

	while (mounts && (entry = getmntent(mounts)))
		if (strcmp(entry->mnt_type, "cgroup2") == 0 && !hierarchy->present) {
			hierarchy->present = true;
			snprintf(hierarchy->mount, HIERARCHY_PATH, "%s", entry->mnt_dir);
		}
	if (mounts)
		(void)endmntent(mounts);	/* read only */
}

static void
find_own_v2(struct hierarchy *hierarchy)
{
	char text[4096];
	const char *line;

	if (file_read(AT_FDCWD, "/proc/self/cgroup", text, sizeof(text)) < 0)
		return;
	line = strncmp(text, "0::", 3) == 0 ? text : strstr(text, "\n0::");
	if (!line)
		return;
	line += strspn(line, "\n") + strlen("0::");
	snprintf(hierarchy->own, HIERARCHY_PATH, "%.*s", (int)strcspn(line, "\n"), line);
}

int
hierarchies_find(struct hierarchies *found)
{
	char path[HIERARCHY_PATH + 32];

	memset(found, 0, sizeof(*found));
	/* fails where no controller is mounted at all; the v2 look below tells */
	(void)cgroup_init();
	for (int i = HIERARCHY_MEMORY; i < HIERARCHIES; i++)
		find_v1(&found->at[i], hierarchy_names[i]);
	struct hierarchy *v2 = &found->at[HIERARCHY_UNIFIED];
	find_v2(v2);
	find_own_v2(v2);
	errno = ENODEV;
	if (!v2->present || v2->own[0] == '\0')
		return -1;
	snprintf(path, sizeof(path), "%s/cgroup.controllers", v2->mount);
	if (file_read(AT_FDCWD, path, found->v2_controllers, sizeof(found->v2_controllers)) < 0)
		return -1;
	found->v2_controllers[strcspn(found->v2_controllers, "\n")] = '\0';
	return 0;
}

bool
hierarchies_in_v2(const struct hierarchies *found, const char *controller)
{
	const char *at = found->v2_controllers;
	size_t length = strlen(controller);

	for (; *at; at += strcspn(at, " "), at += *at == ' ')
		if (strcspn(at, " ") == length && strncmp(at, controller, length) == 0)
			return true;
	return false;
}

bool
hierarchies_have(const struct hierarchies *found, const char *controller)
{
	if (hierarchies_in_v2(found, controller))
		return true;
	const char *v1 = strcmp(controller, "io") == 0 ? "blkio" : controller;
	for (int i = HIERARCHY_MEMORY; i < HIERARCHIES; i++)
		if (strcmp(hierarchy_names[i], v1) == 0)
			return found->at[i].present;
	return false;
}

bool
hierarchies_in_unit(struct hierarchies *found, const char *unit)
{
	bool inside = false;

	for (int i = 0; i < HIERARCHIES; i++) {
		char *name = strstr(found->at[i].own, unit);

		if (name && name > found->at[i].own && name[-1] == '/') {
			name[strlen(unit)] = '\0';
			inside |= i == HIERARCHY_UNIFIED;
		}
	}
	return inside;
}
