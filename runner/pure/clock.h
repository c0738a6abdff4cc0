/*
 * What a turn costs a player: three clocks over the same measured numbers. match-run(1), CLOCKS.
 */
#ifndef CLOCK_H
#define CLOCK_H

#include <stdbool.h>
#include <stdint.h>

/* Measured of one player from being asked to his answer; microseconds. */
struct usage {
	int64_t wall_us;
	int64_t cpu_us;		/* of all his processes and threads: cpu.stat, usage_usec */
	int64_t delay_us;	/* the longest that one thread was kept from running by others than his own */
	int64_t throttled_us;	/* kept from running by his own cpu-rate: cpu.stat, throttled_usec */
	int64_t frozen_us;	/* we had stopped him */
};

/* Names and order of the numbers, for files. */
#define USAGE_NUMBERS 5
extern const char *const usage_names[USAGE_NUMBERS];
void usage_numbers(const struct usage *usage, int64_t numbers[USAGE_NUMBERS]);
struct usage usage_of(const int64_t numbers[USAGE_NUMBERS]);

#define CLOCK_FOR_EVER (INT64_C(1) << 60)	/* as a limit: none; there is always more than half of it left */

#define ONE_CPU_MILLI 1000

enum clock_kind { CLOCK_WALL, CLOCK_CPU, CLOCK_FAIR, CLOCKS };
extern const char *const clock_names[CLOCKS];

/*
 * wall: real time. cpu: time on CPUs. fair: what the turn would have taken on an idle machine, that
 * is the larger of CPU time divided by the CPUs that he may use (in thousandths), and of real time
 * less the time frozen and less the delay. Being throttled is his own doing: it is no delay.
 */
int64_t clock_charge(enum clock_kind kind, const struct usage *usage, int cpus_milli);

/*
 * The soonest that a player who was charged `charge` can have used up `limit`, from now, and at
 * least a millisecond: when to look again.
 */
int64_t clock_remaining(enum clock_kind kind, int64_t charge, int64_t limit, int cpus_milli);

/* How much real time may pass before cpu and fair clocks are believed to stand still. */
int64_t clock_wall_cap(enum clock_kind kind, int64_t limit);

/*
 * A delay of one thread, in which the others of its player used `others_cpu_us`: so much of it may
 * be their doing, and who competes with himself must not gain by it.
 */
int64_t clock_delay_by_others(int64_t delay_us, int64_t others_cpu_us);

#endif
