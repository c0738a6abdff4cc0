/*
 * Owns the jail's file tree. Every name here is root's: absolute paths of binds come from the
 * policy record, the others are relative to our own tmpfs, which nobody else can reach yet.
 */
#include "tree.h"

#include "config.h"
#include "file.h"
#include "sys.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#define DEV_MAJOR 1	/* null, zero, full, random, urandom (kernel: admin-guide/devices.txt) */
#define HARMLESS (MS_NOSUID | MS_NODEV | MS_NOEXEC)

int
tree_root(const struct launch *launch)
{
	const struct mount_attr private = { .propagation = MS_PRIVATE };

	(void)launch;
	if (sys_mount_setattr(AT_FDCWD, "/", AT_RECURSIVE, &private) ||
	    sys_mount("tmpfs", MOUNT_POINT,
	    MS_NOSUID | MS_NOEXEC, "mode=755,size=1m,nr_inodes=1k,uid=0,gid=0"))
		return -1;
	return chdir(MOUNT_POINT);
}

static int
make_file(const char *place, const char *text)
{
	int fd = openat(AT_FDCWD, place, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);

	return fd < 0 || write(fd, text, strlen(text)) != (ssize_t)strlen(text) ? -1 : close(fd);
}

/* Only by descriptor can a mount be read-only from the moment on that it is attached. */
static int
make_bind(const char *place, const char *from, uint32_t flags)
{
	const struct mount_attr attr = { .attr_set = MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID |
		MOUNT_ATTR_NODEV | (flags & OP_EXEC ? 0 : MOUNT_ATTR_NOEXEC) };
	int fd = (int)sys_open_tree(AT_FDCWD, from, CLONE_TREE);

	return fd < 0 || sys_mount_setattr(fd, "", AT_EMPTY_PATH, &attr) || sys_attach(fd, place)
	    ? -1 : close(fd);
}

/*
 * To a tmpfs a size or number of 0 means no limit, and a size is rounded up: both would loosen
 * ours.
 */
static int
make_tmpfs(const struct plan *plan, const struct record_op *op, const char *place)
{
	unsigned long flags = op->flags & OP_EXEC ? MS_NOSUID | MS_NODEV : HARMLESS;
	uint64_t size = LIMIT_NONE, files = LIMIT_NONE, page = getauxval(AT_PAGESZ);
	char options[96];

	if (op->number < LIMITS - 1) {
		size = plan->limit[op->number];
		files = plan->limit[op->number + 1];
	}
	errno = ERANGE;
	if (size == LIMIT_NONE || files >= LIMIT_NONE - 1)
		return -1;
	snprintf(options, sizeof(options), "mode=1777,uid=0,gid=0,size=%llu,nr_inodes=%llu",
	    (unsigned long long)(size - size % page),
	    (unsigned long long)files + 1);	/* its root is one */
	return (int)sys_mount("tmpfs", place, flags | (size < page ? MS_RDONLY : 0), options);
}

static int
make_slot(const struct launch *launch, uint32_t index, const char *place)
{
	if (!plan_has_slot(launch->plan, index))
		return 0;
	return mkdir(place, 0755) ||
	    slots_attach(launch->plan, index, &launch->slots, launch->id.uid, place) ? -1 : 0;
}

static int
make(const struct launch *launch, const struct record_op *op)
{
	const char *place = record_string(launch->plan->record, op->place);
	const char *text = record_string(launch->plan->record, op->text);

	switch (op->kind) {
	case OP_DIR:   return mkdir(place, 0755);
	case OP_FILE:  return make_file(place, text);
	case OP_LINK:  return symlink(text, place);
	case OP_BIND:  return make_bind(place, text, op->flags);
	case OP_TMPFS: return make_tmpfs(launch->plan, op, place);
	case OP_PROC:  return (int)sys_mount("proc", place, HARMLESS | MS_RDONLY,
	    "hidepid=2,subset=pid");
	case OP_DEV:   return mknod(place, S_IFCHR | 0666, makedev(DEV_MAJOR, op->number));
	case OP_SLOT:  return make_slot(launch, op->number, place);
	default:       return -1;
	}
}

int
tree_make(const struct launch *launch)
{
	const struct record_op *op = record_part(launch->plan->record, PART_OPS);

	for (uint32_t i = 0; i < launch->plan->record->part[PART_OPS].count; i++)
		if (make(launch, &op[i]))
			return -1;
	return 0;
}

static const char *
first_slot(const struct plan *plan)
{
	const struct record_slot *slot = record_part(plan->record, PART_SLOTS);

	for (uint32_t i = 0; i < plan->record->part[PART_SLOTS].count; i++)
		if (plan_has_slot(plan, i))
			return record_string(plan->record, slot[i].place);
	return "/";
}

/*
 * pivot_root(".", ".") stacks the old root on the new one; "." on top is then the old
 * (pivot_root(2)).
 */
int
tree_pivot(const struct launch *launch)
{
	const struct mount_attr read_only = { .attr_set = MOUNT_ATTR_RDONLY };

	if (sys_pivot_root(".", ".") || sys_umount(".") || chdir("/") ||
	    sys_mount_setattr(AT_FDCWD, "/", 0, &read_only))
		return -1;
	return chdir(first_slot(launch->plan));
}

/*
 * How mountinfo goes on after the place of an operation's mount: the kernel writes the flags in one
 * fixed order (fs/proc_namespace.c). false: the operation made no mount.
 */
static bool
wanted_line(const struct plan *plan, const struct record_op *op, char line[320])
{
	const struct record_slot *slot = record_part(plan->record, PART_SLOTS);
	uint32_t flags = op->flags;
	bool read_only = op->kind == OP_BIND || op->kind == OP_PROC;

	if (op->kind < OP_BIND || op->kind == OP_DEV ||
	    (op->kind == OP_SLOT && !plan_has_slot(plan, op->number)))
		return false;
	if (op->kind == OP_SLOT) {
		flags = slot[op->number].flags;
		read_only = slot[op->number].kind == SLOT_RO;
	} else if (op->kind == OP_TMPFS) {
		read_only = plan->limit[op->number] < getauxval(AT_PAGESZ);
	}
	snprintf(line, 320, " /%s %s,nosuid,nodev%s", record_string(plan->record, op->place),
	    read_only ? "ro" : "rw", flags & OP_EXEC ? "" : ",noexec");
	return true;
}

/*
 * Behind the place and the flags nothing stands before " - ": no peer from which mounts would come
 * later (proc_pid_mountinfo(5): shared, master).
 */
static bool
is_private(const char *place)
{
	const char *flags = strchr(place + 1, ' ');

	return strncmp(strchr(flags + 1, ' '), " - ", 3) == 0;
}

/* Mounts that are as planned; a slot's must not follow links either. */
static int
count_proven(const struct plan *plan, const char *mountinfo)
{
	const struct record_op *op = record_part(plan->record, PART_OPS);
	const char *root = strstr(mountinfo, " / ro,nosuid,noexec");
	int proven = root && is_private(root);

	for (uint32_t i = 0; i < plan->record->part[PART_OPS].count; i++) {
		char line[320];
		const char *found = wanted_line(plan, &op[i], line) ? strstr(mountinfo, line)
		    : NULL;
		const char *no_links = found ? strstr(found, ",nosymfollow") : NULL;

		if (found && is_private(found))
			proven += op[i].kind != OP_SLOT ||
			    (no_links && no_links < strchr(found, '\n'));
	}
	return proven;
}

int
tree_verify(const struct plan *plan)
{
	static char mountinfo[16384];
	int lines = 0;

	if (file_read(AT_FDCWD, "/proc/self/mountinfo", mountinfo, sizeof(mountinfo)) < 0)
		return -1;
	for (const char *at = mountinfo; *at; at++)
		lines += *at == '\n';
	errno = EPERM;
	return count_proven(plan, mountinfo) == lines ? 0 : -1;
}
