/* Reads the texts of /proc/self/limits and status from memory. Opens nothing. */
#ifndef PROC_TEXT_H
#define PROC_TEXT_H

#include "limits.h"

/*
 * The hard value of every row that limit_rows[].inherits names, in our units, and LIMIT_NONE where it is
 * unlimited or no row bears on the limit. -1 when a named row is missing or its value is no number.
 */
int limits_text(const char *text, uint64_t hard[LIMITS]);

/* The rest of the line that starts with `key` and a tab, up to its newline, in `value`. -1 when there is none. */
int status_text(const char *text, const char *key, char value[64]);

#endif
