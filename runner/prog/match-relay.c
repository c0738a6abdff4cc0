/*
 * match-relay NAME: the command for an engine that starts bots itself. It hands its standard input and
 * output to the match-run that started the engine (match-run relay), and waits: the bot of that name
 * runs in a jail, and ends when this process does. match-run(1), RELAY.
 */
#include "relay.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define EXIT_USAGE 2
#define EXIT_OURS 75

static int
complain(const char *what, const char *why)
{
	fprintf(stderr, "match-relay: %s: %s\n", what, why);
	return EXIT_OURS;
}

static int
connect_to(const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);

	if (strlen(path) >= sizeof(address.sun_path)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	strcpy(address.sun_path, path);
	return fd >= 0 && connect(fd, (struct sockaddr *)&address, sizeof(address)) == 0 ? fd : -1;
}

/* The name, with the two descriptors. */
static int
hand_over(int fd, const char *name)
{
	const int fds[RELAY_FDS] = { STDIN_FILENO, STDOUT_FILENO };
	union {
		char bytes[CMSG_SPACE(sizeof(fds))];
		struct cmsghdr align;
	} space = { { 0 } };
	struct iovec part = { (char *)name, strlen(name) };
	struct msghdr message = { .msg_iov = &part, .msg_iovlen = 1, .msg_control = space.bytes,
		.msg_controllen = sizeof(space.bytes) };
	struct cmsghdr *head = CMSG_FIRSTHDR(&message);

	head->cmsg_level = SOL_SOCKET;
	head->cmsg_type = SCM_RIGHTS;
	head->cmsg_len = CMSG_LEN(sizeof(fds));
	memcpy(CMSG_DATA(head), fds, sizeof(fds));
	return sendmsg(fd, &message, MSG_NOSIGNAL) < 0 ? -1 : 0;
}

int
main(int argc, char *argv[])
{
	const char *path = getenv(RELAY_VARIABLE);
	unsigned char status;

	if (argc != 2 || argv[1][0] == '-') {
		fprintf(stderr, "usage: match-relay NAME\n"
		    "It is for engines that match-run relay starts: see match-run(1).\n");
		return EXIT_USAGE;
	}
	if (!path)
		return complain(RELAY_VARIABLE, "not set: start the engine by match-run relay");
	int fd = connect_to(path);
	if (fd < 0 || hand_over(fd, argv[1]))
		return complain(path, strerror(errno));
	/* The bot's end of the pipes must be the only one. */
	close(STDIN_FILENO);
	close(STDOUT_FILENO);
	return recv(fd, &status, 1, 0) == 1 ? status : EXIT_OURS;
}
