/* Owns how bot-jail is called. */
#include "child.h"

#include "common.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>

#define STATUS_FD "3"
#define CONTROL_FD "4"
#define VARIABLES_MAX 8
#define ARGUMENTS (3 * ARGS_MAX + 2 * (VARIABLES_MAX + SLOTS_MAX) + 24)

struct ends {
	int in, out, err, status, control;	/* the child's */
};

static void
close_ends(struct ends *ends)
{
	close_fd(&ends->in);
	close_fd(&ends->out);
	close_fd(&ends->err);
	close_fd(&ends->status);
	close_fd(&ends->control);
}

/* A pipe of which one end is ours and does not block. */
static int
make_pipe(int *mine, int *its, bool we_write)
{
	int fds[2];

	if (pipe2(fds, O_CLOEXEC))
		return -errno;
	*mine = fds[we_write];
	*its = fds[!we_write];
	return fcntl(*mine, F_SETFL, O_NONBLOCK) ? -errno : 0;
}

static int
make_streams(struct child *child, struct ends *ends)
{
	int pair[2], error = make_pipe(&child->in, &ends->in, true);

	if (!error)
		error = make_pipe(&child->out, &ends->out, false);
	if (!error)
		error = make_pipe(&child->err, &ends->err, false);
	if (!error)
		error = make_pipe(&child->status, &ends->status, false);
	if (!error && socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair))
		error = -errno;
	if (error)
		return error;
	child->control = pair[0];
	ends->control = pair[1];
	return 0;
}

struct arguments {
	const char *word[ARGUMENTS];
	char slot[4096 + 8], name[NAME_MAX_BYTES + 16], seed[48];
};

static void
build(struct arguments *arguments, const char *helper, const struct program *program, uint64_t seed,
    const char *const *variables)
{
	const char **word = arguments->word;

	snprintf(arguments->slot, sizeof(arguments->slot), "bot=%s", program->dir);
	snprintf(arguments->name, sizeof(arguments->name), "BOT_NAME=%s", program->name);
	snprintf(arguments->seed, sizeof(arguments->seed), "BOT_SEED=%llu",
	    (unsigned long long)seed);
	const char *const fixed[] = { helper, "-p", program->policy, "-s", STATUS_FD, "-c",
	    CONTROL_FD, "-d",
		arguments->slot, "-e", arguments->name, "-e", arguments->seed };
	for (size_t i = 0; i < COUNT(fixed); i++)
		*word++ = fixed[i];
	for (const char *const *limit = program->limits; *limit; limit++) {
		*word++ = "-l";
		*word++ = *limit;
	}
	for (const char *const *slot = program->slots; *slot; slot++) {
		*word++ = "-d";
		*word++ = *slot;
	}
	for (int i = 0; variables && variables[i] && i < VARIABLES_MAX; i++) {
		*word++ = "-e";
		*word++ = variables[i];
	}
	*word++ = "--";
	for (const char *const *argument = program->command; *argument; argument++)
		*word++ = *argument;
	*word = NULL;
}

/* Between fork and exec: first out of the way of 0-4, then there. */
static void __attribute__((noreturn))
become(const struct ends *ends, const struct arguments *arguments)
{
	const int from[] = { ends->in, ends->out, ends->err, ends->status, ends->control };
	int high[COUNT(from)];
	sigset_t none;

	for (size_t i = 0; i < COUNT(from); i++)
		high[i] = fcntl(from[i], F_DUPFD_CLOEXEC, (int)COUNT(from));
	for (size_t i = 0; i < COUNT(from); i++)
		if (high[i] < 0 || dup2(high[i], (int)i) < 0)
			_exit(125);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	execv(arguments->word[0], (char *const *)arguments->word);
	_exit(errno == EACCES ? 126 : 127);
}

/* A third of what fork() takes: the child only moves descriptors, and execs. */
static int __attribute__((noinline))
spawn(struct child *child, const struct ends *ends, const struct arguments *arguments)
{
	child->pid = vfork();
	if (child->pid == 0)
		become(ends, arguments);
	return child->pid < 0 ? -errno : 0;
}

int
child_start(struct child *child, const char *helper, const struct program *program, uint64_t seed,
    const char *const *variables)
{
	struct ends ends = { -1, -1, -1, -1, -1 };
	struct arguments arguments;

	*child = CHILD_NONE;
	build(&arguments, helper, program, seed, variables);
	int error = make_streams(child, &ends);
	if (!error)
		error = spawn(child, &ends, &arguments);
	close_ends(&ends);
	return error;
}

void
child_stop(struct child *child)
{
	close_fd(&child->in);
	close_fd(&child->control);
}

void
child_end(struct child *child)
{
	child_stop(child);
	close_fd(&child->out);
	close_fd(&child->err);
	close_fd(&child->status);
	if (child->pid > 0)
		/* the status line has told what there was to tell */
		(void)waitpid(child->pid, NULL, 0);
	child->pid = 0;
}
