/* Owns talking to one program synchronously. */
#include "drive.h"

#include "common.h"
#include "loop.h"

#include <errno.h>
#include <poll.h>
#include <string.h>

#define CAP (32 << 20)
#define LOG_CAP 65536
#define PIECE 65536

int
drive_start(struct drive *drive, const char *helper, const struct program *program, uint64_t seed)
{
	*drive = (struct drive){ .child = CHILD_NONE };
	buffer_init(&drive->lines, CAP);
	buffer_init(&drive->log, LOG_CAP);
	buffer_init(&drive->status, 1 << 16);
	return child_start(&drive->child, helper, program, seed, NULL);
}

static void
take(struct drive *drive, int *fd, struct buffer *buffer)
{
	char bytes[PIECE];
	ssize_t length = read(*fd, bytes, sizeof(bytes));

	if (length < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (length > 0) {
		(void)buffer_append(buffer, bytes, (size_t)length);	/* the rest of a log is lost */
		return;
	}
	drive->ended |= fd == &drive->child.out;
	close_fd(fd);
}

/* Reads what comes until `until_us`, or once something came. */
static void
wait_once(struct drive *drive, int64_t until_us)
{
	struct child *child = &drive->child;
	int64_t left_us = until_us - loop_now_us();
	struct pollfd fds[] = { { child->out, POLLIN, 0 }, { child->err, POLLIN, 0 },
		{ child->status, POLLIN, 0 } };

	if (poll(fds, COUNT(fds), left_us > 0 ? (int)(left_us / 1000) + 1 : 0) <= 0)
		return;
	if (fds[0].revents)
		take(drive, &child->out, &drive->lines);
	if (fds[1].revents)
		take(drive, &child->err, &drive->log);
	if (fds[2].revents)
		take(drive, &child->status, &drive->status);
}

bool
drive_send(struct drive *drive, const char *line, size_t length)
{
	struct buffer out;
	int64_t until_us = loop_now_us() + 2000000;
	bool sent = true;

	buffer_init(&out, CAP);
	buffer_put_bytes(&out, line, length);
	buffer_put_bytes(&out, "\n", 1);
	while (sent && out.length > 0 && drive->child.in >= 0) {
		ssize_t taken = write(drive->child.in, buffer_bytes(&out), out.length);

		if (taken > 0)
			buffer_drop(&out, (size_t)taken);
		else if (errno != EAGAIN || loop_now_us() >= until_us)
			sent = false;
		else
			wait_once(drive, loop_now_us() + 5000);
	}
	buffer_free(&out);
	return sent;
}

const char *
drive_line(struct drive *drive, int wait_ms, size_t *length)
{
	int64_t until_us = loop_now_us() + (int64_t)wait_ms * 1000;

	buffer_drop(&drive->lines, drive->taken);
	drive->taken = 0;
	for (;;) {
		char *line = buffer_line(&drive->lines, length);

		if (line) {
			drive->taken = *length + 1;
			return line;
		}
		if (drive->ended || loop_now_us() >= until_us)
			return NULL;
		wait_once(drive, until_us);
	}
}

void
drive_close(struct drive *drive)
{
	close_fd(&drive->child.in);
}

struct js *
drive_wait(struct drive *drive, int wait_ms)
{
	int64_t until_us = loop_now_us() + (int64_t)wait_ms * 1000;
	char error[JS_ERROR_BYTES];

	while (drive->child.status >= 0 && loop_now_us() < until_us)
		wait_once(drive, until_us);
	while (drive->child.out >= 0 && drive->child.status < 0)
		wait_once(drive, loop_now_us() + 100000);
	return drive->child.status >= 0 || drive->status.length == 0 ? NULL
	    : js_parse(buffer_bytes(&drive->status), drive->status.length, error);
}

void
drive_end(struct drive *drive)
{
	child_end(&drive->child);
	buffer_free(&drive->lines);
	buffer_free(&drive->log);
	buffer_free(&drive->status);
}
