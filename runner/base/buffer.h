/* Bytes that arrive in pieces and leave in lines, or the other way round; never more than a cap. */
#ifndef BUFFER_H
#define BUFFER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buffer {
	char *bytes;		/* what is in it begins at `start` */
	size_t start, length, room;
	size_t cap;		/* append refuses to pass it */
	size_t seen;		/* so many of the bytes are known to hold no newline */
};

void buffer_init(struct buffer *buffer, size_t cap);
void buffer_free(struct buffer *buffer);

/* 0, -EMSGSIZE when the cap would be passed, -ENOMEM. */
int buffer_append(struct buffer *buffer, const char *bytes, size_t length);

/*
 * Room for at least `length` more bytes behind what is there, to read into; buffer_grew() says how
 * many came. It may pass the cap. NULL: out of memory.
 */
char *buffer_space(struct buffer *buffer, size_t length);
void buffer_grew(struct buffer *buffer, size_t length);

/* The first line without its newline, ended by a NUL in place; NULL when there is none yet. */
char *buffer_line(struct buffer *buffer, size_t *length);

/* Drops that many bytes from the front. Large memory is given back when nothing is left. */
void buffer_drop(struct buffer *buffer, size_t length);

static inline const char *
buffer_bytes(const struct buffer *buffer)
{
	return buffer->bytes ? buffer->bytes + buffer->start : NULL;
}

/*
 * Writing text into a buffer. A failure (-EMSGSIZE, -ENOMEM) stays: buffer_text() tells it at the
 * end, so the calls between need no checks.
 */
void buffer_put(struct buffer *buffer, const char *text);
void buffer_put_bytes(struct buffer *buffer, const char *bytes, size_t length);
void buffer_put_integer(struct buffer *buffer, int64_t integer);
void buffer_putf(struct buffer *buffer, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* A JSON string with its quotes; bytes that are not UTF-8 become U+FFFD. RFC 8259, 7. */
void buffer_put_string(struct buffer *buffer, const char *bytes, size_t length);

/* What was put, ended by a NUL; NULL when some of it did not fit. */
const char *buffer_text(struct buffer *buffer);

/* Forgets what is in it, and keeps the memory. */
void buffer_clear(struct buffer *buffer);

#endif
