/*
 * Owns how a log that is too long is cut. Behind the beginning the file is a ring, until it is closed:
 * so a flood costs no memory, and no more disk than the cap.
 */
#include "log.h"

#include "common.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

#define PIECE 65536

int
log_open(struct log *log, int dir, const char *name, size_t cap)
{
	log->half = cap / 2;
	log->used = 0;
	log->length = 0;
	log->fd = openat(dir, name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
	return log->fd < 0 ? -errno : 0;
}

/* Where in the file a byte of the stream lies. */
static off_t
place(const struct log *log, uint64_t at)
{
	return (off_t)(at < log->half ? at : log->half + (at - log->half) % log->half);
}

/* How many bytes from there on lie in one piece. */
static size_t
run(const struct log *log, uint64_t at)
{
	return log->half - (size_t)(place(log, at) % (off_t)log->half);
}

static void
put(struct log *log, const char *bytes, size_t length)
{
	while (log->fd >= 0 && length > 0) {
		size_t piece = length < run(log, log->length) ? length : run(log, log->length);

		(void)!pwrite(log->fd, bytes, piece, place(log, log->length));
		log->length += piece;
		bytes += piece;
		length -= piece;
	}
}

void
log_write(struct log *log, const char *bytes, size_t length)
{
	if (log->used + length > sizeof(log->piece)) {
		put(log, log->piece, log->used);
		log->used = 0;
	}
	if (length > sizeof(log->piece)) {
		put(log, bytes, length);
		return;
	}
	memcpy(log->piece + log->used, bytes, length);
	log->used += length;
}

/* The end of the stream, from the ring to behind the file, then down over the ring. */
static void
straighten(const struct log *log)
{
	uint64_t from = log->length - log->half, left_out = from - log->half;
	off_t to = (off_t)(2 * log->half);
	cleanup_free char *piece = malloc(PIECE);
	char marker[80];

	for (uint64_t at = from; piece && at < log->length;) {
		size_t length = run(log, at) < PIECE ? run(log, at) : PIECE;

		length = log->length - at < length ? (size_t)(log->length - at) : length;
		(void)!pread(log->fd, piece, length, place(log, at));
		(void)!pwrite(log->fd, piece, length, to);
		to += (off_t)length;
		at += length;
	}
	int words = snprintf(marker, sizeof(marker), "\n[%llu bytes left out]\n",
	    (unsigned long long)left_out);
	(void)!pwrite(log->fd, marker, (size_t)words, (off_t)log->half);
	off_t end = (off_t)log->half + words;
	for (off_t at = (off_t)(2 * log->half); piece && at < to; at += PIECE) {
		size_t length = to - at < PIECE ? (size_t)(to - at) : PIECE;

		(void)!pread(log->fd, piece, length, at);
		(void)!pwrite(log->fd, piece, length, end);
		end += (off_t)length;
	}
	(void)!ftruncate(log->fd, end);
}

void
log_close(struct log *log)
{
	put(log, log->piece, log->used);
	log->used = 0;
	if (log->fd >= 0 && log->length > 2 * log->half)
		straighten(log);
	close_fd(&log->fd);
}
