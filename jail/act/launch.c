/* Owns the keeper's half of a launch: the steps from the uid to the maps, in the order of steps.def. */
#include "launch.h"

#include "config.h"
#include "control.h"
#include "init.h"
#include "proc.h"
#include "report.h"
#include "sys.h"

#include <errno.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define NAMESPACES (CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWIPC | CLONE_NEWUTS | CLONE_NEWNET | CLONE_NEWCGROUP)

static int
failed(struct outcome *outcome, enum step step)
{
	outcome->reason = REASON_setup;
	outcome->step = step;
	outcome->error = errno;
	return -1;
}

int
launch_try(struct launch *launch, const struct plan *plan, const struct caller *caller,
    const int dirs[SLOTS_MAX], struct outcome *outcome)
{
	*launch = (struct launch){ .plan = plan, .caller = caller, .id.lock = -1, .pidfd = -1 };
	cgroup_init(&launch->cgroup, caller->uid, 0);
	if (caller_raise() || uids_take(caller->uid, cgroup_clear, &launch->id))
		return failed(outcome, STEP_uid);
	launch->cgroup.index = launch->id.index;
	if (cgroup_make(&launch->cgroup, plan, dirs, outcome))
		return failed(outcome, STEP_cgroup);
	return 0;
}

static int
start_pid1(struct launch *launch)
{
	struct clone_args args = {
		.flags = NAMESPACES | CLONE_INTO_CGROUP | CLONE_PIDFD,
		.pidfd = (uint64_t)(uintptr_t)&launch->pidfd,
		.cgroup = (uint64_t)launch->cgroup.dir,
		.exit_signal = SIGCHLD,
	};

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, launch->report))
		return -1;
	launch->pid = (pid_t)sys_clone3(&args);
	if (launch->pid == 0)
		init_main(launch);
	(void)close(launch->report[1]);	/* so that pid 1's end shows as an end of file */
	return launch->pid < 0 ? -1 : 0;
}

/* pid 1 is not dumpable and so may not write its own maps. */
static int
map_pid1(const struct launch *launch)
{
	static const uid_t inside[2] = { INSIDE_ID, INSIDE_ID };
	int proc = proc_open();

	if (proc < 0)
		return -1;
	int wrong = proc_write(proc, launch->pid, "setgroups", "deny") ||
	    proc_map_ids(proc, launch->pid, inside, launch->id.uid);
	int error = errno;
	(void)close(proc);	/* opened for its path only */
	errno = error;
	return wrong ? -1 : 0;
}

/* Waits for pid 1's first word, but not for longer than the caller does. */
static int
hear_pid1(const struct launch *launch, struct report *report)
{
	struct pollfd fds[] = {
		{ launch->report[0], POLLIN, 0 }, { launch->caller->parent, POLLIN, 0 },
		{ launch->caller->control, POLLRDHUP, 0 },
	};
	int fd;

	errno = ECHILD;		/* if it died without a word: killed */
	if (poll(fds, 3, -1) < 0 || !fds[0].revents || report_receive(launch->report[0], report, &fd))
		return -1;
	return 0;
}

/* Waits until pid 1 is in its user namespace, and writes the maps. */
static int
serve_pid1(const struct launch *launch, struct outcome *outcome)
{
	struct report report;

	if (hear_pid1(launch, &report))
		return failed(outcome, STEP_clone);
	if (report.kind != REPORT_MAPS) {
		errno = report.value;
		return failed(outcome, report.step);
	}
	return map_pid1(launch) ? failed(outcome, STEP_userns) : 0;
}

int
launch_start(struct launch *launch, const struct plan *plan, const struct caller *caller,
    const int dirs[SLOTS_MAX], struct outcome *outcome)
{
	const uid_t ids[2] = { caller->uid, caller->gid };

	if (launch_try(launch, plan, caller, dirs, outcome))
		return -1;
	if (slots_clone(plan, dirs, ids, launch->id.uid, &launch->slots))
		return failed(outcome, STEP_idmap);
	if (start_pid1(launch))
		return failed(outcome, STEP_clone);
	if (cgroup_attach(&launch->cgroup, launch->pid))
		return failed(outcome, STEP_attach);
	if (serve_pid1(launch, outcome))
		return -1;
	/* Not before: who has these can freeze pid 1, and here we would wait for it. */
	if (caller->control >= 0 && control_send_cgroup(caller->control, &launch->cgroup))
		return failed(outcome, STEP_cgroup);
	return 0;
}

int
launch_release(const struct launch *launch)
{
	return send(launch->report[0], "", 1, MSG_NOSIGNAL) == 1 ? 0 : -1;
}

int
launch_undo(struct launch *launch)
{
	if (launch->id.lock < 0)
		return 0;
	return cgroup_remove(&launch->cgroup) || uids_clean(&launch->id) ? -1 : 0;
}
