/*
 * Owns the bot's own last steps. It shares memory and descriptor table with pid 1 until exec: so
 * the listener of its filter is pid 1's at once, and needs no message past a filter that may forbid
 * one.
 */
#include "bot.h"

#include "sys.h"

#include <errno.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#define PATH_BYTES 4096

/* The probe: every policy answers clone3 with ENOSYS, a kernel without filter with EINVAL. */
static int
load_filter(struct bot *bot)
{
	const struct record *record = bot->plan->record;
	struct sock_fprog program = {
		.len = (unsigned short)record->part[PART_FILTER].count,
		.filter = (struct sock_filter *)record_part(record, PART_FILTER),
	};

	bot->listener = (int)sys_seccomp(SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_NEW_LISTENER,
	    &program);
	if (bot->listener < 0 || (syscall(SYS_clone3, NULL, 0) == -1 && errno == ENOSYS))
		return bot->listener < 0 ? -1 : 0;
	errno = EPERM;
	return -1;
}

/*
 * As execvp(3), but what has no interpreter line is not run by a shell, and PATH is the policy's.
 */
static void
execute(const struct plan *plan)
{
	char *const *argv = plan->request->argv;
	char path[PATH_BYTES];
	int error = ENOENT;

	if (strchr(argv[0], '/')) {
		execve(argv[0], argv, plan->envp);
		return;
	}
	for (const char *dir = plan->path; *dir; dir += strcspn(dir, ":"), dir += *dir == ':') {
		int length = snprintf(path, sizeof(path), "%.*s/%s", (int)strcspn(dir, ":"), dir,
		    argv[0]);

		errno = ENAMETOOLONG;
		if (length < PATH_BYTES)
			execve(path, argv, plan->envp);
		if (errno != ENOENT && errno != ENOTDIR)
			error = errno;
	}
	errno = error;
}

static int
bot_main(void *arg)
{
	struct bot *bot = arg;

	bot->step = STEP_filter;
	if (sys_sigmask(0) == 0 && load_filter(bot) == 0) {
		bot->step = STEP_exec;
		execute(bot->plan);
	}
	bot->error = errno;
	return 1;
}

int
bot_start(struct bot *bot, const struct plan *plan)
{
	static char stack[16384] __attribute__((aligned(16)));

	*bot = (struct bot){ .plan = plan, .listener = -1, .step = STEP_exec };
	bot->pid = clone(bot_main, stack + sizeof(stack), CLONE_VM | CLONE_VFORK | CLONE_FILES |
	    SIGCHLD,
	    bot);
	if (bot->pid < 0)
		bot->error = errno;
	return bot->error ? -1 : 0;
}
