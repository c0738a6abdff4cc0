/* Owns the streams of one jailed program. */
#include "oneshot.h"

#include "common.h"
#include "parcel.h"

#include <errno.h>
#include <string.h>

#define STATUS_MAX (1 << 16)

int
oneshot_start(struct oneshot *shot, const char *helper, const struct program *program, uint64_t seed,
    const char *const *variables)
{
	buffer_init(&shot->status, STATUS_MAX);
	shot->slot = shot->memory = -1;
	shot->sent = 0;
	return child_start(&shot->child, helper, program, seed, variables);
}

void
oneshot_polls(const struct oneshot *shot, struct pollfd fds[ONESHOT_STREAMS])
{
	const struct child *child = &shot->child;

	fds[ONESHOT_IN] = (struct pollfd){ child->in, POLLOUT, 0 };
	fds[ONESHOT_OUT] = (struct pollfd){ child->out, POLLIN, 0 };
	fds[ONESHOT_ERR] = (struct pollfd){ child->err, POLLIN, 0 };
	fds[ONESHOT_STATUS] = (struct pollfd){ child->status, POLLIN, 0 };
	fds[ONESHOT_CONTROL] = (struct pollfd){ child->control, POLLIN, 0 };
}

/* A program need not read its input: what it leaves is dropped with it. */
static void
send_input(struct oneshot *shot)
{
	size_t left = shot->input_length - shot->sent;
	ssize_t sent = left ? write(shot->child.in, shot->input + shot->sent, left) : 0;

	if (sent > 0)
		shot->sent += (size_t)sent;
	if (sent < 0 ? errno != EAGAIN : shot->sent == shot->input_length)
		close_fd(&shot->child.in);
}

static void
receive(struct oneshot *shot, int *fd, enum oneshot_stream stream)
{
	char bytes[65536];
	ssize_t length = read(*fd, bytes, sizeof(bytes));

	if (length < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (length <= 0)
		close_fd(fd);
	else if (stream == ONESHOT_STATUS)
		(void)buffer_append(&shot->status, bytes, (size_t)length);	/* too long is not JSON, then */
	else
		shot->take(shot->owner, stream, bytes, (size_t)length);
}

/* --- the control socket: bot-jail(1), CONTROL SOCKET */

/* Keeps the folder of the slot and the file that tells memory, and closes everything else. */
static void
keep(struct oneshot *shot, const struct parcel *parcel)
{
	struct raw slots = raw_get(parcel->message, "slots"), names = raw_get(parcel->message, "cgroup");
	size_t at = 0;

	for (int i = 0; i < parcel->count; i++) {
		struct raw name = slots.bytes ? slots : raw_next(names, &at, NULL);
		bool is_memory = raw_is(name, "memory.current") || raw_is(name, "memory.usage_in_bytes");
		int *mine = slots.bytes ? &shot->slot : is_memory ? &shot->memory : NULL;

		if (mine && *mine < 0)
			*mine = parcel->fds[i];
		else
			close(parcel->fds[i]);
	}
}

static void
receive_control(struct oneshot *shot)
{
	struct parcel parcel;
	ssize_t length = parcel_receive(shot->child.control, &parcel);

	if (length == -EAGAIN || length == -EINTR)
		return;
	keep(shot, &parcel);
	if (length <= 0)
		close_fd(&shot->child.control);
}

void
oneshot_look(struct oneshot *shot, const struct pollfd fds[ONESHOT_STREAMS])
{
	struct child *child = &shot->child;
	int *const mine[] = { NULL, &child->out, &child->err, &child->status };

	if (fds[ONESHOT_IN].revents)
		send_input(shot);
	for (int i = ONESHOT_OUT; i <= ONESHOT_STATUS; i++)
		if (fds[i].revents)
			receive(shot, mine[i], (enum oneshot_stream)i);
	if (fds[ONESHOT_CONTROL].revents)
		receive_control(shot);
}

bool
oneshot_is_over(const struct oneshot *shot)
{
	const struct child *child = &shot->child;

	return child->out < 0 && child->err < 0 && child->status < 0 && child->control < 0;
}

void
oneshot_wait(struct oneshot *shot)
{
	while (!oneshot_is_over(shot)) {
		struct pollfd fds[ONESHOT_STREAMS];

		oneshot_polls(shot, fds);
		(void)poll(fds, COUNT(fds), -1);	/* whatever it says, all are looked at */
		oneshot_look(shot, fds);
	}
}

void
oneshot_stop(struct oneshot *shot)
{
	child_stop(&shot->child);
}

struct js *
oneshot_status(const struct oneshot *shot)
{
	char error[JS_ERROR_BYTES];

	return shot->status.length ? js_parse(buffer_bytes(&shot->status), shot->status.length, error) : NULL;
}

void
oneshot_free(struct oneshot *shot)
{
	child_end(&shot->child);
	buffer_free(&shot->status);
	close_fd(&shot->slot);
	close_fd(&shot->memory);
}

const struct ending_words *
ending_words(const char *reason)
{
	static const struct ending_words words[] = {
		{ "exited", "completed", false, NULL },
		{ "wall", "timeout", false, "it ran out of time" },
		{ "cpu", "timeout", false, "it ran out of CPU time" },
		{ "memory", "memory", false, "it ran out of memory" },
		{ "syscall", "forbidden", false, "it used a system call that ends a jail" },
		{ "signaled", "crashed", false, "its program was ended by a signal" },
		{ "killed", "failed", true, "it was killed" },
		{ "refused", "refused", true, NULL },
		{ "setup", "failed", true, NULL },
	};
	static const struct ending_words none = { "", "failed", true, "its jail said nothing" };

	for (size_t i = 0; reason && i < COUNT(words); i++)
		if (strcmp(words[i].reason, reason) == 0)
			return &words[i];
	return &none;
}
