/* UTF-8, as RFC 3629 has it: no surrogates, nothing longer than need be, nothing above U+10FFFF. */
#ifndef UTF8_H
#define UTF8_H

#include <stddef.h>

/* How many bytes the first character takes; 0 when it is none. `length` must not be 0. */
size_t utf8_length(const char *bytes, size_t length);

/* How many bytes at the end begin a character that goes on behind it: 0 to 3. */
size_t utf8_begun(const char *bytes, size_t length);

/* Is the first character one that a terminal shows: no control character of ASCII or of Latin-1? */
int utf8_is_shown(const char *bytes, size_t length);

/* Makes all others blanks, in place: words of strangers in one line of ours. */
void utf8_make_plain(char *text);

#endif
