/*
 * Claim: the three clocks charge what match-run(1) says: nobody pays for what others of this host do, and nobody gains by
 * what he does to himself. Schedules are made up, with bots of several threads among strangers, to see who could.
 */
#include "clock.h"
#include "tap.h"

#include <stdlib.h>

static const struct {
	struct usage usage;	/* wall, cpu, delay, throttled, frozen */
	int cpus_milli;
	int64_t wall, cpu, fair;
	const char *name;
} charges[] = {
	{ { 0, 0, 0, 0, 0 }, 1000, 0, 0, 0, "nothing" },
	{ { 100, 100, 0, 0, 0 }, 1000, 100, 100, 100, "one thread that computes" },
	{ { 100, 0, 0, 0, 0 }, 1000, 100, 0, 100, "one that sleeps: cpu is free, fair is not" },
	{ { 100, 40, 60, 0, 0 }, 1000, 100, 40, 40, "one that others keep waiting" },
	{ { 100, 40, 30, 0, 0 }, 1000, 100, 40, 70, "that others keep waiting, and that sleeps" },
	{ { 100, 40, 60, 60, 0 }, 1000, 100, 40, 100, "that its cpu-rate keeps waiting" },
	{ { 100, 40, 60, 20, 0 }, 1000, 100, 40, 60, "that both do" },
	{ { 100, 40, 20, 60, 0 }, 1000, 100, 40, 100, "throttled for longer than delayed: none is paid back twice" },
	{ { 100, 30, 0, 0, 70 }, 1000, 100, 30, 30, "one that was stopped meanwhile" },
	{ { 100, 10, 30, 0, 50 }, 1000, 100, 10, 20, "that was stopped, waited and slept" },
	{ { 100, 400, 0, 0, 0 }, 4000, 100, 400, 100, "four threads on four CPUs" },
	{ { 100, 400, 0, 0, 0 }, 2000, 100, 400, 200, "what could not be: more than the CPUs give" },
	{ { 100, 100, 100, 0, 0 }, 4000, 100, 100, 25, "four threads, of which others delayed all" },
	{ { 100, 50, 0, 0, 0 }, 500, 100, 50, 100, "half a CPU, all of it used" },
	{ { 100, 40, 10, 0, 0 }, 500, 100, 40, 90, "half a CPU, and a delay" },
	{ { 100, 0, 500, 0, 500 }, 1000, 100, 0, 0, "numbers that contradict each other charge nothing, not less" },
};

static const struct {
	enum clock_kind kind;
	int64_t charge, limit;
	int cpus_milli;
	int64_t remaining;
} remainings[] = {
	{ CLOCK_WALL, 0, 1000000, 1000, 1000000 },	{ CLOCK_WALL, 0, 1000000, 4000, 1000000 },
	{ CLOCK_WALL, 400000, 1000000, 1000, 600000 },	{ CLOCK_WALL, 999500, 1000000, 1000, 1000 },
	{ CLOCK_WALL, 1000000, 1000000, 1000, 1000 },	{ CLOCK_WALL, 2000000, 1000000, 1000, 1000 },
	{ CLOCK_CPU, 0, 1000000, 1000, 1000000 },	{ CLOCK_CPU, 0, 1000000, 4000, 250000 },
	{ CLOCK_CPU, 0, 1000000, 500, 1000000 },	{ CLOCK_CPU, 998000, 1000000, 4000, 1000 },
	{ CLOCK_CPU, 0, 1000000, 0, 1000000 },		{ CLOCK_FAIR, 0, 1000000, 4000, 1000000 },
	{ CLOCK_FAIR, 250000, 1000000, 500, 750000 },	{ CLOCK_FAIR, 0, 1, 1000, 1000 },
	/* there is always more than half of for ever left */
	{ CLOCK_WALL, 0, CLOCK_FOR_EVER, 1000, CLOCK_FOR_EVER },
};

static const struct {
	enum clock_kind kind;
	int64_t limit, cap;
} caps[] = {
	{ CLOCK_WALL, 0, 0 },		{ CLOCK_WALL, 1000000, 1000000 },	{ CLOCK_WALL, CLOCK_FOR_EVER, CLOCK_FOR_EVER },
	{ CLOCK_CPU, 0, 1000000 },	{ CLOCK_CPU, 1000000, 11000000 },	{ CLOCK_CPU, CLOCK_FOR_EVER, CLOCK_FOR_EVER },
	{ CLOCK_FAIR, 1, 1000010 },	{ CLOCK_FAIR, 100000, 2000000 },	{ CLOCK_FAIR, CLOCK_FOR_EVER, CLOCK_FOR_EVER },
};

static const struct {
	int64_t delay, others, left;
} delays[] = {
	{ 0, 0, 0 }, { 100, 0, 100 }, { 100, 30, 70 }, { 100, 100, 0 }, { 100, 300, 0 }, { 0, 100, 0 }, { 100, -5, 100 }, { -5, 0, 0 },
};

static void
test_tables(void)
{
	for (size_t i = 0; i < sizeof(charges) / sizeof(*charges); i++) {
		int64_t wall = clock_charge(CLOCK_WALL, &charges[i].usage, charges[i].cpus_milli),
		    cpu = clock_charge(CLOCK_CPU, &charges[i].usage, charges[i].cpus_milli),
		    fair = clock_charge(CLOCK_FAIR, &charges[i].usage, charges[i].cpus_milli);

		if (!ok(wall == charges[i].wall && cpu == charges[i].cpu && fair == charges[i].fair, "%s", charges[i].name))
			printf("#   got: wall %lld cpu %lld fair %lld\n", (long long)wall, (long long)cpu, (long long)fair);
	}
	for (size_t i = 0; i < sizeof(remainings) / sizeof(*remainings); i++) {
		int64_t got = clock_remaining(remainings[i].kind, remainings[i].charge, remainings[i].limit, remainings[i].cpus_milli);

		if (!ok(got == remainings[i].remaining, "%s: %lld of %lld on %d", clock_names[remainings[i].kind],
		    (long long)remainings[i].charge, (long long)remainings[i].limit, remainings[i].cpus_milli))
			printf("#   got: %lld\n", (long long)got);
	}
	for (size_t i = 0; i < sizeof(caps) / sizeof(*caps); i++)
		ok(clock_wall_cap(caps[i].kind, caps[i].limit) == caps[i].cap, "%s: at most %lld for a limit of %lld",
		    clock_names[caps[i].kind], (long long)caps[i].cap, (long long)caps[i].limit);
	for (size_t i = 0; i < sizeof(delays) / sizeof(*delays); i++)
		ok(clock_delay_by_others(delays[i].delay, delays[i].others) == delays[i].left, "a delay of %lld, %lld of siblings",
		    (long long)delays[i].delay, (long long)delays[i].others);
	/* Others, too, have threads: without overflow, for a UBSan that looks. */
	ok(clock_remaining(CLOCK_CPU, 0, CLOCK_FOR_EVER, 4000) > CLOCK_FOR_EVER / 16, "for ever lasts on many CPUs, too");
}

/* --- random numbers */

static unsigned seed = 5;

static int64_t
dice(int64_t most)
{
	return (((int64_t)rand_r(&seed) << 31) | rand_r(&seed)) % (most + 1);
}

static void
test_numbers(void)
{
	int least = 0, names = 0, above = 0, below = 0, soon = 0;

	for (int i = 0; i < 300000; i++) {
		int cpus = 1 + (int)dice(16000);
		int64_t wall = dice(i % 2 ? 10000 : INT64_C(1) << 40), limit = dice(INT64_C(1) << 40), numbers[USAGE_NUMBERS];
		struct usage usage = { wall, dice(wall * cpus / 1000), dice(wall), dice(wall), dice(wall) };
		struct usage more = usage;

		usage_numbers(&usage, numbers);
		struct usage back = usage_of(numbers);
		names += memcmp(&back, &usage, sizeof(back)) != 0;
		more.wall_us += 100;
		for (int kind = 0; kind < CLOCKS; kind++) {
			int64_t charge = clock_charge((enum clock_kind)kind, &usage, cpus),
			    remaining = clock_remaining((enum clock_kind)kind, charge, limit, cpus);

			least += charge < 0 || remaining < 1000 || clock_wall_cap((enum clock_kind)kind, limit) < limit;
			below += clock_charge((enum clock_kind)kind, &more, cpus) < charge;
			/* Looking that soon, he cannot have had much more than his limit, whatever he did since. */
			int64_t cpu_since = remaining * cpus / 1000;
			more = usage;
			more.wall_us += remaining;
			more.cpu_us += cpu_since;
			soon += charge < limit && remaining > 1000 &&
			    clock_charge((enum clock_kind)kind, &more, cpus) > limit + limit / 1000 + 20 + usage.wall_us / 1000;
			more = usage;
			more.wall_us += 100;
		}
		above += clock_charge(CLOCK_FAIR, &usage, cpus) > usage.wall_us;
	}
	ok(names == 0, "numbers go into a list and come back");
	ok(least == 0, "no charge is negative, no look comes sooner than in a millisecond, no cap is below the limit");
	ok(above == 0, "fair is at most wall, for all that a host can give");
	ok(below == 0, "more time never costs less");
	ok(soon == 0, "who is looked at when he could have used up his time is not far beyond it");
}

/* --- made-up schedules: a bot's threads and strangers on some CPUs, a microsecond a step */

#define THREADS 6
#define STEPS 400

struct schedule {
	int cpus, threads, strangers;	/* of a hundred: how often a CPU is theirs */
	int sleeps;			/* of a hundred: how often a thread does not want to run */
	struct usage usage;
	int64_t idle;			/* no thread wanted to run */
	int64_t stolen;			/* a stranger was on some CPU while a thread waited */
};

static void
shuffle(int order[THREADS], int count)
{
	for (int i = count - 1; i > 0; i--) {
		int j = (int)dice(i), kept = order[i];

		order[i] = order[j];
		order[j] = kept;
	}
}

static void
run(struct schedule *schedule)
{
	int64_t cpu[THREADS] = { 0 }, delay[THREADS] = { 0 }, all = 0, longest = 0;
	int order[THREADS];

	for (int i = 0; i < THREADS; i++)
		order[i] = i;
	for (int step = 0; step < STEPS; step++) {
		int theirs = 0, waiting = 0, wanting = 0;

		for (int i = 0; i < schedule->cpus; i++)
			theirs += dice(99) < schedule->strangers;
		int room = schedule->cpus - theirs;
		shuffle(order, schedule->threads);
		for (int i = 0; i < schedule->threads; i++) {
			int thread = order[i];

			if (dice(99) < schedule->sleeps)
				continue;
			wanting++;
			if (room-- > 0) {
				cpu[thread]++;
				all++;
			} else {
				delay[thread]++;
				waiting++;
			}
		}
		schedule->idle += wanting == 0;
		schedule->stolen += waiting > 0 && theirs > 0;
	}
	/* as meter.c has it */
	for (int i = 0; i < schedule->threads; i++) {
		int64_t others = clock_delay_by_others(delay[i], all - cpu[i]);

		longest = others > longest ? others : longest;
	}
	schedule->usage = (struct usage){ STEPS, all, longest, 0, 0 };
}

static void
test_schedules(void)
{
	int alone = 0, gained = 0, worse = 0, paid = 0, solo = 0;

	for (int i = 0; i < 20000; i++) {
		struct schedule schedule = { .cpus = 1 + (int)dice(3), .threads = 1 + (int)dice(THREADS - 1),
			.strangers = i % 2 ? (int)dice(90) : 0, .sleeps = (int)dice(2) * (int)dice(45) };

		run(&schedule);
		int64_t fair = clock_charge(CLOCK_FAIR, &schedule.usage, 1000 * schedule.cpus);
		/* On an idle machine it costs what it takes, however many threads want one CPU. */
		alone += schedule.strangers == 0 && fair != STEPS;
		/* Never is more given back than strangers took. */
		gained += fair < STEPS - schedule.stolen;
		worse += fair > STEPS;
		/* One thread that never sleeps, among strangers: what it would have taken alone, exactly. */
		if (schedule.threads == 1 && schedule.sleeps == 0) {
			solo++;
			paid += fair != (schedule.usage.cpu_us > STEPS - schedule.stolen ? schedule.usage.cpu_us : STEPS - schedule.stolen) ||
			    fair != schedule.usage.cpu_us;
		}
	}
	ok(alone == 0, "threads that keep each other waiting gain nothing by it");
	ok(gained == 0, "nor do they among strangers: what is given back, strangers took");
	ok(worse == 0, "and fair is never more than wall");
	ok(solo > 100 && paid == 0, "one thread that computes pays its computing, whatever strangers do (%d schedules)", solo);
}

int
main(void)
{
	test_tables();
	test_numbers();
	test_schedules();
	return done_testing();
}
