/*
 * The limits of a jail as data: names, units, and what enforces each. Values only; nothing is
 * applied here.
 */
#ifndef LIMITS_H
#define LIMITS_H

#include <stdint.h>

/*
 * Nobody set it. Above every value, so that "tighter" is always "lower" and min() needs no special
 * case.
 */
#define LIMIT_NONE UINT64_MAX

enum unit { UNIT_BYTES, UNIT_COUNT, UNIT_PERCENT, UNIT_TIME };

enum limit {
#define LIMIT(ident, name, unit, v2, v1, set, inherits, what) LIMIT_##ident,
#include "limits.def"
#undef LIMIT
	LIMITS
};

struct limit_row {
	const char *name;
	enum unit unit;
	const char *v2, *v1;	/* cgroup file, NULL where no cgroup enforces it */
	int set;		/* RLIMIT_*, or -1 */
	const char *inherits;	/* row of /proc/PID/limits, or NULL */
	const char *what;
};

extern const struct limit_row limit_rows[LIMITS];

/* The limit of that name, or LIMITS. */
enum limit limit_find(const char *name);

#endif
