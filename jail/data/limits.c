/* Owns the table of limits. It never reads or applies one. */
#include "limits.h"

#include <string.h>
#include <sys/resource.h>

const struct limit_row limit_rows[LIMITS] = {
#define LIMIT(ident, name, unit, v2, v1, set, inherits, what) \
	[LIMIT_##ident] = { name, UNIT_##unit, v2, v1, set, inherits, what },
#include "limits.def"
#undef LIMIT
};

enum limit
limit_find(const char *name)
{
	enum limit i = 0;

	while (i < LIMITS && strcmp(limit_rows[i].name, name) != 0)
		i++;
	return i;
}
