/* Owns the distance of words. */
#include "nearest.h"

#include <limits.h>
#include <stddef.h>
#include <string.h>

#define LONGEST 32

static int
least(int a, int b, int c)
{
	int ab = a < b ? a : b;

	return ab < c ? ab : c;
}

/* Letters that are wrong, missing, too many, or in the place of their neighbour: Damerau 1964. */
static int
distance(const char *a, const char *b)
{
	int row[3][LONGEST + 1], la = (int)strlen(a), lb = (int)strlen(b);

	if (la > LONGEST || lb > LONGEST)
		return INT_MAX;
	for (int j = 0; j <= lb; j++)
		row[0][j] = j;
	for (int i = 1; i <= la; i++) {
		int *now = row[i % 3], *before = row[(i + 2) % 3], *older = row[(i + 1) % 3];

		now[0] = i;
		for (int j = 1; j <= lb; j++) {
			now[j] = least(before[j] + 1, now[j - 1] + 1, before[j - 1] + (a[i - 1] != b[j - 1]));
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
				now[j] = least(now[j], older[j - 2] + 1, now[j]);
		}
	}
	return row[la % 3][lb];
}

/* A word that was not written to its end is one mistake. */
static int
mistakes(const char *word, const char *meant)
{
	size_t length = strlen(word);

	return length >= 3 && strncmp(word, meant, length) == 0 ? 1 : distance(word, meant);
}

const char *
nearest_word(const char *word, const char *const *words)
{
	const char *nearest = NULL;
	int fewest = (int)strlen(word) / 3 + 2;

	for (; *words; words++)
		if (mistakes(word, *words) < fewest) {
			nearest = *words;
			fewest = mistakes(word, *words);
		}
	return nearest;
}
