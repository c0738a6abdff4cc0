/*
 * Owns pid 1 of the jail. While it builds, it is root in new namespaces; once it has proven itself, it is nobody,
 * starts the bot, and from then on only reaps. It dies with the keeper, and the jail with it.
 */
#include "init.h"

#include "bot.h"
#include "config.h"
#include "file.h"
#include "prove.h"
#include "report.h"
#include "sys.h"
#include "tree.h"

#include <cap-ng.h>
#include <errno.h>
#include <linux/keyctl.h>
#include <linux/securebits.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>

/* cpu.max does not bound realtime threads, so the caller's privilege to have them ends here. */
static int
leave_realtime(void)
{
	const struct sched_param none = { 0 };
	long policy = syscall(SYS_sched_getscheduler, 0);

	if (policy != SCHED_FIFO && policy != SCHED_RR)
		return policy < 0 ? -1 : 0;
	return (int)syscall(SYS_sched_setscheduler, 0, SCHED_OTHER, &none);
}

static int
step_session(const struct launch *launch)
{
	(void)launch;
	(void)umask(0);	/* cannot fail; the tree's modes are meant as written */
	return setsid() < 0 || sethostname("jail", 4) ? -1 : leave_realtime();
}

static int
step_root(const struct launch *launch)
{
	(void)launch;
	return tree_root();
}

static int
step_pivot(const struct launch *launch)
{
	return tree_pivot(launch->plan);
}

static int
step_descriptors(const struct launch *launch)
{
	return fds_close_others(launch->report[1], launch->id.lock);
}

/* KEEPCAPS: a host may forbid user namespaces to processes without CAP_SYS_ADMIN, and one comes next. */
static int
step_identity(const struct launch *launch)
{
	uid_t id = launch->id.uid;

	if (sys_setgroups(0, NULL) || prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0) || sys_setresgid(id, id, id) ||
	    sys_setresuid(id, id, id))
		return -1;
	return sys_keyctl(KEYCTL_JOIN_SESSION_KEYRING, NULL) < 0 ? -1 : 0;
}

/* A change of identity clears the parent-death signal: set it now, before the keeper's answer proves it alive. */
static int
step_userns(const struct launch *launch)
{
	struct report ready = { .kind = REPORT_MAPS };
	char answer;

	if (sys_unshare(CLONE_NEWUSER) || prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) ||
	    prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) || report_send(launch->report[1], &ready, -1))
		return -1;
	return recv(launch->report[1], &answer, 1, 0) == 1 ? 0 : -1;
}

static int
step_limits(const struct launch *launch)
{
	(void)umask(S_IWGRP | S_IWOTH);	/* cannot fail */
	for (int i = 0; i < LIMITS; i++) {
		uint64_t value = launch->plan->limit[i];
		struct rlimit limit = { value, value };

		if (limit_rows[i].set >= 0 && value != LIMIT_NONE && prlimit(0, limit_rows[i].set, &limit, NULL))
			return -1;
	}
	return 0;
}

/* The order matters: dropping from the bounding set and locking securebits need a capability themselves. */
static int
step_caps(const struct launch *launch)
{
	int cap = 0;

	(void)launch;
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) || prctl(PR_SET_SECUREBITS, JAIL_SECUREBITS))
		return -1;
	while (prctl(PR_CAPBSET_DROP, cap, 0, 0, 0) == 0)
		cap++;
	if (errno != EINVAL)	/* which is how the kernel says: there are no more */
		return -1;
	capng_clear(CAPNG_SELECT_ALL);
	return capng_apply(CAPNG_SELECT_CAPS | CAPNG_SELECT_AMBIENT);
}

static int
step_verify(const struct launch *launch)
{
	return prove(launch->plan);
}

static const struct {
	enum step step;
	int (*run)(const struct launch *launch);
} steps[] = {
	{ STEP_session,     step_session },
	{ STEP_root,        step_root },
	{ STEP_tree,        tree_make },
	{ STEP_pivot,       step_pivot },
	{ STEP_descriptors, step_descriptors },
	{ STEP_identity,    step_identity },
	{ STEP_userns,      step_userns },
	{ STEP_limits,      step_limits },
	{ STEP_caps,        step_caps },
	{ STEP_verify,      step_verify },
};

/* Tells the keeper and ends pid 1, and with it everything in the jail. */
static void __attribute__((noreturn))
finish(int socket, enum report_kind kind, enum step step, int value)
{
	struct report report = { .kind = kind, .step = step, .value = value, .at_us = now_us() };

	(void)report_send(socket, &report, -1);	/* if the keeper is gone, so are we */
	_exit(0);
}

/* Reaps all that are dead. Orphans are forgotten; when the bot itself is among them, the jail ends. */
static void
reap(int socket, pid_t bot)
{
	for (;;) {
		siginfo_t info = { 0 };

		if (waitid(P_ALL, 0, &info, WEXITED | WNOHANG | __WALL))
			_exit(1);
		if (info.si_pid == 0)
			return;
		if (info.si_pid == bot)
			finish(socket, info.si_code == CLD_EXITED ? REPORT_EXITED : REPORT_SIGNALED, STEPS, info.si_status);
	}
}

/* Signals stay blocked: what the bot sends us is at most an early look for the dead. */
static void __attribute__((noreturn))
watch(int socket, pid_t bot, int64_t deadline_us)
{
	static const uint64_t child = 1ull << (SIGCHLD - 1);
	struct signalfd_siginfo ignored;
	int signals = (int)syscall(SYS_signalfd4, -1, &child, sizeof(child), SFD_CLOEXEC | SFD_NONBLOCK);
	struct pollfd fds[] = { { signals, POLLIN, 0 }, { socket, POLLIN, 0 } };

	if (signals < 0)
		_exit(1);
	for (;;) {
		reap(socket, bot);
		int64_t left_ms = (deadline_us - now_us() + 999) / 1000;
		if (left_ms <= 0)
			finish(socket, REPORT_WALL, STEPS, 0);
		if (poll(fds, 2, left_ms > 1000000 ? 1000000 : (int)left_ms) < 0 || fds[1].revents)
			_exit(1);	/* the keeper never writes again: it is gone */
		while (read(signals, &ignored, sizeof(ignored)) > 0)
			;
	}
}

static int64_t
wall_deadline(const struct plan *plan, int64_t start_us)
{
	uint64_t wall_ms = plan->limit[LIMIT_wall];

	return wall_ms > INT64_MAX / 2000 ? INT64_MAX / 2 : start_us + (int64_t)wall_ms * 1000 + WALL_GRACE_US;
}

static struct report
running_report(void)
{
	struct report report = { .kind = REPORT_RUNNING, .at_us = now_us() };
	struct rusage used = { 0 };

	(void)getrusage(RUSAGE_SELF, &used);	/* cannot fail */
	report.user_us = (int64_t)used.ru_utime.tv_sec * 1000000 + used.ru_utime.tv_usec;
	report.system_us = (int64_t)used.ru_stime.tv_sec * 1000000 + used.ru_stime.tv_usec;
	return report;
}

void
init_main(const struct launch *launch)
{
	int socket = launch->report[1];
	struct report running;
	struct bot bot;

	for (size_t i = 0; i < sizeof(steps) / sizeof(*steps); i++) {
		errno = 0;
		if (steps[i].run(launch))
			finish(socket, REPORT_FAILED, steps[i].step, errno);
	}
	if (bot_start(&bot, launch->plan))
		finish(socket, REPORT_FAILED, bot.step, bot.error);
	running = running_report();
	if (report_send(socket, &running, bot.listener) || close(bot.listener) || sys_close_range(0, 2, 0))
		_exit(1);
	watch(socket, bot.pid, wall_deadline(launch->plan, running.at_us));
}
