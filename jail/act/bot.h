/* The bot, from its birth to exec. */
#ifndef BOT_H
#define BOT_H

#include "plan.h"
#include "steps.h"

#include <sys/types.h>

struct bot {
	const struct plan *plan;
	pid_t pid;
	int listener;		/* of the filter: who reads it learns of forbidden calls; -1 before there is one */
	enum step step;		/* after a failure */
	int error;		/* errno; 0: it runs */
};

/* Starts it and returns once exec has happened or failed. -1 when it does not run. */
int bot_start(struct bot *bot, const struct plan *plan);

#endif
