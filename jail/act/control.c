/* Owns the two messages of the control socket: bot-jail(1), CONTROL SOCKET. */
#include "control.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define FDS_MAX SLOTS_MAX	/* the more numerous of the two kinds */

struct parcel {
	char text[1024];
	int fd[FDS_MAX];
	size_t fds;
};

_Static_assert(CGROUP_FILES <= FDS_MAX, "a parcel holds either kind");

static void
add_text(struct parcel *parcel, const char *text)
{
	strncat(parcel->text, text, sizeof(parcel->text) - strlen(parcel->text) - 1);
}

/* Adds `,"name"`, the comma only where something precedes. */
static void
add_name(struct parcel *parcel, const char *name)
{
	if (parcel->text[strlen(parcel->text) - 1] != '[')
		add_text(parcel, ",");
	add_text(parcel, "\"");
	add_text(parcel, name);
	add_text(parcel, "\"");
}

/* Never waits: a caller who does not read what he asked for gets no jail. */
static int
send_parcel(int socket, const struct parcel *parcel)
{
	union {
		struct cmsghdr header;
		char bytes[CMSG_SPACE(sizeof(parcel->fd))];
	} control = { 0 };
	struct iovec data = { (void *)parcel->text, strlen(parcel->text) };
	size_t bytes = parcel->fds * sizeof(int);
	struct msghdr message = { .msg_iov = &data, .msg_iovlen = 1, .msg_control = control.bytes,
		.msg_controllen = CMSG_SPACE(bytes) };

	control.header.cmsg_len = CMSG_LEN(bytes);
	control.header.cmsg_level = SOL_SOCKET;
	control.header.cmsg_type = SCM_RIGHTS;
	memcpy(CMSG_DATA(&control.header), parcel->fd, bytes);
	return sendmsg(socket, &message, MSG_NOSIGNAL | MSG_DONTWAIT) == (ssize_t)data.iov_len ? 0 : -1;
}

static int
send_and_close(int socket, const struct parcel *parcel)
{
	int wrong = send_parcel(socket, parcel), error = errno;

	for (size_t i = 0; i < parcel->fds; i++)
		(void)close(parcel->fd[i]);	/* opened for the message only */
	errno = error;
	return wrong;
}

int
control_send_cgroup(int socket, const struct cgroup *cgroup)
{
	struct cgroup_file files[CGROUP_FILES];
	struct parcel parcel = { .text = "{\"cgroup\":[" };

	cgroup_open_files(cgroup, files);
	for (int i = 0; i < CGROUP_FILES; i++)
		if (files[i].fd >= 0) {
			add_name(&parcel, files[i].name);
			parcel.fd[parcel.fds++] = files[i].fd;
		}
	add_text(&parcel, "],\"absent\":[");
	for (int i = 0; i < CGROUP_FILES; i++)
		if (files[i].fd < 0)
			add_name(&parcel, files[i].name);
	add_text(&parcel, "]}\n");
	return send_and_close(socket, &parcel);
}

/* By now the mount belongs to no namespace any more, and ".." of its root is itself. */
int
control_send_slots(int socket, const struct plan *plan, const struct slot_mounts *mounts)
{
	const struct record_slot *slot = record_part(plan->record, PART_SLOTS);
	struct parcel parcel = { .text = "{\"slots\":[" };

	for (uint32_t i = 0; i < plan->record->part[PART_SLOTS].count; i++) {
		if (slot[i].kind != SLOT_TMP)
			continue;
		int fd = openat(mounts->fd[i], ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		if (fd < 0)
			continue;
		add_name(&parcel, record_string(plan->record, slot[i].name));
		parcel.fd[parcel.fds++] = fd;
	}
	add_text(&parcel, "]}\n");
	return parcel.fds ? send_and_close(socket, &parcel) : 0;
}
