/*
 * A talk with one bot, by its dialect: a pure machine. Whoever owns the bot's streams asks
 * dialog_next() what to send and gives dialog_hear() every line; it never sends by itself.
 */
#ifndef DIALOG_H
#define DIALOG_H

#include "buffer.h"
#include "dialect.h"
#include "raw.h"

struct dialog {
	const struct dialect *dialect;
	enum section section;		/* which one is going on */
	int at, lines;			/* the step within it; lines of STEP_LINES that came */
	bool busy;			/* it is not at its end */
	bool stale;			/* its answer came too late: nobody waits for it */
	struct buffer kept;		/* words and answer: name, NUL, text, NUL, ... */
	size_t answer_at, answer_length;	/* STEP_JSON: where in the line it was; else unused */
};

enum heard {
	HEARD_LOG,		/* nothing for us: the bot talks to itself */
	HEARD_DROP,		/* less than that: a line that the dialect drops; or a part of an answer */
	HEARD_MORE,		/* what was waited for: go on with dialog_next() */
	HEARD_DONE,		/* the section is at its end: ready, or answered */
	HEARD_WRONG,		/* a line that the dialect calls a bad action */
	HEARD_NOT_JSON,
	HEARD_UNASKED,		/* an answer that nobody waits for */
	HEARD_STALE,		/* the answer to an ask that is over */
	HEARD_TOO_LONG,		/* more than an answer may hold */
};

/* `cap`: how many bytes of an answer are taken. */
void dialog_init(struct dialog *dialog, const struct dialect *dialect, size_t cap);
void dialog_free(struct dialog *dialog);

void dialog_begin(struct dialog *dialog, enum section section);

/*
 * The next line to send, or NULL when it waits, or is at its end (then busy is false). Lines with a
 * condition come too: whoever knows the fields decides.
 */
const struct step *dialog_next(struct dialog *dialog);

/* `why` is set for HEARD_NOT_JSON. */
enum heard dialog_hear(struct dialog *dialog, const char *line, size_t length, const char **why);

/* A word or an answer that was kept; NULL: there is none of that name. */
const char *dialog_kept(const struct dialog *dialog, const char *name, size_t length);

/* The JSON text of the ACTION, once a turn is done, into a buffer. `line` is the last one heard. */
void dialog_action(const struct dialog *dialog, const char *line, struct buffer *action);

#endif
