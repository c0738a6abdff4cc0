/* What a jail would be like: what bot-jail -n prints, as text. */
#ifndef PLAN_H
#define PLAN_H

#include "program.h"

#include <stdint.h>

#define PLAN_BYTES 65536

/* Asks bot-jail. -1 when it refuses: `text` is then what it says. */
int plan_read(const char *helper, const struct program *program, char text[PLAN_BYTES]);

/* The value of a limit: its text, which goes on behind it; NULL. */
const char *plan_limit(const char *plan, const char *name);

/* A limit that is a time, in microseconds; 0: there is none. */
int64_t plan_limit_us(const char *plan, const char *name);

/* A limit that is a number of bytes, or a percentage; 0: there is none. */
int64_t plan_limit_number(const char *plan, const char *name);

/* Has the jail a slot at this path? */
bool plan_has_slot(const char *plan, const char *path);

#endif
