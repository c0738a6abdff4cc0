/* Owns the exit status that belongs to each outcome. */
#include "outcome.h"

#include <errno.h>

#define EXIT_TIME 124
#define EXIT_REFUSED 125
#define EXIT_NOT_EXECUTABLE 126
#define EXIT_NOT_FOUND 127
#define EXIT_MEMORY 137
#define EXIT_SYSCALL 159

const char *const reason_names[REASONS] = {
#define REASON(ident, exit, when) [REASON_##ident] = #ident,
#include "reasons.def"
#undef REASON
};

void
outcome_init(struct outcome *outcome)
{
	*outcome = (struct outcome){
		.reason = REASON_refused, .call = -1, .step = STEPS,
		.wall_us = STAT_NONE, .cpu_us = STAT_NONE, .user_us = STAT_NONE,
		.system_us = STAT_NONE,
		.memory_peak = STAT_NONE, .processes_peak = STAT_NONE, .oom_kills = STAT_NONE,
		.throttled_us = STAT_NONE,
	};
	for (int i = 0; i < LIMITS; i++)
		outcome->cgroup_limit[i] = LIMIT_NONE;
}

static int
setup_exit(const struct outcome *outcome)
{
	if (outcome->step != STEP_exec)
		return EXIT_REFUSED;
	return outcome->error == ENOENT || outcome->error == ENOTDIR ? EXIT_NOT_FOUND
	    : EXIT_NOT_EXECUTABLE;
}

int
outcome_exit(const struct outcome *outcome)
{
	switch (outcome->reason) {
	case REASON_exited:	return outcome->exit;
	case REASON_signaled:
	case REASON_killed:	return 128 + outcome->signal;
	case REASON_wall:
	case REASON_cpu:	return EXIT_TIME;
	case REASON_memory:	return EXIT_MEMORY;
	case REASON_syscall:	return EXIT_SYSCALL;
	case REASON_setup:	return setup_exit(outcome);
	default:		return EXIT_REFUSED;
	}
}
