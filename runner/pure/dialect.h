/*
 * A dialect: the script of what a bot is sent and what it is waited for, as data. The language is
 * match-dialect(5).
 */
#ifndef DIALECT_H
#define DIALECT_H

#include <stdbool.h>
#include <stddef.h>

#define STEPS_MAX 96
#define PATTERNS_MAX 16
#define FIELD_BYTES 32
#define PATTERN_BYTES 128

enum step_kind {
	STEP_SEND,		/* >: a line, with fields in it */
	STEP_AWAIT,		/* <: a line that matches */
	STEP_LINES,		/* << N: so many lines, kept as {answer} */
	STEP_UNTIL,		/* << until TEXT: lines up to that one, kept as {answer} */
	STEP_READY,		/* a line of the list of ready lines */
	STEP_JSON,		/* a line that is the ACTION as it stands */
};

struct step {
	enum step_kind kind;
	char need;		/* '?' only if the field is there, '!' only if not, 0 always */
	char field[FIELD_BYTES];
	const char *text;	/* STEP_SEND, STEP_AWAIT, STEP_UNTIL */
	int lines;		/* STEP_LINES */
};

enum section { SECTION_START, SECTION_TURN, SECTION_TELL, SECTION_LATE, SECTION_END, SECTIONS };
extern const char *const section_names[SECTIONS];

struct dialect {
	struct step step[STEPS_MAX + 1];	/* and one for a ready line */
	int first[SECTIONS], count[SECTIONS];	/* steps of each section */
	const char *action;		/* =: the ACTION, with fields; NULL: {answer}, or JSON as it came */
	const char *prefix;		/* ACTIONs are behind it, every other line is a log; "": none */
	const char *drop[PATTERNS_MAX + 1], *wrong[PATTERNS_MAX + 1];	/* ~ and !, ended by NULL */
	const char *const *ready;	/* STEP_READY: ended by NULL */
	char *text;			/* what was read, cut into the strings above; NULL for json */
};

/*
 * Cuts up a dialect's text (which is changed, and must live as long). NULL, or what is wrong, and
 * its line in *line.
 */
const char *dialect_parse(struct dialect *dialect, char *text, int *line);

/*
 * The protocol json: ready lines if there are any, then a VIEW out and an ACTION in, each a line;
 * `final`: the end of the match is told. The strings must live as long.
 */
void dialect_json(struct dialect *dialect, const char *const *ready, const char *prefix, bool final);

/* Puts waiting for one of these lines in front of the start. */
void dialect_add_ready(struct dialect *dialect, const char *const *ready);

/*
 * Does a line match? `*` is any text, {name} one word. The words are given to `keep`, which may be
 * NULL.
 */
struct word {
	const char *name, *bytes;
	size_t name_length, length;
};
#define WORDS_MAX 8
bool pattern_matches(const char *pattern, const char *line, size_t length, struct word words[WORDS_MAX],
    int *count);

#endif
