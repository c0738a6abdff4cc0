/* Owns the last look before the bot: believe the kernel, not the return values above. */
#include "prove.h"

#include "config.h"
#include "file.h"
#include "proc_text.h"
#include "sys.h"
#include "tree.h"

#include <errno.h>
#include <linux/securebits.h>
#include <string.h>
#include <sys/prctl.h>

/*
 * exec keeps an ignored signal ignored. The C library's sigaction() would refuse the two that it
 * keeps for itself, and glibc's posix_spawn() leaves just those ignored.
 */
static int
reset_signals(uint64_t ignored)
{
	static const char standard[64];		/* as the kernel's struct sigaction, 0 is SIG_DFL */

	for (int i = 0; i < 64; i++)
		if ((ignored >> i & 1) &&
		    syscall(SYS_rt_sigaction, i + 1, standard, NULL, sizeof(uint64_t)))
			return -1;
	return 0;
}

static bool
limits_hold(const struct plan *plan)
{
	char text[4096];
	uint64_t hard[LIMITS];

	if (file_read(AT_FDCWD, "/proc/self/limits", text, sizeof(text)) < 0 ||
	    limits_text(text, hard))
		return false;
	for (int i = 0; i < LIMITS; i++)
		if ((limit_rows[i].set >= 0 || plan->inherited[i]) && hard[i] > plan->limit[i])
			return false;
	return true;
}

/* "0::/" is the root of our cgroup namespace, which was made with us in the jail's group. */
static bool
in_own_cgroup(void)
{
	char text[2048];

	return file_read(AT_FDCWD, "/proc/self/cgroup", text, sizeof(text)) > 0 &&
	    strstr(text, "0::/\n");
}

int
prove(const struct launch *launch)
{
	char status[4096], shield[16];

	if (file_read(AT_FDCWD, "/proc/self/status", status, sizeof(status)) < 0 ||
	    file_read(AT_FDCWD, OOM_FILE, shield, sizeof(shield)) < 0 ||
	    reset_signals(ignored_text(status)))
		return -1;
	errno = EPERM;
	if (!status_is_bare(status) || shield[0] == '-' ||
	    prctl(PR_GET_SECUREBITS) != (JAIL_SECUREBITS) ||
	    prctl(PR_GET_DUMPABLE) != 0 || syscall(SYS_setuid, 0) == 0 || getpid() != 1 ||
	    !in_own_cgroup() || !limits_hold(launch->plan))
		return -1;
	return tree_verify(launch->plan);
}
