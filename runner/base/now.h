/* The monotonic clock, in microseconds. Nothing of runner/pure may include this. */
#ifndef NOW_H
#define NOW_H

#include <stdint.h>

int64_t now_us(void);

#endif
