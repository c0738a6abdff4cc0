/* Owns the words for failures that have a known cure. Others are told as step and errno. */
#include "explain.h"

#include "config.h"
#include "status_line.h"
#include "value.h"

#include <errno.h>
#include <signal.h>
#include <stddef.h>
#include <string.h>

#define TEXT(value) TEXT2(value)
#define TEXT2(value) #value

static const struct {
	enum step step;
	int error;
	enum reason reason;
	const char *text;
} known[] = {
	{ STEP_uid,    EAGAIN,      REASON_refused,
	    "all " TEXT(UID_COUNT) " jails are busy: wait until one ends" },
	{ STEP_uid,    ENOENT,      REASON_setup,
	    RUN_DIR " is not set up: run bot-jail-setup as root" },
	{ STEP_cgroup, ENOENT,      REASON_setup,
	    "the parent cgroup is gone or incomplete: run bot-jail-setup as root" },
	{ STEP_cgroup, EAGAIN,      REASON_refused,
	    "you have as many jails as one caller may: wait until one ends" },
	{ STEP_cgroup, ENOSYS,      REASON_refused,
	    "a limit needs a cgroup controller that this host lacks: see bot-jail-setup --check" },
	{ STEP_cgroup, ENOTBLK,     REASON_refused,
	    "an io limit, but the directory of a slot lies on no disk" },
	{ STEP_idmap,  EMEDIUMTYPE, REASON_refused,
	    "its file system cannot map owners: a writable slot needs a directory on "
	    "ext4, xfs or btrfs, a read-only one needs that or mode o+rx" },
	{ STEP_idmap,  ENOSPC,      REASON_setup,
	      "no user namespace can be made: see sysctl user.max_user_namespaces" },
	{ STEP_clone,  ECANCELED,   REASON_killed,
	    "the caller gave it up" },
	{ STEP_userns, EPIPE,       REASON_killed,
	    "the caller gave it up" },
	{ STEP_userns, ENOSPC,      REASON_setup,
	      "no user namespace can be made: see sysctl user.max_user_namespaces" },
};

void
explain_failure(struct outcome *outcome, const struct plan *plan, const char *slot)
{
	const char *text = strerror(outcome->error), *program = plan->request->argv[0];

	for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++)
		if (known[i].step == outcome->step && known[i].error == outcome->error) {
			outcome->reason = known[i].reason;
			outcome->signal = known[i].reason == REASON_killed ? SIGKILL : 0;
			text = known[i].text;
		}
	if (outcome->step == STEP_idmap && slot)
		complain(&outcome->complaint, "slot %s: %s", slot, text);
	else if (outcome->step != STEP_exec)
		complain(&outcome->complaint, "%s: %s", step_rows[outcome->step].name, text);
	else if (outcome_exit(outcome) == 127 && strchr(program, '/'))
		complain(&outcome->complaint,
		    "%s: not found in the jail, or what its first line names is not (Windows line "
		    "endings do that, too)", program);
	else if (outcome_exit(outcome) == 127)
		complain(&outcome->complaint, "%s: not found in the jail (PATH of policy %s is %s)",
		    program,
		    plan->record->name, plan->path);
	else
		complain(&outcome->complaint, "%s: cannot be executed in the jail: %s", program,
		    text);
}

void
explain_end(const struct outcome *outcome, const struct plan *plan, struct complaint *words)
{
	static const struct {
		enum reason reason;
		enum limit limit;
		const char *what;
	} limits[] = {
		{ REASON_wall, LIMIT_wall, "time" }, { REASON_cpu, LIMIT_cpu_time, "CPU time" },
		{ REASON_memory, LIMIT_memory, "memory" },
	};
	const char *name = call_name(plan->record, outcome->call_arch, outcome->call);
	char value[VALUE_BYTES];

	words->text[0] = '\0';
	for (size_t i = 0; i < sizeof(limits) / sizeof(*limits); i++)
		if (limits[i].reason == outcome->reason) {
			enum limit j = limits[i].limit;

			value_print(plan->limit[j], limit_rows[j].unit, value);
			complain(words, "out of %s (%s=%s)", limits[i].what, limit_rows[j].name,
			    value);
		}
	if (outcome->reason == REASON_syscall)
		complain(words, "killed for system call %s (%d)", name ? name : "of a foreign ABI",
		    outcome->call);
	if (outcome->reason == REASON_killed || outcome->reason == REASON_signaled)
		complain(words, "%s (%s)", outcome->reason == REASON_killed ? "killed"
		    : "the program was ended by a signal", strsignal(outcome->signal));
}
