/* Owns the derivation of seeds. */
#include "seed.h"

#define EXACT_IN_JSON ((1ull << 53) - 1)

uint64_t
seed_of(uint64_t match, unsigned part)
{
	uint64_t z = match + (part + 1) * 0x9e3779b97f4a7c15;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
	z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
	return (z ^ (z >> 31)) & EXACT_IN_JSON;
}
