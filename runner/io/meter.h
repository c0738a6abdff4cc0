/*
 * What a jail's processes have used, and stopping and going on: through the descriptors of its
 * cgroup that bot-jail sends. bot-jail(1), CONTROL SOCKET.
 */
#ifndef METER_H
#define METER_H

#include "clock.h"

#include <sys/types.h>

#define THREADS_KEPT 16		/* of so many the descriptors stay open */
#define THREADS_MOST 512	/* more are not looked at: their delays do not count */

struct thread {
	pid_t id;
	int fd;			/* its schedstat; -1: opened for each look */
	int64_t cpu_ns, delay_ns;
};

struct reading {
	int64_t at_us, cpu_us, throttled_us;
	int threads;
	struct thread thread[THREADS_MOST];
};

struct meter {
	int freeze, stat, list;		/* cgroup.freeze, cpu.stat, cgroup.threads; -1: not there */
	bool throttle_known;		/* cpu.stat tells of throttling */
	int rate_milli;			/* the policy's cpu-rate, if it is below the CPUs there are; else 0 */
	struct reading begin;
	int64_t frozen_us, frozen_since_us;	/* since the beginning; 0: it is not frozen */
};

void meter_init(struct meter *meter);
void meter_free(struct meter *meter);

/* Receives the descriptors from the control socket. -EAGAIN: they have not come yet; -errno. */
int meter_receive(struct meter *meter, int control);

/* Begins to measure. `now_us` is monotonic. */
void meter_begin(struct meter *meter, int64_t now_us);

/* What was used since then. */
struct usage meter_usage(struct meter *meter, int64_t now_us);

/* Stops all processes, or lets them go on. -errno. */
int meter_freeze(struct meter *meter, bool frozen, int64_t now_us);

#endif
