/* Owns the reading of cpu.stat and schedstat. It never reads a clock. */
#include "meter.h"

#include "common.h"
#include "parcel.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

void
meter_init(struct meter *meter)
{
	meter->freeze = meter->stat = meter->list = -1;
	meter->throttle_known = false;
	meter->rate_milli = 0;
	meter->begin.threads = 0;
	meter->frozen_us = meter->frozen_since_us = 0;
}

static void
forget_threads(struct reading *reading)
{
	for (int i = 0; i < reading->threads; i++)
		common_close(&reading->thread[i].fd);
	reading->threads = 0;
}

void
meter_free(struct meter *meter)
{
	common_close(&meter->freeze);
	common_close(&meter->stat);
	common_close(&meter->list);
	forget_threads(&meter->begin);
	meter_init(meter);
}

/* Keeps the descriptors that have a use here, and closes the others. */
static void
keep(struct meter *meter, const struct parcel *parcel)
{
	struct raw names = raw_get(parcel->message, "cgroup"), name;
	size_t at = 0;

	for (int i = 0; i < parcel->count; i++) {
		name = raw_next(names, &at, NULL);
		int *mine = raw_is(name, "cgroup.freeze") ? &meter->freeze
		    : raw_is(name, "cpu.stat") ? &meter->stat
		    : raw_is(name, "cgroup.threads") ? &meter->list : NULL;

		if (mine && *mine < 0)
			*mine = parcel->fds[i];
		else
			close(parcel->fds[i]);
	}
}

int
meter_receive(struct meter *meter, int control)
{
	struct parcel parcel;
	ssize_t length = parcel_receive(control, &parcel);

	if (length < 0)
		return (int)length;
	keep(meter, &parcel);
	return raw_get(parcel.message, "cgroup").bytes || raw_get(parcel.message, "slots").bytes ? 0 : -EPROTO;
}

static size_t
read_text(int fd, char *text, size_t size)
{
	ssize_t length = fd >= 0 ? pread(fd, text, size - 1, 0) : 0;

	text[length > 0 ? length : 0] = '\0';
	return length > 0 ? (size_t)length : 0;
}

/* "usage_usec 123" among lines of such; -1: there is none. */
static int64_t
number_after(const char *text, const char *key)
{
	const char *found = strstr(text, key);

	return found ? strtoll(found + strlen(key), NULL, 10) : -1;
}

/* "cpu_ns delay_ns timeslices": Documentation/scheduler/sched-stats.rst of the kernel. */
static bool
read_thread(struct thread *thread)
{
	char text[96], *end;

	if (read_text(thread->fd, text, sizeof(text)) == 0)
		return false;
	thread->cpu_ns = strtoll(text, &end, 10);
	thread->delay_ns = strtoll(end, NULL, 10);
	return true;
}

static int
open_thread(pid_t id)
{
	char path[48];

	snprintf(path, sizeof(path), "/proc/%d/schedstat", id);
	return open(path, O_RDONLY | O_CLOEXEC);
}

/* The threads that live, with their numbers; descriptors of those known move over from `old`. */
static void
read_threads(const struct meter *meter, struct reading *reading, struct reading *old)
{
	char text[8 * THREADS_MOST], *at = text;

	reading->threads = 0;
	(void)read_text(meter->list, text, sizeof(text));
	while (*at && reading->threads < THREADS_MOST) {
		int index = reading->threads;
		struct thread *thread = &reading->thread[index];

		thread->id = (pid_t)strtol(at, &at, 10);
		at += *at == '\n';
		thread->fd = -1;
		/* They come in the same order as last time, but for those that are new or gone. */
		for (int i = 0; old && i < old->threads && thread->fd < 0; i++)
			if (old->thread[i].id == thread->id) {
				thread->fd = old->thread[i].fd;
				old->thread[i].fd = -1;
			}
		if (thread->fd < 0)
			thread->fd = open_thread(thread->id);
		if (!read_thread(thread)) {
			common_close(&thread->fd);
			continue;
		}
		if (index >= THREADS_KEPT)
			close_fd(&thread->fd);
		reading->threads++;
	}
}

static void
read_stat(struct meter *meter, struct reading *reading)
{
	char text[1024];

	(void)read_text(meter->stat, text, sizeof(text));
	int64_t throttled = number_after(text, "throttled_usec ");
	meter->throttle_known = throttled >= 0;
	reading->throttled_us = throttled > 0 ? throttled : 0;
	reading->cpu_us = number_after(text, "usage_usec ");
	if (reading->cpu_us < 0)
		reading->cpu_us = 0;
}

void
meter_begin(struct meter *meter, int64_t now_us)
{
	struct reading *begin = &meter->begin;
	struct reading old;

	old.threads = begin->threads;
	memcpy(old.thread, begin->thread, (size_t)begin->threads * sizeof(*begin->thread));
	begin->at_us = now_us;
	read_stat(meter, begin);
	read_threads(meter, begin, &old);
	forget_threads(&old);
	meter->frozen_us = 0;
	if (meter->frozen_since_us)
		meter->frozen_since_us = now_us;
}

static const struct thread *
find_thread(const struct reading *reading, pid_t id)
{
	for (int i = 0; i < reading->threads; i++)
		if (reading->thread[i].id == id)
			return &reading->thread[i];
	return NULL;
}

/* The longest that a thread was kept waiting, less what its siblings may have caused. */
static int64_t
longest_delay(const struct reading *begin, const struct reading *end, int64_t cpu_us)
{
	int64_t longest = 0;

	for (int i = 0; i < end->threads; i++) {
		const struct thread *thread = &end->thread[i], *before = find_thread(begin, thread->id);
		int64_t delay_us = (thread->delay_ns - (before ? before->delay_ns : 0)) / 1000,
		    own_us = (thread->cpu_ns - (before ? before->cpu_ns : 0)) / 1000;
		int64_t others = clock_delay_by_others(delay_us, cpu_us - own_us);

		longest = others > longest ? others : longest;
	}
	return longest;
}

struct usage
meter_usage(struct meter *meter, int64_t now_us)
{
	const struct reading *begin = &meter->begin;
	struct reading end;
	struct usage usage = { .wall_us = now_us - begin->at_us, .frozen_us = meter->frozen_us };

	if (meter->frozen_since_us)
		usage.frozen_us += now_us - meter->frozen_since_us;
	read_stat(meter, &end);
	/* The descriptors stay with the beginning, where the next look finds them. */
	read_threads(meter, &end, &meter->begin);
	usage.cpu_us = end.cpu_us - begin->cpu_us;
	usage.throttled_us = end.throttled_us - begin->throttled_us;
	usage.delay_us = longest_delay(begin, &end, usage.cpu_us);
	/*
	 * A jail that may have throttled itself, where nobody counts that, was not delayed. At the rate
	 * of a whole CPU one thread never does.
	 */
	if (meter->rate_milli && !meter->throttle_known &&
	    (meter->rate_milli < ONE_CPU_MILLI || end.threads > 1))
		usage.delay_us = 0;
	for (int i = 0; i < end.threads; i++) {
		struct thread *before = (struct thread *)find_thread(begin, end.thread[i].id);

		if (before && before->fd < 0)
			before->fd = end.thread[i].fd;
		else
			common_close(&end.thread[i].fd);
	}
	return usage;
}

int
meter_freeze(struct meter *meter, bool frozen, int64_t now_us)
{
	if (meter->freeze < 0)
		return -ENOENT;
	if (write(meter->freeze, frozen ? "1" : "0", 1) != 1)
		return -errno;
	if (!frozen && meter->frozen_since_us)
		meter->frozen_us += now_us - meter->frozen_since_us;
	meter->frozen_since_us = frozen ? now_us : 0;
	return 0;
}
