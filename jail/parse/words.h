/* A line of policy text as words, and the word somebody probably meant. */
#ifndef WORDS_H
#define WORDS_H

#include <stddef.h>

#define WORDS_MAX 64
#define LINE_MAX_BYTES 1000

struct words {
	int count;
	char *word[WORDS_MAX];
	char *comment;		/* behind '#', without blanks around; "" when there is none */
	char buffer[LINE_MAX_BYTES + 1];
};

/*
 * Splits `length` bytes without their newline. NULL, or what is wrong with them ("is longer than
 * 1000 bytes"). '#' begins a comment at the start of a word.
 */
const char *words_split(const char *line, size_t length, struct words *words);

/* How many letters differ (Levenshtein), at most `most` + 1. */
int words_distance(const char *a, const char *b, int most);

/*
 * Keeps the nearer of *best and `candidate` to `word`; *distance starts above what counts as near,
 * 3.
 */
void words_nearer(const char *word, const char *candidate, const char **best, int *distance);

#endif
