/* Owns what a turn costs. It never reads a clock. */
#include "clock.h"

#define LOOK_LEAST_US 1000
#define CAP_FACTOR 10
#define CAP_MORE_US (1000 * 1000)

const char *const usage_names[USAGE_NUMBERS] = {
	"wall_us", "cpu_us", "delay_us", "throttled_us", "frozen_us",
};
const char *const clock_names[CLOCKS] = { "wall", "cpu", "fair" };

void
usage_numbers(const struct usage *usage, int64_t numbers[USAGE_NUMBERS])
{
	const int64_t values[USAGE_NUMBERS] = { usage->wall_us, usage->cpu_us, usage->delay_us,
		usage->throttled_us, usage->frozen_us };

	for (int i = 0; i < USAGE_NUMBERS; i++)
		numbers[i] = values[i];
}

struct usage
usage_of(const int64_t numbers[USAGE_NUMBERS])
{
	return (struct usage){ numbers[0], numbers[1], numbers[2], numbers[3], numbers[4] };
}

static int64_t
most(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

int64_t
clock_charge(enum clock_kind kind, const struct usage *usage, int cpus_milli)
{
	int64_t delay = most(0, usage->delay_us - usage->throttled_us);

	if (kind == CLOCK_WALL)
		return usage->wall_us;
	if (kind == CLOCK_CPU)
		return usage->cpu_us;
	return most(usage->cpu_us * 1000 / most(1, cpus_milli),
	    usage->wall_us - usage->frozen_us - delay);
}

int64_t
clock_remaining(enum clock_kind kind, int64_t charge, int64_t limit, int cpus_milli)
{
	int64_t remaining = most(0, limit - charge);

	/* Many threads use up CPU time faster than time passes. */
	if (kind == CLOCK_CPU && cpus_milli > 1000)
		remaining = remaining / cpus_milli * 1000;
	return most(LOOK_LEAST_US, remaining);
}

int64_t
clock_wall_cap(enum clock_kind kind, int64_t limit)
{
	if (kind == CLOCK_WALL || limit >= CLOCK_FOR_EVER / CAP_FACTOR)
		return limit;
	return limit * CAP_FACTOR + CAP_MORE_US;
}

int64_t
clock_delay_by_others(int64_t delay_us, int64_t others_cpu_us)
{
	return most(0, delay_us - most(0, others_cpu_us));
}
