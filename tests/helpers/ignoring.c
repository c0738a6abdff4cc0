/* Starts a program with a signal ignored: ignoring SIGNAL PROGRAM [ARG]... */
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

int
main(int argc, char *argv[])
{
	sigset_t all;

	if (argc < 3)
		return 2;
	signal(atoi(argv[1]), SIG_IGN);
	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, NULL);
	execv(argv[2], argv + 2);
	return 127;
}
