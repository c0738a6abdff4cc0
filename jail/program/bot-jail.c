/*
 * bot-jail: start one program in one jail, wait, report. Theory of operation:
 *
 * The caller asks (request), root's policy answers (record), and the meet of both and of the inherited limits is
 * the plan; nothing after that is decided anew. The keeper, which is this process, makes what a jail needs from
 * outside: a uid, a cgroup, restricted mounts of the caller's directories. pid 1, its child in new namespaces, makes
 * the rest from inside, proves all of it, and starts the bot under its filter. The keeper then waits, as the
 * caller and without a capability, and reports what the kernel says became of it. steps.def names every step.
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
	struct plan plan;
	bool planned;
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

	const struct record *record = record_load(run->request.policy, complaint);
	if (!record || caller_limits(inherited, complaint) ||
	    plan_meet(record, &run->request, inherited, &run->plan, complaint))
		return -1;
	run->planned = true;
	return caller_slots(&run->caller, &run->plan, run->dirs, complaint);
}

static int
start(struct run *run)
{
	if (launch_start(&run->launch, &run->plan, &run->caller, run->dirs, &run->outcome))
		return -1;
	if (keeper_settle(&run->launch) == 0 && launch_release(&run->launch) == 0)
		return 0;
	run->outcome.reason = REASON_setup;
	run->outcome.step = STEP_userns;
	run->outcome.error = errno;
	return -1;
}

/* Removes what is left, and becomes the caller again for what is written to him. */
static void
clean_up(struct run *run)
{
	if (caller_raise() || launch_undo(&run->launch))
		run->outcome.stuck = run->outcome.stuck ? run->outcome.stuck : "cgroup";
	if (caller_lower(&run->caller))
		_exit(outcome_exit(&run->outcome));	/* nothing is written to the caller as root */
}

static void
carry_out(struct run *run)
{
	if (run->request.dry)
		(void)launch_try(&run->launch, &run->plan, &run->caller, run->dirs, &run->outcome);
	else if (start(run) == 0)
		keeper_watch(&run->launch, &run->outcome);
	else if (caller_raise() == 0)
		keeper_abort(&run->launch);
	clean_up(run);
	if (run->outcome.reason == REASON_setup)
		explain_failure(&run->outcome, &run->plan, run->launch.slots.blame);
	if (run->caller.control >= 0 && run->launch.pidfd >= 0)
		(void)control_send_slots(run->caller.control, &run->plan, &run->launch.slots);	/* if he still listens */
}

static void
tell_people(const struct run *run)
{
	char text[256];

	if (run->outcome.reason == REASON_refused || run->outcome.reason == REASON_setup) {
		fprintf(stderr, "bot-jail: %s\n", run->outcome.complaint.text);
		return;
	}
	explain_end(&run->outcome, &run->plan, text);
	if (text[0] && run->caller.status < 0)
		fprintf(stderr, "bot-jail: %s\n", text);
}

static void
tell_status(const struct run *run)
{
	char line[STATUS_LINE_BYTES];
	const char *policy = run->request.policy;
	size_t length = status_line(&run->outcome, run->planned ? &run->plan : NULL, policy, line);

	if (run->caller.status >= 0)
		(void)!write(run->caller.status, line, length);	/* the exit status tells, too */
}

static int
finish(const struct run *run)
{
	tell_people(run);
	tell_status(run);
	return outcome_exit(&run->outcome);
}

static int
print_plan(const struct run *run)
{
	plan_print(&run->plan, &run->outcome);
	return fflush(stdout) ? 125 : 0;
}

static int
print_help(const struct request *request)
{
	if (request->help)
		request_help();
	else
		puts("bot-jail " VERSION);
	return fflush(stdout) ? 125 : 0;
}

int
main(int argc, char *argv[])
{
	static struct run run;
	struct complaint *complaint = &run.outcome.complaint;

	outcome_init(&run.outcome);
	if (caller_begin(&run.caller)) {
		complain(complaint, "cannot become the caller: %s", strerror(errno));
		return finish(&run);
	}
	if (request_parse(argc, argv, &run.request, complaint)) {
		struct complaint ignored;

		(void)caller_keep(&run.caller, &run.request, &ignored);	/* for the status line, if it works */
		return finish(&run);
	}
	if (run.request.help || run.request.version)
		return print_help(&run.request);
	if (caller_keep(&run.caller, &run.request, complaint) || caller_check(complaint) || decide(&run))
		return finish(&run);
	carry_out(&run);
	if (run.request.dry && run.outcome.reason == REASON_refused && run.outcome.complaint.text[0] == '\0')
		return print_plan(&run);
	return finish(&run);
}
