/*
 * rounds ROUNDS GAP_MS LOOPS: starts commands in turn and prints how long each took, start to end: "NAME MICROSECONDS".
 * Commands come from standard input, one a line: NAME UID GROUP ARGV..., as which user and in which further group.
 * With LOOPS above 1, that many processes start the same command at a time, ROUNDS times each, and what is printed is
 * the time of all of them divided by their number. As root.
 */
#include <fcntl.h>
#include <grp.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define COMMANDS 32
#define WORDS 64

struct command {
	char line[4096];
	char *name, *argv[WORDS];
	unsigned uid, group;
};

static double
now_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec * 1e6 + (double)now.tv_nsec / 1e3;
}

static int
parse(struct command *command)
{
	char *rest = command->line, *word;
	int words = 0;

	rest[strcspn(rest, "\n")] = '\0';
	command->name = strsep(&rest, "\t");
	word = strsep(&rest, "\t");
	command->uid = word ? (unsigned)atoi(word) : 0;
	word = strsep(&rest, "\t");
	command->group = word ? (unsigned)atoi(word) : 0;
	while (rest && words < WORDS - 1)
		command->argv[words++] = strsep(&rest, "\t");
	return words > 0;
}

/* vfork(2) and raw calls, so that what is measured is the command's, not ours. */
static int
run(const struct command *command)
{
	int status = -1;
	pid_t pid = vfork();

	if (pid == 0) {
		if (command->uid && (syscall(SYS_setgroups, 1, &command->group) ||
		    syscall(SYS_setresgid, command->uid, command->uid, command->uid) ||
		    syscall(SYS_setresuid, command->uid, command->uid, command->uid)))
			_exit(126);
		execv(command->argv[0], command->argv);
		_exit(127);
	}
	waitpid(pid, &status, 0);
	return status;
}

static void
must_run(const struct command *command)
{
	int status = run(command);

	if (status == 0)
		return;
	fprintf(stderr, "%s: wait status %#x\n", command->name, (unsigned)status);
	exit(1);
}

static void
in_parallel(const struct command *command, int rounds, int loops)
{
	double start = now_us();

	for (int i = 0; i < loops; i++)
		if (fork() == 0) {
			for (int round = 0; round < rounds; round++)
				must_run(command);
			_exit(0);
		}
	while (wait(NULL) > 0)
		;
	printf("%s %.1f\n", command->name, (now_us() - start) / (rounds * loops));
}

int
main(int argc, char *argv[])
{
	static struct command commands[COMMANDS];
	int n = 0, rounds = argc == 4 ? atoi(argv[1]) : 0, loops = argc == 4 ? atoi(argv[3]) : 0;
	struct timespec gap = { 0, argc == 4 ? atoi(argv[2]) * 1000000L : 0 };

	while (n < COMMANDS && fgets(commands[n].line, sizeof(commands[n].line), stdin))
		n += parse(&commands[n]);
	if (rounds < 1 || loops < 1)
		return 2;
	(void)setvbuf(stdout, NULL, _IOFBF, 1 << 16);
	for (int i = 0; i < n; i++)
		must_run(&commands[i]);	/* warm, and broken ones are found before the rounds */
	for (int i = 0; loops > 1 && i < n; i++)
		in_parallel(&commands[i], rounds, loops);
	for (int round = 0; loops == 1 && round < rounds; round++)
		for (int i = 0; i < n; i++) {
			nanosleep(&gap, NULL);
			double start = now_us();
			must_run(&commands[i]);
			printf("%s %.1f\n", commands[i].name, now_us() - start);
		}
	return fflush(stdout) ? 1 : 0;
}
