/* Owns the words for failures that have a known cure. Whatever is not in the table is told as step and errno. */
#include "explain.h"

#include "config.h"
#include "status_line.h"
#include "value.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define TEXT(value) TEXT2(value)
#define TEXT2(value) #value

static const struct {
	enum step step;
	int error;
	enum reason reason;
	const char *text;
} known[] = {
	{ STEP_uid,    EAGAIN,      REASON_refused, "all " TEXT(UID_COUNT) " jails are busy: wait until one ends" },
	{ STEP_uid,    ENOENT,      REASON_setup,   RUN_DIR " is not set up: run bot-jail-setup as root" },
	{ STEP_cgroup, ENOENT,      REASON_setup,   "the parent cgroup is gone or incomplete: run bot-jail-setup as root" },
	{ STEP_cgroup, EAGAIN,      REASON_refused, "you have as many jails as one caller may: wait until one ends" },
	{ STEP_cgroup, ENOSYS,      REASON_refused, "this host lacks a cgroup controller that a limit needs; "
	    "bot-jail-setup --check names it" },
	{ STEP_cgroup, ENOTBLK,     REASON_refused, "an io limit, but the directory of a slot lies on no disk" },
	{ STEP_idmap,  EMEDIUMTYPE, REASON_refused, "its file system cannot map owners: a writable slot needs a directory "
	    "on ext4, xfs or btrfs, a read-only one needs that or mode o+rx" },
	{ STEP_idmap,  ENOSPC,      REASON_setup,   "no user namespace can be made: see sysctl user.max_user_namespaces" },
	{ STEP_userns, ENOSPC,      REASON_setup,   "no user namespace can be made: see sysctl user.max_user_namespaces" },
};

void
explain_failure(struct outcome *outcome, const struct plan *plan, const char *slot)
{
	const char *text = strerror(outcome->error), *program = plan->request->argv[0];
	const char *step = step_rows[outcome->step].name;

	for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++)
		if (known[i].step == outcome->step && known[i].error == outcome->error) {
			outcome->reason = known[i].reason;
			text = known[i].text;
		}
	if (outcome->step == STEP_idmap && slot)
		complain(&outcome->complaint, "slot %s: %s", slot, text);
	else if (outcome->step == STEP_exec && outcome_exit(outcome) == 127)
		complain(&outcome->complaint, "%s: not found in the jail (PATH of policy %s is %s)", program,
		    plan->record->name, plan->path);
	else if (outcome->step == STEP_exec)
		complain(&outcome->complaint, "%s: cannot be executed in the jail: %s", program, text);
	else
		complain(&outcome->complaint, "%s: %s", step, text);
}

static void
explain_limit(enum limit limit, const struct plan *plan, const char *what, char text[256])
{
	char value[VALUE_BYTES];

	value_print(plan->limit[limit], limit_rows[limit].unit, value);
	snprintf(text, 256, "%s (%s=%s)", what, limit_rows[limit].name, value);
}

void
explain_end(const struct outcome *outcome, const struct plan *plan, char text[256])
{
	const char *name = NULL;

	text[0] = '\0';
	switch (outcome->reason) {
	case REASON_wall:
		explain_limit(LIMIT_wall, plan, "out of time", text);
		break;
	case REASON_cpu:
		explain_limit(LIMIT_cpu_time, plan, "out of CPU time", text);
		break;
	case REASON_memory:
		explain_limit(LIMIT_memory, plan, "out of memory", text);
		break;
	case REASON_syscall:
		name = call_name(plan->record, outcome->call_arch, outcome->call);
		snprintf(text, 256, "killed for system call %s (%d)", name ? name : "of a foreign ABI", outcome->call);
		break;
	case REASON_killed:
		snprintf(text, 256, "killed (%s)", strsignal(outcome->signal));
		break;
	default:
		break;
	}
}
