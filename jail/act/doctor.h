/* bot-jail-setup --check: one line a fact about this host, and for each problem the exact cure. */
#ifndef DOCTOR_H
#define DOCTOR_H

#include <stdbool.h>

/* Prints the facts, as text or as one JSON array. 0, or 1 when a jail could not start. */
int doctor_check(bool json);

#endif
