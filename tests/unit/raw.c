/*
 * Claim: raw.h takes what RFC 8259 calls JSON and every game can read, nothing else, and finds its parts. jansson, which
 * shares no line with it, agrees about random texts, but for the differences that are listed here.
 */
#include "buffer.h"
#include "raw.h"
#include "tap.h"

#include <jansson.h>
#include <stdlib.h>
#include <time.h>

/* Each text is its bytes, NUL bytes and all. `why`: part of what is said; NULL: it is accepted. */
#define TEXT(text) text, sizeof(text) - 1

static const struct {
	const char *text;
	size_t length;
	const char *why;
} verdicts[] = {
	/* values alone */
	{ TEXT("null"), NULL },		{ TEXT("true"), NULL },		{ TEXT("false"), NULL },
	{ TEXT("{}"), NULL },		{ TEXT("[]"), NULL },		{ TEXT("\"\""), NULL },
	{ TEXT("0"), NULL },		{ TEXT(" \t\r\n0 \t\r\n"), NULL },
	{ TEXT(" { \"a\" : [ 1 , 2 ] , \"b\" : { } } "), NULL },
	{ TEXT(""), "early" },		{ TEXT(" "), "early" },		{ TEXT("\0"), "value" },
	{ TEXT("nul"), "value" },	{ TEXT("nulll"), "more than one" }, { TEXT("True"), "value" },
	{ TEXT("NaN"), "value" },	{ TEXT("Infinity"), "value" },	{ TEXT("-Infinity"), "value" },
	{ TEXT("'a'"), "value" },	{ TEXT("a"), "value" },		{ TEXT("// x\n1"), "value" },
	{ TEXT("1 2"), "more than one" }, { TEXT("{}{}"), "more than one" }, { TEXT("1\0"), "more than one" },
	{ TEXT("[1]]"), "more than one" }, { TEXT("\xef\xbb\xbf{}"), "value" }, { TEXT("\f1"), "value" },
	{ TEXT("\v1"), "value" },	{ TEXT("\xc2\xa0""1"), "value" },
	/* containers */
	{ TEXT("["), "early" },		{ TEXT("[1"), "missing" },	{ TEXT("[1,"), "early" },
	{ TEXT("[1,]"), "value" },	{ TEXT("[,1]"), "value" },	{ TEXT("[1 2]"), "missing" },
	{ TEXT("[1}"), "missing" },	{ TEXT("]"), "value" },		{ TEXT("[1,,2]"), "value" },
	{ TEXT("{"), "missing" },	{ TEXT("{\"a\""), "':'" },	{ TEXT("{\"a\":"), "early" },
	{ TEXT("{\"a\":1"), "missing" }, { TEXT("{\"a\":1,"), "missing" }, { TEXT("{\"a\":1,}"), "missing" },
	{ TEXT("{\"a\" 1}"), "':'" },	{ TEXT("{a:1}"), "missing" },	{ TEXT("{1:1}"), "missing" },
	{ TEXT("{\"a\":1]"), "missing" }, { TEXT("{,}"), "missing" },	{ TEXT("{\"a\"}"), "':'" },
	{ TEXT("{\"a\"::1}"), "value" }, { TEXT("{\"a\":}"), "value" },
	/* keys */
	{ TEXT("{\"a\":1,\"b\":2}"), NULL }, { TEXT("{\"\":1}"), NULL }, { TEXT("{\"a\":1,\"A\":1}"), NULL },
	{ TEXT("{\"a\":{\"a\":{\"a\":1}},\"b\":{\"a\":1}}"), NULL }, { TEXT("[{\"a\":1},{\"a\":1}]"), NULL },
	{ TEXT("{\"a\":1,\"a\":1}"), "twice" }, { TEXT("{\"\":1,\"\":2}"), "twice" },
	{ TEXT("{\"a\":1,\"\\u0061\":2}"), "twice" }, { TEXT("{\"/\":1,\"\\/\":2}"), "twice" },
	{ TEXT("{\"\\n\":1,\"\\u000A\":2}"), "twice" }, { TEXT("{\"\\u000a\":1,\"\\u000A\":2}"), "twice" },
	{ TEXT("{\"\xc3\xa9\":1,\"\\u00e9\":2}"), "twice" },
	{ TEXT("{\"\xf0\x9f\x98\x80\":1,\"\\uD83D\\ude00\":2}"), "twice" },
	{ TEXT("{\"a\":{\"b\":1},\"c\":[{\"d\":1}],\"a\":1}"), "twice" },
	{ TEXT("{\"\\u0000\":1,\"\\u0000\":2}"), "twice" }, { TEXT("{\"\\u0000\":1,\" \":2}"), NULL },
	{ TEXT("{\"\\u0000\":1,\"\":2}"), NULL }, { TEXT("{\"e\\u0301\":1,\"\\u00e9\":2}"), NULL },
	/* escapes */
	{ TEXT("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\""), NULL }, { TEXT("\"\\u0000\""), NULL },
	{ TEXT("\"\\u007f\\u0080\\u07ff\\u0800\\uffff\\uFFFE\""), NULL },
	{ TEXT("\"\\a\""), "escape" },	{ TEXT("\"\\0\""), "escape" },	{ TEXT("\"\\'\""), "escape" },
	{ TEXT("\"\\U0041\""), "escape" }, { TEXT("\"\\x41\""), "escape" }, { TEXT("\"\\\0\""), "escape" },
	{ TEXT("\"\\u\""), "escape" },	{ TEXT("\"\\u004\""), "escape" }, { TEXT("\"\\u00g0\""), "escape" },
	{ TEXT("\"\\u00\0000\""), "escape" }, { TEXT("\"\\u 041\""), "escape" }, { TEXT("\"\\u+041\""), "escape" },
	{ TEXT("\"\\"), "escape" },	{ TEXT("\"\\u0041"), "without end" }, { TEXT("\"\\u004"), "escape" },
	{ TEXT("\"\\\""), "without end" }, { TEXT("\""), "without end" }, { TEXT("\"a"), "without end" },
	/* surrogates */
	{ TEXT("\"\\ud800\\udc00\""), NULL }, { TEXT("\"\\uDBFF\\uDFFF\""), NULL }, { TEXT("\"\\ud7ff\\ue000\""), NULL },
	{ TEXT("\"\\ud800\""), "escape" }, { TEXT("\"\\udc00\""), "escape" }, { TEXT("\"\\udfff\""), "escape" },
	{ TEXT("\"\\udbff\""), "escape" }, { TEXT("\"\\ud800\\ud800\""), "escape" },
	{ TEXT("\"\\ud800\\ue000\""), "escape" }, { TEXT("\"\\ud800\\udbff\""), "escape" },
	{ TEXT("\"\\ud800x\""), "escape" }, { TEXT("\"\\ud800\\n\""), "escape" }, { TEXT("\"\\ud800\\u\""), "escape" },
	{ TEXT("\"\\ud800\\udc0\""), "escape" }, { TEXT("\"\\udc00\\ud800\""), "escape" },
	{ TEXT("\"\\ud800 \\udc00\""), "escape" }, { TEXT("\"\\ud800\\udc00\\udc00\""), "escape" },
	/* bytes in strings */
	{ TEXT("\"\x7f\""), NULL },	{ TEXT("\" \""), NULL },	{ TEXT("\"\xc2\x80\xdf\xbf\""), NULL },
	{ TEXT("\"\xe0\xa0\x80\xed\x9f\xbf\xee\x80\x80\xef\xbf\xbf\""), NULL },
	{ TEXT("\"\xf0\x90\x80\x80\xf4\x8f\xbf\xbf\""), NULL }, { TEXT("\"\xe2\x80\xa8\xe2\x80\xa9\""), NULL },
	{ TEXT("\"\0\""), "UTF-8" },	{ TEXT("\"\n\""), "UTF-8" },	{ TEXT("\"\t\""), "UTF-8" },
	{ TEXT("\"\x1f\""), "UTF-8" },	{ TEXT("\"\x80\""), "UTF-8" },	{ TEXT("\"\xbf\""), "UTF-8" },
	{ TEXT("\"\xc0\x80\""), "UTF-8" }, { TEXT("\"\xc1\xbf\""), "UTF-8" },		/* too long */
	{ TEXT("\"\xe0\x80\x80\""), "UTF-8" }, { TEXT("\"\xe0\x9f\xbf\""), "UTF-8" },
	{ TEXT("\"\xf0\x80\x80\x80\""), "UTF-8" }, { TEXT("\"\xf0\x8f\xbf\xbf\""), "UTF-8" },
	{ TEXT("\"\xed\xa0\x80\""), "UTF-8" }, { TEXT("\"\xed\xbf\xbf\""), "UTF-8" },	/* surrogates */
	{ TEXT("\"\xed\xa0\xbd\xed\xb8\x80\""), "UTF-8" },				/* CESU-8 */
	{ TEXT("\"\xf4\x90\x80\x80\""), "UTF-8" }, { TEXT("\"\xf5\x80\x80\x80\""), "UTF-8" },	/* beyond U+10FFFF */
	{ TEXT("\"\xfe\""), "UTF-8" },	{ TEXT("\"\xff\""), "UTF-8" }, { TEXT("\"\xf8\x88\x80\x80\x80\""), "UTF-8" },
	{ TEXT("\"\xc2\""), "UTF-8" },	{ TEXT("\"\xe2\x82\""), "UTF-8" }, { TEXT("\"\xf0\x9f\x98\""), "UTF-8" },
	{ TEXT("\"\xc2"), "UTF-8" },	{ TEXT("\"\xe2\x82"), "UTF-8" },	{ TEXT("\"\xf0\x9f\x98"), "UTF-8" },
	{ TEXT("\"\xc2 \""), "UTF-8" },	{ TEXT("\"\xe2\x82 \""), "UTF-8" }, { TEXT("\"\xe2(\xa1\""), "UTF-8" },
	{ TEXT("{\"\xff\":1}"), "UTF-8" }, { TEXT("\xff"), "value" },
	/* numbers */
	{ TEXT("-0"), NULL },		{ TEXT("-1"), NULL },		{ TEXT("10"), NULL },
	{ TEXT("0.0"), NULL },		{ TEXT("-0.0e-0"), NULL },	{ TEXT("1E+2"), NULL },
	{ TEXT("1e5"), NULL },		{ TEXT("1e-999"), NULL },	{ TEXT("0e999"), NULL },
	{ TEXT("1e308"), NULL },	{ TEXT("1.7976931348623157e308"), NULL }, { TEXT("1e0000000000000000002"), NULL },
	{ TEXT("9223372036854775807"), NULL }, { TEXT("9223372036854775808"), NULL },
	{ TEXT("01"), "value" },	{ TEXT("-01"), "value" },	{ TEXT("00"), "value" },
	{ TEXT("1."), "early" },	{ TEXT("1.e1"), "early" },	{ TEXT(".5"), "value" },
	{ TEXT("1e"), "early" },	{ TEXT("1e+"), "early" },	{ TEXT("1e1.5"), "more than one" },
	{ TEXT("+1"), "value" },	{ TEXT("-"), "value" },		{ TEXT("--1"), "value" },
	{ TEXT("- 1"), "value" },	{ TEXT("0x10"), "more than one" }, { TEXT("1_000"), "more than one" },
	{ TEXT("1e999"), "too large" },	{ TEXT("-1e999"), "too large" }, { TEXT("1.8e308"), "too large" },
	{ TEXT("[1e309]"), "too large" }, { TEXT("1e99999999999999999999"), "too large" },
	{ TEXT("1\xd9\xa1"), "more than one" }, { TEXT("0,"), "more than one" },
};

static void
is_verdict(const char *text, size_t length, const char *wanted, const char *name)
{
	char *copy = malloc(length + !length);	/* alone, so that ASan sees a byte too far */

	memcpy(copy, text, length);
	const char *why = raw_check(copy, length);
	if (!ok(wanted ? why && strstr(why, wanted) : !why, "%s: %s", name, wanted ? wanted : "accepted"))
		printf("#   got: %s\n", why ? why : "accepted");
	free(copy);
}

static void
name_of(const char *text, size_t length, char name[64])
{
	size_t used = 0;

	for (size_t i = 0; i < length && used < 50; i++) {
		bool plain = text[i] >= ' ' && text[i] < 127 && text[i] != '#' && text[i] != '\\';

		used += (size_t)snprintf(name + used, 64 - used, plain ? "%c" : text[i] == '\\' ? "\\\\" : "<%02x>",
		    (unsigned char)text[i]);
	}
	name[used] = '\0';
}

static void
test_verdicts(void)
{
	for (size_t i = 0; i < sizeof(verdicts) / sizeof(*verdicts); i++) {
		char name[64];

		name_of(verdicts[i].text, verdicts[i].length, name);
		is_verdict(verdicts[i].text, verdicts[i].length, verdicts[i].why, name);
	}
}

/* --- limits: texts that are built */

static void
repeat(struct buffer *out, const char *text, int times)
{
	for (int i = 0; i < times; i++)
		buffer_put(out, text);
}

static void
is_built(struct buffer *text, const char *wanted, const char *name)
{
	is_verdict(buffer_text(text), text->length, wanted, name);
	buffer_clear(text);
}

/* So many keys open at a time, in `objects` objects one within the other. */
static void
put_keys(struct buffer *out, int objects, int keys)
{
	for (int i = 0; i < objects; i++) {
		buffer_put(out, "{");
		for (int j = i; j < keys; j += objects)
			buffer_putf(out, "\"k%d\":%s", j, j + objects < keys ? "0," : i + 1 < objects ? "" : "0");
	}
	repeat(out, "}", objects);
}

static void
put_number(struct buffer *out, const char *before, int length)
{
	buffer_put(out, before);
	repeat(out, "1", length - (int)strlen(before));
}

static void
test_limits(void)
{
	static const struct {
		const char *open, *inside, *close;
	} nests[] = { { "[", "", "]" }, { "{\"a\":", "1", "}" }, { "[", "1", "]" }, { "[{\"a\":", "[]", "}]" } };
	struct buffer text;

	buffer_init(&text, 1 << 20);
	for (size_t i = 0; i < 3; i++)
		for (int depth = RAW_DEPTH; depth <= RAW_DEPTH + 1; depth++) {
			char name[64];

			repeat(&text, nests[i].open, depth);
			buffer_put(&text, nests[i].inside);
			repeat(&text, nests[i].close, depth);
			snprintf(name, sizeof(name), "depth %d of %s", depth, nests[i].open);
			is_built(&text, depth > RAW_DEPTH ? "deep" : NULL, name);
		}
	repeat(&text, nests[3].open, 50);
	repeat(&text, nests[3].close, 50);
	is_built(&text, "value", "depth 100 with nothing inside");
	repeat(&text, "[[],", 500);
	is_built(&text, "deep", "depth is left when a bracket closes, and counted when it does not");
	repeat(&text, "[", 500000);
	is_built(&text, "deep", "half a million brackets");
	buffer_put(&text, "[");
	repeat(&text, "[[]],", 1000);
	buffer_put(&text, "1]");
	is_built(&text, NULL, "many containers side by side");

	put_keys(&text, 1, RAW_KEYS);
	is_built(&text, NULL, "2000 keys in one object");
	put_keys(&text, 1, RAW_KEYS + 1);
	is_built(&text, "too many keys", "2001");
	put_keys(&text, 50, RAW_KEYS);
	is_built(&text, NULL, "2000 keys in 50 objects that are open");
	put_keys(&text, 50, RAW_KEYS + 1);
	is_built(&text, "too many keys", "2001");
	buffer_put(&text, "[");
	for (int i = 0; i < 10; i++) {
		put_keys(&text, 1, RAW_KEYS);
		buffer_put(&text, i < 9 ? "," : "]");
	}
	is_built(&text, NULL, "20000 keys, 2000 at a time");

	static const char *const heads[] = { "", "-", "0.", "-1.", "1e-", "1e-0" };
	for (size_t i = 0; i < sizeof(heads) / sizeof(*heads); i++) {
		char name[64];

		put_number(&text, heads[i], RAW_NUMBER);
		snprintf(name, sizeof(name), "64 characters, %s", heads[i]);
		is_built(&text, NULL, name);
		put_number(&text, heads[i], RAW_NUMBER + 1);
		snprintf(name, sizeof(name), "65 characters, %s", heads[i]);
		is_built(&text, "too large", name);
	}
	put_number(&text, "", 100000);
	is_built(&text, "too large", "100000 digits");
	buffer_free(&text);
}

/* --- parts */

static struct raw
of(const char *text)
{
	return raw_of(text, strlen(text));
}

static void
is_part(struct raw part, const char *wanted, const char *name)
{
	char text[256];

	snprintf(text, sizeof(text), "%.*s", part.bytes ? (int)part.length : 4, part.bytes ? part.bytes : "none");
	is_text(text, wanted, name);
}

static const char object[] = " { \"a\" : 1 , \"b\\n\":\"x\" ,\"\":[],\"\\u00e9\":{\"a\":2},\"}\":\"]}\\\"\" , "
    "\"t\":true,\"n\" : null\t} ";

static const struct {
	const char *text, *key, *part;
} gets[] = {
	{ object, "a", "1" },		{ object, "b\n", "\"x\"" },	{ object, "", "[]" },
	{ object, "\xc3\xa9", "{\"a\":2}" }, { object, "}", "\"]}\\\"\"" }, { object, "t", "true" },
	{ object, "n", "null" },	{ object, "x", "none" },	{ object, "b", "none" },
	{ object, "b\\n", "none" },	{ "[\"a\",1]", "a", "none" },	{ "\"a\"", "a", "none" },
	{ "{}", "", "none" },		{ "{ }", "a", "none" },		{ "{\"aa\":1,\"a\":2}", "a", "2" },
	{ "{\"a\":[1,{\"b\":2}],\"b\":3}", "b", "3" },	{ "{\"a\":-1.5e3}", "a", "-1.5e3" },
	{ "{\"a\":1.5e3\t}", "a", "1.5e3" },		{ "{\"a\":\"\\\\\"}", "a", "\"\\\\\"" },
	{ "{\"a\":\"\\\\\",\"b\":1}", "b", "1" },	{ "{\"a\":{\"x\":\"}\"},\"b\":1}", "b", "1" },
	{ "7", "a", "none" },		{ "null", "a", "none" },
};

static const struct {
	const char *text, *walk;
} walks[] = {
	{ "[]", "" },		{ "[ ]", "" },		{ "{ \n}", "" },	{ "1", "" },		{ "\"ab\"", "" },
	{ "[1]", "1;" },	{ "[ 1 ]", "1;" },	{ "[1,2,3]", "1;2;3;" },
	{ "[ 1 , [2 , 3] ,{\"a\": 4} , \"],\" ]", "1;[2 , 3];{\"a\": 4};\"],\";" },
	{ "[[],{},\"\"]", "[];{};\"\";" },	{ "[true,false,null]", "true;false;null;" },
	{ "{\"a\":1}", "\"a\"=1;" },	{ "{ \"a\" : [ ] , \"\\\"\":\"\\\\\" }", "\"a\"=[ ];\"\\\"\"=\"\\\\\";" },
	{ "{\"a\":{\"b\":{}},\"c\":-0}", "\"a\"={\"b\":{}};\"c\"=-0;" },
};

static void
test_parts(void)
{
	char name[128];

	for (size_t i = 0; i < sizeof(gets) / sizeof(*gets); i++) {
		snprintf(name, sizeof(name), "member '%s' of %.40s", gets[i].key[0] == 'b' ? "b..." : gets[i].key,
		    gets[i].text);
		is_part(raw_get(of(gets[i].text), gets[i].key), gets[i].part, name);
	}
	for (size_t i = 0; i < sizeof(walks) / sizeof(*walks); i++) {
		struct raw whole = of(walks[i].text), value, key = { NULL, 0 };
		char got[256] = "";
		size_t at = 0;

		while ((value = raw_next(whole, &at, &key)).bytes) {
			size_t used = strlen(got);

			snprintf(got + used, sizeof(got) - used, "%.*s%s%.*s;", (int)key.length, key.bytes ? key.bytes : "",
			    key.bytes ? "=" : "", (int)value.length, value.bytes);
		}
		snprintf(name, sizeof(name), "a walk over %s", walks[i].text);
		is_text(got, walks[i].walk, name);
	}
	is_part(raw_of(TEXT("\r\n\t 1 \t\n")), "1", "blanks around a document are none of it");
	ok(raw_kind((struct raw){ NULL, 0 }) == -1, "no part is of no kind");
	static const char kinds[] = "{}[]\"\"true false null 0 -1";
	ok(raw_kind(raw_of(kinds, 2)) == '{' && raw_kind(raw_of(kinds + 2, 2)) == '[' && raw_kind(raw_of(kinds + 4, 2)) == '"' &&
	    raw_kind(raw_of(kinds + 6, 5)) == 't' && raw_kind(raw_of(kinds + 11, 6)) == 'f' &&
	    raw_kind(raw_of(kinds + 17, 5)) == 'n' && raw_kind(raw_of(kinds + 22, 1)) == 0 &&
	    raw_kind(raw_of(kinds + 24, 2)) == 0, "the kinds");
}

static const struct {
	const char *text;
	bool is_integer, is_number;
	int64_t integer;
	double number;
} numbers[] = {
	{ "0", true, true, 0, 0 },	{ "-0", true, true, 0, 0 },	{ "17", true, true, 17, 17 },
	{ "-17", true, true, -17, -17 }, { "1.0", false, true, 0, 1 },	{ "1e2", false, true, 0, 100 },
	{ "-2.5E-1", false, true, 0, -.25 }, { "9223372036854775807", true, true, INT64_MAX, 9223372036854775807. },
	{ "-9223372036854775808", true, true, INT64_MIN, -9223372036854775808. },
	{ "9223372036854775808", false, true, 0, 9223372036854775808. },
	{ "-9223372036854775809", false, true, 0, -9223372036854775808. },
	{ "1e-999", false, true, 0, 0 },
	{ "\"1\"", false, false, 0, 0 }, { "true", false, false, 0, 0 }, { "null", false, false, 0, 0 },
	{ "[1]", false, false, 0, 0 },	{ "{\"1\":1}", false, false, 0, 0 },
};

static const struct {
	const char *text;
	size_t size;
	long length;
	const char *wanted;
} strings[] = {
	{ "\"abc\"", 9, 3, "abc" },	{ "\"abc\"", 4, 3, "abc" },	{ "\"abc\"", 3, 2, "ab" },
	{ "\"abc\"", 1, 0, "" },	{ "\"\"", 1, 0, "" },		{ "\"a\\nb\"", 9, 3, "a\nb" },
	{ "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", 16, 8, "\"\\/\b\f\n\r\t" },
	{ "\"\\u0041\\u00e9\\u20ac\\ud83d\\ude00\"", 16, 10, "A\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80" },
	{ "\"\xf0\x9f\x98\x80x\"", 9, 5, "\xf0\x9f\x98\x80x" },
	/* a character is never cut */
	{ "\"\xf0\x9f\x98\x80x\"", 4, 0, "" }, { "\"\\ud83d\\ude00\"", 4, 0, "" }, { "\"\\ud83d\\ude00\"", 5, 4, "\xf0\x9f\x98\x80" },
	{ "\"a\\u00e9\"", 3, 1, "a" },
	{ "\"a\\u0000b\"", 9, 3, "a b" }, { "\"\\u0000\"", 9, 1, " " },
	{ "1", 9, -1, "" },		{ "null", 9, -1, "" },		{ "[\"a\"]", 9, -1, "" },
};

static const struct {
	const char *text, *is;
	bool wanted;
} sames[] = {
	{ "\"a\"", "a", true },		{ "\"a\"", "b", false },	{ "\"a\"", "aa", false },	{ "\"aa\"", "a", false },
	{ "\"\"", "", true },		{ "\"\"", "a", false },		{ "\"\\u0061\"", "a", true },	{ "\"\\u0061\"", "b", false },
	{ "\"\\n\"", "\\n", false },	{ "\"\\n\"", "\n", true },	{ "\"\\ud83d\\ude00\"", "\xf0\x9f\x98\x80", true },
	{ "1", "1", false },		{ "null", "null", false },	{ "[\"a\"]", "a", false },	{ "\"a\\u0000\"", "a", false },
};

static void
test_values(void)
{
	char text[64], name[96];

	for (size_t i = 0; i < sizeof(numbers) / sizeof(*numbers); i++) {
		int64_t integer = 0;
		double number = 0;
		bool is_integer = raw_integer(of(numbers[i].text), &integer), is_number = raw_number(of(numbers[i].text), &number);

		ok(is_integer == numbers[i].is_integer && (!is_integer || integer == numbers[i].integer), "%s as an integer",
		    numbers[i].text);
		ok(is_number == numbers[i].is_number && (!is_number || number == numbers[i].number), "%s as a number", numbers[i].text);
	}
	int64_t integer;
	double number;
	struct raw none = { NULL, 0 };
	ok(!raw_integer(none, &integer) && !raw_number(none, &number) && raw_string(none, text, sizeof(text)) == -1 &&
	    !raw_is(none, "") && !raw_get(none, "a").bytes, "no part has no value");
	for (size_t i = 0; i < sizeof(strings) / sizeof(*strings); i++) {
		text[0] = '\0';
		long length = raw_string(of(strings[i].text), text, strings[i].size);
		name_of(strings[i].text, strlen(strings[i].text), name);
		ok(length == strings[i].length && strcmp(text, strings[i].wanted) == 0, "the text of %s in %zu bytes", name,
		    strings[i].size);
	}
	for (size_t i = 0; i < sizeof(sames) / sizeof(*sames); i++) {
		name_of(sames[i].text, strlen(sames[i].text), name);
		ok(raw_is(of(sames[i].text), sames[i].is) == sames[i].wanted, "%s is %.8s%s", name,
		    sames[i].is[0] == '\n' ? "a line break" : sames[i].is, sames[i].wanted ? "" : ": no");
	}
}

/* A name as long as raw_is() can hold, and longer ones that begin like it. */
static void
test_long_names(void)
{
	static const struct {
		const char *more;	/* behind the same letters */
		int letters;		/* of the name */
		bool wanted;
	} longs[] = {
		{ "", 200, true }, { "", 255, true }, { "x", 200, false }, { "x", 254, false }, { "x", 255, false },
		{ "\\ud83d\\ude00", 252, false }, { "xyz", 255, false },
	};

	for (size_t i = 0; i < sizeof(longs) / sizeof(*longs); i++) {
		char text[512], name[300] = "";

		memset(name, 'a', (size_t)longs[i].letters);
		name[longs[i].letters] = '\0';
		snprintf(text, sizeof(text), "\"\\u0061%s%s\"", name + 1, longs[i].more);
		ok(raw_is(of(text), name) == longs[i].wanted, "a name of %d letters%s%s", longs[i].letters,
		    *longs[i].more ? ", and one that is longer by " : "",
		    *longs[i].more ? longs[i].more + (*longs[i].more == '\\') : "");
	}
}

/* --- jansson about random texts */

static unsigned seed;

static int
dice(int sides)
{
	return rand_r(&seed) % sides;
}

static const char *const atoms[] = {
	"0", "-0", "1", "-12", "1.5", "-2e3", "1E-7", "123456789012345678", "1e400", "01", "1.", "-", "true", "false", "null",
	"nul", "\"\"", "\"a\"", "\"\\u0061\"", "\"\\n\"", "\"\xc3\xa9\"", "\"\\u00e9\"", "\"\\ud83d\\ude00\"", "\"\\ud83d\"",
	"\"\xff\"", "\"\\x\"", "\"\t\"", "99999999999999999999", "\"\\u0000\"", "[]", "{}",
};
static const char *const keys[] = {
	"\"a\"", "\"b\"", "\"\\u0061\"", "\"\"", "\"\\\\\"", "\"\\\"\"", "\"key\"", "\"\xe2\x82\xac\"", "\"\\u20ac\"", "\"0\"", "\"}\"",
};
static const char *const blanks[] = { "", "", "", "", " ", "\n", "\t\r " };

#define PICK(list) (list)[dice((int)(sizeof(list) / sizeof(*(list))))]

/* Mostly what is JSON; `wild` in a thousand atoms may be wrong. */
static void
put_random(struct buffer *out, int depth, int wild)
{
	static const char *const closes[] = { "]", "}" };
	int kind = dice(depth > 0 ? 4 : 2), members = kind < 2 ? 0 : dice(5);

	buffer_put(out, PICK(blanks));
	if (kind < 2) {
		const char *atom;

		do
			atom = PICK(atoms);
		while (raw_check(atom, strlen(atom)) && dice(1000) >= wild);
		buffer_put(out, atom);
		return;
	}
	buffer_put(out, kind == 2 ? "[" : "{");
	for (int i = 0; i < members; i++) {
		buffer_put(out, i ? "," : "");
		if (kind == 3) {
			buffer_put(out, PICK(blanks));
			buffer_put(out, PICK(keys));
			buffer_put(out, PICK(blanks));
			buffer_put(out, ":");
		}
		put_random(out, depth - 1, wild);
		buffer_put(out, PICK(blanks));
	}
	buffer_put(out, closes[kind - 2]);
}

static void
bend(char *bytes, size_t length)
{
	static const char likely[] = "[]{},:\"\\u0e.-+ \n\0\xff\xc2\x80\xd8";

	for (int i = dice(3); i > 0 && length > 0; i--)
		bytes[dice((int)length)] = dice(4) ? likely[dice(sizeof(likely) - 1)] : (char)dice(256);
}

static bool same(struct raw raw, const json_t *json);

static bool
same_string(struct raw raw, const char *bytes, size_t length)
{
	char text[4096];

	return raw_string(raw, text, sizeof(text)) == (long)length && memcmp(text, bytes, length) == 0;
}

static bool
same_object(struct raw raw, const json_t *json)
{
	struct raw key, value;
	size_t at = 0, count = 0;
	char text[4096];

	for (; (value = raw_next(raw, &at, &key)).bytes; count++) {
		(void)raw_string(key, text, sizeof(text));
		const json_t *member = json_object_get(json, text);
		if (!member || !same(value, member) || raw_get(raw, text).bytes != value.bytes || !raw_is(key, text))
			return false;
	}
	return count == json_object_size(json);
}

static bool
same_array(struct raw raw, const json_t *json)
{
	struct raw value;
	size_t at = 0, count = 0;

	for (; (value = raw_next(raw, &at, NULL)).bytes; count++)
		if (!same(value, json_array_get(json, count)))
			return false;
	return count == json_array_size(json);
}

static bool
same(struct raw raw, const json_t *json)
{
	int64_t integer;
	double number;

	switch (json ? json_typeof(json) : (json_type)-1) {
	case JSON_OBJECT:	return raw_kind(raw) == '{' && same_object(raw, json);
	case JSON_ARRAY:	return raw_kind(raw) == '[' && same_array(raw, json);
	case JSON_STRING:	return same_string(raw, json_string_value(json), json_string_length(json));
	case JSON_INTEGER:	return raw_integer(raw, &integer) && integer == json_integer_value(json);
	case JSON_REAL:
		return !raw_integer(raw, &integer) && raw_number(raw, &number) && number == json_real_value(json);
	case JSON_TRUE:		return raw_kind(raw) == 't' && raw.length == 4;
	case JSON_FALSE:	return raw_kind(raw) == 'f' && raw.length == 5;
	case JSON_NULL:		return raw_kind(raw) == 'n' && raw.length == 4;
	default:		return false;
	}
}

static int
depth_of(const json_t *json)
{
	int most = 0;
	size_t i;
	const char *key;
	json_t *value;

	if (json_is_array(json))
		json_array_foreach(json, i, value)
			most = depth_of(value) > most ? depth_of(value) : most;
	if (json_is_object(json))
		json_object_foreach((json_t *)json, key, value)
			most = depth_of(value) > most ? depth_of(value) : most;
	return most + (json_is_array(json) || json_is_object(json));
}

/* Where the two may differ, and no further. */
static bool
may_refuse(const json_t *json, const char *why, const char *text, size_t length)
{
	return (strstr(why, "deep") && depth_of(json) > RAW_DEPTH) || strstr(why, "too many keys") ||
	    (strstr(why, "too large") && strspn(text, "[0123456789.eE+-") > RAW_NUMBER) ||
	    memchr(text, '\0', length);	/* jansson 2.14 overlooks a NUL behind a number */
}

static bool
may_accept(const json_error_t *error)
{
	enum json_error_code code = json_error_code(error);

	return code == json_error_null_character || code == json_error_null_byte_in_key ||	/* \u0000 */
	    (code == json_error_numeric_overflow && strstr(error->text, "integer"));		/* beyond 64 bits */
}

static bool
agree(const char *text, size_t length, int *accepted)
{
	json_error_t error;
	json_t *json = json_loadb(text, length, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &error);
	const char *why = raw_check(text, length);
	bool right;

	if (json && !why)
		right = same(raw_of(text, length), json);
	else
		right = json ? may_refuse(json, why, text, length) : why || may_accept(&error);
	if (!right)
		printf("# %.*s\n# raw: %s, jansson: %s\n", (int)length, text, why ? why : "accepted", json ? "accepted" : error.text);
	*accepted += json && !why;
	json_decref(json);
	return right;
}

static void
test_random(int rounds)
{
	static const struct {
		const char *name;
		int depth, wild;
		bool bent;
		int least;	/* so many in a hundred are accepted */
	} kinds[] = {
		{ "what is JSON but for keys", 6, 0, false, 20 }, { "with wrong values in it", 5, 50, false, 10 },
		{ "with bytes changed", 5, 0, true, 5 },
	};
	struct buffer text;

	buffer_init(&text, 1 << 20);
	for (size_t kind = 0; kind < sizeof(kinds) / sizeof(*kinds); kind++) {
		int wrong = 0, accepted = 0;
		unsigned first = seed;

		for (int i = 0; i < rounds; i++) {
			buffer_clear(&text);
			put_random(&text, kinds[kind].depth, kinds[kind].wild);
			char *copy = malloc(text.length + !text.length);
			memcpy(copy, buffer_text(&text), text.length);
			if (kinds[kind].bent)
				bend(copy, text.length);
			wrong += !agree(copy, text.length, &accepted);
			free(copy);
		}
		ok(wrong == 0, "jansson agrees about %d texts, %s (%d accepted, seed %u)", rounds, kinds[kind].name, accepted,
		    first);
		ok(accepted > rounds / 100 * kinds[kind].least, "of which enough are JSON");
	}
	buffer_free(&text);
}

/* Any few bytes that mean something, in any order. */
static void
test_tokens(int rounds)
{
	static const char *const tokens[] = {
		"[", "]", "{", "}", ",", ":", "\"", "\\", "\\u", "d83d", "dc00", "0", "1", "-", ".", "e", " ", "\n", "true", "null", "\"a\"",
		"\"b\":", "\xc3", "\xa9", "\xed\xa0\x80", "\x01",
	};
	int wrong = 0, accepted = 0;

	for (int i = 0; i < rounds; i++) {
		char text[64] = "";

		for (int count = 1 + dice(9); count > 0; count--)
			strcat(text, PICK(tokens));
		wrong += !agree(text, strlen(text), &accepted);
	}
	ok(wrong == 0, "and about %d rows of tokens (%d accepted)", rounds, accepted);
}

/* --- time: a bot's longest answer must not hold up a match */

static void
is_quick(struct buffer *text, const char *name)
{
	struct timespec begin, end;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &begin);
	const char *why = raw_check(buffer_text(text), text->length);
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &end);
	double ms = (double)(end.tv_sec - begin.tv_sec) * 1e3 + (double)(end.tv_nsec - begin.tv_nsec) / 1e6;
	ok(ms < 2000, "%zu bytes, %s: within 2 s", text->length, name);
	printf("# %.1f ms (%s)\n", ms, why ? why : "accepted");
	buffer_clear(text);
}

static void
test_time(void)
{
	struct buffer text;

	buffer_init(&text, 1 << 20);
	buffer_put(&text, "[");
	while (text.length + 16 * RAW_KEYS < 1 << 20) {
		buffer_put(&text, text.length > 1 ? ",{" : "{");
		for (int i = 0; i < RAW_KEYS; i++)
			buffer_putf(&text, "%s\"%x\":0", i ? "," : "", i);
		buffer_put(&text, "}");
	}
	buffer_put(&text, "]");
	is_quick(&text, "objects of 2000 keys");
	buffer_put(&text, "\"");
	repeat(&text, "\\ud83d\\ude00", 87000);
	buffer_put(&text, "\"");
	is_quick(&text, "escapes only");
	buffer_put(&text, "[1e300");
	repeat(&text, ",1e300", 174000);
	buffer_put(&text, "]");
	is_quick(&text, "exponents only");
	buffer_free(&text);
}

int
main(int argc, char *argv[])
{
	seed = argc > 1 ? (unsigned)atoi(argv[1]) : 11;
	test_verdicts();
	test_limits();
	test_parts();
	test_values();
	test_long_names();
	test_random(40000);
	test_tokens(200000);
	test_time();
	return done_testing();
}
