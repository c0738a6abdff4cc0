/* Owns the reception of descriptors. */
#include "parcel.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>

ssize_t
parcel_receive(int socket, struct parcel *parcel)
{
	union {
		char bytes[CMSG_SPACE(PARCEL_FDS * sizeof(int))];
		struct cmsghdr align;
	} space;
	struct iovec part = { parcel->text, sizeof(parcel->text) };
	struct msghdr message = { .msg_iov = &part, .msg_iovlen = 1, .msg_control = space.bytes,
		.msg_controllen = sizeof(space.bytes) };
	ssize_t length = recvmsg(socket, &message, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);

	parcel->count = 0;
	parcel->message = raw_of("{}", 2);
	if (length <= 0)
		return length < 0 ? -errno : 0;
	for (struct cmsghdr *head = CMSG_FIRSTHDR(&message); head; head = CMSG_NXTHDR(&message, head))
		if (head->cmsg_level == SOL_SOCKET && head->cmsg_type == SCM_RIGHTS) {
			parcel->count = (int)((head->cmsg_len - CMSG_LEN(0)) / sizeof(int));
			memcpy(parcel->fds, CMSG_DATA(head), (size_t)parcel->count * sizeof(int));
		}
	if (!raw_check(parcel->text, (size_t)length))
		parcel->message = raw_of(parcel->text, (size_t)length);
	return length;
}
