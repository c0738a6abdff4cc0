/*
 * JSON without building anything: is a text one document, and where are the parts of it? What bots
 * print is looked at here and nowhere else, so it costs no memory, whatever it is. RFC 8259.
 */
#ifndef RAW_H
#define RAW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define RAW_DEPTH 100		/* nested deeper, a text is refused: Python's own limit is 1000 */
#define RAW_KEYS 2000		/* and with more keys in objects that are open at a time */
#define RAW_NUMBER 64		/* and with longer numbers */
#define RAW_WRAP 16		/* so much deeper, with so many keys more, is what we wrap around such texts */

/* A part of a text that was checked; bytes is NULL when there is none. It lives as long as the text. */
struct raw {
	const char *bytes;
	size_t length;
};

#define RAW_NONE ((struct raw){ NULL, 0 })

/*
 * NULL when `text` is exactly one JSON document that every game can read: UTF-8, no key twice in an
 * object, no lone surrogate, no number beyond a double. Otherwise what is wrong.
 */
const char *raw_check(const char *text, size_t length);

/* The same for a line of ours that has such a text in it. */
const char *raw_check_wrapped(const char *text, size_t length);

/* The document within a text that raw_check() accepted: without the blanks around it. */
struct raw raw_of(const char *text, size_t length);

/* The following take parts of such texts only. raw_get: no object, or no such member: no part. */
struct raw raw_get(struct raw object, const char *key);

/*
 * Walks an array or object: *at begins as 0. The next value, and its key, still quoted, in *key when
 * that is not NULL; no part at the end.
 */
struct raw raw_next(struct raw container, size_t *at, struct raw *key);

/* One of { [ " t f n, or 0 for a number; -1 for no part. */
int raw_kind(struct raw value);

/* false when it is no such thing. */
bool raw_integer(struct raw value, int64_t *integer);
bool raw_number(struct raw value, double *number);

/*
 * The text of a string, ended by a NUL, at most size - 1 bytes of it, which is how many there are
 * in `text`; -1 when it is no string. NUL characters in it become blanks.
 */
long raw_string(struct raw value, char *text, size_t size);

/* Is it the string `text`? */
bool raw_is(struct raw value, const char *text);

#endif
