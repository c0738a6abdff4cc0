/* Owns the Cholesky decomposition. All inner loops go along rows, where memory is contiguous. */
#include "cholesky.h"

#include <math.h>
#include <stddef.h>

static double
product(const double *a, const double *b, int count)
{
	double sum = 0;

	for (int i = 0; i < count; i++)
		sum += a[i] * b[i];
	return sum;
}

bool
cholesky_factor(double *matrix, int size)
{
	for (int i = 0; i < size; i++) {
		double *row = matrix + (size_t)i * size;

		for (int j = 0; j < i; j++) {
			const double *above = matrix + (size_t)j * size;

			row[j] = (row[j] - product(row, above, j)) / above[j];
		}
		double pivot = row[i] - product(row, row, i);
		if (!(pivot > 0 && isfinite(pivot)))
			return false;
		row[i] = sqrt(pivot);
	}
	return true;
}

void
cholesky_solve(const double *factor, int size, double *vector)
{
	for (int i = 0; i < size; i++) {
		const double *row = factor + (size_t)i * size;

		vector[i] = (vector[i] - product(row, vector, i)) / row[i];
	}
	for (int i = size - 1; i >= 0; i--) {
		const double *row = factor + (size_t)i * size;

		vector[i] /= row[i];
		for (int j = 0; j < i; j++)
			vector[j] -= row[j] * vector[i];
	}
}
