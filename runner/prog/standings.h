/* The table of a tournament as text. */
#ifndef STANDINGS_H
#define STANDINGS_H

#include "cup.h"

#include <stdio.h>

/* Standings and ratings together, from the plan so far. */
struct board {
	struct standing *standing;	/* first place first */
	struct rates rates;
	int bots;
};

/*
 * Places are those of the format: by rating where bots meet others of their own, and not equally often. -1: out
 * of memory. board_free() is due in both cases.
 */
int board_make(struct cup *cup, enum system system, struct board *board);

/* Places by rating, whatever the format. */
void board_by_rating(struct board *board);
void board_free(struct board *board);

/* Prints it, the first `most` lines; 0: all. Lines end with `end`. */
void board_print(
    const struct cup *cup, const struct board *board, enum system system, int most, const char *end, FILE *out);

/* Prints the sequential tests of its pairings, if it has them. */
void tests_print(const struct cup *cup, FILE *out);

/* As JSON: match-tournament(1), rate. */
struct js *board_new(const struct cup *cup, const struct board *board, enum system system);

/* Text of strangers in a column of so many characters. */
void put_column(FILE *out, const char *text, int width);

#endif
