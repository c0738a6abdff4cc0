/* Starts a program with posix_spawn(), as many runtimes do, and passes on its exit status. */
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>

int
main(int argc, char *argv[], char *envp[])
{
	posix_spawnattr_t attributes;
	sigset_t all;
	pid_t pid;
	int status;

	sigfillset(&all);
	if (argc < 2 || posix_spawnattr_init(&attributes) || posix_spawnattr_setsigdefault(&attributes, &all) ||
	    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF) ||
	    posix_spawn(&pid, argv[1], 0, &attributes, argv + 1, envp) || waitpid(pid, &status, 0) != pid)
		return 127;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
}
