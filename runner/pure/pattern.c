/*
 * Owns matching a line against a pattern. Patterns are an operator's, lines are hostile: one point to
 * go back to, so the time is at most the product of their lengths.
 */
#include "dialect.h"

#include <string.h>

struct cursor {
	const char *pattern;
	size_t at;		/* in the line */
	int words;
};

static size_t
word_length(const char *line, size_t length)
{
	size_t at = 0;

	while (at < length && line[at] != ' ' && line[at] != '\t')
		at++;
	return at;
}

/* Takes one {name} of the pattern; false when the line has no word here. */
static bool
take_word(struct cursor *cursor, const char *line, size_t length, struct word words[WORDS_MAX])
{
	const char *close = strchr(cursor->pattern, '}');
	size_t taken = word_length(line + cursor->at, length - cursor->at);

	if (!close || taken == 0)
		return false;
	if (cursor->words < WORDS_MAX)
		words[cursor->words++] = (struct word){ cursor->pattern + 1, line + cursor->at,
			(size_t)(close - cursor->pattern) - 1, taken };
	cursor->pattern = close + 1;
	cursor->at += taken;
	return true;
}

static bool
take_one(struct cursor *cursor, const char *line, size_t length, struct word words[WORDS_MAX])
{
	if (*cursor->pattern == '{')
		return take_word(cursor, line, length, words);
	if (cursor->at == length || *cursor->pattern != line[cursor->at])
		return false;
	cursor->pattern++;
	cursor->at++;
	return true;
}

/* "bestmove {move} *" takes a line that ends with the word, too. */
static bool
only_rest(const char *pattern)
{
	return strcmp(pattern, " *") == 0 || strcmp(pattern, "*") == 0 || !*pattern;
}

bool
pattern_matches(const char *pattern, const char *line, size_t length, struct word words[WORDS_MAX],
    int *count)
{
	struct word unused[WORDS_MAX];
	struct cursor cursor = { pattern, 0, 0 }, star = { NULL, 0, 0 };

	words = words ? words : unused;
	for (;;) {
		if (cursor.at == length && only_rest(cursor.pattern))
			break;
		if (*cursor.pattern == '*') {
			cursor.pattern++;
			if (!*cursor.pattern)
				break;
			star = cursor;
		} else if (!*cursor.pattern || !take_one(&cursor, line, length, words)) {
			if (!star.pattern || star.at == length)
				return false;
			star.at++;
			cursor = star;
		}
	}
	if (count)
		*count = cursor.words;
	return true;
}
