/* Owns how a limit is written to the kernel and read back: form and unit of each, v2 and v1. */
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

#define US_PER_PERCENT 1000	/* of CPU, in the period of 100 ms that both versions have */
#define PAGE_MOST 65536		/* the kernel rounds bytes down to a page */

/* Between a limit and its file: room for pid 1; v1 bounds memory and swap together. */
static uint64_t
knob_offset(enum limit i, bool is_v1, const struct outcome *outcome)
{
	if (i == LIMIT_processes)
		return 1;
	return i == LIMIT_swap && is_v1 ? outcome->cgroup_limit[LIMIT_memory] : 0;
}

/* Believes the number that the kernel gives back at `text`, not the one that was written. */
static int
read_back(enum limit i, const char *text, uint64_t offset, uint64_t wanted, struct outcome *outcome)
{
	uint64_t scale = i == LIMIT_cpu_rate ? US_PER_PERCENT : 1, got;
	uint64_t slack = limit_rows[i].unit == UNIT_BYTES ? PAGE_MOST : 1;
	char number[VALUE_BYTES] = "";

	strncpy(number, text, sizeof(number) - 1);
	number[strspn(number, "0123456789")] = '\0';
	errno = ERANGE;
	if (number_parse(number, UINT64_MAX, &got) || got < offset)
		return -1;
	got = (got - offset) / scale;
	if (got > wanted || wanted - got >= slack)
		return -1;
	outcome->cgroup_limit[i] = got;
	return 0;
}

/*
 * What stands between these two words, from the end of the second on; "" when they are not there.
 */
static const char *
behind(const char *text, const char *first, const char *second)
{
	const char *at = strstr(text, first);

	at = at ? strstr(at, second) : NULL;
	return at ? at + strlen(second) : "";
}

/*
 * Writes the value into the limit's file, of a disk ("8:0 ") or as a whole (""), and reads it back.
 */
static int
set_limit(struct cgroup *cgroup, enum limit i, uint64_t value, const char *disk,
    struct outcome *outcome)
{
	char text[64], back[4096] = "";
	bool is_v1;
	int fd = cgroup_open(cgroup, limit_rows[i].v2, limit_rows[i].v1, O_RDWR, true, &is_v1);

	if (fd < 0)
		return -1;
	const char *key = !*disk || is_v1 ? "" : i == LIMIT_io_read ? "rbps=" : "wbps=";
	uint64_t offset = knob_offset(i, is_v1, outcome);
	snprintf(text, sizeof(text), "%s%s%llu", disk, key,
	    (unsigned long long)(value * (i == LIMIT_cpu_rate ? US_PER_PERCENT : 1) + offset));
	int wrong = write(fd, text, strlen(text)) != (ssize_t)strlen(text) ||
	    pread(fd, back, sizeof(back) - 1, 0) < 0;
	(void)file_close(fd);
	const char *number = behind(back, disk, *key ? key : disk);
	return wrong || read_back(i, number, offset, value, outcome) ? -1 : 0;
}

/* The disk below a file: io limits are not taken for a partition. ENOTBLK when there is none. */
static int
disk_of(int fd, char disk[32])
{
	char path[96];
	struct stat st;

	if (fstat(fd, &st))
		return -1;
	snprintf(path, sizeof(path), "/sys/dev/block/%u:%u/partition", major(st.st_dev),
	    minor(st.st_dev));
	const char *up = access(path, F_OK) ? "" : "/..";
	snprintf(path, sizeof(path), "/sys/dev/block/%u:%u%s/dev", major(st.st_dev),
	    minor(st.st_dev), up);
	if (file_read(AT_FDCWD, path, disk, 31) < 0) {
		errno = ENOTBLK;
		return -1;
	}
	strcpy(disk + strcspn(disk, "\n"), " ");
	return 0;
}

static int
set_io_limit(struct cgroup *cgroup, enum limit i, uint64_t value, const int slots[SLOTS_MAX],
    struct outcome *outcome)
{
	char disk[32];

	for (int j = 0; j < SLOTS_MAX; j++)
		if (slots[j] >= 0 &&
		    (disk_of(slots[j], disk) || set_limit(cgroup, i, value, disk, outcome)))
			return -1;
	return 0;
}

int
cgroup_set_limits(struct cgroup *cgroup, const struct plan *plan, const int slots[SLOTS_MAX],
    struct outcome *outcome)
{
	for (int i = 0; i < LIMITS; i++) {
		uint64_t value = plan->limit[i];

		/*
		 * What only the caller's resource limit bounds, it bounds: the uid is this jail's.
		 */
		if (!limit_rows[i].v2 || value == LIMIT_NONE ||
		    (plan->inherited[i] && plan->record->limit[i] == LIMIT_NONE))
			continue;
		if (i == LIMIT_io_read || i == LIMIT_io_write
		    ? set_io_limit(cgroup, i, value, slots, outcome)
		    : set_limit(cgroup, i, value, "", outcome))
			return -1;
	}
	return 0;
}
