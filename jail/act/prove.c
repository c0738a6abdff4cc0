/* Owns the last look before the bot: believe the kernel, not the return values above. */
#include "prove.h"

#include "file.h"
#include "proc_text.h"
#include "sys.h"
#include "tree.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/securebits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>

/* Lines of /proc/self/status (proc_pid_status(5)), and what each must say of a jail. */
static const char *const wanted[][2] = {
	{ "Uid:",        "\t1000\t1000\t1000\t1000" },
	{ "Gid:",        "\t1000\t1000\t1000\t1000" },
	{ "Groups:",     "\t " },
	{ "CapInh:",     "\t0000000000000000" },
	{ "CapPrm:",     "\t0000000000000000" },
	{ "CapEff:",     "\t0000000000000000" },
	{ "CapBnd:",     "\t0000000000000000" },
	{ "CapAmb:",     "\t0000000000000000" },
	{ "NoNewPrivs:", "\t1" },
};

static int
prove_status(const char *status)
{
	char value[64];

	for (size_t i = 0; i < sizeof(wanted) / sizeof(*wanted); i++)
		if (status_text(status, wanted[i][0], value) || strcmp(value, wanted[i][1]) != 0)
			return -1;
	if (prctl(PR_GET_SECUREBITS) != (JAIL_SECUREBITS) || prctl(PR_GET_DUMPABLE) != 0)
		return -1;
	return syscall(SYS_setuid, 0) == 0 ? -1 : 0;
}

/*
 * exec keeps an ignored signal ignored, and only this file tells which are. The C library's sigaction() would refuse
 * those it keeps for itself, which glibc's posix_spawn() leaves ignored.
 */
static int
reset_signals(const char *status)
{
	static const char standard[64];		/* as the kernel's struct sigaction, 0 is SIG_DFL */
	char value[64];

	if (status_text(status, "SigIgn:\t", value))
		return -1;
	unsigned long long ignored = strtoull(value, NULL, 16);
	for (int i = 0; i < 64; i++)
		if ((ignored >> i & 1) && syscall(SYS_rt_sigaction, i + 1, standard, NULL, sizeof(uint64_t)))
			return -1;
	return 0;
}

static int
prove_limits(const struct plan *plan)
{
	char text[4096];
	uint64_t hard[LIMITS];

	if (file_read(AT_FDCWD, "/proc/self/limits", text, sizeof(text)) < 0 || limits_text(text, hard))
		return -1;
	for (int i = 0; i < LIMITS; i++)
		if (limit_rows[i].set >= 0 && hard[i] > plan->limit[i])
			return -1;
	return 0;
}

/* "0::/" is the root of our cgroup namespace, which was made with us in the jail's group. */
static int
prove_cgroup(void)
{
	char text[2048];

	if (file_read(AT_FDCWD, "/proc/self/cgroup", text, sizeof(text)) < 0 || !strstr(text, "0::/\n"))
		return -1;
	return getpid() == 1 ? 0 : -1;
}

int
prove(const struct plan *plan)
{
	char status[4096];

	if (file_read(AT_FDCWD, "/proc/self/status", status, sizeof(status)) < 0 || reset_signals(status))
		return -1;
	errno = EPERM;
	return prove_status(status) || prove_limits(plan) || prove_cgroup() || tree_verify(plan) ? -1 : 0;
}
