/* Owns the waiting for helpers of ours. */
#include "capture.h"

#include "common.h"
#include "now.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>

struct helper {
	pid_t pid;
	int out, err;
	struct buffer *texts[2];
};

/* A file without a name with the input in it, at its beginning. */
static int
hold_input(const char *input, size_t length)
{
	if (!input)
		return open("/dev/null", O_RDONLY | O_CLOEXEC);
	int fd = memfd_create("input", MFD_CLOEXEC);
	if (fd >= 0 && (write(fd, input, length) != (ssize_t)length || lseek(fd, 0, SEEK_SET)))
		close_fd(&fd);
	return fd;
}

static void __attribute__((noreturn))
become(const char *const argv[], pid_t parent, int in, int out, int err)
{
	sigset_t none;

	sigemptyset(&none);
	(void)sigprocmask(SIG_SETMASK, &none, NULL);
	(void)signal(SIGPIPE, SIG_DFL);
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) || setpgid(0, 0) || getppid() != parent || dup2(in, 0) < 0 ||
	    dup2(out, 1) < 0 || (err >= 0 && dup2(err, 2) < 0))
		_exit(126);
	execvp(argv[0], (char *const *)argv);
	_exit(127);
}

static int
start(struct helper *helper, const char *const argv[], int in)
{
	int out[2], err[2] = { -1, -1 };
	pid_t parent = getpid();

	if (pipe2(out, O_CLOEXEC))
		return -errno;
	helper->out = out[0];
	cleanup_close int out_end = out[1];
	if (helper->texts[1] && pipe2(err, O_CLOEXEC))
		return -errno;
	helper->err = err[0];
	cleanup_close int err_end = err[1];
	helper->pid = fork();
	if (helper->pid == 0)
		become(argv, parent, in, out_end, err_end);
	return helper->pid < 0 ? -errno : 0;
}

static void
receive(int *fd, struct buffer *text)
{
	char bytes[65536];
	ssize_t length = read(*fd, bytes, sizeof(bytes));

	if (length > 0)
		(void)buffer_append(text, bytes, (size_t)length);	/* what is beyond the cap is lost */
	else if (length == 0 || errno != EINTR)
		close_fd(fd);
}

/* false when its time was over before both streams ended. */
static bool
listen_to(struct helper *helper, int64_t end_ms)
{
	while (helper->out >= 0 || helper->err >= 0) {
		struct pollfd fds[] = { { helper->out, POLLIN, 0 }, { helper->err, POLLIN, 0 } };
		int64_t left = end_ms - now_us() / 1000;

		if (left <= 0)
			return false;
		(void)poll(fds, COUNT(fds), (int)left);	/* whatever it says, both are looked at */
		if (fds[0].revents)
			receive(&helper->out, helper->texts[0]);
		if (fds[1].revents)
			receive(&helper->err, helper->texts[1]);
	}
	return true;
}

/* It may have closed its streams, and go on. */
static bool
has_ended(pid_t pid, int64_t end_ms, int *status)
{
	while (waitpid(pid, status, WNOHANG) == 0) {
		if (now_us() / 1000 >= end_ms)
			return false;
		(void)usleep(2000);
	}
	return true;
}

int
capture_run(const char *const argv[], const char *input, size_t input_length, int64_t timeout_ms,
    struct buffer *out, struct buffer *err)
{
	struct helper helper = { 0, -1, -1, { out, err } };
	cleanup_close int in = hold_input(input, input_length);
	int64_t end_ms = now_us() / 1000 + timeout_ms;
	int status = 0, error = in < 0 ? -errno : start(&helper, argv, in);
	bool late = !error && (!listen_to(&helper, end_ms) || !has_ended(helper.pid, end_ms, &status));

	if (late) {
		(void)kill(-helper.pid, SIGKILL);	/* it is ours until it is waited for */
		(void)kill(helper.pid, SIGKILL);
		(void)waitpid(helper.pid, NULL, 0);
	}
	close_fd(&helper.out);
	close_fd(&helper.err);
	return error ? (error == CAPTURE_LATE ? -EIO : error) : late ? CAPTURE_LATE
	    : WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
