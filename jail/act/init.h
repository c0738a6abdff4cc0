/* pid 1 of a jail: builds it from inside, starts the bot, then reaps. */
#ifndef INIT_H
#define INIT_H

#include "launch.h"

/* Never returns. Tells the keeper of success and failure on launch->report[1]. */
void init_main(const struct launch *launch) __attribute__((noreturn));

#endif
