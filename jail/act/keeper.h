/* The keeper: waits for the jail's end, ends it when its time is over, finds out why it ended. */
#ifndef KEEPER_H
#define KEEPER_H

#include "launch.h"

/*
 * Watches a started jail until pid 1 is reaped. Fills in reason, statistics and what belongs to
 * them.
 */
void keeper_watch(struct launch *launch, struct outcome *outcome);

#endif
