/* result.json: who won and why, and what each program used. match-run(1), FILES. */
#ifndef RESULT_H
#define RESULT_H

#include "loop.h"

/* Writes it into the folder `dir`. -errno. */
int result_write(const struct loop *loop, int dir);

/* The seat that won alone, or -1. */
int result_winner(const struct match *match);

#endif
