/* The monotonic clock, in microseconds. Nothing of runner/pure may include this. */
#ifndef NOW_H
#define NOW_H

#include <stdint.h>

#define MS INT64_C(1000)
#define S INT64_C(1000000)

int64_t now_us(void);

#endif
