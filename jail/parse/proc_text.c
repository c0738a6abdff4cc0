/* Owns the formats of three /proc files, as far as the jail is proven by them. Pure. */
#include "proc_text.h"

#include "value.h"

#include <string.h>

#define HARD_COLUMN 47		/* "Max open files            1024                 1024 ..." */

static const char *
line_with(const char *text, const char *start)
{
	size_t length = strlen(start);

	while (text && strncmp(text, start, length) != 0) {
		text = strchr(text, '\n');
		if (text)
			text++;
	}
	return text;
}

static int
hard_value(const char *line, uint64_t *value)
{
	char word[VALUE_BYTES];
	size_t length = 0;

	for (int i = 0; i < HARD_COLUMN; i++)
		if (line[i] == '\0' || line[i] == '\n')
			return -1;
	line += HARD_COLUMN;
	while (length < sizeof(word) - 1 && line[length] > ' ') {
		word[length] = line[length];
		length++;
	}
	word[length] = '\0';
	*value = LIMIT_NONE;
	return strcmp(word, "unlimited") == 0 ? 0 : number_parse(word, UINT64_MAX - 1, value);
}

int
limits_text(const char *text, uint64_t hard[LIMITS])
{
	for (int i = 0; i < LIMITS; i++) {
		hard[i] = LIMIT_NONE;
		if (!limit_rows[i].inherits)
			continue;
		const char *line = line_with(text, limit_rows[i].inherits);
		if (!line || hard_value(line, &hard[i]))
			return -1;
		if (limit_rows[i].unit == UNIT_TIME && hard[i] != LIMIT_NONE &&
		    __builtin_mul_overflow(hard[i], 1000, &hard[i]))	/* the kernel counts seconds */
			hard[i] = LIMIT_NONE;
	}
	return 0;
}

int
status_text(const char *text, const char *key, char value[64])
{
	const char *line = line_with(text, key);

	if (!line)
		return -1;
	line += strlen(key);
	size_t length = strcspn(line, "\n");
	if (length >= 64)
		return -1;
	memcpy(value, line, length);
	value[length] = '\0';
	return 0;
}
