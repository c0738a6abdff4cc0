/*
 * Languages, a file each: how a text in one is run, and how a bot in one is found, checked, built and started.
 * match-build(1), LANGUAGES.
 */
#ifndef LANGUAGE_H
#define LANGUAGE_H

#include "program.h"

#define LANGUAGES_MAX 32

struct language {
	char name[NAME_MAX_BYTES];	/* of its file, without .json */
	struct js *document;
};

struct languages {
	struct language language[LANGUAGES_MAX];
	int count;
};

/* Reads all of a folder, by name. -1, and "PATH: what is wrong" in `wrong`; languages_free() is due in both cases. */
int languages_read(struct languages *languages, const char *dir, char wrong[SETUP_ERROR_BYTES]);
void languages_free(struct languages *languages);

/* By its name, or one of its aliases; NULL. */
const struct language *language_find(const struct languages *languages, const char *name);

/* A list of the names for messages: "c, cpp, java". */
void languages_list(const struct languages *languages, char *text, size_t size);

/* Part "run" or "bot" of it; NULL when there is none. */
const struct js *language_part(const struct language *language, const char *part);

/*
 * A command of a part ("command", "check", "build") as a new array, with {entry} and {name} (that without its
 * ending) filled in; NULL when the part has none.
 */
struct js *language_command(const struct js *part, const char *key, const char *entry);

/* The first language that takes a file of this name for the entry of a bot; NULL. */
const struct language *language_of_entry(const struct languages *languages, const char *file);

/* The pattern of such a file that comes first: "agent.py", where a text without a name is put. */
const char *language_first_entry(const struct language *language);

#endif
