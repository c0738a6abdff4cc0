/* Linear equations with a symmetric positive definite matrix: A = L L', in place. */
#ifndef CHOLESKY_H
#define CHOLESKY_H

#include <stdbool.h>

/*
 * Of the matrix (size * size, row by row) the lower triangle is read and replaced by L; the rest is left alone. False
 * if it is not positive definite, as far as doubles can tell; then it is spoiled.
 */
bool cholesky_factor(double *matrix, int size);

/* Solves A x = vector, from what cholesky_factor() left; x replaces the vector. */
void cholesky_solve(const double *factor, int size, double *vector);

#endif
