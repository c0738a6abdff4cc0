/* Limit values as people write them: 512M, 50%, 300s, 100. */
#ifndef VALUE_H
#define VALUE_H

#include "limits.h"

#include <stddef.h>

#define VALUE_BYTES 24

/*
 * Parses a whole text into bytes, a count, percent or milliseconds. NULL, or what is wrong as the
 * end of a sentence ("needs one of the units K, M, G, T"). 0 needs no unit; signs, fractions and overflow
 * are wrong.
 */
const char *value_parse(const char *text, enum unit unit, uint64_t *value);

/* The shortest exact text that value_parse() reads back; "none" for LIMIT_NONE. */
void value_print(uint64_t value, enum unit unit, char text[VALUE_BYTES]);

/* Parses decimal digits up to `most`; 0, or -1. */
int number_parse(const char *text, uint64_t most, uint64_t *value);

#endif
