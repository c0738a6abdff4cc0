/* Owns the streams of one program. It reads whatever comes, and keeps no more than the caps. */
#include "party.h"

#include "common.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

#define STATUS_CAP 16384

int
party_start(struct party *party, const char *helper, const struct program *program, uint64_t seed,
    int dir)
{
	char name[NAME_MAX_BYTES + 8];

	*party = (struct party){ .log = -1 };
	buffer_init(&party->pending, PENDING_CAP);
	buffer_init(&party->lines, LINE_CAP);
	buffer_init(&party->status_line, STATUS_CAP);
	snprintf(name, sizeof(name), "%s.err", program->name);
	party->log = openat(dir, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
	if (party->log < 0)
		return -errno;
	return child_start(&party->child, helper, program, seed);
}

void
party_end(struct party *party)
{
	child_end(&party->child);
	buffer_free(&party->pending);
	buffer_free(&party->lines);
	buffer_free(&party->status_line);
	common_close(&party->log);
	party->log = -1;
	free(party->answer);
	party->answer = NULL;
	js_free(party->status);
	party->status = NULL;
}

int
party_fd(const struct party *party, enum stream stream)
{
	const int fds[STREAMS] = { party->child.in, party->child.out, party->child.err,
	    party->child.status };

	return fds[stream];
}

void
party_flush(struct party *party)
{
	while (party->child.in >= 0 && party->pending.length > 0) {
		ssize_t sent = write(party->child.in, party->pending.bytes, party->pending.length);

		if (sent < 0 && errno == EAGAIN)
			return;
		if (sent < 0) {	/* it is gone, and its status will tell why */
			buffer_drop(&party->pending, party->pending.length);
			return;
		}
		buffer_drop(&party->pending, (size_t)sent);
	}
}

int
party_send(struct party *party, const char *line)
{
	int error = buffer_append(&party->pending, line, strlen(line));

	if (!error)
		error = buffer_append(&party->pending, "\n", 1);
	if (!error)
		party_flush(party);
	return error;
}

/* One read. 0 at the end of the stream, which is closed; -EAGAIN when nothing is there. */
static ssize_t
read_some(int *fd, char *bytes, size_t size)
{
	ssize_t length = read(*fd, bytes, size);

	if (length < 0 && (errno == EAGAIN || errno == EINTR))
		return -EAGAIN;
	if (length > 0)
		return length;
	close(*fd);
	*fd = -1;
	return 0;
}

bool
party_read_log(struct party *party)
{
	char bytes[65536];
	ssize_t length = read_some(&party->child.err, bytes, sizeof(bytes));
	size_t room = LOG_CAP - party->logged;

	if (length <= 0)
		return length < 0;
	size_t kept = (size_t)length < room ? (size_t)length : room;
	if (kept > 0 && write(party->log, bytes, kept) == (ssize_t)kept)
		party->logged += kept;
	return true;
}

bool
party_read_status(struct party *party)
{
	char bytes[4096], error[JS_ERROR_BYTES];
	ssize_t length = read_some(&party->child.status, bytes, sizeof(bytes));

	if (length > 0)
		/* what is too long does not parse */
		(void)buffer_append(&party->status_line, bytes, (size_t)length);
	if (length == 0)
		party->status = js_parse(party->status_line.bytes ? party->status_line.bytes : "",
		    party->status_line.length, error);
	return length != 0;
}

bool
party_read_lines(struct party *party, int *error)
{
	char bytes[65536];
	ssize_t length = read_some(&party->child.out, bytes, sizeof(bytes));

	*error = length > 0 && !party->deaf ? buffer_append(&party->lines, bytes, (size_t)length)
	    : 0;
	return length != 0;
}
