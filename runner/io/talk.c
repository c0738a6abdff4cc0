/* Owns the fields of dialects. A field never brings a line break: it could not speak for another. */
#include "talk.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define WHOLE_VIEW "{view}"

struct field {
	const char *name;
	size_t length;
};

static bool
is_field(struct field field, const char *name)
{
	return strlen(name) == field.length && memcmp(field.name, name, field.length) == 0;
}

/* Control characters become blanks. */
static void
put_plain(struct buffer *out, const char *bytes, size_t length)
{
	for (size_t i = 0; i < length; i++) {
		bool plain = (unsigned char)bytes[i] >= ' ' && bytes[i] != 127;

		buffer_put_bytes(out, plain ? bytes + i : " ", 1);
	}
}

/* A string as its text, anything else as it stands in JSON. `lines`: line breaks may stay. */
static void
put_value(struct buffer *out, struct raw value, bool lines)
{
	char *text = raw_kind(value) == '"' ? malloc(value.length) : NULL;
	long length = text ? raw_string(value, text, value.length) : -1;

	if (length >= 0 && lines)
		buffer_put_bytes(out, text, (size_t)length);
	else if (length >= 0)
		put_plain(out, text, (size_t)length);
	else
		buffer_put_bytes(out, value.bytes, value.length);
	free(text);
}

/* A list is joined by blanks. */
static void
put_member(struct buffer *out, struct raw value)
{
	struct raw element;
	size_t at = 0;

	if (raw_kind(value) != '[') {
		put_value(out, value, false);
		return;
	}
	for (bool first = true; (element = raw_next(value, &at, NULL)).bytes; first = false) {
		buffer_put(out, first ? "" : " ");
		put_value(out, element, false);
	}
}

static const struct js *
var_of(struct field field, const struct facts *facts)
{
	char name[FIELD_BYTES];

	if (field.length >= sizeof(name))
		return NULL;
	memcpy(name, field.name, field.length);
	name[field.length] = '\0';
	return js_get(facts->vars, name);
}

static struct raw
member_of(struct field field, const struct facts *facts)
{
	char name[FIELD_BYTES];

	if (field.length >= sizeof(name))
		return RAW_NONE;
	memcpy(name, field.name, field.length);
	name[field.length] = '\0';
	return raw_get(facts->view, name);
}

/* What match-run knows by itself. false: no such number. */
static bool
number_of(struct field field, const struct facts *facts, int64_t *number)
{
	const struct {
		const char *name;
		int64_t value;
	} numbers[] = {
		{ "turn_ms", facts->turn_ms }, { "inc_ms", facts->increment_ms },
		{ "time_ms", facts->time_ms[facts->seat] }, { "seat", facts->seat },
		{ "players", facts->players }, { "seed", (int64_t)facts->seed },
	};

	for (size_t i = 0; i < sizeof(numbers) / sizeof(*numbers); i++)
		if (is_field(field, numbers[i].name)) {
			*number = numbers[i].value;
			return true;
		}
	if (field.length < 9 || memcmp(field.name, "time_ms:", 8) != 0)
		return false;
	int seat = atoi(field.name + 8);
	*number = seat >= 0 && seat < facts->players ? facts->time_ms[seat] : 0;
	return true;
}

static void
put_field(struct buffer *out, struct field field, const struct dialog *dialog,
    const struct facts *facts)
{
	struct raw member = member_of(field, facts);
	const struct js *var = member.bytes ? NULL : var_of(field, facts);
	const char *kept = dialog_kept(dialog, field.name, field.length);
	int64_t number;
	double real;

	if (member.bytes)
		put_member(out, member);
	else if (js_string(var))
		put_plain(out, js_string(var), strlen(js_string(var)));
	else if (js_integer(var, &number))
		buffer_put_integer(out, number);
	else if (js_number(var, &real))
		buffer_putf(out, "%g", real);
	else if (number_of(field, facts, &number))
		buffer_put_integer(out, number);
	else if (kept)
		put_plain(out, kept, strlen(kept));
	else if (is_field(field, "view") && facts->view.bytes)
		put_member(out, facts->view);
}

/* A condition: the field is there, and it is not empty, null or false. */
static bool
is_there(struct field field, const struct facts *facts)
{
	struct raw member = member_of(field, facts);
	const struct js *var = var_of(field, facts);
	int kind = raw_kind(member);
	double number;

	if (member.bytes)
		return kind != 'n' && kind != 'f' && !raw_is(member, "");
	return (js_string(var) && *js_string(var)) || js_is_true(var) || js_number(var, &number);
}

static void
put_line(struct buffer *out, const char *text, const struct dialog *dialog,
    const struct facts *facts)
{
	while (*text) {
		size_t plain = strcspn(text, "{");

		buffer_put_bytes(out, text, plain);
		text += plain;
		if (!*text)
			return;
		size_t length = strcspn(text, "}");
		put_field(out, (struct field){ text + 1, length - 1 }, dialog, facts);
		text += length + (text[length] != '\0');
	}
}

int
talk_send(const struct step *step, const struct dialog *dialog, const struct facts *facts,
    struct buffer *out)
{
	struct field need = { step->field, strlen(step->field) };
	size_t before = out->length;

	if (step->need && is_there(need, facts) != (step->need == '?'))
		return 0;
	/* The most common line of all, and the only one that may hold line breaks. */
	if (strcmp(step->text, WHOLE_VIEW) == 0 && !dialog->dialect->text)
		buffer_put_bytes(out, facts->view.bytes, facts->view.length);
	else if (strcmp(step->text, WHOLE_VIEW) == 0)
		put_value(out, facts->view, true);
	else
		put_line(out, step->text, dialog, facts);
	buffer_put_bytes(out, "\n", 1);
	if (buffer_text(out))
		return 0;
	out->length = before;
	out->seen = 0;
	return -EMSGSIZE;
}
