/* Owns which files of a cgroup are read: for the outcome, and for an observer. */
#include "cgroup.h"

#include "file.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/*
 * The number at the start of a text, or behind `key` and a blank at the start of one of its lines.
 */
static int64_t
number_in(const char *text, const char *key)
{
	size_t length = key ? strlen(key) : 0;

	for (; key && text; text = strchr(text, '\n'), text += text != NULL)
		if (strncmp(text, key, length) == 0 && text[length] == ' ')
			break;
	return text ? strtoll(text + length, NULL, 10) : STAT_NONE;
}

static int64_t
statistic(struct cgroup *cgroup, const char *v2, const char *v1, const char *key)
{
	char text[1024] = "";
	bool is_v1;
	int fd = cgroup_open(cgroup, v2, v1, O_RDONLY, false, &is_v1);

	if (fd < 0)
		return STAT_NONE;
	ssize_t length = read(fd, text, sizeof(text) - 1);
	(void)file_close(fd);
	return length > 0 ? number_in(text, key) : STAT_NONE;
}

struct usage
cgroup_usage(const struct cgroup *cgroup)
{
	char text[1024];

	if (cgroup->dir < 0 || file_read(cgroup->dir, "cpu.stat", text, sizeof(text)) < 0)
		return (struct usage){ STAT_NONE, STAT_NONE, STAT_NONE };
	return (struct usage){ number_in(text, "usage_usec"), number_in(text, "user_usec"),
		number_in(text, "system_usec") };
}

static int64_t
less(int64_t value, int64_t by)
{
	return value < by ? value : value - by;
}

void
cgroup_statistics(struct cgroup *cgroup, const struct usage *before, struct outcome *outcome)
{
	struct usage now = cgroup_usage(cgroup);
	char text[1024];

	outcome->cpu_us = less(now.cpu_us, before->cpu_us);
	outcome->user_us = less(now.user_us, before->user_us);
	outcome->system_us = less(now.system_us, before->system_us);
	outcome->memory_peak = statistic(cgroup, "memory.peak", "memory.max_usage_in_bytes", NULL);
	outcome->processes_peak = less(statistic(cgroup, "pids.peak", "pids.peak", NULL), 1);
	outcome->oom_kills = statistic(cgroup, "memory.events", "memory.oom_control", "oom_kill");
	outcome->throttled_us = statistic(cgroup, "cpu.stat", NULL, "throttled_usec");
	/*
	 * v2 has a cpu.stat without its controller, too: what is in it then comes from v1, in ns.
	 */
	if (cgroup->v1[V1_CPU] >= 0 &&
	    file_read(cgroup->v1[V1_CPU], "cpu.stat", text, sizeof(text)) > 0)
		outcome->throttled_us = number_in(text, "throttled_time") / 1000;
}

static const struct {
	const char *v2, *v1;
	int mode;
} observed[CGROUP_FILES] = {
	{ "cgroup.freeze",  NULL,                        O_RDWR },
	{ "cgroup.kill",    NULL,                        O_WRONLY },
	{ "cgroup.events",  NULL,                        O_RDONLY },
	{ "cgroup.threads", NULL,                        O_RDONLY },
	{ "cpu.stat",       NULL,                        O_RDONLY },
	{ "cpu.pressure",   NULL,                        O_RDONLY },
	{ "memory.current", "memory.usage_in_bytes",     O_RDONLY },
	{ "memory.peak",    "memory.max_usage_in_bytes", O_RDONLY },
	{ "memory.events",  "memory.oom_control",        O_RDONLY },
	{ "pids.current",   "pids.current",              O_RDONLY },
};

void
cgroup_open_files(struct cgroup *cgroup, struct cgroup_file files[CGROUP_FILES])
{
	for (int i = 0; i < CGROUP_FILES; i++) {
		const char *v2 = observed[i].v2, *v1 = observed[i].v1;
		bool is_v1;
		int fd = cgroup_open(cgroup, v2, v1, observed[i].mode, false, &is_v1);

		files[i] = (struct cgroup_file){ fd >= 0 && is_v1 ? v1 : v2, fd };
	}
}
