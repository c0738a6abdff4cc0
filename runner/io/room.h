/* What a match of a tournament reserves, what this host has, and so how many may run at a time.
 * match-tournament(1), ADMISSION. */
#ifndef ROOM_H
#define ROOM_H

#include "tourney.h"

#include <sched.h>

#define CREW_MAX 256

struct room {
	int cpus_needed;		/* of the match that needs most */
	int64_t bytes_needed;
	bool one_by_one;		/* every game asks one player at a time: a match runs on one CPU */
	int cpus;			/* that nobody else has taken */
	int64_t bytes;			/* available now */
	int cpu[CPU_SETSIZE];		/* their numbers */
	char wrong[SETUP_ERROR_BYTES];
};

/*
 * Asks the policies, by bot-jail at `helper`, and the host, for all bots that are not gone. The CPUs are taken
 * for as long as this process lives. -1 when a program could not be started at all: room->wrong says which, and
 * why.
 */
int room_measure(const struct tourney *tourney, const bool *gone, const char *helper, struct room *room);

/* How many matches fit; at least 1. */
int room_fits(const struct room *room);

#endif
