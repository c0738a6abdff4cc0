/* Owns where in its script the talk with a bot is. */
#include "dialog.h"

#include <string.h>

void
dialog_init(struct dialog *dialog, const struct dialect *dialect, size_t cap)
{
	*dialog = (struct dialog){ .dialect = dialect };
	buffer_init(&dialog->kept, cap);
}

void
dialog_free(struct dialog *dialog)
{
	buffer_free(&dialog->kept);
}

void
dialog_begin(struct dialog *dialog, enum section section)
{
	dialog->section = section;
	dialog->at = dialog->lines = 0;
	dialog->busy = true;
	dialog->stale = false;
	buffer_clear(&dialog->kept);
}

/* NULL at the end of the section. */
static const struct step *
present(const struct dialog *dialog)
{
	const struct dialect *dialect = dialog->dialect;

	return dialog->at < dialect->count[dialog->section]
	    ? &dialect->step[dialect->first[dialog->section] + dialog->at] : NULL;
}

const struct step *
dialog_next(struct dialog *dialog)
{
	const struct step *step = present(dialog);

	dialog->busy = step != NULL;
	if (!step || step->kind != STEP_SEND)
		return NULL;
	dialog->at++;
	return step;
}

/* Goes behind what was waited for, and tells whether the section is at its end. */
static enum heard
advance(struct dialog *dialog)
{
	dialog->at++;
	dialog->lines = 0;
	dialog->busy = present(dialog) != NULL;
	if (dialog->busy)
		return HEARD_MORE;
	return dialog->stale ? HEARD_STALE : HEARD_DONE;
}

static bool
matches_any(const char *const *patterns, const char *line, size_t length)
{
	for (; *patterns; patterns++)
		if (pattern_matches(*patterns, line, length, NULL, NULL))
			return true;
	return false;
}

/* A ready line may stand bare or as a JSON string. */
static bool
is_ready(const struct dialect *dialect, const char *line, size_t length)
{
	for (const char *const *ready = dialect->ready; *ready; ready++) {
		size_t this = strlen(*ready);
		bool quoted = length == this + 2 && line[0] == '"' && line[length - 1] == '"';

		if ((length == this && memcmp(line, *ready, this) == 0) ||
		    (quoted && memcmp(line + 1, *ready, this) == 0))
			return true;
	}
	return false;
}

/* NULs are what separates the words that are kept, so one of the bot's becomes a blank. */
static void
put_text(struct buffer *kept, const char *bytes, size_t length)
{
	while (length > 0) {
		size_t plain = strnlen(bytes, length);

		buffer_put_bytes(kept, bytes, plain);
		if (plain < length)
			buffer_put(kept, " ");
		bytes += plain + (plain < length);
		length -= plain + (plain < length);
	}
}

/* What is kept of it has no end. */
static enum heard
too_long(struct dialog *dialog)
{
	buffer_clear(&dialog->kept);
	dialog->lines = 0;
	return HEARD_TOO_LONG;
}

static enum heard
keep(struct dialog *dialog, const char *name, size_t name_length, const char *bytes, size_t length)
{
	struct buffer *kept = &dialog->kept;

	buffer_put_bytes(kept, name, name_length);
	buffer_put_bytes(kept, "", 1);
	put_text(kept, bytes, length);
	buffer_put_bytes(kept, "", 1);
	return buffer_text(kept) ? HEARD_MORE : too_long(dialog);
}

static enum heard
hear_await(struct dialog *dialog, const struct step *step, const char *line, size_t length)
{
	struct word words[WORDS_MAX];
	int count = 0;

	if (!pattern_matches(step->text, line, length, words, &count))
		return HEARD_LOG;
	for (int i = 0; i < count; i++)
		if (keep(dialog, words[i].name, words[i].name_length, words[i].bytes,
		    words[i].length) == HEARD_TOO_LONG)
			return HEARD_TOO_LONG;
	return advance(dialog);
}

/* {answer} grows line by line; its name is put first, its NUL last. */
static enum heard
hear_lines(struct dialog *dialog, const struct step *step, const char *line, size_t length)
{
	struct buffer *kept = &dialog->kept;
	bool until = step->kind == STEP_UNTIL,
	    ends = until && length == strlen(step->text) && memcmp(line, step->text, length) == 0;

	if (dialog->lines == 0)
		buffer_put_bytes(kept, "answer", sizeof("answer"));
	else if (!ends)
		buffer_put(kept, "\n");
	if (!ends) {
		put_text(kept, line, length);
		dialog->lines++;
	}
	if (!buffer_text(kept))
		return too_long(dialog);
	if (!ends && (until || dialog->lines < step->lines))
		return HEARD_DROP;
	buffer_put_bytes(kept, "", 1);
	return buffer_text(kept) ? advance(dialog) : too_long(dialog);
}

/* Said too early, too late or without need, it does no harm. */
static bool
is_usual_ready(const char *line, size_t length)
{
	static const char *const usual[] = { "__READY__", NULL };
	static const struct dialect json = { .ready = usual };

	return is_ready(&json, line, length);
}

static enum heard
hear_json(struct dialog *dialog, const char *line, size_t length, const char **why)
{
	size_t prefix = strlen(dialog->dialect->prefix);

	if (length < prefix || memcmp(line, dialog->dialect->prefix, prefix) != 0)
		return HEARD_LOG;
	if (is_usual_ready(line, length))
		return HEARD_DROP;
	*why = raw_check(line + prefix, length - prefix);
	/* To the game's reader it may be the end of a line. */
	if (!*why && memchr(line, '\r', length))
		*why = "a carriage return within the line";
	if (*why) {
		dialog->busy = false;
		return dialog->stale ? HEARD_STALE : HEARD_NOT_JSON;
	}
	struct raw action = raw_of(line + prefix, length - prefix);
	dialog->answer_at = (size_t)(action.bytes - line);
	dialog->answer_length = action.length;
	return advance(dialog);
}

/* Only where every line is an answer is a line too many one that nobody asked for. */
static enum heard
hear_unasked(const struct dialog *dialog)
{
	const struct dialect *dialect = dialog->dialect;
	const struct step *answer = &dialect->step[dialect->first[SECTION_TURN] +
	    dialect->count[SECTION_TURN] - 1];

	return answer->kind == STEP_JSON && !*dialect->prefix ? HEARD_UNASKED : HEARD_LOG;
}

enum heard
dialog_hear(struct dialog *dialog, const char *line, size_t length, const char **why)
{
	const struct step *step = dialog->busy ? present(dialog) : NULL;

	if (length > 0 && line[length - 1] == '\r')
		length--;
	if (matches_any(dialog->dialect->drop, line, length))
		return HEARD_DROP;
	if (dialog->busy && matches_any(dialog->dialect->wrong, line, length)) {
		dialog->busy = false;
		return dialog->stale ? HEARD_STALE : HEARD_WRONG;
	}
	if (!step)
		return is_usual_ready(line, length) ? HEARD_DROP : hear_unasked(dialog);
	switch (step->kind) {
	case STEP_AWAIT:	return hear_await(dialog, step, line, length);
	case STEP_LINES:
	case STEP_UNTIL:	return hear_lines(dialog, step, line, length);
	case STEP_READY:	return is_ready(dialog->dialect, line, length) ? advance(dialog) : HEARD_LOG;
	case STEP_JSON:		return hear_json(dialog, line, length, why);
	default:		return HEARD_LOG;
	}
}

const char *
dialog_kept(const struct dialog *dialog, const char *name, size_t length)
{
	const char *at = buffer_bytes(&dialog->kept), *found = NULL;
	const char *end = at ? at + dialog->kept.length : NULL;

	while (at < end) {
		const char *value = at + strlen(at) + 1;

		if (strlen(at) == length && memcmp(at, name, length) == 0)
			found = value;	/* the last one counts */
		at = value + strlen(value) + 1;
	}
	return found;
}

/* Copies a text, and for every {name} in it what was kept. */
static void
expand(const struct dialog *dialog, const char *text, struct buffer *out)
{
	while (*text) {
		size_t plain = strcspn(text, "{"), name = strcspn(text + plain, "}");

		buffer_put_bytes(out, text, plain);
		text += plain;
		if (!*text)
			return;
		const char *value = text[name] ? dialog_kept(dialog, text + 1, name - 1) : NULL;
		buffer_put(out, value ? value : "");
		text += name + (text[name] != '\0');
	}
}

void
dialog_action(const struct dialog *dialog, const char *line, struct buffer *action)
{
	const struct dialect *dialect = dialog->dialect;
	const struct step *last = &dialect->step[dialect->first[SECTION_TURN] +
	    dialect->count[SECTION_TURN] - 1];
	struct buffer text;

	if (last->kind == STEP_JSON) {
		buffer_put_bytes(action, line + dialog->answer_at, dialog->answer_length);
		return;
	}
	buffer_init(&text, action->cap);
	expand(dialog, dialect->action ? dialect->action : "{answer}", &text);
	if (buffer_text(&text))
		buffer_put_string(action, buffer_bytes(&text), text.length);
	buffer_free(&text);
}
