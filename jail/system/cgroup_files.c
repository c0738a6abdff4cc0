/* Owns which files of a cgroup are read: for the outcome, and for an observer. */
#include "cgroup.h"

#include "file.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

/* The number after `key` and a blank in a file of such lines, or STAT_NONE. */
static int64_t
keyed(const char *text, const char *key)
{
	size_t length = strlen(key);

	for (; text && *text; text = strchr(text, '\n'), text += text != NULL)
		if (strncmp(text, key, length) == 0 && text[length] == ' ')
			return strtoll(text + length + 1, NULL, 10);
	return STAT_NONE;
}

struct usage
cgroup_usage(const struct cgroup *cgroup)
{
	char text[1024];

	if (cgroup->dir < 0 || file_read(cgroup->dir, "cpu.stat", text, sizeof(text)) < 0)
		return (struct usage){ STAT_NONE, STAT_NONE, STAT_NONE };
	return (struct usage){ keyed(text, "usage_usec"), keyed(text, "user_usec"), keyed(text, "system_usec") };
}

/* A number from a file: the whole of it, or that after `key`. */
static int64_t
statistic(int dir, const char *file, const char *key)
{
	char text[1024];

	if (dir < 0 || file_read(dir, file, text, sizeof(text)) < 0)
		return STAT_NONE;
	return key ? keyed(text, key) : strtoll(text, NULL, 10);
}

static int64_t
either(int64_t a, int64_t b)
{
	return a >= 0 ? a : b;
}

static int64_t
less(int64_t value, int64_t by)
{
	return value < 0 || by < 0 || value < by ? value : value - by;
}

void
cgroup_statistics(const struct cgroup *cgroup, const struct usage *before, struct outcome *outcome)
{
	struct usage now = cgroup_usage(cgroup);
	const int *v1 = cgroup->v1;

	outcome->cpu_us = less(now.cpu_us, before->cpu_us);
	outcome->user_us = less(now.user_us, before->user_us);
	outcome->system_us = less(now.system_us, before->system_us);
	outcome->memory_peak = either(statistic(cgroup->dir, "memory.peak", NULL),
	    statistic(v1[V1_MEMORY], "memory.max_usage_in_bytes", NULL));
	outcome->processes_peak = less(either(statistic(cgroup->dir, "pids.peak", NULL),
	    statistic(v1[V1_PIDS], "pids.peak", NULL)), 1);
	outcome->oom_kills = either(statistic(cgroup->dir, "memory.events", "oom_kill"),
	    statistic(v1[V1_MEMORY], "memory.oom_control", "oom_kill"));
	int64_t throttled_ns = statistic(v1[V1_CPU], "cpu.stat", "throttled_time");
	outcome->throttled_us = either(statistic(cgroup->dir, "cpu.stat", "throttled_usec"),
	    throttled_ns < 0 ? STAT_NONE : throttled_ns / 1000);
}

static const struct observed {
	const char *v2, *v1;
	enum v1 group;
	int mode;
} observed[CGROUP_FILES] = {
	{ "cgroup.freeze",  NULL,                        0,         O_RDWR },
	{ "cgroup.kill",    NULL,                        0,         O_WRONLY },
	{ "cgroup.events",  NULL,                        0,         O_RDONLY },
	{ "cgroup.threads", NULL,                        0,         O_RDONLY },
	{ "cpu.stat",       NULL,                        0,         O_RDONLY },
	{ "cpu.pressure",   NULL,                        0,         O_RDONLY },
	{ "memory.current", "memory.usage_in_bytes",     V1_MEMORY, O_RDONLY },
	{ "memory.peak",    "memory.max_usage_in_bytes", V1_MEMORY, O_RDONLY },
	{ "memory.events",  "memory.oom_control",        V1_MEMORY, O_RDONLY },
	{ "pids.current",   "pids.current",              V1_PIDS,   O_RDONLY },
};

void
cgroup_open_files(const struct cgroup *cgroup, struct cgroup_file files[CGROUP_FILES])
{
	for (int i = 0; i < CGROUP_FILES; i++) {
		const struct observed *file = &observed[i];
		int mode = file->mode | O_CLOEXEC;

		files[i] = (struct cgroup_file){ file->v2, openat(cgroup->dir, file->v2, mode) };
		if (files[i].fd >= 0 || !file->v1 || cgroup->v1[file->group] < 0)
			continue;
		files[i] = (struct cgroup_file){ file->v1, openat(cgroup->v1[file->group], file->v1, mode) };
	}
}
