/* A child process outside of any jail that is waited for: its output is kept up to a cap. It dies with us. */
#ifndef CAPTURE_H
#define CAPTURE_H

#include "buffer.h"

#include <stdint.h>

#define CAPTURE_LATE (-1)	/* it was killed when its time was over */

/*
 * Runs a program by its path, or by PATH, with `input` as its standard input (NULL: none). What it prints is
 * appended to the buffers, whose caps cut it; `err` NULL: it goes to our own. Its exit status, 128 and a signal,
 * CAPTURE_LATE, 127 when it cannot be executed, or -errno below CAPTURE_LATE when it could not be started.
 */
int capture_run(const char *const argv[], const char *input, size_t input_length, int64_t timeout_ms,
    struct buffer *out, struct buffer *err);

#endif
