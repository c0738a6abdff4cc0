/* Owns what is JSON here. One pass, no memory but the keys' hashes of the objects that are open. */
#include "raw.h"

#include "utf8.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

struct scan {
	const char *at, *end;
	const char *why;
	int depth;
	int keys;			/* in objects that are open */
	int depth_most, keys_most;
	uint64_t hash[RAW_KEYS + RAW_WRAP];
};

static bool
fail(struct scan *scan, const char *why)
{
	if (!scan->why)
		scan->why = why;
	return false;
}

static const char *
skip_blanks(const char *at, const char *end)
{
	while (at < end && (*at == ' ' || *at == '\t' || *at == '\n' || *at == '\r'))
		at++;
	return at;
}

static bool
take(struct scan *scan, char byte)
{
	scan->at = skip_blanks(scan->at, scan->end);
	if (scan->at == scan->end || *scan->at != byte)
		return false;
	scan->at++;
	return true;
}

static int
hex4(const char *at, const char *end)
{
	int value = 0;

	if (end - at < 4)
		return -1;
	for (int i = 0; i < 4; i++) {
		static const char digits[] = "0123456789abcdefABCDEF";
		const char *digit = at[i] ? strchr(digits, at[i]) : NULL;

		if (!digit)
			return -1;
		int worth = (int)(digit - digits);
		value = value * 16 + (worth < 16 ? worth : worth - 6);
	}
	return value;
}

/* The character of an escape, `at` behind the backslash, which is moved over it; -1: there is none. */
static int
unescape(const char **at, const char *end)
{
	static const char plain[] = "\"\"\\\\//b\bf\fn\nr\rt\t";

	if (*at == end)
		return -1;
	char letter = *(*at)++;
	for (const char *pair = plain; *pair; pair += 2)
		if (*pair == letter)
			return (unsigned char)pair[1];
	int high = letter == 'u' ? hex4(*at, end) : -1;
	if (high < 0)
		return -1;
	*at += 4;
	if (high < 0xd800 || high > 0xdfff)
		return high;
	if (high > 0xdbff || end - *at < 6 || (*at)[0] != '\\' || (*at)[1] != 'u')
		return -1;
	int low = hex4(*at + 2, end);
	if (low < 0xdc00 || low > 0xdfff)
		return -1;
	*at += 6;
	return 0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00);
}

static size_t
put_utf8(char out[4], int c)
{
	static const unsigned char lead[] = { 0, 0, 0xc0, 0xe0, 0xf0 };
	size_t length = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;

	for (size_t i = length - 1; i > 0; i--, c >>= 6)
		out[i] = (char)(0x80 | (c & 0x3f));
	out[0] = (char)(length == 1 ? c : lead[length] | c);
	return length;
}

/* One character of a string into UTF-8; its length, 0: it is wrong. */
static size_t
next_character(const char **at, const char *end, char out[4])
{
	if (**at == '\\') {
		(*at)++;
		int c = unescape(at, end);
		return c < 0 ? 0 : put_utf8(out, c);
	}
	size_t length = (unsigned char)**at < ' ' ? 0 : utf8_length(*at, (size_t)(end - *at));
	memcpy(out, *at, length);
	*at += length;
	return length;
}

/*
 * The top bits of those of eight bytes that equal `byte`; a byte above one of them may have its top
 * bit, too. Bit Twiddling Hacks (S. E. Anderson), "Determine if a word has a zero byte".
 */
#define ONES 0x0101010101010101u
#define TOPS 0x8080808080808080u

static uint64_t
equal_to(uint64_t word, unsigned char byte)
{
	word ^= ONES * byte;
	return (word - ONES) & ~word & TOPS;
}

/* Is one of eight bytes a quote, a backslash, a control character or not ASCII? */
static bool
has_special(uint64_t word)
{
	return (((word - ONES * ' ') & ~word) | word) & TOPS ||
	    equal_to(word, '"') | equal_to(word, '\\') | equal_to(word, 127);
}

/* Is one of them a bracket or a quote? Brackets differ in a bit that is set in { and }. */
static bool
has_bracket(uint64_t word)
{
	const uint64_t folded = word | ONES * 0x20;

	return equal_to(word, '"') | equal_to(folded, '{') | equal_to(folded, '}');
}

static void
skip_plain(struct scan *scan)
{
	uint64_t word;

	while (scan->end - scan->at >= 8) {
		memcpy(&word, scan->at, sizeof(word));
		if (has_special(word))
			break;
		scan->at += sizeof(word);
	}
	while (scan->at < scan->end && *scan->at >= ' ' && *scan->at < 127 && *scan->at != '"' &&
	    *scan->at != '\\')
		scan->at++;
}

static bool
scan_string(struct scan *scan)
{
	char out[4];

	if (!take(scan, '"'))
		return fail(scan, "a string is missing");
	for (;;) {
		skip_plain(scan);
		if (scan->at == scan->end)
			return fail(scan, "a string without end");
		if (*scan->at == '"') {
			scan->at++;
			return true;
		}
		if (next_character(&scan->at, scan->end, out) == 0)
			return fail(scan, "a string is not UTF-8, or has a wrong escape");
	}
}

/* FNV-1a of the key as it is meant. Two keys of one hash are taken for one, to nobody's gain. */
static uint64_t
hash_key(const char *at, const char *end)
{
	uint64_t hash = 0xcbf29ce484222325;
	char out[4];

	while (at < end) {
		size_t length = next_character(&at, end, out);

		for (size_t i = 0; i < length; i++)
			hash = (hash ^ (unsigned char)out[i]) * 0x100000001b3;
	}
	return hash;
}

static bool
scan_key(struct scan *scan, int first)
{
	scan->at = skip_blanks(scan->at, scan->end);
	const char *begin = scan->at;
	if (!scan_string(scan))
		return false;
	if (scan->keys == scan->keys_most)
		return fail(scan, "too many keys");
	uint64_t hash = hash_key(begin + 1, scan->at - 1);
	for (int i = first; i < scan->keys; i++)
		if (scan->hash[i] == hash)
			return fail(scan, "a key comes twice");
	scan->hash[scan->keys++] = hash;
	return take(scan, ':') || fail(scan, "':' is missing");
}

static bool
scan_digits(struct scan *scan)
{
	const char *begin = scan->at;

	while (scan->at < scan->end && *scan->at >= '0' && *scan->at <= '9')
		scan->at++;
	return scan->at > begin;
}

static double
worth(const char *bytes, size_t length)
{
	char copy[RAW_NUMBER + 1];

	memcpy(copy, bytes, length);
	copy[length] = '\0';
	return strtod(copy, NULL);
}

static bool
scan_number(struct scan *scan)
{
	const char *begin = scan->at;

	scan->at += scan->at < scan->end && *scan->at == '-';
	bool zero = scan->at < scan->end && *scan->at == '0', exponent = false;
	const char *digits = scan->at;
	if (!scan_digits(scan) || (zero && scan->at > digits + 1))
		return fail(scan, "not a JSON value");
	if (scan->at < scan->end && *scan->at == '.') {
		scan->at++;
		if (!scan_digits(scan))
			return fail(scan, "a number ends too early");
	}
	if (scan->at < scan->end && (*scan->at | 0x20) == 'e') {
		exponent = true;
		scan->at++;
		scan->at += scan->at < scan->end && (*scan->at == '+' || *scan->at == '-');
		if (!scan_digits(scan))
			return fail(scan, "a number ends too early");
	}
	size_t length = (size_t)(scan->at - begin);
	/* So short a number is too large by its exponent only. */
	if (length > RAW_NUMBER || (exponent && !isfinite(worth(begin, length))))
		return fail(scan, "a number is too large");
	return true;
}

static bool
scan_word(struct scan *scan, const char *word)
{
	size_t length = strlen(word);

	if ((size_t)(scan->end - scan->at) < length || memcmp(scan->at, word, length) != 0)
		return fail(scan, "not a JSON value");
	scan->at += length;
	return true;
}

static bool scan_value(struct scan *scan);

/* Boards are long lists of small numbers: 0,3,1,... */
static void
skip_digits(struct scan *scan)
{
	while (scan->end - scan->at >= 2 && scan->at[0] >= '0' && scan->at[0] <= '9' && scan->at[1] == ',')
		scan->at += 2;
}

static bool
scan_members(struct scan *scan, char close)
{
	int first = scan->keys;

	scan->at++;
	if (++scan->depth > scan->depth_most)
		return fail(scan, "nested too deeply");
	bool more = !take(scan, close);
	while (more) {
		if (close == '}' && !scan_key(scan, first))
			return false;
		if (close == ']')
			skip_digits(scan);
		if (!scan_value(scan))
			return false;
		more = take(scan, ',');
		if (!more && !take(scan, close))
			return fail(scan, "',' or an end is missing");
	}
	scan->depth--;
	scan->keys = first;
	return true;
}

static bool
scan_value(struct scan *scan)
{
	scan->at = skip_blanks(scan->at, scan->end);
	if (scan->at == scan->end)
		return fail(scan, "it ends too early");
	switch (*scan->at) {
	case '{': return scan_members(scan, '}');
	case '[': return scan_members(scan, ']');
	case '"': return scan_string(scan);
	case 't': return scan_word(scan, "true");
	case 'f': return scan_word(scan, "false");
	case 'n': return scan_word(scan, "null");
	default:  return scan_number(scan);
	}
}

static const char *
check(const char *text, size_t length, int wrap)
{
	struct scan scan;

	scan.at = text;
	scan.end = text + length;
	scan.why = NULL;
	scan.depth = scan.keys = 0;
	scan.depth_most = RAW_DEPTH + wrap;
	scan.keys_most = RAW_KEYS + wrap;
	if (!scan_value(&scan))
		return scan.why;
	return skip_blanks(scan.at, scan.end) == scan.end ? NULL : "more than one JSON value";
}

const char *
raw_check(const char *text, size_t length)
{
	return check(text, length, 0);
}

const char *
raw_check_wrapped(const char *text, size_t length)
{
	return check(text, length, RAW_WRAP);
}

struct raw
raw_of(const char *text, size_t length)
{
	const char *end = text + length;

	text = skip_blanks(text, end);
	while (end > text && skip_blanks(end - 1, end) == end)
		end--;
	return (struct raw){ text, (size_t)(end - text) };
}

/* Behind the string that begins here, whose end is the first quote after an even number of backslashes. */
static const char *
skip_string(const char *at, const char *end)
{
	const char *quote = at;

	while ((quote = memchr(quote + 1, '"', (size_t)(end - quote - 1)))) {
		const char *before = quote;

		while (before[-1] == '\\')
			before--;
		if ((quote - before) % 2 == 0)
			break;
	}
	return quote ? quote + 1 : end;
}

/* Behind the value that begins here. The text was checked, so only brackets and strings matter. */
static const char *
skip_value(const char *at, const char *end)
{
	int depth = 0;

	do {
		uint64_t word;

		/* Within brackets nothing else matters. */
		while (depth > 0 && end - at >= 8) {
			memcpy(&word, at, sizeof(word));
			if (has_bracket(word))
				break;
			at += sizeof(word);
		}
		if (*at == '"') {
			at = skip_string(at, end);
		} else if (*at == '{' || *at == '[') {
			depth++;
			at++;
		} else if (*at == '}' || *at == ']') {
			depth--;
			at++;
		} else if (depth == 0) {
			while (at < end && !strchr(",]} \t\n\r", *at))
				at++;
		} else {
			at++;
		}
	} while (depth > 0 && at < end);
	return at;
}

int
raw_kind(struct raw value)
{
	if (!value.bytes || value.length == 0)
		return -1;
	return strchr("{[\"tfn", value.bytes[0]) ? value.bytes[0] : 0;
}

struct raw
raw_next(struct raw container, size_t *at, struct raw *key)
{
	int kind = raw_kind(container);

	if (kind != '{' && kind != '[')
		return RAW_NONE;
	const char *end = container.bytes + container.length, *from;
	from = skip_blanks(container.bytes + (*at ? *at : 1), end);
	if (from < end && *from == ',')
		from = skip_blanks(from + 1, end);
	if (from >= end - 1)
		return RAW_NONE;
	if (kind == '{') {
		const char *behind = skip_value(from, end);

		if (key)
			*key = (struct raw){ from, (size_t)(behind - from) };
		from = skip_blanks(skip_blanks(behind, end) + 1, end);
	}
	const char *behind = skip_value(from, end);
	*at = (size_t)(behind - container.bytes);
	return (struct raw){ from, (size_t)(behind - from) };
}

struct raw
raw_get(struct raw object, const char *key)
{
	struct raw value, name;
	size_t at = 0;

	if (raw_kind(object) != '{')
		return RAW_NONE;
	while ((value = raw_next(object, &at, &name)).bytes)
		if (raw_is(name, key))
			break;
	return value;
}

bool
raw_number(struct raw value, double *number)
{
	if (raw_kind(value) != 0 || value.length > RAW_NUMBER)
		return false;
	*number = worth(value.bytes, value.length);
	return true;
}

bool
raw_integer(struct raw value, int64_t *integer)
{
	char copy[RAW_NUMBER + 1], *end;

	if (raw_kind(value) != 0 || value.length > RAW_NUMBER)
		return false;
	memcpy(copy, value.bytes, value.length);
	copy[value.length] = '\0';
	errno = 0;
	*integer = strtoll(copy, &end, 10);
	return errno == 0 && *end == '\0';
}

long
raw_string(struct raw value, char *text, size_t size)
{
	size_t used = 0;

	if (raw_kind(value) != '"')
		return -1;
	const char *at = value.bytes + 1, *end = value.bytes + value.length - 1;
	while (at < end) {
		char out[4];
		size_t length = next_character(&at, end, out);

		if (used + length >= size)
			break;
		memcpy(text + used, out, length);
		text[used] = text[used] ? text[used] : ' ';
		used += length;
	}
	text[used] = '\0';
	return (long)used;
}

bool
raw_is(struct raw value, const char *text)
{
	size_t length = strlen(text);
	char copy[256 + 8];	/* room for one more character, by which a longer text differs */

	if (raw_kind(value) != '"')
		return false;
	/* Without an escape, which is nearly always, the bytes are the text. */
	if (!memchr(value.bytes, '\\', value.length))
		return value.length == length + 2 && memcmp(value.bytes + 1, text, length) == 0;
	return length < 256 && value.length < 6 * sizeof(copy) &&
	    raw_string(value, copy, sizeof(copy)) == (long)length && strcmp(copy, text) == 0;
}
