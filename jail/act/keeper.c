/*
 * Owns the wait. Everything that can end a jail is an event of one poll(); the first cause is the reason, and
 * what the kernel counted decides where nothing of ours caused the end.
 */
#include "keeper.h"

#include "report.h"
#include "sys.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/wait.h>

#define NEVER INT64_MAX
#define DYING_US (5 * 1000 * 1000)	/* how long a killed jail may take to be gone */
#define CPU_LOOK_MIN_US 500
#define TICK_US 5000		/* the kernel counts a running thread's time at every tick, 100 to 1000 a second */
#define TIMER_SLACK_NS 1

enum event { EVENT_REPORT, EVENT_PID1, EVENT_SIGNAL, EVENT_PARENT, EVENT_CONTROL, EVENT_LISTENER, EVENT_OOM, EVENTS };

struct watch {
	struct launch *launch;
	struct outcome *outcome;
	struct pollfd fds[EVENTS];
	struct usage before;		/* used before exec */
	int64_t start_us, end_us;	/* exec, and the end; 0: not yet */
	int64_t wall_us, cpu_us;	/* deadlines: absolute time, and CPU time used */
	int64_t look_us;		/* when to look at the CPU time next */
	int64_t give_up_us;		/* when a killed jail counts as stuck */
	int speed;			/* percent of one CPU that the jail can use at most */
	bool ended, gone;		/* a cause is known; pid 1 is reaped */
};

/* The first cause stays. Killing twice is harmless. */
static void
end(struct watch *watch, enum reason reason, int signal)
{
	if (!watch->ended) {
		watch->ended = true;
		watch->end_us = now_us();
		watch->outcome->reason = reason;
		watch->outcome->signal = signal;
	}
	if (watch->give_up_us == NEVER)
		watch->give_up_us = now_us() + DYING_US;
	watch->look_us = watch->wall_us = NEVER;
	(void)cgroup_kill(&watch->launch->cgroup);	/* if it fails, give_up_us tells */
}

/* By then the jail cannot have used up its CPU time, however hard it tries; near the end it may have, uncounted yet. */
static void
plan_look(struct watch *watch, int64_t used_us)
{
	int64_t left_us = (watch->cpu_us - used_us) * 100 / watch->speed;

	watch->look_us = now_us() + (left_us > TICK_US ? left_us - TICK_US / 2 : CPU_LOOK_MIN_US);
}

static void
look_at_cpu(struct watch *watch)
{
	struct usage now = cgroup_usage(&watch->launch->cgroup);

	if (now.cpu_us < 0 || now.cpu_us >= watch->cpu_us)
		end(watch, REASON_cpu, 0);
	else
		plan_look(watch, now.cpu_us);
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
	watch->before = (struct usage){ report->user_us + report->system_us, report->user_us, report->system_us };
	watch->wall_us = deadline(limit[LIMIT_wall], report->at_us);
	watch->cpu_us = deadline(limit[LIMIT_cpu_time], watch->before.cpu_us);
	if (watch->cpu_us != NEVER)
		plan_look(watch, watch->before.cpu_us);
}

static void
on_report(struct watch *watch)
{
	struct outcome *outcome = watch->outcome;
	struct report report;
	int fd;

	if (report_receive(watch->fds[EVENT_REPORT].fd, &report, &fd)) {
		watch->fds[EVENT_REPORT].fd = -1;	/* pid 1 is dead or dying; EVENT_PID1 will tell */
		return;
	}
	switch (report.kind) {
	case REPORT_RUNNING:
		start_clocks(watch, &report, fd);
		return;
	case REPORT_FAILED:
		outcome->step = report.step;
		outcome->error = report.value;
		end(watch, REASON_setup, 0);
		return;
	case REPORT_EXITED:
		outcome->exit = report.value;
		end(watch, REASON_exited, 0);
		break;
	case REPORT_SIGNALED:
		end(watch, REASON_signaled, report.value);
		break;
	default:
		end(watch, REASON_wall, 0);
	}
	watch->end_us = report.at_us;
}

static void
on_pid1(struct watch *watch)
{
	while (watch->fds[EVENT_REPORT].fd >= 0)
		on_report(watch);	/* its last words */
	(void)waitid(P_PIDFD, (id_t)watch->launch->pidfd, NULL, WEXITED);	/* poll() said that it is dead */
	watch->gone = true;
}

static void
on_signal(struct watch *watch)
{
	struct signalfd_siginfo info;

	if (read(watch->fds[EVENT_SIGNAL].fd, &info, sizeof(info)) == sizeof(info))
		end(watch, REASON_killed, (int)info.ssi_signo);
}

static void
on_caller_gone(struct watch *watch)
{
	watch->fds[EVENT_PARENT].fd = watch->fds[EVENT_CONTROL].fd = -1;
	end(watch, REASON_killed, SIGKILL);
}

/* The call is never answered: whoever made it hangs until the kill arrives. */
static void
on_forbidden_call(struct watch *watch)
{
	union {
		struct seccomp_notif notification;
		char room[512];		/* a later kernel may write more than we know of */
	} call = { .room = { 0 } };

	if (!(watch->fds[EVENT_LISTENER].revents & POLLIN)) {
		watch->fds[EVENT_LISTENER].fd = -1;	/* nobody is left under the filter */
		return;
	}
	if (ioctl(watch->fds[EVENT_LISTENER].fd, SECCOMP_IOCTL_NOTIF_RECV, &call))
		return;
	if (!watch->ended) {
		watch->outcome->call = call.notification.data.nr;
		watch->outcome->call_arch = call.notification.data.arch;
	}
	end(watch, REASON_syscall, 0);
}

static void
on_oom(struct watch *watch)
{
	uint64_t count;

	if (read(watch->fds[EVENT_OOM].fd, &count, sizeof(count)) == sizeof(count))
		end(watch, REASON_memory, 0);
}

/* In the order of their weight when several come at once: what the bot did before what happened to it. */
static void (*const handlers[EVENTS])(struct watch *watch) = {
	[EVENT_REPORT] = on_report,		[EVENT_PID1] = on_pid1,
	[EVENT_SIGNAL] = on_signal,		[EVENT_PARENT] = on_caller_gone,
	[EVENT_CONTROL] = on_caller_gone,	[EVENT_LISTENER] = on_forbidden_call,
	[EVENT_OOM] = on_oom,
};

static int64_t
earliest(const struct watch *watch)
{
	int64_t at = watch->wall_us < watch->look_us ? watch->wall_us : watch->look_us;

	return at < watch->give_up_us ? at : watch->give_up_us;
}

static void
wait_for_event(struct watch *watch)
{
	int64_t left_us = earliest(watch) - now_us();
	struct timespec left = { left_us / 1000000, left_us % 1000000 * 1000 };

	if (left_us < 0)
		left = (struct timespec){ 0, 0 };
	if (ppoll(watch->fds, EVENTS, earliest(watch) == NEVER ? NULL : &left, NULL) < 0)
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
		end(watch, REASON_wall, 0);
	if (now >= watch->look_us)
		look_at_cpu(watch);
	if (now >= watch->give_up_us) {
		watch->outcome->stuck = "processes of the jail do not die";
		watch->gone = true;
	}
}

/* Which signals end the jail. Of the ignored ones (nohup) none does. */
static int
open_signals(void)
{
	static const int ends[] = { SIGTERM, SIGINT, SIGHUP, SIGQUIT };
	uint64_t set = 0;
	struct sigaction action;

	for (size_t i = 0; i < sizeof(ends) / sizeof(*ends); i++)
		if (sigaction(ends[i], NULL, &action) == 0 && action.sa_handler != SIG_IGN)
			set |= 1ull << (ends[i] - 1);
	return (int)syscall(SYS_signalfd4, -1, &set, sizeof(set), SFD_CLOEXEC | SFD_NONBLOCK);
}

/* How fast the jail can use CPU time, in percent of one CPU. */
static int
top_speed(const struct plan *plan)
{
	uint64_t rate = plan->limit[LIMIT_cpu_rate], all = (uint64_t)sysconf(_SC_NPROCESSORS_ONLN) * 100;

	return (int)(rate > 0 && rate < all ? rate : all);
}

static void
watch_init(struct watch *watch, struct launch *launch, struct outcome *outcome)
{
	const int fds[EVENTS] = {
		[EVENT_REPORT] = launch->report[0],		[EVENT_PID1] = launch->pidfd,
		[EVENT_SIGNAL] = launch->signals,		[EVENT_PARENT] = launch->caller->parent,
		[EVENT_CONTROL] = launch->caller->control,	[EVENT_LISTENER] = -1,
		[EVENT_OOM] = launch->cgroup.oom,
	};

	*watch = (struct watch){ .launch = launch, .outcome = outcome, .wall_us = NEVER, .look_us = NEVER,
		.give_up_us = NEVER, .speed = top_speed(launch->plan), .before = { STAT_NONE, STAT_NONE, STAT_NONE } };
	for (int i = 0; i < EVENTS; i++)
		watch->fds[i] = (struct pollfd){ .fd = fds[i], .events = POLLIN };
	watch->fds[EVENT_CONTROL].events = POLLRDHUP;	/* what is written there is nobody's business */
}

/*
 * Where nothing of ours ended it, the kernel's counters do: on v2 the OOM killer takes the whole group and pid 1
 * with it; without that, somebody wrote cgroup.kill.
 */
static void
conclude(struct watch *watch)
{
	struct outcome *outcome = watch->outcome;
	bool bot_ended = watch->ended && (outcome->reason == REASON_exited || outcome->reason == REASON_signaled);

	if ((!watch->ended || bot_ended) && outcome->oom_kills > 0) {
		outcome->reason = REASON_memory;
		outcome->signal = 0;
	} else if (!watch->ended) {
		outcome->reason = REASON_killed;
		outcome->signal = SIGKILL;
	}
	if (watch->start_us)
		outcome->wall_us = (watch->end_us ? watch->end_us : now_us()) - watch->start_us;
}

/* The standard streams are the bot's: while we held them, nobody could see it close them. */
static int
leave_streams(void)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	if (null < 0 || dup2(null, 0) < 0 || dup2(null, 1) < 0)
		return -1;
	return close(null);
}

int
keeper_settle(struct launch *launch)
{
	launch->signals = open_signals();
	if (launch->signals < 0 || leave_streams() || prctl(PR_SET_TIMERSLACK, TIMER_SLACK_NS))
		return -1;
	return caller_settle(launch->caller);
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
	if (outcome->reason != REASON_setup)
		cgroup_statistics(&launch->cgroup, &watch.before, outcome);
	conclude(&watch);
}

void
keeper_abort(struct launch *launch)
{
	if (launch->pidfd < 0)
		return;
	(void)cgroup_kill(&launch->cgroup);	/* if it fails, launch_undo() finds the group in use */
	(void)sys_pidfd_kill(launch->pidfd, SIGKILL);
	(void)waitid(P_PIDFD, (id_t)launch->pidfd, NULL, WEXITED);
}
