/* The functions of json.h. */
#include "json.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const struct json none = { NULL, 0 };

static const char *
skip_blank(const char *at)
{
	return at + strspn(at, " \t\r\n");
}

/* The place behind the string that starts here, or NULL if it does not end. */
static const char *
skip_string(const char *at)
{
	for (at++; *at != '"'; at++)
		if (!*at || (*at == '\\' && !*++at))
			return NULL;
	return at + 1;
}

/* From a first character to the bracket that closes it; brackets in strings do not count. */
struct json
json_parse(const char *text)
{
	const char *start = skip_blank(text), *at = start;
	int depth = 0;

	if (strchr(",:]}", *start))		/* also true of the 0 at the end */
		return none;
	do {
		at = skip_blank(at);
		switch (*at) {
		case '\0':		return none;
		case '"':		at = skip_string(at); break;
		case '{': case '[':	depth++; at++; break;
		case '}': case ']':	depth--; at++; break;
		case ',': case ':':	at++; break;
		default:		at += strcspn(at, " \t\r\n,:[]{}\"");
		}
	} while (at && depth > 0);
	struct json v = { start, at ? (size_t)(at - start) : 0 };
	return at ? v : none;
}

/* The value that follows v and a mark. */
static struct json
behind(struct json v, char mark)
{
	const char *at = v.text ? skip_blank(v.text + v.length) : "";

	return *at == mark ? json_parse(at + 1) : none;
}

struct json
json_first(struct json v)
{
	return v.text && (*v.text == '[' || *v.text == '{') ? json_parse(v.text + 1) : none;
}

struct json
json_next(struct json element)
{
	return behind(element, ',');
}

struct json
json_value(struct json key)
{
	return behind(key, ':');
}

struct json
json_member(struct json object, const char *name)
{
	if (!object.text || *object.text != '{')
		return none;
	struct json key = json_first(object);
	while (key.text && !json_is(key, name))
		key = json_next(json_value(key));
	return json_value(key);
}

size_t
json_count(struct json array)
{
	size_t count = 0;

	for (struct json e = json_first(array); e.text; e = json_next(e))
		count++;
	return count;
}

struct json
json_at(struct json array, size_t index)
{
	struct json e = json_first(array);

	while (e.text && index-- > 0)
		e = json_next(e);
	return e;
}

double
json_number(struct json v)
{
	return v.text && strchr("-0123456789", *v.text) ? strtod(v.text, NULL) : NAN;
}

bool
json_true(struct json v)
{
	return v.length == 4 && !memcmp(v.text, "true", 4);
}

/* The value of four hexadecimal digits, or -1. */
static int
hex(const char *at)
{
	static const char digits[] = "0123456789abcdef0123456789ABCDEF";
	int code = 0;

	for (int i = 0; i < 4; i++) {
		const char *digit = at[i] ? strchr(digits, at[i]) : NULL;
		if (!digit)
			return -1;
		code = code << 4 | ((digit - digits) & 15);
	}
	return code;
}

/* The code point of \uXXXX, or of two that are a surrogate pair; *at is at the digits, and moves. */
static int
code_point(const char **at, int code)
{
	*at += 4;
	int low = (*at)[0] == '\\' && (*at)[1] == 'u' ? hex(*at + 2) : -1;
	if (code >> 10 == 0x36 && low >> 10 == 0x37) {
		*at += 6;
		return 0x10000 + ((code & 0x3ff) << 10 | (low & 0x3ff));
	}
	return code >> 11 == 0x1b ? 0xfffd : code;	/* half a pair is no character */
}

static size_t
encode(int code, char out[4])
{
	static const unsigned char lead[] = { 0, 0, 0xc0, 0xe0, 0xf0 };
	int bytes = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;

	for (int i = bytes - 1; i > 0; i--, code >>= 6)
		out[i] = (char)(0x80 | (code & 0x3f));
	out[0] = (char)(lead[bytes] | code);
	return bytes;
}

/* Decodes the part of a string that starts at *at, and moves on; the number of bytes in out. */
static size_t
decode(const char **at, char out[4])
{
	static const char names[] = "bfnrt", meant[] = "\b\f\n\r\t";

	if (**at != '\\') {
		out[0] = *(*at)++;
		return 1;
	}
	char escape = (*at)[1];
	*at += 2;
	int code = escape == 'u' ? hex(*at) : -1;
	if (code >= 0)
		return encode(code_point(at, code), out);
	const char *name = strchr(names, escape);
	out[0] = name ? meant[name - names] : escape;
	return 1;
}

bool
json_is(struct json v, const char *text)
{
	char bytes[4];

	if (!v.text || *v.text != '"')
		return false;
	for (const char *at = v.text + 1; at < v.text + v.length - 1;) {
		size_t count = decode(&at, bytes);
		if (strncmp(text, bytes, count))
			return false;
		text += count;
	}
	return !*text;
}

bool
json_string(struct json v, char *out, size_t size)
{
	size_t used = 0;
	char bytes[4];

	if (!v.text || *v.text != '"')
		return false;
	for (const char *at = v.text + 1; at < v.text + v.length - 1;) {
		size_t count = decode(&at, bytes);
		if (used + count >= size)
			return false;
		memcpy(out + used, bytes, count);
		used += count;
	}
	if (used >= size)
		return false;
	out[used] = '\0';
	return true;
}
