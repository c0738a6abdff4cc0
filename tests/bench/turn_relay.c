/*
 * turn_relay GAME [ARG]... : BOT [ARG]...: what match-run cannot do without: starts both, waits for a line of each, then
 * passes on what one writes to the other, by epoll, and looks at none of it. It ends when the game does.
 */
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/wait.h>
#include <unistd.h>

#define PIECE 65536

struct program {
	int in, out;
	pid_t pid;
};

static struct program
start(char *argv[])
{
	struct program program;
	int to[2], from[2];

	if (pipe2(to, O_CLOEXEC) || pipe2(from, O_CLOEXEC))
		exit(125);
	program = (struct program){ to[1], from[0], fork() };
	if (program.pid == 0) {
		dup2(to[0], 0);
		dup2(from[1], 1);
		execv(argv[0], argv);
		_exit(127);
	}
	close(to[0]);
	close(from[1]);
	return program;
}

static char bytes[PIECE];

static void
pass(int to, ssize_t length)
{
	for (ssize_t at = 0, sent; at < length; at += sent)
		if ((sent = write(to, bytes + at, (size_t)(length - at))) <= 0)
			exit(1);
}

int
main(int argc, char *argv[])
{
	int colon = 1, epoll = epoll_create1(EPOLL_CLOEXEC);

	while (colon < argc && strcmp(argv[colon], ":") != 0)
		colon++;
	if (colon + 1 >= argc)
		return 2;
	argv[colon] = NULL;
	struct program programs[2] = { start(argv + 1), start(argv + colon + 1) };
	memcpy(bytes, "{}\n", 3);
	pass(programs[0].in, 3);
	for (int i = 0; i < 2; i++) {
		struct epoll_event event = { .events = EPOLLIN, .data.u32 = (uint32_t)i };

		do
			if (read(programs[i].out, bytes, 1) != 1)
				return 1;
		while (bytes[0] != '\n');
		epoll_ctl(epoll, EPOLL_CTL_ADD, programs[i].out, &event);
	}
	for (;;) {
		struct epoll_event events[2];

		for (int i = 0, n = epoll_wait(epoll, events, 2, -1); i < n; i++) {
			uint32_t from = events[i].data.u32;
			ssize_t length = read(programs[from].out, bytes, PIECE);

			if (length <= 0) {
				close(programs[0].in);
				close(programs[1].in);
				while (wait(NULL) > 0)
					;
				return 0;
			}
			pass(programs[!from].in, length);
		}
	}
}
