/*
 * A reader of JSON. It walks the text where it lies and copies nothing: a value is a slice of the
 * line. What is not there (no such member, index too high, no array) is a value whose text is NULL,
 * and every function takes such a value, too, so that calls can be nested:
 *	json_number(json_at(json_member(view, "heaps"), 2))
 * It lets some bad JSON pass, but never reads behind the end of the line.
 */
#ifndef JSON_H
#define JSON_H

#include <stdbool.h>
#include <stddef.h>

struct json {
	const char *text;	/* {...} [...] "..." number true false null; lives as long as the line */
	size_t length;		/* no 0 follows it: print it with "%.*s", (int)length, text */
};

/* The value at the start of a text that ends with a 0. */
struct json json_parse(const char *text);

/* The value of an object's member. */
struct json json_member(struct json object, const char *name);

/* An element, counted from 0. json_at() walks from the first one, so use json_next() in loops. */
size_t json_count(struct json array);
struct json json_at(struct json array, size_t index);

/*
 * Elements:	for (struct json e = json_first(array); e.text; e = json_next(e))
 * Members:	for (struct json k = json_first(object); k.text; k = json_next(json_value(k)))
 */
struct json json_first(struct json v);
struct json json_next(struct json element);
struct json json_value(struct json key);

/* A number; NAN if it is none. For a whole one: (int)json_number(v). */
double json_number(struct json v);

/* Whether it is true (not: 1, "true"). */
bool json_true(struct json v);

/* Whether it is a string of these characters (UTF-8). */
bool json_is(struct json v, const char *text);

/* Copies the characters of a string (UTF-8), a 0 behind them; false if it is no string or does not fit. */
bool json_string(struct json v, char *out, size_t size);

#endif
