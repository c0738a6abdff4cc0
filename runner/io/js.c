/* Owns jansson. */
#include "js.h"

#include "utf8.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* struct js is jansson's json_t, behind a name of ours. */
static json_t *
in(const struct js *value)
{
	return (json_t *)value;
}

static struct js *
out(json_t *value)
{
	return (struct js *)value;
}

struct js *
js_parse(const char *text, size_t length, char error[JS_ERROR_BYTES])
{
	json_error_t why;
	json_t *value = json_loadb(text, length, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &why);

	if (!value) {
		snprintf(error, JS_ERROR_BYTES, "%d: %s", why.line, why.text);
		utf8_make_plain(error);
	}
	return out(value);
}

void
js_free(struct js *value)
{
	json_decref(in(value));
}

char *
js_print(const struct js *value)
{
	return json_dumps(in(value), JSON_COMPACT | JSON_ENCODE_ANY | JSON_REAL_PRECISION(12));
}

const struct js *
js_get(const struct js *object, const char *key)
{
	return out(json_object_get(in(object), key));
}

const struct js *
js_at(const struct js *array, size_t index)
{
	return out(json_array_get(in(array), index));
}

size_t
js_count(const struct js *value)
{
	return json_is_array(in(value)) ? json_array_size(in(value)) : json_object_size(in(value));
}

const char *
js_string(const struct js *value)
{
	return json_string_value(in(value));
}

bool
js_integer(const struct js *value, int64_t *integer)
{
	if (!json_is_integer(in(value)))
		return false;
	*integer = json_integer_value(in(value));
	return true;
}

bool
js_number(const struct js *value, double *number)
{
	if (!json_is_number(in(value)))
		return false;
	*number = json_number_value(in(value));
	return true;
}

double
js_member_number(const struct js *object, const char *key)
{
	return json_number_value(json_object_get(in(object), key));
}

bool
js_is_object(const struct js *value)
{
	return json_is_object(in(value));
}

bool
js_is_array(const struct js *value)
{
	return json_is_array(in(value));
}

bool
js_is_true(const struct js *value)
{
	return json_is_true(in(value));
}

bool
js_next(const struct js *object, void **at, const char **key, const struct js **value)
{
	*at = *at ? json_object_iter_next(in(object), *at) : json_object_iter(in(object));
	if (!*at)
		return false;
	*key = json_object_iter_key(*at);
	*value = out(json_object_iter_value(*at));
	return true;
}

const char *
js_unknown_key(const struct js *object, const char *const *known)
{
	const char *key;
	json_t *value;

	json_object_foreach(in(object), key, value) {
		const char *const *name = known;

		if (*key == '#')	/* a comment */
			continue;
		while (*name && strcmp(*name, key) != 0)
			name++;
		if (!*name)
			return key;
	}
	return NULL;
}

struct js *
js_new_object(void)
{
	return out(json_object());
}

struct js *
js_new_array(void)
{
	return out(json_array());
}

void
js_set(struct js *object, const char *key, struct js *value)
{
	/* out of memory shows when printed */
	(void)json_object_set_new(in(object), key, value ? in(value) : json_null());
}

void
js_add(struct js *array, struct js *value)
{
	/* as above */
	(void)json_array_append_new(in(array), value ? in(value) : json_null());
}

void
js_drop(struct js *object, const char *key)
{
	(void)json_object_del(in(object), key);		/* -1: there was none */
}

struct js *
js_new_string(const char *text)
{
	json_t *value = text ? json_string(text) : json_null();
	char plain[512];

	if (value)
		return out(value);
	snprintf(plain, sizeof(plain), "%s", text);
	for (char *at = plain; *at; at++)
		if ((unsigned char)*at > '~')
			*at = '?';
	return out(json_string(plain));
}

struct js *
js_new_text(const char *bytes, size_t length)
{
	char *plain = malloc(3 * length + 1), *to = plain;

	for (size_t at = 0; plain && at < length; ) {
		size_t character = bytes[at] ? utf8_length(bytes + at, length - at) : 0;

		memcpy(to, character ? bytes + at : "\xEF\xBF\xBD", character ? character : 3);
		to += character ? character : 3;
		at += character ? character : 1;
	}
	json_t *value = plain ? json_stringn(plain, (size_t)(to - plain)) : json_null();
	free(plain);
	return out(value);
}

struct js *
js_new_integer(int64_t integer)
{
	return out(json_integer(integer));
}

struct js *
js_new_real(double number)
{
	return out(json_real(number));
}

struct js *
js_copy(const struct js *value)
{
	return value ? out(json_deep_copy(in(value))) : NULL;
}

struct js *
js_new_bool(bool value)
{
	return out(json_boolean(value));
}

struct js *
js_merge(const struct js *base, const struct js *over)
{
	json_t *merged = json_is_object(in(base)) ? json_deep_copy(in(base)) : json_object();

	if (json_is_object(in(over)))
		(void)json_object_update(merged, in(over));	/* out of memory shows when printed */
	return out(merged);
}

char *
js_print_pretty(const struct js *value)
{
	return json_dumps(in(value), JSON_INDENT(2) | JSON_ENCODE_ANY | JSON_REAL_PRECISION(12));
}
