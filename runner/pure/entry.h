/*
 * The plan of a tournament as data: a list of matches, each of which can be played alone. Everything else (who is
 * ahead, who meets whom next, who is how strong) is a fold over this list in its order, so it does not depend on
 * when a match was played.
 */
#ifndef ENTRY_H
#define ENTRY_H

#include "bout.h"

#include <stddef.h>

#define BOTS_MAX 1000
#define GAMES_MAX 16
#define MATCHES_MAX 1000000

enum entry_state {
	ENTRY_PLANNED,
	ENTRY_PLAYED,		/* it has ranks; a bye has from the start */
	ENTRY_FAILED,		/* not the bots' fault, and tried often enough: counts for nobody */
	ENTRY_DROPPED,		/* not needed: its pairing was decided, or a bot was withdrawn */
	ENTRY_STATES
};
extern const char *const entry_states[ENTRY_STATES];

struct entry {
	int number;		/* place in the plan, from 1 */
	int round;		/* from 1 */
	int pairing;		/* from 1; the entries of one stand together */
	int set;		/* within the pairing, from 0: all seat rotations of one seed */
	int game, pool;		/* which of the tournament's games, and of that game's positions to begin with */
	int64_t seed;
	int players;		/* 1: a bye */
	int bot[PLAYERS_MAX];	/* by seat */
	enum entry_state state;
	int rank[PLAYERS_MAX];	/* by seat, 1 is best; once it is played */
	enum fault fault[PLAYERS_MAX];
};

/*
 * What a seat earned: 1 for each rival that is behind, half a point for a tie, divided by the number of rivals; 1
 * for a bye; 0 when the match was not played.
 */
double entry_points(const struct entry *entry, int seat);

/* The part of it that came from one rival: 1, half or 0. */
double entry_taken(const struct entry *entry, int seat, int rival);

/* The seat of a bot, or -1. */
int entry_seat(const struct entry *entry, int bot);

/* What ratings see of it; false when they see nothing: it was not played, or was a bye. */
bool entry_bout(const struct entry *entry, struct bout *bout);

static inline bool
entry_is_open(const struct entry *entry)
{
	return entry->state == ENTRY_PLANNED;
}

#endif
