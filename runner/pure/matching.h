/* Pairing as many as possible of those who may be paired: Edmonds' algorithm (Paths, Trees, and Flowers, 1965). */
#ifndef MATCHING_H
#define MATCHING_H

#include <stdbool.h>

/* A graph of `count` vertices: may two of them be paired? */
struct graph {
	int count;
	bool (*joined)(const void *what, int a, int b);
	const void *what;
};
#define MATCHING_WORK(count) (6 * (count))

/*
 * Fills mate[] with the partner of each, or -1. It begins with the greedy pairs, each vertex in order with the
 * first that it may be paired with, and changes only as many of them as it takes to pair the rest, the last ones
 * rather than the first. `work`: MATCHING_WORK ints.
 */
void matching_find(const struct graph *graph, int *mate, int *work);

#endif
