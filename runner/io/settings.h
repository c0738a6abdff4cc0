/*
 * What a service is told: by its file ("key value" a line), then by the environment, then by options; the last word
 * counts. One table says all three. match-worker.conf(5), match-gate.conf(5).
 */
#ifndef SETTINGS_H
#define SETTINGS_H

#include <stdbool.h>
#include <stdint.h>

#define SETTINGS_MAX 48
#define SETTINGS_WRONG_BYTES 512

/* One setting. The table ends with a NULL name; names are those of the long options, too. */
struct setting {
	const char *name, *environment, *fallback;	/* environment may be NULL; fallback is "" for none */
	int64_t least, most;				/* of a number; most 0: it is a text */
};

struct settings {
	const struct setting *table;
	char *value[SETTINGS_MAX];
};

/* Takes the defaults, the file (NULL: none) and the environment. -1, and "PATH:LINE: what is wrong" in `wrong`. */
int settings_read(struct settings *settings, const struct setting *table, const char *path,
    char wrong[SETTINGS_WRONG_BYTES]);
void settings_free(struct settings *settings);

/* Takes one value over what was said before. -1, and what is wrong with it. */
int settings_set(struct settings *settings, int index, const char *value, char wrong[SETTINGS_WRONG_BYTES]);

/* "" when nothing is said; lives as long as nothing is set. */
const char *settings_text(const struct settings *settings, int index);
int64_t settings_number(const struct settings *settings, int index);

#endif
