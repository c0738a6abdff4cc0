/*
 * Fault injection: runs a command as another user and makes its Nth system call fail, or kills it there.
 *   inject UID GROUP ROLE N ERROR COMMAND...
 * ROLE counts the processes in the order of their birth, 0 is the command itself; N counts system calls from its exec,
 * or its birth, on; ERROR is an errno by name, "KILL", or "COUNT", which injects nothing and prints a line
 * "ROLE CALLS" for each process to descriptor 9. A process that executes something new is not traced further,
 * but for the command itself. Exit status: that of the command; 99 when the Nth call never came.
 * The tracer is root, so a setuid program is still one under it (credentials(7), ptrace(2)).
 */
#include <errno.h>
#include <grp.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

#define PROCESSES 16

static const struct {
	const char *name;
	int value;
} errors[] = { { "EPERM", EPERM }, { "ENOMEM", ENOMEM }, { "EINTR", EINTR }, { "KILL", -1 }, { "COUNT", 0 } };

struct process {
	pid_t pid;
	long calls;
	bool inside, injected;
	bool started;		/* the command: it has executed what we asked for */
};

struct injection {
	int role, error;
	long at;
	bool done;
};

static struct process processes[PROCESSES];
static int known;

static struct process *
find(pid_t pid)
{
	for (int i = 0; i < known; i++)
		if (processes[i].pid == pid)
			return &processes[i];
	if (known == PROCESSES)
		exit(98);
	processes[known] = (struct process){ .pid = pid };
	return &processes[known++];
}

static void
start(char *const argv[])
{
	uid_t uid = (uid_t)atoi(argv[0]);
	gid_t group = (gid_t)atoi(argv[1]);

	if (ptrace(PTRACE_TRACEME, 0, 0, 0) || setgroups(1, &group) || setresgid(uid, uid, uid) || setresuid(uid, uid, uid))
		_exit(97);
	raise(SIGSTOP);
	execv(argv[5], argv + 5);
	_exit(97);
}

/* At entry: number -1 is no system call at all; at exit: the answer that the program sees. */
static void
spoil(pid_t pid, bool entry, int error)
{
#ifdef __x86_64__
	struct user_regs_struct registers;

	ptrace(PTRACE_GETREGS, pid, 0, &registers);
	if (entry)
		registers.orig_rax = (unsigned long long)-1;
	else
		registers.rax = (unsigned long long)-error;
	ptrace(PTRACE_SETREGS, pid, 0, &registers);
#else
	(void)pid, (void)entry, (void)error;
	exit(77);
#endif
}

static void
on_call(struct process *process, struct injection *injection)
{
	process->inside = !process->inside;
	if (!process->inside) {
		if (process->injected)
			spoil(process->pid, false, injection->error);
		process->injected = false;
		return;
	}
	process->calls++;
	if ((process == processes && !process->started) || process - processes != injection->role || process->calls != injection->at || injection->error == 0)
		return;
	injection->done = true;
	if (injection->error < 0) {
		kill(process->pid, SIGKILL);
		return;
	}
	spoil(process->pid, true, injection->error);
	process->injected = true;
}

/* What to do after a stop: go on to the next call, or let go. */
static void
on_stop(struct process *process, int status, struct injection *injection)
{
	int signal = WSTOPSIG(status), event = status >> 16;

	if (signal == (SIGTRAP | 0x80)) {
		on_call(process, injection);
		signal = 0;
	} else if (event == PTRACE_EVENT_EXEC && process != processes) {
		ptrace(PTRACE_DETACH, process->pid, 0, 0);
		return;
	} else if (event == PTRACE_EVENT_EXEC) {
		process->calls = 0;
		process->started = true;
		signal = 0;
	} else if (event || signal == SIGTRAP || signal == SIGSTOP) {
		signal = 0;
	}
	ptrace(PTRACE_SYSCALL, process->pid, 0, signal);
}

int
main(int argc, char *argv[])
{
	struct injection injection = { .error = -2 };
	int status, result = 98;

	for (size_t i = 0; argc > 6 && i < sizeof(errors) / sizeof(*errors); i++)
		if (strcmp(errors[i].name, argv[5]) == 0)
			injection.error = errors[i].value;
	if (injection.error == -2)
		return 98;
	injection.role = atoi(argv[3]);
	injection.at = atol(argv[4]);
	pid_t command = fork();
	if (command == 0)
		start(argv + 1);
	if (command < 0 || waitpid(command, &status, 0) != command || !WIFSTOPPED(status))
		return 98;
	find(command);
	ptrace(PTRACE_SETOPTIONS, command, 0, PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACECLONE | PTRACE_O_TRACEFORK |
	    PTRACE_O_TRACEVFORK | PTRACE_O_TRACEEXEC | PTRACE_O_EXITKILL);
	ptrace(PTRACE_SYSCALL, command, 0, 0);
	for (pid_t pid; (pid = waitpid(-1, &status, __WALL)) > 0;) {
		if (WIFSTOPPED(status))
			on_stop(find(pid), status, &injection);
		else if (pid == command)
			result = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
	}
	for (int i = 0; injection.error == 0 && i < known; i++)
		dprintf(9, "%d %ld\n", i, processes[i].calls);
	return injection.error == 0 || injection.done ? result : 99;
}
