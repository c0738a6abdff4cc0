/* JSON values. jansson does the work, and js.c alone knows it. */
#ifndef JS_H
#define JS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct js;
#define JS_ERROR_BYTES 200

/* One whole document, no duplicate keys. NULL, and "LINE: what is wrong" in `error`. */
struct js *js_parse(const char *text, size_t length, char error[JS_ERROR_BYTES]);
void js_free(struct js *value);

/* Compact text on one line, to be freed; NULL when out of memory. */
char *js_print(const struct js *value);

/* Looking: NULL, false or 0 where there is no such thing or it is of another kind. */
const struct js *js_get(const struct js *object, const char *key);
const struct js *js_at(const struct js *array, size_t index);
size_t js_count(const struct js *array_or_object);
const char *js_string(const struct js *value);
bool js_integer(const struct js *value, int64_t *integer);
bool js_number(const struct js *value, double *number);
double js_member_number(const struct js *object, const char *key);
bool js_is_object(const struct js *value);
bool js_is_array(const struct js *value);
bool js_is_true(const struct js *value);

/* Walks an object: the next key and value; *at begins as NULL. false at the end. */
bool js_next(const struct js *object, void **at, const char **key, const struct js **value);

/* The first key of an object that `known` (ended by NULL) does not list, or NULL. `#...` is a comment. */
const char *js_unknown_key(const struct js *object, const char *const *known);

/* Building: the container takes over the value. A NULL value becomes null. */
struct js *js_new_object(void);
struct js *js_new_array(void);
void js_set(struct js *object, const char *key, struct js *value);
void js_add(struct js *array, struct js *value);
void js_drop(struct js *object, const char *key);	/* there need be none */
struct js *js_new_string(const char *text);		/* what is not UTF-8 becomes '?' */
struct js *js_new_text(const char *bytes, size_t length);	/* NUL and what is not UTF-8 become U+FFFD */
struct js *js_new_integer(int64_t integer);
struct js *js_new_real(double number);
struct js *js_new_bool(bool value);
struct js *js_copy(const struct js *value);

/* A new object: the members of `base`, and over them those of `over`; each may be NULL. */
struct js *js_merge(const struct js *base, const struct js *over);

/* Readable text of several lines, to be freed; NULL when out of memory. */
char *js_print_pretty(const struct js *value);

#endif
