/* Owns child processes that play matches. */
#include "crew.h"

#include "common.h"
#include "utf8.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>

void
crew_init(struct crew *crew, const char *runner, const struct room *room, int count)
{
	*crew = (struct crew){ .runner = runner, .room = room, .count = count };
	for (int i = 0; i < count; i++)
		crew->worker[i] = (struct worker){ .pidfd = -1, .err = -1, .out = -1, .events = -1 };
}

int
crew_idle(const struct crew *crew)
{
	for (int i = 0; i < crew->count; i++)
		if (!crew->worker[i].pid)
			return i;
	return -1;
}

int
crew_busy(const struct crew *crew)
{
	int busy = 0;

	for (int i = 0; i < crew->count; i++)
		busy += crew->worker[i].pid != 0;
	return busy;
}

int
crew_find(const struct crew *crew, size_t entry)
{
	for (int i = 0; i < crew->count; i++)
		if (crew->worker[i].pid && crew->worker[i].entry == entry)
			return i;
	return -1;
}

/* A file without a name that holds a text. Above the descriptors that a child is given. */
static int
hold(const char *name, const char *text)
{
	cleanup_close int made = memfd_create(name, MFD_CLOEXEC);
	int fd = made < 0 ? -1 : fcntl(made, F_DUPFD_CLOEXEC, 10);
	size_t length = text ? strlen(text) : 0;

	if (fd >= 0 && (!text || write(fd, text, length) != (ssize_t)length))
		close_fd(&fd);
	return fd;
}

/* The CPUs of one worker: those from its first one on, as many as a match needs. None: all. */
static void
pin(const struct crew *crew, int worker)
{
	const struct room *room = crew->room;
	int first = worker * room->cpus_needed;
	cpu_set_t set;

	if (first + room->cpus_needed > room->cpus)
		return;
	CPU_ZERO(&set);
	for (int i = 0; i < room->cpus_needed; i++)
		CPU_SET(room->cpu[first + i], &set);
	(void)sched_setaffinity(0, sizeof(set), &set);	/* then it plays on any: slower, not wrong */
}

/* The child's ends. */
struct ends {
	int text, out, err, events;
};

/* In the child. It dies with us, by SIGKILL: nothing is put in place by a match whose tournament does not know. */
static void
become(const struct crew *crew, int worker, pid_t parent, const struct ends *ends, const struct errand *errand)
{
	sigset_t none;
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	sigemptyset(&none);
	/* A group of its own: what a terminal sends to us is not for it. */
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) || setpgid(0, 0) || getppid() != parent || null < 0)
		_exit(127);
	pin(crew, worker);
	if (dup2(null, 0) < 0 || dup2(ends->out >= 0 ? ends->out : null, 1) < 0 || dup2(ends->err, 2) < 0 ||
	    dup2(ends->text, 3) < 0 || (ends->events >= 0 && dup2(ends->events, 4) < 0))
		_exit(127);
	(void)sigprocmask(SIG_SETMASK, &none, NULL);
	execv(errand->program, (char *const *)errand->arguments);
	_exit(127);
}

static int
spawn(struct crew *crew, int worker, const struct ends *ends, const struct errand *errand)
{
	struct worker *one = &crew->worker[worker];
	pid_t parent = getpid(), pid = fork();

	if (pid == 0)
		become(crew, worker, parent, ends, errand);
	if (pid < 0)
		return -errno;
	one->pidfd = (int)syscall(SYS_pidfd_open, pid, 0);	/* close-on-exec by itself */
	one->pid = pid;
	return 0;
}

/* A pipe of which our end does not block; the child's is above the descriptors that it is given. */
static int
make_events(struct worker *one, int *its)
{
	int fds[2];

	if (pipe2(fds, O_CLOEXEC | O_NONBLOCK))
		return -errno;
	one->events = fds[0];
	*its = fcntl(fds[1], F_DUPFD_CLOEXEC, 10);
	close(fds[1]);
	return *its < 0 ? -errno : 0;
}

static void
let_go(struct worker *one)
{
	close_fd(&one->pidfd);
	close_fd(&one->err);
	close_fd(&one->events);
	one->pid = 0;
}

int
crew_send(struct crew *crew, int worker, size_t entry, const struct errand *errand)
{
	struct worker *one = &crew->worker[worker];
	cleanup_close int text = hold("text", errand->text), events = -1;
	int error = 0;

	one->entry = entry;
	close_fd(&one->out);
	one->err = hold("err", "");
	one->out = errand->answers ? hold("out", "") : -1;
	if (text < 0 || one->err < 0 || (errand->answers && one->out < 0))
		error = -errno;
	if (!error && errand->tells)
		error = make_events(one, &events);
	if (!error)
		error = spawn(crew, worker, &(struct ends){ text, one->out, one->err, events }, errand);
	if (error)
		let_go(one);
	return error;
}

/* On one CPU of its own, all programs of a match take turns; on several, the kernel knows best. */
int
crew_start(struct crew *crew, int worker, size_t entry, const struct js *match, const char *result)
{
	cleanup_free char *text = js_print(match);
	const struct room *room = crew->room;
	char cpu[16] = "off";
	const char *const arguments[] = { "match-run", "--quiet", "--cpu", cpu, "--output", result, MATCH_PATH, NULL };

	if (room->one_by_one && worker < room->cpus)
		snprintf(cpu, sizeof(cpu), "%d", room->cpu[worker]);
	return text ? crew_send(crew, worker, entry, &(struct errand){ crew->runner, arguments, text, false, false })
	    : -ENOMEM;
}

char *
crew_line(struct crew *crew, int worker, struct buffer *lines, size_t *length)
{
	int *fd = &crew->worker[worker].events;
	char bytes[65536], *line;
	ssize_t got;

	while (!(line = buffer_line(lines, length)) && *fd >= 0) {
		got = read(*fd, bytes, sizeof(bytes));
		if (got < 0)
			return NULL;
		if (got == 0)
			close_fd(fd);
		else if (buffer_append(lines, bytes, (size_t)got))
			buffer_clear(lines);	/* a picture that is too large is not shown */
	}
	return line;
}

char *
crew_answer(struct crew *crew, int worker, size_t most)
{
	int fd = crew->worker[worker].out;
	off_t length = fd < 0 ? -1 : lseek(fd, 0, SEEK_END);
	char *text = length > 0 && (size_t)length <= most ? malloc((size_t)length + 1) : NULL;

	if (text && pread(fd, text, (size_t)length, 0) == length)
		text[length] = '\0';
	else {
		free(text);
		text = NULL;
	}
	return text;
}

/* The last line that it wrote. */
static void
read_end(int fd, char said[256])
{
	off_t length = lseek(fd, 0, SEEK_END);
	ssize_t got = pread(fd, said, 255, length > 255 ? length - 255 : 0);

	if (got > 0 && said[got - 1] == '\n')
		got--;
	said[got > 0 ? got : 0] = '\0';
	char *line = strrchr(said, '\n');
	if (line)
		memmove(said, line + 1, strlen(line));
	utf8_make_plain(said);
}

bool
crew_ended(struct crew *crew, int worker, struct ending *ending)
{
	struct worker *one = &crew->worker[worker];
	int status = 0;		/* of one that somebody else waited for: its result tells */

	if (!one->pid || waitpid(one->pid, &status, WNOHANG) == 0)
		return false;
	ending->entry = one->entry;
	ending->status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
	read_end(one->err, ending->said);
	let_go(one);
	return true;
}

/* Killed, not asked: it would write a result of a match that failed. Its jails end with it. */
void
crew_stop_one(struct crew *crew, int worker)
{
	struct worker *one = &crew->worker[worker];

	if (!one->pid)
		return;
	(void)syscall(SYS_pidfd_send_signal, one->pidfd, SIGKILL, NULL, 0);	/* it may have ended */
	(void)waitpid(one->pid, NULL, 0);
	let_go(one);
}

void
crew_stop(struct crew *crew)
{
	for (int i = 0; i < crew->count; i++)
		crew_stop_one(crew, i);
}
