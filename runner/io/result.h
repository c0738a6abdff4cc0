/* result.json: who won and why, and what each program used. match-run(1), FILES. */
#ifndef RESULT_H
#define RESULT_H

#include "loop.h"

/* Writes it into the folder `dir`, whose path is `path`: the replay there is digested. -errno. */
int result_write(const struct loop *loop, int dir, const char *path);

/* The seat that won alone, or -1. */
int result_winner(const struct match *match);

#endif
