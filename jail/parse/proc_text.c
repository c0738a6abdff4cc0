/* Owns the formats of two /proc files, as far as the jail is proven by them. Pure. */
#include "proc_text.h"

#include <stdlib.h>
#include <string.h>

#define HARD_COLUMN 47		/* "Max open files            1024                 1024 ..." */

int
limits_text(const char *text, uint64_t hard[LIMITS])
{
	for (int i = 0; i < LIMITS; i++) {
		const char *row = limit_rows[i].inherits, *line = row ? strstr(text, row) : NULL;

		hard[i] = LIMIT_NONE;
		if (!row)
			continue;
		if (!line || strnlen(line, HARD_COLUMN + 1) <= HARD_COLUMN)
			return -1;
		/* The kernel counts CPU time in seconds. */
		uint64_t scale = limit_rows[i].unit == UNIT_TIME ? 1000 : 1;
		if (strncmp(line + HARD_COLUMN, "unlimited", 9) != 0 &&
		    __builtin_mul_overflow(strtoull(line + HARD_COLUMN, NULL, 10), scale, &hard[i]))
			hard[i] = LIMIT_NONE;
	}
	return 0;
}

uint64_t
ignored_text(const char *status)
{
	const char *line = strstr(status, "\nSigIgn:\t");

	return line ? strtoull(line + strlen("\nSigIgn:\t"), NULL, 16) : ~0ull;
}

bool
status_is_bare(const char *status)
{
	static const char *const wanted[] = {
		"\nUid:\t1000\t1000\t1000\t1000\nGid:\t1000\t1000\t1000\t1000\n",
		"\nGroups:\t \n",
		"\nCapInh:\t0000000000000000\nCapPrm:\t0000000000000000\nCapEff:\t0000000000000000\n"
		"CapBnd:\t0000000000000000\nCapAmb:\t0000000000000000\nNoNewPrivs:\t1\n",
	};

	for (size_t i = 0; i < sizeof(wanted) / sizeof(*wanted); i++)
		if (!strstr(status, wanted[i]))
			return false;
	return true;
}
