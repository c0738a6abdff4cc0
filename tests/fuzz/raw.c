/*
 * A text: what raw_check() takes jansson takes, too, but for what is listed, and the other way round; all parts lie inside
 * the text and are texts that are taken, too.
 */
#include "fuzz.h"
#include "raw.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

static void
inside(struct raw part, struct raw whole)
{
	PROMISE(part.length > 0 && part.bytes >= whole.bytes && part.bytes + part.length <= whole.bytes + whole.length);
}

static void
look(struct raw value)
{
	int64_t integer;
	double number;
	char text[16], *whole = malloc(value.length + 1);
	long length = raw_string(value, whole, value.length + 1);
	bool is_integer = raw_integer(value, &integer), is_number = raw_number(value, &number);

	PROMISE((raw_kind(value) == '"') == (length >= 0));
	PROMISE((raw_kind(value) == 0) == is_number && (is_number || !is_integer));
	if (length >= 0) {
		long cut = raw_string(value, text, sizeof(text));

		PROMISE(memchr(whole, '\0', (size_t)length + 1) == whole + length);
		PROMISE(cut <= length && cut < (long)sizeof(text) && memcmp(text, whole, (size_t)cut) == 0 && text[cut] == '\0');
		PROMISE(length > 250 || memchr(whole, ' ', (size_t)length) || raw_is(value, whole));
	}
	free(whole);
}

/* Not deeper than the text was nested: raw_check() saw to it. */
static void
walk(struct raw value)
{
	struct raw part, key = { NULL, 0 };
	size_t at = 0;

	PROMISE(raw_kind(value) >= 0);
	look(value);
	while ((part = raw_next(value, &at, &key)).bytes) {
		inside(part, value);
		if (raw_kind(value) == '{') {
			inside(key, value);
			PROMISE(raw_kind(key) == '"' && key.bytes + key.length < part.bytes);
			look(key);
		}
		walk(part);
	}
}

static size_t
members(struct raw value)
{
	size_t at = 0, count = 0;

	while (raw_next(value, &at, NULL).bytes)
		count++;
	return count;
}

static bool
may_accept(const json_error_t *error)
{
	enum json_error_code code = json_error_code(error);

	return code == json_error_null_character || code == json_error_null_byte_in_key ||
	    (code == json_error_numeric_overflow && strstr(error->text, "integer"));
}

static bool
may_refuse(const char *why, const char *text, size_t length)
{
	return strstr(why, "deep") || strstr(why, "many keys") || strstr(why, "too large") || memchr(text, '\0', length);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *)data, *why = raw_check(text, size);
	json_error_t error;
	json_t *json = json_loadb(text, size, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &error);

	PROMISE(!why || *why);
	if (!why) {
		struct raw whole = raw_of(text, size);

		PROMISE(json || may_accept(&error));
		inside(whole, (struct raw){ text, size });
		PROMISE(raw_check(whole.bytes, whole.length) == NULL);
		PROMISE(!json || members(whole) == (json_is_array(json) ? json_array_size(json) : json_object_size(json)));
		walk(whole);
	} else {
		PROMISE(!json || may_refuse(why, text, size));
	}
	json_decref(json);
	return 0;
}
