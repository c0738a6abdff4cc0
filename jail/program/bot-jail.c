/*
 * bot-jail: start one program in one jail, wait, report. Theory of operation:
 *
 * The caller asks (request), root's policy answers (record), and the meet of both and of the
 * inherited limits is the plan; nothing after that is decided anew. The keeper, which is this
 * process, makes what a jail needs from outside: a uid, a cgroup, restricted mounts of the caller's
 * directories. pid 1, its child in new namespaces, makes the rest from inside, proves all of it,
 * and starts the bot under its filter. The keeper then waits, as the caller and without a
 * capability, and reports what the kernel says became of it. steps.def names every step.
 */
#include "caller.h"
#include "config.h"
#include "control.h"
#include "explain.h"
#include "file.h"
#include "keeper.h"
#include "launch.h"
#include "plan_print.h"
#include "request_parse.h"
#include "status_line.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

struct run {
	struct caller caller;
	struct request request;
	struct plan plan;		/* plan.record is NULL before there is one */
	int dirs[SLOTS_MAX];
	struct launch launch;
	struct outcome outcome;
};

/* Everything that is decided as the caller. -1: refused, with a complaint. */
static int
decide(struct run *run)
{
	struct complaint *complaint = &run->outcome.complaint;
	uint64_t inherited[LIMITS];
	const struct record *record;
	struct plan plan;

	if (caller_keep(&run->caller, &run->request, complaint) || caller_check(complaint) ||
	    !(record = record_load(run->request.policy, complaint)) ||
	    caller_limits(inherited, complaint) ||
	    plan_meet(record, &run->request, inherited, &plan, complaint))
		return -1;
	run->plan = plan;
	return caller_slots(&run->caller, &run->plan, run->dirs, complaint);
}

/* Starts the jail and waits for its end, or only tries its limits; removes what is left of it. */
static void
carry_out(struct run *run)
{
	struct launch *launch = &run->launch;
	struct outcome *outcome = &run->outcome;

	*launch = (struct launch){ .plan = &run->plan, .caller = &run->caller, .dirs = run->dirs,
		.id.lock = -1 };
	cgroup_init(&launch->cgroup, run->caller.uid, 0);
	if (run->request.dry)
		(void)launch_try(launch, outcome);	/* the outcome tells */
	else if (launch_start(launch, outcome) == 0)
		keeper_watch(launch, outcome);
	if (caller_raise() || launch_undo(launch))
		outcome->stuck = outcome->stuck ? outcome->stuck : "the cgroup cannot be removed";
	if (caller_lower(&run->caller))
		_exit(outcome_exit(outcome));	/* nothing is written to the caller as root */
	if (outcome->reason == REASON_setup)
		explain_failure(outcome, &run->plan, launch->slots.blame);
	else if (run->caller.control >= 0 && !run->request.dry)
		/* if he listens */
		(void)control_send_slots(run->caller.control, &run->plan, &launch->slots);
}

/* Tells people in words, unless they read the status line, and that. The exit status. */
static int
tell(const struct run *run)
{
	const struct outcome *outcome = &run->outcome;
	const struct plan *plan = run->plan.record ? &run->plan : NULL;
	struct complaint words = outcome->complaint;
	char line[STATUS_LINE_BYTES];

	if (!words.text[0] && run->caller.status < 0)
		explain_end(outcome, plan, &words);
	if (words.text[0])
		fprintf(stderr, "bot-jail: %s\n", words.text);
	size_t length = status_line(outcome, plan, run->request.policy, line);
	if (run->caller.status >= 0)
		(void)!write(run->caller.status, line, length);	/* the exit status tells, too */
	return outcome_exit(outcome);
}

/* Help, version or plan; the exit status. */
static int
print(const struct run *run)
{
	if (run->request.help)
		request_help();
	else if (run->request.version)
		puts("bot-jail " VERSION);
	else
		plan_print(&run->plan, &run->outcome);
	return fflush(stdout) ? 125 : 0;
}

int
main(int argc, char *argv[])
{
	static struct run run;
	struct complaint *complaint = &run.outcome.complaint, ignored;

	outcome_init(&run.outcome);
	if (caller_begin(&run.caller)) {
		complain(complaint, "cannot become the caller: %s", strerror(errno));
		return tell(&run);
	}
	if (request_parse(argc, argv, &run.request, complaint)) {
		/* for the status line, if it can */
		(void)caller_keep(&run.caller, &run.request, &ignored);
		return tell(&run);
	}
	if (run.request.help || run.request.version)
		return print(&run);
	if (decide(&run))
		return tell(&run);
	carry_out(&run);
	bool planned = run.request.dry && !run.outcome.complaint.text[0];
	return planned ? print(&run) : tell(&run);
}
