/* The status line: one JSON object that tells what became of a jail. bot-jail(1), STATUS LINE. */
#ifndef STATUS_LINE_H
#define STATUS_LINE_H

#include "outcome.h"
#include "plan.h"

#include <stddef.h>

#define STATUS_LINE_BYTES 4096

/*
 * Writes the object and a newline; the number of bytes, always below STATUS_LINE_BYTES. `plan` is
 * NULL when the request was refused before there was one; `policy` is what was asked for, or NULL.
 */
size_t status_line(const struct outcome *outcome, const struct plan *plan, const char *policy,
    char line[STATUS_LINE_BYTES]);

/* The name of a system call of a closed family, or NULL. */
const char *call_name(const struct record *record, uint32_t arch, int number);

#endif
