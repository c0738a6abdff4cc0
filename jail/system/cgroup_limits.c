/* Owns how a limit is written to the kernel and read back: file, form and unit of each, v2 and v1. */
#include "cgroup_limits.h"

#include "file.h"
#include "value.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#define CPU_PERIOD_US 100000
#define PAGE_MOST 65536		/* the kernel rounds bytes down to a page */
#define PATH_BYTES 96

/* Opens the file that enforces a limit, in v2 if it is there, else in v1. */
static int
open_knob(struct cgroup *cgroup, const struct limit_row *row, bool *is_v1)
{
	int fd = openat(cgroup->dir, row->v2, O_RDWR | O_CLOEXEC);

	*is_v1 = fd < 0;
	if (fd >= 0 || errno != ENOENT)
		return fd;
	int dir = cgroup_v1(cgroup, cgroup_v1_of(row->v1));
	return dir < 0 ? -1 : openat(dir, row->v1, O_RDWR | O_CLOEXEC);
}

/* Between a limit and its file: processes leaves room for pid 1, v1 bounds memory and swap together. */
static uint64_t
knob_offset(enum limit limit, bool is_v1, const struct outcome *outcome)
{
	if (limit == LIMIT_processes)
		return 1;
	return limit == LIMIT_swap && is_v1 ? outcome->cgroup_limit[LIMIT_memory] : 0;
}

static int
write_and_read(int fd, const char *text, char *back, size_t size)
{
	if (write(fd, text, strlen(text)) != (ssize_t)strlen(text))
		return -1;
	ssize_t length = pread(fd, back, size - 1, 0);
	back[length > 0 ? length : 0] = '\0';
	return length > 0 ? 0 : -1;
}

/* Believes the number that the kernel gives back, not the one that was written. */
static int
read_back(enum limit limit, const char *text, uint64_t offset, uint64_t wanted, struct outcome *outcome)
{
	char number[VALUE_BYTES] = "";
	uint64_t scale = limit == LIMIT_cpu_rate ? CPU_PERIOD_US / 100 : 1, got;

	memcpy(number, text, strnlen(text, sizeof(number) - 1));
	number[strspn(number, "0123456789")] = '\0';
	errno = ERANGE;
	if (number_parse(number, UINT64_MAX, &got) || got < offset)
		return -1;
	got = (got - offset) / scale;
	uint64_t slack = limit_rows[limit].unit == UNIT_BYTES ? PAGE_MOST : 1;
	if (got > wanted || wanted - got >= slack)
		return -1;
	outcome->cgroup_limit[limit] = got;
	return 0;
}

static int
set_limit(struct cgroup *cgroup, enum limit limit, uint64_t value, struct outcome *outcome)
{
	char text[64], back[64];
	bool is_v1;
	int fd = open_knob(cgroup, &limit_rows[limit], &is_v1);

	if (fd < 0)
		return -1;
	uint64_t offset = knob_offset(limit, is_v1, outcome), scale = limit == LIMIT_cpu_rate ? CPU_PERIOD_US / 100 : 1;
	snprintf(text, sizeof(text), "%llu", (unsigned long long)(value * scale + offset));
	int wrong = write_and_read(fd, text, back, sizeof(back)) || read_back(limit, back, offset, value, outcome);
	int error = errno;
	(void)close(fd);	/* the kernel's files report at write */
	errno = error;
	return wrong ? -1 : 0;
}

/* The disk below a device number: io limits are not taken for a partition. ENOTBLK when there is none. */
static int
disk_of(dev_t device, char disk[32])
{
	char path[PATH_BYTES];
	const char *up = "";

	snprintf(path, sizeof(path), "/sys/dev/block/%u:%u/partition", major(device), minor(device));
	if (access(path, F_OK) == 0)
		up = "/..";
	snprintf(path, sizeof(path), "/sys/dev/block/%u:%u%s/dev", major(device), minor(device), up);
	if (file_read(AT_FDCWD, path, disk, 32) < 0) {
		errno = ENOTBLK;
		return -1;
	}
	disk[strcspn(disk, "\n")] = '\0';
	return 0;
}

static int
set_disk_limit(struct cgroup *cgroup, enum limit limit, uint64_t value, const char *disk, struct outcome *outcome)
{
	char text[64], back[4096];
	const char *key = limit == LIMIT_io_read ? "rbps=" : "wbps=";
	bool is_v1;
	int fd = open_knob(cgroup, &limit_rows[limit], &is_v1);

	if (fd < 0)
		return -1;
	snprintf(text, sizeof(text), "%s %s%llu", disk, is_v1 ? "" : key, (unsigned long long)value);
	int wrong = write_and_read(fd, text, back, sizeof(back));
	int error = errno;
	(void)close(fd);	/* the kernel's files report at write */
	errno = error;
	char *at = wrong ? NULL : strstr(back, disk);
	if (at)
		at = is_v1 ? at + strlen(disk) + 1 : strstr(at, key);
	return at ? read_back(limit, is_v1 ? at : at + strlen(key), 0, value, outcome) : -1;
}

static int
set_io_limit(struct cgroup *cgroup, enum limit limit, uint64_t value, const int slots[SLOTS_MAX],
    struct outcome *outcome)
{
	for (int i = 0; i < SLOTS_MAX; i++) {
		char disk[32];
		struct stat st;

		if (slots[i] < 0)
			continue;
		if (fstat(slots[i], &st) || disk_of(st.st_dev, disk) ||
		    set_disk_limit(cgroup, limit, value, disk, outcome))
			return -1;
	}
	return 0;
}

int
cgroup_set_limits(struct cgroup *cgroup, const struct plan *plan, const int slots[SLOTS_MAX], struct outcome *outcome)
{
	for (int i = 0; i < LIMITS; i++) {
		bool is_io = i == LIMIT_io_read || i == LIMIT_io_write;

		if (!limit_rows[i].v2 || plan->limit[i] == LIMIT_NONE)
			continue;
		if (is_io ? set_io_limit(cgroup, i, plan->limit[i], slots, outcome)
		    : set_limit(cgroup, i, plan->limit[i], outcome))
			return -1;
	}
	return 0;
}
