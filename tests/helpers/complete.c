/* Prints "complete" if everything that makes a jail is in force on this process, else what is missing. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static int incomplete;

static void
want(int right, const char *what)
{
	if (right)
		return;
	printf("%s%s", incomplete ? ", " : "incomplete: ", what);
	incomplete = 1;
}

static char *
text_of(const char *path)
{
	static char text[16384];
	FILE *file = fopen(path, "r");
	size_t length = file ? fread(text, 1, sizeof(text) - 1, file) : 0;

	text[length] = '\0';
	if (file)
		fclose(file);
	return text;
}

int
main(int argc, char *argv[])
{
	static const char *const lines[] = { "CapInh:\t0000000000000000\n", "CapPrm:\t0000000000000000\n",
		"CapEff:\t0000000000000000\n", "CapBnd:\t0000000000000000\n", "CapAmb:\t0000000000000000\n", "NoNewPrivs:\t1\n",
		"Seccomp:\t2\n", "Uid:\t1000\t1000\t1000\t1000\n", "Gid:\t1000\t1000\t1000\t1000\n", "Groups:\t \n",
		"SigBlk:\t0000000000000000\n", "SigIgn:\t0000000000000000\n" };
	struct rlimit files;
	struct stat st;
	char host[64] = "", *status = text_of("/proc/self/status");
	int mounts = 0, expected = argc > 1 ? atoi(argv[1]) : 0;

	for (size_t i = 0; i < sizeof(lines) / sizeof(*lines); i++)
		want(strstr(status, lines[i]) != NULL, lines[i]);
	want(getpid() == 2, "pid");
	want(getsid(0) == 1, "session");
	want(gethostname(host, sizeof(host)) == 0 && strcmp(host, "jail") == 0, "host name");
	want(getrlimit(RLIMIT_NOFILE, &files) == 0 && files.rlim_max == 1024, "limits");
	for (int fd = 3; fd < 1024; fd++)
		want(fstat(fd, &st) != 0, "descriptors");
	want(strstr(text_of("/proc/self/cgroup"), "0::/\n") != NULL, "cgroup");
	for (const char *at = text_of("/proc/self/mountinfo"); *at; at++)
		mounts += *at == '\n';
	want(mounts == expected, "mounts");
	want(access("/root", F_OK) != 0 && access("/home", F_OK) != 0 && access("/sys", F_OK) != 0, "root");
	want(syscall(SYS_clone3, NULL, 0) == -1 && errno == ENOSYS, "filter");
	want(getenv("PATH") && !getenv("USER") && !getenv("SHELL"), "environment");
	puts(incomplete ? "" : "complete");
	return 0;
}
