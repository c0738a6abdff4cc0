/* Seeds of game and players, derived from one of the match. */
#ifndef SEED_H
#define SEED_H

#include <stdint.h>

/*
 * The seed of one part: 0 is the game, 1 the first player, and so on. Below 2^53, so that JSON
 * numbers hold it. By splitmix64 (Steele, Lea, Flood: Fast Splittable Pseudorandom Number
 * Generators, 2014).
 */
uint64_t seed_of(uint64_t match, unsigned part);

#endif
