/* Claim: utf8.h knows what is a character, whole or begun, and leaves of strangers' words what a line can show. */
#include "utf8.h"
#include "tap.h"

#include <string.h>

static const struct {
	const char *bytes;
	size_t length, begun;		/* of the first character; at the end */
} texts[] = {
	{ "a", 1, 0 },
	{ "\xc3\xa9", 2, 0 },
	{ "\xe2\x82\xac", 3, 0 },
	{ "\xf0\x9f\x98\x80", 4, 0 },
	{ "\xc3", 0, 1 },
	{ "a\xc3", 1, 1 },
	{ "\xe2", 0, 1 },
	{ "\xe2\x82", 0, 2 },
	{ "\xf0\x9f", 0, 2 },
	{ "\xf0\x9f\x98", 0, 3 },
	{ "\xc3\xa9\xf0\x9f\x98", 2, 3 },
	{ "\x82", 0, 0 },		/* nothing that goes on */
	{ "\x82\x82\x82\x82", 0, 0 },
	{ "\xff", 0, 0 },
	{ "\xe2(", 0, 0 },
	{ "\xc0\x80", 0, 0 },		/* longer than need be */
	{ "\xed\xa0\x80", 0, 0 },	/* a surrogate */
	{ "\xf4\x90\x80\x80", 0, 0 },	/* beyond U+10FFFF */
};

int
main(void)
{
	char plain[] = "a\x1b[2J\xc3\xa9\xff\xc2\x9b!";

	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		size_t size = strlen(texts[i].bytes);

		ok(utf8_length(texts[i].bytes, size) == texts[i].length, "text %zu: its first character has %zu bytes", i,
		    texts[i].length);
		ok(utf8_begun(texts[i].bytes, size) == texts[i].begun, "text %zu: %zu bytes at its end are begun", i,
		    texts[i].begun);
	}
	ok(utf8_begun("", 0) == 0, "nothing is begun in nothing");
	utf8_make_plain(plain);
	is_text(plain, "a [2J\xc3\xa9   !", "what a terminal obeys becomes blanks");
	return done_testing();
}
