/* Owns the growing and shrinking of a byte buffer. */
#include "buffer.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define ROOM_FIRST 4096

void
buffer_init(struct buffer *buffer, size_t cap)
{
	*buffer = (struct buffer){ .cap = cap };
}

void
buffer_free(struct buffer *buffer)
{
	free(buffer->bytes);
	*buffer = (struct buffer){ .cap = buffer->cap };
}

static int
grow(struct buffer *buffer, size_t wanted)
{
	size_t room = buffer->room ? buffer->room : ROOM_FIRST;

	while (room < wanted)
		room *= 2;
	char *bytes = realloc(buffer->bytes, room);
	if (!bytes)
		return -ENOMEM;
	buffer->bytes = bytes;
	buffer->room = room;
	return 0;
}

int
buffer_append(struct buffer *buffer, const char *bytes, size_t length)
{
	if (length > buffer->cap - buffer->length)
		return -EMSGSIZE;
	if (buffer->length + length > buffer->room && grow(buffer, buffer->length + length))
		return -ENOMEM;
	memcpy(buffer->bytes + buffer->length, bytes, length);
	buffer->length += length;
	return 0;
}

char *
buffer_line(struct buffer *buffer, size_t *length)
{
	char *end = buffer->length ? memchr(buffer->bytes, '\n', buffer->length) : NULL;

	if (!end)
		return NULL;
	*end = '\0';
	*length = (size_t)(end - buffer->bytes);
	return buffer->bytes;
}

void
buffer_drop(struct buffer *buffer, size_t length)
{
	buffer->length -= length;
	memmove(buffer->bytes, buffer->bytes + length, buffer->length);
}
