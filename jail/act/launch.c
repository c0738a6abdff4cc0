/*
 * Owns the keeper's half of a launch: the steps from the uid to the maps, in the order of
 * steps.def.
 */
#include "launch.h"

#include "config.h"
#include "control.h"
#include "file.h"
#include "init.h"
#include "proc.h"
#include "report.h"
#include "sys.h"

#include <errno.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>

#define NAMESPACES (CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWIPC | CLONE_NEWUTS | CLONE_NEWNET | \
    CLONE_NEWCGROUP)

static int
take_uid(struct launch *launch)
{
	if (caller_raise() || uids_take(launch->caller->uid, cgroup_clear, &launch->id))
		return -1;
	launch->cgroup.index = launch->id.index;
	return 0;
}

static int
map_slots(struct launch *launch)
{
	return slots_clone(launch->plan, launch->dirs, launch->caller->uid, launch->caller->gid,
	    launch->id.uid, &launch->slots);
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
	pid_t pid = (pid_t)sys_clone3(&args);
	if (pid == 0)
		init_main(launch);
	(void)file_close(launch->report[1]);	/* so that pid 1's end shows as an end of file */
	launch->pid = pid > 0 ? pid : 0;
	return pid > 0 ? 0 : -1;
}

/* Waits for pid 1's first word, but not for longer than the caller does: ECANCELED. */
static int
hear_pid1(const struct launch *launch, struct report *report)
{
	struct pollfd fds[] = {
		{ launch->report[0], POLLIN, 0 }, { launch->caller->parent, POLLIN, 0 },
		{ launch->caller->control, POLLRDHUP, 0 },
	};
	int fd;

	if (poll(fds, 3, -1) < 0)
		return -1;
	errno = fds[0].revents ? ECHILD : ECANCELED;	/* ECHILD: it died without a word */
	return fds[0].revents ? report_receive(launch->report[0], report, &fd) : -1;
}

/* pid 1 is not dumpable and so may not write its own maps. */
static int
map_pid1(const struct launch *launch)
{
	int proc = proc_open();

	if (proc < 0)
		return -1;
	int wrong = proc_write(proc, launch->pid, "setgroups", "deny") ||
	    proc_map_ids(proc, launch->pid, INSIDE_ID, INSIDE_ID, launch->id.uid);
	(void)file_close(proc);
	return wrong ? -1 : 0;
}

/*
 * Before the bot may run every privilege goes: from then on the caller can keep us waiting for as
 * long as he likes. Not before this moment he gets what freezes pid 1, for here we would wait for
 * it.
 */
static int
release_pid1(struct launch *launch)
{
	int control = launch->caller->control;

	return map_pid1(launch) ||
	    (control >= 0 && control_send_cgroup(control, &launch->cgroup)) ||
	    caller_settle(launch->caller) || send(launch->report[0], "", 1, MSG_NOSIGNAL) != 1 ? -1
	    : 0;
}

static int
failed(struct outcome *outcome, enum step step, int error)
{
	outcome->reason = REASON_setup;
	outcome->step = step;
	outcome->error = error;
	return -1;
}

int
launch_try(struct launch *launch, struct outcome *outcome)
{
	if (take_uid(launch))
		return failed(outcome, STEP_uid, errno);
	if (cgroup_make(&launch->cgroup, launch->plan, launch->dirs, outcome))
		return failed(outcome, STEP_cgroup, errno);
	return 0;
}

int
launch_start(struct launch *launch, struct outcome *outcome)
{
	struct report report;

	if (launch_try(launch, outcome))
		return -1;
	if (map_slots(launch))
		return failed(outcome, STEP_idmap, errno);
	if (start_pid1(launch))
		return failed(outcome, STEP_clone, errno);
	if (cgroup_attach(&launch->cgroup, launch->pid))
		return failed(outcome, STEP_attach, errno);
	if (hear_pid1(launch, &report))
		return failed(outcome, STEP_clone, errno);
	if (report.kind != REPORT_MAPS)
		return failed(outcome, report.step, report.value);
	if (cgroup_verify(&launch->cgroup, launch->pid))
		return failed(outcome, STEP_attach, errno);
	return release_pid1(launch) ? failed(outcome, STEP_userns, errno) : 0;
}

int
launch_undo(struct launch *launch)
{
	if (launch->id.lock < 0)
		return 0;
	if (launch->pid > 0) {	/* not reaped yet: a launch that failed half-way */
		(void)cgroup_kill(&launch->cgroup);	/* if it fails, the group is found in use */
		(void)sys_pidfd_kill(launch->pidfd, SIGKILL);
		(void)waitid(P_PIDFD, (id_t)launch->pidfd, NULL, WEXITED);
	}
	int wrong = cgroup_remove(&launch->cgroup) || uids_clean(&launch->id) ? -1 : 0;
	/*
	 * Before we write to the caller, who may let us wait: only the cgroup counts against him.
	 */
	(void)file_close(launch->id.lock);
	return wrong;
}
