/* Owns how a line is cut into words. */
#include "words.h"

#include <ctype.h>
#include <string.h>

static char *
trim(char *text)
{
	text += strspn(text, " \t");
	for (size_t length = strlen(text); length > 0 && strchr(" \t", text[length - 1]); length--)
		text[length - 1] = '\0';
	return text;
}

static const char *
check_bytes(const char *line, size_t length)
{
	if (length > LINE_MAX_BYTES)
		return "is longer than 1000 bytes";
	for (size_t i = 0; i < length; i++)
		if (line[i] == '\0' || (iscntrl((unsigned char)line[i]) && line[i] != '\t'))
			return "holds a control character";
	return NULL;
}

/* The '#' that begins a comment, or the end of the text. */
static char *
find_comment(char *text)
{
	char *at = text;

	while ((at = strchr(at, '#')) && at > text && !strchr(" \t", at[-1]))
		at++;
	return at ? at : text + strlen(text);
}

const char *
words_split(const char *line, size_t length, struct words *words)
{
	const char *wrong = check_bytes(line, length);

	words->count = 0;
	if (wrong)
		return wrong;
	memcpy(words->buffer, line, length);
	words->buffer[length] = '\0';
	words->comment = find_comment(words->buffer);
	if (*words->comment) {
		*words->comment++ = '\0';
		words->comment = trim(words->comment);
	}
	for (char *word = strtok(words->buffer, " \t"); word; word = strtok(NULL, " \t")) {
		if (words->count == WORDS_MAX)
			return "has more than 64 words";
		words->word[words->count++] = word;
	}
	return NULL;
}

static int
least3(int a, int b, int c)
{
	return a < b ? (a < c ? a : c) : (b < c ? b : c);
}

int
words_distance(const char *a, const char *b, int most)
{
	size_t m = strlen(a), n = strlen(b);
	int row[64];

	if (m > n + (size_t)most || n > m + (size_t)most || n >= 63)
		return most + 1;
	for (size_t j = 0; j <= n; j++)
		row[j] = (int)j;
	for (size_t i = 1; i <= m; i++) {
		int diagonal = row[0];

		row[0] = (int)i;
		for (size_t j = 1; j <= n; j++) {
			int above = row[j];

			row[j] = least3(above + 1, row[j - 1] + 1,
			    diagonal + (a[i - 1] != b[j - 1]));
			diagonal = above;
		}
	}
	return row[n];
}

void
words_nearer(const char *word, const char *candidate, const char **best, int *distance)
{
	int this = words_distance(word, candidate, 3);

	if (this < *distance) {
		*distance = this;
		*best = candidate;
	}
}
