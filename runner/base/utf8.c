/* Owns what is a character in UTF-8: RFC 3629, 4. */
#include "utf8.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

/* By its first byte: how long it is, and between which bounds the second byte lies. */
static const struct {
	uint8_t first, last, length, second_least, second_most;
} rows[] = {
	{ 0x00, 0x7f, 1, 0, 0 },
	{ 0xc2, 0xdf, 2, 0x80, 0xbf },
	{ 0xe0, 0xe0, 3, 0xa0, 0xbf },
	{ 0xe1, 0xec, 3, 0x80, 0xbf },
	{ 0xed, 0xed, 3, 0x80, 0x9f },
	{ 0xee, 0xef, 3, 0x80, 0xbf },
	{ 0xf0, 0xf0, 4, 0x90, 0xbf },
	{ 0xf1, 0xf3, 4, 0x80, 0xbf },
	{ 0xf4, 0xf4, 4, 0x80, 0x8f },
};

size_t
utf8_length(const char *text, size_t length)
{
	const uint8_t *bytes = (const uint8_t *)text;

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		if (bytes[0] < rows[i].first || bytes[0] > rows[i].last)
			continue;
		if (rows[i].length == 1)
			return 1;
		if (length < rows[i].length || bytes[1] < rows[i].second_least ||
		    bytes[1] > rows[i].second_most)
			return 0;
		for (size_t at = 2; at < rows[i].length; at++)
			if (bytes[at] < 0x80 || bytes[at] > 0xbf)
				return 0;
		return rows[i].length;
	}
	return 0;
}

size_t
utf8_begun(const char *text, size_t length)
{
	const uint8_t *end = (const uint8_t *)text + length;

	for (size_t back = 1; back <= 3 && back <= length; back++) {
		uint8_t byte = *(end - back);

		for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
			if (byte >= rows[i].first && byte <= rows[i].last)
				return rows[i].length > back ? back : 0;
		if (byte < 0x80 || byte > 0xbf)
			return 0;
	}
	return 0;
}

int
utf8_is_shown(const char *bytes, size_t length)
{
	const uint8_t *at = (const uint8_t *)bytes;

	/* 0xc2 0x80 to 0xc2 0x9f: one of these is as good as ESC [. */
	return utf8_length(bytes, length) > 0 && at[0] >= ' ' && at[0] != 127 &&
	    !(at[0] == 0xc2 && at[1] < 0xa0);
}

void
utf8_make_plain(char *text)
{
	size_t left = strlen(text);

	while (left > 0) {
		size_t length = utf8_length(text, left);
		bool shown = utf8_is_shown(text, left);

		length = length ? length : 1;
		for (size_t i = 0; i < length && !shown; i++)
			text[i] = ' ';
		text += length;
		left -= length;
	}
}
