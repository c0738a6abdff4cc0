/* Owns CPUs: taking one, and knowing the share that a policy leaves to a bot. */
#include "pin.h"

#include "common.h"
#include "plan.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <string.h>
#include <sys/file.h>

/* --- which CPU */

/* A lock on the CPU's folder in sysfs, which everybody may open and nobody can fill. */
bool
pin_claim(int cpu)
{
	char path[64];

	snprintf(path, sizeof(path), "/sys/devices/system/cpu/cpu%d", cpu);
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) == 0)
		return true;
	common_close(&fd);
	return false;
}

/* So many processes want to run now: /proc/loadavg, the fourth number. */
static int
running(void)
{
	cleanup_file FILE *file = fopen("/proc/loadavg", "re");
	int count = 1;

	if (file && fscanf(file, "%*f %*f %*f %d/", &count) != 1)
		count = 1;
	return count - 1;	/* this one is not in anybody's way */
}

static int
free_cpu(const cpu_set_t *allowed)
{
	int here = sched_getcpu();

	if (running() >= CPU_COUNT(allowed) || CPU_COUNT(allowed) < 2)
		return CPU_OFF;
	if (here >= 0 && CPU_ISSET(here, allowed) && pin_claim(here))
		return here;
	for (int cpu = 0; cpu < CPU_SETSIZE; cpu++)
		if (CPU_ISSET(cpu, allowed) && pin_claim(cpu))
			return cpu;
	return CPU_OFF;
}

static int
take_cpu(struct setup *setup, int *cpus)
{
	cpu_set_t allowed, one;

	if (sched_getaffinity(0, sizeof(allowed), &allowed))
		return 0;
	*cpus = CPU_COUNT(&allowed);
	if (setup->cpu == CPU_AUTO)
		setup->cpu = setup->one_by_one ? free_cpu(&allowed) : CPU_OFF;
	if (setup->cpu == CPU_OFF)
		return 0;
	CPU_ZERO(&one);
	CPU_SET(setup->cpu, &one);
	if (sched_setaffinity(0, sizeof(one), &one)) {
		fprintf(stderr, "match-run: cpu %d: %s\n", setup->cpu, strerror(errno));
		return -1;
	}
	*cpus = 1;
	return 0;
}

/* --- what a jail may use */

static bool
same_jail(const struct program *a, const struct program *b)
{
	int i = 0;

	while (a->limits[i] && b->limits[i] && strcmp(a->limits[i], b->limits[i]) == 0)
		i++;
	return strcmp(a->policy, b->policy) == 0 && !a->limits[i] && !b->limits[i];
}

/* A jail that ends before its match may last would make a bot lose, or a game fail, for nothing. */
static int
check_wall(const struct setup *setup, const struct program *program, const char *plan)
{
	int64_t wall_us = plan_limit_us(plan, "wall"),
	    match_us = setup->rules.clock.match_us + setup->rules.clock.ready_us;

	if (!setup->rules.clock.match_us || !wall_us || wall_us > match_us)
		return 0;
	fprintf(stderr, "match-run: %s: policy %s ends its jail after %.0f s, and the match may last"
	    " %.0f s (clock.ready_ms and clock.match_ms)\n",
	    program->name, program->policy, (double)wall_us / 1e6, (double)match_us / 1e6);
	return -1;
}

static int
read_limits(struct setup *setup, const char *helper, int cpus)
{
	char plan[PLAN_BYTES] = "";
	const struct program *read = NULL;

	if (setup->rules.clock.match_us && plan_read(helper, &setup->game, plan) == 0 &&
	    check_wall(setup, &setup->game, plan))
		return -1;
	for (int i = 0; i < setup->rules.players; i++) {
		const struct program *bot = &setup->bot[i];

		setup->rules.cpus_milli[i] = 1000 * cpus;
		if (bot->person)
			continue;
		/* What cannot be had shows when the jail is started. */
		if ((!read || !same_jail(read, bot)) && plan_read(helper, bot, plan))
			plan[0] = '\0';
		read = bot;
		int milli = (int)plan_limit_number(plan, "cpu-rate") * 10;
		if (milli > 0 && milli < setup->rules.cpus_milli[i])
			setup->rules.cpus_milli[i] = setup->rate_milli[i] = milli;
		if (check_wall(setup, bot, plan))
			return -1;
	}
	return 0;
}

int
pin_setup(struct setup *setup, const char *helper)
{
	int cpus = 1;

	if (take_cpu(setup, &cpus))
		return -1;
	return read_limits(setup, helper, cpus);
}
