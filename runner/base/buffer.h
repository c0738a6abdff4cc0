/* Bytes that arrive in pieces and leave in lines, or the other way round; never more than a cap. */
#ifndef BUFFER_H
#define BUFFER_H

#include <stdbool.h>
#include <stddef.h>

struct buffer {
	char *bytes;
	size_t length, room;
	size_t cap;		/* append refuses to pass it */
};

void buffer_init(struct buffer *buffer, size_t cap);
void buffer_free(struct buffer *buffer);

/* 0, -EMSGSIZE when the cap would be passed, -ENOMEM. */
int buffer_append(struct buffer *buffer, const char *bytes, size_t length);

/* The first line without its newline, ended by a NUL in place; NULL when there is none yet. */
char *buffer_line(struct buffer *buffer, size_t *length);

/* Drops that many bytes from the front. */
void buffer_drop(struct buffer *buffer, size_t length);

#endif
