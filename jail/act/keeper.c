/*
 * Owns the wait. Everything that can end a jail is an event of one poll(); the first cause is the
 * reason, and what the kernel counted decides where nothing of ours caused the end.
 */
#include "keeper.h"

#include "report.h"
#include "sys.h"

#include <linux/seccomp.h>
#include <poll.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/wait.h>

#define NEVER INT64_MAX
#define DYING_US (5 * 1000 * 1000)	/* how long a killed jail may take to be gone */
#define LOOK_MIN_US 500
#define TICK_US 5000			/* so late a running thread's time may be counted */
#define TIMER_SLACK_NS 1

enum event {
	EVENT_REPORT, EVENT_PID1, EVENT_SIGNAL, EVENT_PARENT, EVENT_CONTROL, EVENT_LISTENER,
	EVENT_OOM, EVENTS
};

struct watch {
	struct launch *launch;
	struct outcome *outcome;
	struct pollfd fds[EVENTS];
	struct usage before;		/* used before exec */
	int64_t start_us, end_us;	/* exec, and the end; 0: not yet */
	int64_t wall_us, cpu_us;	/* deadlines: absolute time, and CPU time used */
	int64_t look_us;		/* when to look at the CPU time next */
	int64_t give_up_us;		/* when a killed jail counts as stuck */
	bool ended, gone;		/* a cause is known; pid 1 is reaped */
};

/* The first cause stays. Killing twice is harmless. */
static void
end(struct watch *watch, enum reason reason, int signal, int64_t at_us)
{
	if (!watch->ended) {
		watch->ended = true;
		watch->end_us = at_us;
		watch->outcome->reason = reason;
		watch->outcome->signal = signal;
		watch->give_up_us = now_us() + DYING_US;
	}
	watch->look_us = watch->wall_us = NEVER;
	(void)cgroup_kill(&watch->launch->cgroup);	/* if it fails, give_up_us tells */
}

/*
 * Looks again when the jail could have used up its CPU time if it tried hard; near the end, soon:
 * time is counted at ticks.
 */
static void
look_at_cpu(struct watch *watch)
{
	uint64_t rate = watch->launch->plan->limit[LIMIT_cpu_rate];
	int64_t cpus = sysconf(_SC_NPROCESSORS_ONLN);
	int64_t speed = rate > 0 && rate < (uint64_t)cpus * 100 ? (int64_t)rate : cpus * 100;
	struct usage now = cgroup_usage(&watch->launch->cgroup);
	int64_t left_us = (watch->cpu_us - now.cpu_us) * 100 / speed;

	if (now.cpu_us < 0 || left_us <= 0)
		end(watch, REASON_cpu, 0, now_us());
	else
		watch->look_us = now_us() + (left_us > TICK_US ? left_us - TICK_US / 2
		    : LOOK_MIN_US);
}

static int64_t
deadline(uint64_t limit_ms, int64_t from_us)
{
	return limit_ms > INT64_MAX / 2000 ? NEVER : from_us + (int64_t)limit_ms * 1000;
}

static void
start_clocks(struct watch *watch, const struct report *report, int listener)
{
	const uint64_t *limit = watch->launch->plan->limit;

	watch->start_us = report->at_us;
	watch->fds[EVENT_LISTENER].fd = listener;
	watch->before = (struct usage){ report->user_us + report->system_us, report->user_us,
		report->system_us };
	watch->wall_us = deadline(limit[LIMIT_wall], report->at_us);
	watch->cpu_us = deadline(limit[LIMIT_cpu_time], watch->before.cpu_us);
	if (watch->cpu_us != NEVER)
		look_at_cpu(watch);
}

static void
on_report(struct watch *watch)
{
	struct outcome *outcome = watch->outcome;
	struct report report;
	int fd;

	if (report_receive(watch->fds[EVENT_REPORT].fd, &report, &fd)) {
		/* pid 1 is dead or dying; EVENT_PID1 tells */
		watch->fds[EVENT_REPORT].fd = -1;
		return;
	}
	switch (report.kind) {
	case REPORT_RUNNING:
		start_clocks(watch, &report, fd);
		if (fd < 0)	/* no descriptor was free: nobody would hear of a forbidden call */
			end(watch, REASON_killed, SIGKILL, report.at_us);
		break;
	case REPORT_FAILED:
		outcome->step = report.step;
		outcome->error = report.value;
		end(watch, REASON_setup, 0, report.at_us);
		break;
	case REPORT_EXITED:
		outcome->exit = report.value;
		end(watch, REASON_exited, 0, report.at_us);
		break;
	case REPORT_SIGNALED:
		end(watch, REASON_signaled, report.value, report.at_us);
		break;
	default:
		end(watch, REASON_wall, 0, report.at_us);
	}
}

static void
on_pid1(struct watch *watch)
{
	while (watch->fds[EVENT_REPORT].fd >= 0)
		on_report(watch);	/* its last words */
	/* dead: poll() said so */
	(void)waitid(P_PIDFD, (id_t)watch->launch->pidfd, NULL, WEXITED);
	watch->launch->pid = 0;
	watch->gone = true;
}

/* A signal that was ignored when we were started (nohup) is ignored. */
static void
on_signal(struct watch *watch)
{
	struct signalfd_siginfo info;
	struct sigaction action;

	if (read(watch->fds[EVENT_SIGNAL].fd, &info, sizeof(info)) == sizeof(info) &&
	    sigaction((int)info.ssi_signo, NULL, &action) == 0 && action.sa_handler != SIG_IGN)
		end(watch, REASON_killed, (int)info.ssi_signo, now_us());
}

static void
on_caller_gone(struct watch *watch)
{
	watch->fds[EVENT_PARENT].fd = watch->fds[EVENT_CONTROL].fd = -1;
	end(watch, REASON_killed, SIGKILL, now_us());
}

/* The call is never answered: whoever made it hangs until the kill arrives. */
static void
on_forbidden_call(struct watch *watch)
{
	union {
		struct seccomp_notif notification;
		char room[512];		/* a later kernel may write more than we know of */
	} call = { .room = { 0 } };
	int fd = watch->fds[EVENT_LISTENER].fd;

	if (!(watch->fds[EVENT_LISTENER].revents & POLLIN)) {
		watch->fds[EVENT_LISTENER].fd = -1;	/* nobody is left under the filter */
		return;
	}
	if (ioctl(fd, SECCOMP_IOCTL_NOTIF_RECV, &call))
		return;
	if (!watch->ended) {
		watch->outcome->call = call.notification.data.nr;
		watch->outcome->call_arch = call.notification.data.arch;
	}
	end(watch, REASON_syscall, 0, now_us());
}

static void
on_oom(struct watch *watch)
{
	uint64_t count;

	if (read(watch->fds[EVENT_OOM].fd, &count, sizeof(count)) == sizeof(count))
		end(watch, REASON_memory, 0, now_us());
}

/*
 * In the order of their weight when several come at once: what the bot did before what befell it.
 */
static void (*const handlers[EVENTS])(struct watch *watch) = {
	[EVENT_REPORT] = on_report,		[EVENT_PID1] = on_pid1,
	[EVENT_SIGNAL] = on_signal,		[EVENT_PARENT] = on_caller_gone,
	[EVENT_CONTROL] = on_caller_gone,	[EVENT_LISTENER] = on_forbidden_call,
	[EVENT_OOM] = on_oom,
};

static void
wait_for_event(struct watch *watch)
{
	int64_t at = watch->wall_us < watch->look_us ? watch->wall_us : watch->look_us;
	int64_t left_us = (at < watch->give_up_us ? at : watch->give_up_us) - now_us();
	struct timespec left = { 0, 0 };

	if (left_us > 0)
		left = (struct timespec){ left_us / 1000000, left_us % 1000000 * 1000 };
	if (ppoll(watch->fds, EVENTS, &left, NULL) < 0)
		return;
	for (int i = 0; i < EVENTS; i++)
		if (watch->fds[i].fd >= 0 && watch->fds[i].revents)
			handlers[i](watch);
}

static void
check_deadlines(struct watch *watch)
{
	int64_t now = now_us();

	if (now >= watch->wall_us)
		end(watch, REASON_wall, 0, now);
	if (now >= watch->look_us)
		look_at_cpu(watch);
	if (now >= watch->give_up_us) {
		watch->outcome->stuck = "processes of the jail do not die";
		watch->launch->pid = 0;		/* nobody waits for them */
		watch->gone = true;
	}
}

static void
watch_init(struct watch *watch, struct launch *launch, struct outcome *outcome)
{
	uint64_t signals = 1ull << (SIGTERM - 1) | 1ull << (SIGINT - 1) | 1ull << (SIGHUP - 1) |
	    1ull << (SIGQUIT - 1);
	const int fds[EVENTS] = {
		[EVENT_REPORT] = launch->report[0],	[EVENT_PID1] = launch->pidfd,
		[EVENT_SIGNAL] = (int)sys_signalfd(signals),
		[EVENT_PARENT] = launch->caller->parent,
		[EVENT_CONTROL] = launch->caller->control, [EVENT_LISTENER] = -1,
		[EVENT_OOM] = launch->cgroup.oom,
	};

	*watch = (struct watch){ .launch = launch, .outcome = outcome, .look_us = NEVER,
		.give_up_us = NEVER,
		/* Until pid 1 says when the bot began: who freezes it first must not gain by it. */
		.wall_us = deadline(launch->plan->limit[LIMIT_wall], now_us() + WALL_GRACE_US) };
	for (int i = 0; i < EVENTS; i++)
		watch->fds[i] = (struct pollfd){ .fd = fds[i], .events = POLLIN };
	watch->fds[EVENT_CONTROL].events = POLLRDHUP;
	/*
	 * The standard streams are the bot's: while we held them, nobody could see it close them.
	 */
	if (fds[EVENT_SIGNAL] < 0 || sys_close_range(0, 1) ||
	    prctl(PR_SET_TIMERSLACK, TIMER_SLACK_NS))
		end(watch, REASON_killed, SIGKILL, now_us());
}

/*
 * Where nothing of ours ended it, the kernel's counters do: on v2 the OOM killer takes the whole
 * group and pid 1 with it; without that, somebody wrote cgroup.kill.
 */
static void
conclude(struct watch *watch)
{
	struct outcome *outcome = watch->outcome;
	bool by_itself = !watch->ended || outcome->reason == REASON_exited ||
	    outcome->reason == REASON_signaled;

	if (by_itself && outcome->oom_kills > 0) {
		outcome->reason = REASON_memory;
		outcome->signal = 0;
	} else if (!watch->ended) {
		outcome->reason = REASON_killed;
		outcome->signal = SIGKILL;
	}
	if (watch->start_us)
		outcome->wall_us = (watch->ended ? watch->end_us : now_us()) - watch->start_us;
}

void
keeper_watch(struct launch *launch, struct outcome *outcome)
{
	struct watch watch;

	watch_init(&watch, launch, outcome);
	while (!watch.gone) {
		wait_for_event(&watch);
		check_deadlines(&watch);
	}
	if (watch.start_us)
		cgroup_statistics(&launch->cgroup, &watch.before, outcome);
	conclude(&watch);
}
