/* The keeper: waits for the jail's end, ends it when its time is over, and finds out why it ended. */
#ifndef KEEPER_H
#define KEEPER_H

#include "launch.h"

/*
 * Before the bot may run: hears signals, and gives up every capability, the effective uid and the bot's streams. From
 * then on the caller can keep us waiting for as long as he likes. -1 with errno.
 */
int keeper_settle(struct launch *launch);

/* Watches the jail until pid 1 is reaped. Fills in reason, statistics and what belongs to them. */
void keeper_watch(struct launch *launch, struct outcome *outcome);

/* Ends a launch that failed half-way. As root; nothing of pid 1 is left when it returns. */
void keeper_abort(struct launch *launch);

#endif
