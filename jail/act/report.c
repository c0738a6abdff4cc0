/* Owns messages: how they and the descriptors in them cross a Unix socket. */
#include "report.h"

#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>

union control {
	struct cmsghdr header;
	char bytes[CMSG_SPACE(FDS_MAX * sizeof(int))];
};

int64_t
now_us(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);	/* cannot fail for this clock */
	return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

struct report
report_make(enum report_kind kind, enum step step, int value)
{
	struct rusage used = { 0 };

	(void)getrusage(RUSAGE_SELF, &used);	/* cannot fail */
	return (struct report){ kind, step, value, now_us(),
		(int64_t)used.ru_utime.tv_sec * 1000000 + used.ru_utime.tv_usec,
		(int64_t)used.ru_stime.tv_sec * 1000000 + used.ru_stime.tv_usec };
}

int
message_send(int socket, const void *data, size_t length, const int *fds, size_t count)
{
	union control control = { .header = { .cmsg_len = CMSG_LEN(count * sizeof(*fds)),
		.cmsg_level = SOL_SOCKET, .cmsg_type = SCM_RIGHTS } };
	struct iovec part = { (void *)data, length };
	struct msghdr message = { .msg_iov = &part, .msg_iovlen = 1, .msg_control = control.bytes,
		.msg_controllen = CMSG_SPACE(count * sizeof(*fds)) };

	if (count > 0)
		memcpy(CMSG_DATA(&control.header), fds, count * sizeof(*fds));
	else
		message.msg_controllen = 0;
	return sendmsg(socket, &message, MSG_NOSIGNAL | MSG_DONTWAIT) == (ssize_t)length ? 0 : -1;
}

int
report_receive(int socket, struct report *report, int *fd)
{
	union control control = { 0 };
	struct iovec part = { report, sizeof(*report) };
	struct msghdr message = { .msg_iov = &part, .msg_iovlen = 1, .msg_control = control.bytes,
		.msg_controllen = sizeof(control.bytes) };

	*fd = -1;
	if (recvmsg(socket, &message, MSG_CMSG_CLOEXEC | MSG_DONTWAIT) != sizeof(*report))
		return -1;
	struct cmsghdr *header = CMSG_FIRSTHDR(&message);
	if (header && header->cmsg_type == SCM_RIGHTS && header->cmsg_len == CMSG_LEN(sizeof(*fd)))
		memcpy(fd, CMSG_DATA(header), sizeof(*fd));
	return 0;
}
