/* Reads the texts of /proc/self/limits and /proc/self/status from memory. Opens nothing. */
#ifndef PROC_TEXT_H
#define PROC_TEXT_H

#include "limits.h"

#include <stdbool.h>

/*
 * The hard value of every row that limit_rows[].inherits names (proc_pid_limits(5)), in our units;
 * LIMIT_NONE where it is unlimited or no row bears on the limit. -1 when a named row is missing.
 */
int limits_text(const char *text, uint64_t hard[LIMITS]);

/* The signals that are ignored, bit N-1 for signal N; all of them when the text does not tell. */
uint64_t ignored_text(const char *status);

/*
 * Does the status tell an identity without any right: uids and gids 1000 (INSIDE_ID), no groups,
 * five empty capability sets, no_new_privs? The order of the lines is the kernel's
 * (proc_pid_status(5)); another order would be taken for a failure.
 */
bool status_is_bare(const char *status);

#endif
