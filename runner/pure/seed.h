/* Seeds of game and players, derived from one of the match. */
#ifndef SEED_H
#define SEED_H

#include <stdint.h>

/*
 * The seed of one part: 0 is the game, 1 the first player, and so on. Below 2^52, so that JSON
 * numbers hold it. By SHA-256, because a bot that knows its own must not find out the game's; from
 * a small seed of a match it still could, by trying: match-run(1), MATCH FILE.
 */
uint64_t seed_of(uint64_t match, unsigned part);

#endif
