/* Owns the growing and shrinking of a byte buffer. */
#include "buffer.h"

#include "utf8.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ROOM_FIRST 4096
#define ROOM_KEPT (256 * 1024)	/* an empty buffer keeps no more */
#define FAILED SIZE_MAX		/* `seen` of a buffer whose text did not fit */

void
buffer_init(struct buffer *buffer, size_t cap)
{
	*buffer = (struct buffer){ .cap = cap };
}

void
buffer_free(struct buffer *buffer)
{
	free(buffer->bytes);
	buffer_init(buffer, buffer->cap);
}

static void
to_front(struct buffer *buffer)
{
	if (buffer->start > 0)
		memmove(buffer->bytes, buffer->bytes + buffer->start, buffer->length);
	buffer->start = 0;
}

char *
buffer_space(struct buffer *buffer, size_t length)
{
	size_t wanted = buffer->length + length + 1, room = buffer->room ? buffer->room : ROOM_FIRST;

	if (buffer->start + wanted <= buffer->room)
		return buffer->bytes + buffer->start + buffer->length;
	to_front(buffer);
	while (room < wanted)
		room *= 2;
	char *bytes = room > buffer->room ? realloc(buffer->bytes, room) : buffer->bytes;
	if (!bytes)
		return NULL;
	buffer->bytes = bytes;
	buffer->room = room;
	return bytes + buffer->length;
}

void
buffer_grew(struct buffer *buffer, size_t length)
{
	buffer->length += length;
}

int
buffer_append(struct buffer *buffer, const char *bytes, size_t length)
{
	if (length == 0)
		return 0;
	if (length > buffer->cap - buffer->length)
		return -EMSGSIZE;
	char *space = buffer_space(buffer, length);
	if (!space)
		return -ENOMEM;
	memcpy(space, bytes, length);
	buffer->length += length;
	return 0;
}

char *
buffer_line(struct buffer *buffer, size_t *length)
{
	char *bytes = buffer->bytes + buffer->start;
	char *end = buffer->length > buffer->seen
	    ? memchr(bytes + buffer->seen, '\n', buffer->length - buffer->seen) : NULL;

	buffer->seen = end ? 0 : buffer->length;
	if (!end)
		return NULL;
	*end = '\0';
	*length = (size_t)(end - bytes);
	return bytes;
}

void
buffer_drop(struct buffer *buffer, size_t length)
{
	buffer->start += length;
	buffer->length -= length;
	buffer->seen = 0;
	if (buffer->length > 0)
		return;
	buffer->start = 0;
	if (buffer->room > ROOM_KEPT)
		buffer_free(buffer);
}

void
buffer_clear(struct buffer *buffer)
{
	buffer->start = buffer->length = buffer->seen = 0;
}

void
buffer_put_bytes(struct buffer *buffer, const char *bytes, size_t length)
{
	if (buffer->seen == FAILED || buffer_append(buffer, bytes, length))
		buffer->seen = FAILED;
}

void
buffer_put(struct buffer *buffer, const char *text)
{
	buffer_put_bytes(buffer, text, strlen(text));
}

void
buffer_put_integer(struct buffer *buffer, int64_t integer)
{
	char digits[24], *at = digits + sizeof(digits);
	uint64_t rest = integer < 0 ? -(uint64_t)integer : (uint64_t)integer;

	do
		*--at = (char)('0' + rest % 10);
	while (rest /= 10);
	if (integer < 0)
		*--at = '-';
	buffer_put_bytes(buffer, at, (size_t)(digits + sizeof(digits) - at));
}

void
buffer_putf(struct buffer *buffer, const char *format, ...)
{
	char text[1024];
	va_list args;

	va_start(args, format);
	int length = vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	if (length < 0 || (size_t)length >= sizeof(text))
		buffer->seen = FAILED;
	else
		buffer_put_bytes(buffer, text, (size_t)length);
}

static bool
is_plain(unsigned char byte)
{
	return byte >= ' ' && byte < 127 && byte != '"' && byte != '\\';
}

static void
put_escaped(struct buffer *buffer, unsigned char byte)
{
	static const char letters[] = "\"\"\\\\\bb\ff\nn\rr\tt";

	for (const char *pair = letters; *pair; pair += 2)
		if ((unsigned char)*pair == byte) {
			buffer_put_bytes(buffer, (char[]){ '\\', pair[1] }, 2);
			return;
		}
	buffer_putf(buffer, "\\u%04x", byte);
}

void
buffer_put_string(struct buffer *buffer, const char *bytes, size_t length)
{
	buffer_put(buffer, "\"");
	for (size_t at = 0; at < length;) {
		size_t run = at;

		while (run < length && is_plain((unsigned char)bytes[run]))
			run++;
		buffer_put_bytes(buffer, bytes + at, run - at);
		at = run;
		if (at == length)
			break;
		size_t sequence = utf8_length(bytes + at, length - at);
		if (sequence > 1)
			buffer_put_bytes(buffer, bytes + at, sequence);
		else if (sequence == 1)
			put_escaped(buffer, (unsigned char)bytes[at]);
		else
			buffer_put(buffer, "\\ufffd");
		at += sequence ? sequence : 1;
	}
	buffer_put(buffer, "\"");
}

const char *
buffer_text(struct buffer *buffer)
{
	char *end = buffer->seen == FAILED ? NULL : buffer_space(buffer, 0);

	if (!end)
		return NULL;
	*end = '\0';
	return buffer_bytes(buffer);
}
