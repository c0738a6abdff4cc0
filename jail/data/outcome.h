/*
 * What became of a jail: the evidence, and the reason computed from it. The keeper alone writes it.
 */
#ifndef OUTCOME_H
#define OUTCOME_H

#include "complaint.h"
#include "limits.h"
#include "steps.h"

#include <stdint.h>

enum reason {
#define REASON(ident, exit, when) REASON_##ident,
#include "reasons.def"
#undef REASON
	REASONS
};

#define STAT_NONE (-1)		/* the kernel does not tell, or there was no bot */

struct outcome {
	enum reason reason;
	int exit;			/* of the bot, when exited */
	int signal;			/* signaled, killed; else 0 */
	enum step step;			/* setup */
	int error;			/* setup: errno */
	struct complaint complaint;	/* refused and setup: for people */
	int64_t wall_us, cpu_us, user_us, system_us;	/* since exec */
	int64_t memory_peak, processes_peak, oom_kills, throttled_us;
	int call;			/* syscall: its number, else -1 */
	uint32_t call_arch;
	uint64_t cgroup_limit[LIMITS];	/* read back from the kernel; LIMIT_NONE: not a cgroup's limit */
	const char *stuck;		/* what could not be cleaned up, or NULL; static text */
};

extern const char *const reason_names[REASONS];

/* Nothing known yet: refused, no statistics. */
void outcome_init(struct outcome *outcome);

/* Exit status of bot-jail for this outcome: bot-jail(1), EXIT STATUS. */
int outcome_exit(const struct outcome *outcome);

#endif
