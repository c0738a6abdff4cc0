/*
 * Owns pid 1 of the jail. While it builds, it is root in new namespaces; once it has proven itself,
 * it is nobody, starts the bot, and from then on only reaps. It dies with the keeper, and the jail
 * with it.
 */
#include "init.h"

#include "bot.h"
#include "config.h"
#include "file.h"
#include "prove.h"
#include "report.h"
#include "sys.h"
#include "tree.h"

#include <errno.h>
#include <linux/capability.h>
#include <linux/ioprio.h>
#include <linux/keyctl.h>
#include <linux/securebits.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>

/*
 * Advantages that only a privileged caller has end here: cpu.max does not bound realtime threads,
 * and the kernel would not kill who is shielded from its memory killer, not even for limit memory.
 */
static int
leave_advantages(void)
{
	const struct sched_param none = { 0 };
	long policy = syscall(SYS_sched_getscheduler, 0);
	char shield[16];

	if (policy < 0 || file_read(AT_FDCWD, OOM_FILE, shield, sizeof(shield)) < 0)
		return -1;
	bool realtime = policy == SCHED_FIFO || policy == SCHED_RR;
	bool realtime_io = syscall(SYS_ioprio_get, IOPRIO_WHO_PROCESS, 0) >> IOPRIO_CLASS_SHIFT ==
	    IOPRIO_CLASS_RT;
	return (realtime && syscall(SYS_sched_setscheduler, 0, SCHED_OTHER, &none)) ||
	    (realtime_io && syscall(SYS_ioprio_set, IOPRIO_WHO_PROCESS, 0, 0)) ||
	    (getpriority(PRIO_PROCESS, 0) < 0 && setpriority(PRIO_PROCESS, 0, 0)) ||
	    (shield[0] == '-' && file_write(AT_FDCWD, OOM_FILE, "0")) ? -1 : 0;
}

static int
step_session(const struct launch *launch)
{
	(void)launch;
	(void)umask(0);	/* cannot fail; the tree's modes are meant as written */
	return setsid() < 0 || sethostname("jail", 4) || syscall(SYS_personality, PER_LINUX) == -1 ? -1
	    : leave_advantages();
}

static int
step_descriptors(const struct launch *launch)
{
	return fds_close_others(launch->report[1], launch->id.lock);
}

/* KEEPCAPS: a host may forbid user namespaces to who has no CAP_SYS_ADMIN, and one comes next. */
static int
step_identity(const struct launch *launch)
{
	uid_t id = launch->id.uid;

	return sys_setgroups(0, NULL) || prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0) ||
	    sys_setresgid(id, id, id) || sys_setresuid(id, id, id) ||
	    sys_keyctl(KEYCTL_JOIN_SESSION_KEYRING, NULL) < 0 ? -1 : 0;
}

/*
 * A change of identity clears the parent-death signal: it is set before an answer proves the keeper
 * alive.
 */
static int
step_userns(const struct launch *launch)
{
	struct report ready = { .kind = REPORT_MAPS };
	char answer;

	if (sys_unshare(CLONE_NEWUSER) || prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) ||
	    prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) ||
	    message_send(launch->report[1], &ready, sizeof(ready), NULL, 0))
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

		if (limit_rows[i].set >= 0 && value != LIMIT_NONE &&
		    prlimit(0, limit_rows[i].set, &limit, NULL))
			return -1;
	}
	return 0;
}

/*
 * Dropping from the bounding set and locking securebits take a capability themselves, so it goes
 * last.
 */
static int
step_caps(const struct launch *launch)
{
	struct __user_cap_header_struct head = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct none[_LINUX_CAPABILITY_U32S_3] = { 0 };
	int cap = 0;

	(void)launch;
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) || prctl(PR_SET_SECUREBITS, JAIL_SECUREBITS))
		return -1;
	while (prctl(PR_CAPBSET_DROP, cap, 0, 0, 0) == 0)
		cap++;
	if (errno != EINVAL)	/* which is how the kernel says: there are no more */
		return -1;
	return syscall(SYS_capset, &head, none) ||
	    prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0) ? -1 : 0;
}

static const struct {
	enum step step;
	int (*run)(const struct launch *launch);
} steps[] = {
	{ STEP_session,     step_session },
	{ STEP_root,        tree_root },
	{ STEP_tree,        tree_make },
	{ STEP_pivot,       tree_pivot },
	{ STEP_descriptors, step_descriptors },
	{ STEP_identity,    step_identity },
	{ STEP_userns,      step_userns },
	{ STEP_limits,      step_limits },
	{ STEP_caps,        step_caps },
	{ STEP_verify,      prove },
};

/* Tells the keeper and ends pid 1, and with it everything in the jail. */
static void __attribute__((noreturn))
finish(int socket, enum report_kind kind, enum step step, int value)
{
	struct report report = report_make(kind, step, value);

	/* if it is gone, so are we */
	(void)message_send(socket, &report, sizeof(report), NULL, 0);
	_exit(0);
}

/*
 * Reaps all that are dead, who may become more as fast. Orphans are forgotten; when the bot is
 * among them, the jail ends.
 */
static void
reap(int socket, pid_t bot, int64_t deadline_us)
{
	while (now_us() < deadline_us) {
		siginfo_t info = { 0 };

		if (waitid(P_ALL, 0, &info, WEXITED | WNOHANG | __WALL))
			_exit(1);
		if (info.si_pid == 0)
			return;
		if (info.si_pid == bot)
			finish(socket, info.si_code == CLD_EXITED ? REPORT_EXITED : REPORT_SIGNALED,
			    STEPS, info.si_status);
	}
}

/* Signals stay blocked: what the bot sends us is at most an early look for the dead. */
static void __attribute__((noreturn))
watch(int socket, pid_t bot, int64_t deadline_us)
{
	struct signalfd_siginfo ignored;
	struct pollfd fds[] = { { (int)sys_signalfd(1ull << (SIGCHLD - 1)), POLLIN, 0 },
		{ socket, POLLIN, 0 } };

	while (fds[0].fd >= 0) {
		reap(socket, bot, deadline_us);
		int64_t left_ms = (deadline_us - now_us() + 999) / 1000;
		if (left_ms <= 0)
			finish(socket, REPORT_WALL, STEPS, 0);
		/* The keeper never writes again: if there is something, it is gone. */
		if (poll(fds, 2, left_ms > 1000000 ? 1000000 : (int)left_ms) < 0 || fds[1].revents)
			break;
		while (read(fds[0].fd, &ignored, sizeof(ignored)) > 0)
			;
	}
	_exit(1);
}

void
init_main(const struct launch *launch)
{
	uint64_t wall_ms = launch->plan->limit[LIMIT_wall];
	int socket = launch->report[1];
	struct bot bot;

	/* step_userns() sets and checks it */
	(void)prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
	for (size_t i = 0; i < sizeof(steps) / sizeof(*steps); i++) {
		errno = 0;
		if (steps[i].run(launch))
			finish(socket, REPORT_FAILED, steps[i].step, errno);
	}
	if (bot_start(&bot, launch->plan))
		finish(socket, REPORT_FAILED, bot.step, bot.error);
	struct report running = report_make(REPORT_RUNNING, STEPS, 0);
	if (message_send(socket, &running, sizeof(running), &bot.listener, 1) ||
	    close(bot.listener) ||
	    sys_close_range(0, 2))
		_exit(1);
	watch(socket, bot.pid, wall_ms > INT64_MAX / 2000 ? INT64_MAX / 2
	    : running.at_us + (int64_t)wall_ms * 1000 + WALL_GRACE_US);
}
