/* Owns the reading of the monotonic clock. */
#include "now.h"

#include <time.h>

int64_t
now_us(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);	/* this clock is always there */
	return now.tv_sec * INT64_C(1000000) + now.tv_nsec / 1000;
}
