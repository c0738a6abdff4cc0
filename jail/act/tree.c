/*
 * Owns the jail's file tree. Every name here is root's: absolute paths of binds come from the policy record, the
 * others are relative to our own tmpfs, which nobody else can reach yet.
 */
#include "tree.h"

#include "config.h"
#include "file.h"
#include "sys.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#define DEV_MAJOR 1		/* mem devices: null, zero, full, random, urandom (kernel: admin-guide/devices.txt) */
#define FILE_SYSTEM_FLAGS (MS_NOSUID | MS_NODEV | MS_NOEXEC)

int
tree_root(void)
{
	struct mount_attr private = { .propagation = MS_PRIVATE };

	if (sys_mount_setattr(AT_FDCWD, "/", AT_RECURSIVE, &private) ||
	    sys_mount("tmpfs", MOUNT_POINT, "tmpfs", MS_NOSUID | MS_NOEXEC, "mode=755,size=1m,nr_inodes=1k"))
		return -1;
	return chdir(MOUNT_POINT);
}

static int
make_dir(const struct launch *launch, const struct record_op *op, const char *place, const char *text)
{
	(void)launch, (void)op, (void)text;
	return mkdir(place, 0755);
}

static int
make_file(const struct launch *launch, const struct record_op *op, const char *place, const char *text)
{
	(void)launch, (void)op;
	int fd = open(place, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);

	if (fd < 0 || write(fd, text, strlen(text)) != (ssize_t)strlen(text))
		return -1;
	return close(fd);
}

static int
make_link(const struct launch *launch, const struct record_op *op, const char *place, const char *text)
{
	(void)launch, (void)op;
	return symlink(text, place);
}

/* The kernel can bind and restrict in one step only by descriptor: the mount is attached when it is read-only. */
static int
make_bind(const struct launch *launch, const struct record_op *op, const char *place, const char *text)
{
	(void)launch;
	struct mount_attr attr = { .attr_set = MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV |
		(op->flags & OP_EXEC ? 0 : MOUNT_ATTR_NOEXEC) };
	int fd = (int)sys_open_tree(AT_FDCWD, text, OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC);

	if (fd < 0 || sys_mount_setattr(fd, "", AT_EMPTY_PATH, &attr) || sys_move_mount(fd, AT_FDCWD, place))
		return -1;
	return close(fd);
}

/* To a tmpfs, a size or number of 0 means no limit and a size is rounded up: both would loosen ours. */
static int
make_tmpfs(const struct launch *launch, const struct record_op *op, const char *place, const char *text)
{
	(void)text;
	uint64_t size = launch->plan->limit[op->number], files = launch->plan->limit[op->number + 1];
	unsigned long flags = FILE_SYSTEM_FLAGS;
	char options[96];

	errno = ERANGE;
	if (size == LIMIT_NONE || files >= LIMIT_NONE - 1)
		return -1;
	size -= size % getauxval(AT_PAGESZ);
	if (size == 0)
		flags |= MS_RDONLY;
	if (op->flags & OP_EXEC)
		flags &= ~(unsigned long)MS_NOEXEC;
	snprintf(options, sizeof(options), "mode=1777,size=%llu,nr_inodes=%llu", (unsigned long long)size,
	    (unsigned long long)files + 1);	/* its root is a file, too */
	return (int)sys_mount("tmpfs", place, "tmpfs", flags, options);
}

static int
make_proc(const struct launch *launch, const struct record_op *op, const char *place, const char *text)
{
	(void)launch, (void)op, (void)text;
	return (int)sys_mount("proc", place, "proc", FILE_SYSTEM_FLAGS | MS_RDONLY, "hidepid=2,subset=pid");
}

static int
make_dev(const struct launch *launch, const struct record_op *op, const char *place, const char *text)
{
	(void)launch, (void)text;
	return mknod(place, S_IFCHR | 0666, makedev(DEV_MAJOR, op->number));
}

static int
make_slot(const struct launch *launch, const struct record_op *op, const char *place, const char *text)
{
	(void)text;
	if (!plan_has_slot(launch->plan, op->number))
		return 0;
	if (mkdir(place, 0755))
		return -1;
	return slots_attach(launch->plan, op->number, &launch->slots, launch->id.uid, place);
}

static int (*const makers[OP_KINDS])(const struct launch *launch, const struct record_op *op, const char *place,
    const char *text) = {
	[OP_DIR] = make_dir,	[OP_FILE] = make_file,	 [OP_LINK] = make_link, [OP_BIND] = make_bind,
	[OP_TMPFS] = make_tmpfs, [OP_PROC] = make_proc,	 [OP_DEV] = make_dev,	[OP_SLOT] = make_slot,
};

int
tree_make(const struct launch *launch)
{
	const struct record *record = launch->plan->record;
	const struct record_op *op = record_part(record, PART_OPS);

	for (uint32_t i = 0; i < record->part[PART_OPS].count; i++, op++)
		if (makers[op->kind](launch, op, record_string(record, op->place), record_string(record, op->text)))
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

/* pivot_root(".", ".") stacks the old root on the new one; what is then on top of "." is the old one (pivot_root(2)). */
int
tree_pivot(const struct plan *plan)
{
	struct mount_attr read_only = { .attr_set = MOUNT_ATTR_RDONLY };

	if (sys_pivot_root(".", ".") || sys_umount2(".", MNT_DETACH) || chdir("/") ||
	    sys_mount_setattr(AT_FDCWD, "/", 0, &read_only))
		return -1;
	return chdir(first_slot(plan));
}

/*
 * How the line of an operation's mount must go on after its place in mountinfo: the kernel writes the flags in one
 * fixed order (fs/proc_namespace.c). false: the operation made no mount.
 */
static bool
wanted_line(const struct plan *plan, const struct record_op *op, char line[320])
{
	const struct record_slot *slot = record_part(plan->record, PART_SLOTS);
	bool is_slot = op->kind == OP_SLOT;
	bool read_only = op->kind == OP_BIND || op->kind == OP_PROC || (is_slot && slot[op->number].kind == SLOT_RO) ||
	    (op->kind == OP_TMPFS && plan->limit[op->number] < getauxval(AT_PAGESZ));
	uint32_t flags = is_slot ? slot[op->number].flags : op->flags;

	snprintf(line, 320, " /%s %s,nosuid,nodev%s", record_string(plan->record, op->place), read_only ? "ro" : "rw",
	    flags & OP_EXEC ? "" : ",noexec");
	return is_slot ? plan_has_slot(plan, op->number) : op->kind == OP_BIND || op->kind == OP_TMPFS || op->kind == OP_PROC;
}

/* Number of mounts that are as planned; a slot's must not follow links either. */
static int
count_proven(const struct plan *plan, const char *mountinfo)
{
	const struct record_op *op = record_part(plan->record, PART_OPS);
	int proven = strstr(mountinfo, " / ro,nosuid,noexec") ? 1 : 0;

	for (uint32_t i = 0; i < plan->record->part[PART_OPS].count; i++, op++) {
		char line[320];
		const char *found;

		if (!wanted_line(plan, op, line) || !(found = strstr(mountinfo, line)))
			continue;
		const char *no_links = strstr(found, ",nosymfollow"), *end = strchr(found, '\n');
		proven += op->kind != OP_SLOT || (no_links && no_links < end);
	}
	return proven;
}

static int
count_lines(const char *text)
{
	int lines = 0;

	for (; *text; text++)
		lines += *text == '\n';
	return lines;
}

int
tree_verify(const struct plan *plan)
{
	static char mountinfo[16384];

	if (file_read(AT_FDCWD, "/proc/self/mountinfo", mountinfo, sizeof(mountinfo)) < 0)
		return -1;
	errno = EPERM;
	return count_proven(plan, mountinfo) == count_lines(mountinfo) ? 0 : -1;
}
