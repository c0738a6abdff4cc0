/*
 * A dialect and what happens then, divided by bytes 0x1e: s and t begin the start and a turn, T l e say something, a VIEW
 * behind them; a: the ask is over; anything else is a line of the bot. What is kept lies where it is kept, an ACTION is
 * JSON, and what is sent ends with its only line break.
 */
#include "fuzz.h"
#include "talk.h"

#include <stdlib.h>
#include <string.h>

#define DIVIDER 0x1e
#define CAP 300

struct talk {
	struct dialog dialog;
	struct facts facts;
	char *view;
	struct buffer out;
};

static void
send_step(struct talk *talk, const struct step *step)
{
	bool whole = strcmp(step->text, "{view}") == 0;
	size_t before = talk->out.length;

	if (talk_send(step, &talk->dialog, &talk->facts, &talk->out) || talk->out.length == before)
		return;
	const char *line = buffer_bytes(&talk->out) + before;
	size_t length = talk->out.length - before;
	PROMISE(line[length - 1] == '\n');
	PROMISE(whole || memchr(line, '\n', length) == line + length - 1);
	PROMISE(whole || strchr(step->text, '\r') || !memchr(line, '\r', length));
	buffer_clear(&talk->out);
}

static void
take_action(struct talk *talk, const char *line)
{
	struct buffer action;

	buffer_init(&action, 6 * CAP + 4096);
	dialog_action(&talk->dialog, line, &action);
	const char *text = buffer_text(&action);
	PROMISE(!text || (action.length > 0 && !raw_check(text, action.length)));
	buffer_free(&action);
}

static void
go_on(struct talk *talk, const char *line)
{
	const struct step *step;

	while ((step = dialog_next(&talk->dialog)))
		send_step(talk, step);
	if (line && !talk->dialog.busy && !talk->dialog.stale && talk->dialog.section == SECTION_TURN)
		take_action(talk, line);
}

static void
say(struct talk *talk, enum section section)
{
	const struct dialect *dialect = talk->dialog.dialect;

	for (int i = 0; i < dialect->count[section]; i++)
		send_step(talk, &dialect->step[dialect->first[section] + i]);
}

static void
look_at_kept(const struct talk *talk, const char *name)
{
	const char *kept = dialog_kept(&talk->dialog, name, strlen(name)), *bytes = buffer_bytes(&talk->dialog.kept);

	/* its NUL is one of the bytes, or right behind them */
	PROMISE(!kept || (kept >= bytes && kept + strlen(kept) <= bytes + talk->dialog.kept.length));
}

static void
hear(struct talk *talk, const char *line, size_t length)
{
	bool was_busy = talk->dialog.busy;
	const char *why = NULL;

	switch (dialog_hear(&talk->dialog, line, length, &why)) {
	case HEARD_MORE:
		PROMISE(was_busy);
		go_on(talk, line);
		break;
	case HEARD_DONE:
		PROMISE(was_busy && !talk->dialog.busy && !talk->dialog.stale);
		if (talk->dialog.section == SECTION_TURN)
			take_action(talk, line);
		break;
	case HEARD_NOT_JSON:	PROMISE(why && *why && !talk->dialog.busy); break;
	case HEARD_STALE:	PROMISE(talk->dialog.stale && !talk->dialog.busy); break;
	case HEARD_WRONG:	PROMISE(was_busy && !talk->dialog.busy); break;
	case HEARD_UNASKED:	PROMISE(!was_busy); break;
	default:		break;
	}
	look_at_kept(talk, "answer");
	look_at_kept(talk, "a");
}

/* A view comes in a line of the game's: it has no line break. */
static void
take_view(struct talk *talk, const char *text, size_t length)
{
	free(talk->view);
	talk->view = malloc(length + 1);
	memcpy(talk->view, text, length);
	bool good = length > 0 && !memchr(text, '\n', length) && !memchr(text, '\r', length) && !raw_check(talk->view, length);
	talk->facts.view = good ? raw_of(talk->view, length) : (struct raw){ NULL, 0 };
}

static void
begin(struct talk *talk, enum section section)
{
	dialog_begin(&talk->dialog, section);
	go_on(talk, NULL);
}

static void
take(struct talk *talk, const char *line, size_t length)
{
	switch (length ? line[0] : 0) {
	case 's': take_view(talk, line + 1, length - 1); begin(talk, SECTION_START); break;
	case 't': take_view(talk, line + 1, length - 1); begin(talk, SECTION_TURN); break;
	case 'T': take_view(talk, line + 1, length - 1); say(talk, SECTION_TELL); break;
	case 'l': take_view(talk, "", 0); say(talk, SECTION_LATE); break;
	case 'e': take_view(talk, line + 1, length - 1); say(talk, SECTION_END); break;
	case 'a':
		talk->dialog.stale = talk->dialog.busy;
		say(talk, SECTION_LATE);
		break;
	default: hear(talk, line, length); break;
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const ready[] = { "R", "ready", NULL };
	static struct dialect dialect;
	static struct js *object;
	struct talk talk = { .facts = { .seat = 0, .players = 2, .turn_ms = 100 } };
	const char *at = (const char *)data, *end = at + size, *stop = memchr(at, DIVIDER, size);
	size_t length = stop ? (size_t)(stop - at) : size;
	char *text = malloc(length + 1), vars[] = "{\"v\":\"x\\ny\",\"n\":3,\"r\":1.5,\"t\":true}", why[JS_ERROR_BYTES];
	int line = 0;

	memcpy(text, at, length);
	text[length] = '\0';
	/* "json" and a prefix, or a dialect */
	const char *wrong = strncmp(text, "json", 4) == 0 ? NULL : dialect_parse(&dialect, text, &line);
	if (strncmp(text, "json", 4) == 0)
		dialect_json(&dialect, ready, text + 4, true);
	else if (!wrong)
		dialect_add_ready(&dialect, ready + (length & 1 ? 2 : 0));
	PROMISE(!wrong || (*wrong && line >= 1));
	if (!wrong) {
		talk.facts.vars = object = object ? object : js_parse(vars, strlen(vars), why);
		dialog_init(&talk.dialog, &dialect, CAP);
		buffer_init(&talk.out, 1 << 16);
		while (stop) {
			at = stop + 1;
			stop = at < end ? memchr(at, DIVIDER, (size_t)(end - at)) : NULL;
			/* alone, ended by a NUL, as buffer_line() has it */
			length = stop ? (size_t)(stop - at) : (size_t)(end - at);
			char *copy = malloc(length + 1);
			memcpy(copy, at, length);
			copy[length] = '\0';
			if (!memchr(copy, '\n', length))
				take(&talk, copy, length);
			free(copy);
		}
		dialog_free(&talk.dialog);
		buffer_free(&talk.out);
		free(talk.view);
	}
	free(text);
	return 0;
}
