/* What a service manager wants to know, and what it hands over: sd_notify(3), sd_listen_fds(3), without a library. */
#ifndef NOTIFY_H
#define NOTIFY_H

#include <stdint.h>

/* "READY=1", "STOPPING=1", "WATCHDOG=1", "STATUS=..."; nobody may listen. */
void notify(const char *state);

/* How often WATCHDOG=1 is wanted, in microseconds: half of what the manager allows; 0: never. */
int64_t notify_watchdog_us(void);

/* The first socket that the manager has opened for us; -1: there is none. */
int notify_socket(void);

#endif
