/* Owns how values are written. */
#include "value.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

/* Units from the smallest up; printing takes the largest that divides. A bare number is a count. */
static const struct suffix {
	enum unit unit;
	const char *text;
	uint64_t factor;
} suffixes[] = {
	{ UNIT_BYTES,   "B",  1 },
	{ UNIT_BYTES,   "K",  1ull << 10 },
	{ UNIT_BYTES,   "M",  1ull << 20 },
	{ UNIT_BYTES,   "G",  1ull << 30 },
	{ UNIT_BYTES,   "T",  1ull << 40 },
	{ UNIT_COUNT,   "",   1 },
	{ UNIT_PERCENT, "%",  1 },
	{ UNIT_TIME,    "ms", 1 },
	{ UNIT_TIME,    "s",  1000 },
	{ UNIT_TIME,    "m",  60 * 1000 },
	{ UNIT_TIME,    "h",  60 * 60 * 1000 },
};
#define SUFFIXES (sizeof(suffixes) / sizeof(*suffixes))

static const char *const wrong_unit[] = {
	[UNIT_BYTES]   = "needs one of the units B, K, M, G, T",
	[UNIT_COUNT]   = "must be a plain number, without a unit",
	[UNIT_PERCENT] = "needs a %, for percent of one CPU",
	[UNIT_TIME]    = "needs one of the units ms, s, m, h",
};

/* Reads the digits at the start; their number, or 0 when there are none or they overflow. */
static size_t
read_digits(const char *text, uint64_t *value)
{
	size_t length = strspn(text, "0123456789");

	*value = 0;
	for (size_t i = 0; i < length; i++)
		if (__builtin_mul_overflow(*value, 10, value) ||
		    __builtin_add_overflow(*value, (uint64_t)(text[i] - '0'), value))
			return 0;
	return length;
}

int
number_parse(const char *text, uint64_t most, uint64_t *value)
{
	size_t length = read_digits(text, value);

	return length > 0 && text[length] == '\0' && *value <= most ? 0 : -1;
}

const char *
value_parse(const char *text, enum unit unit, uint64_t *value)
{
	size_t length = read_digits(text, value);

	if (length == 0)
		return strspn(text, "0123456789") ? "is too large" : "is not a number";
	if (*value == 0 && text[length] == '\0')
		return NULL;
	for (size_t i = 0; i < SUFFIXES; i++)
		if (suffixes[i].unit == unit && strcmp(text + length, suffixes[i].text) == 0)
			return __builtin_mul_overflow(*value, suffixes[i].factor, value) ||
			    *value == LIMIT_NONE ? "is too large" : NULL;
	return wrong_unit[unit];
}

void
value_print(uint64_t value, enum unit unit, char text[VALUE_BYTES])
{
	const struct suffix *best = NULL;

	for (size_t i = 0; i < SUFFIXES; i++)
		if (suffixes[i].unit == unit &&
		    (!best || (value && value % suffixes[i].factor == 0)))
			best = &suffixes[i];
	if (value == LIMIT_NONE)
		strcpy(text, "none");
	else
		snprintf(text, VALUE_BYTES, "%llu%s", (unsigned long long)(value / best->factor),
		    value || unit == UNIT_PERCENT ? best->text : "");
}
