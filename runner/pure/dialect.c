/* Owns the language of dialects: one step a line. match-dialect(5). */
#include "dialect.h"

#include <stdlib.h>
#include <string.h>

const char *const section_names[SECTIONS] = { "start:", "turn:", "tell:", "late:", "end:" };

struct reader {
	struct dialect *dialect;
	int section;		/* -1: none yet */
	int steps;
};

static const char *
add_step(struct reader *reader, struct step step)
{
	if (reader->section < 0)
		return "a step before the first section (start:, turn:, tell:, late:, end:)";
	if (reader->steps == STEPS_MAX)
		return "too many steps";
	reader->dialect->step[reader->steps++] = step;
	reader->dialect->count[reader->section]++;
	return NULL;
}

static char *
skip_blanks(char *text)
{
	return text + strspn(text, " \t");
}

/* "> text", ">?field text", ">!field text" */
static const char *
read_send(struct reader *reader, char *text)
{
	struct step step = { .kind = STEP_SEND };

	if (*text == '?' || *text == '!') {
		size_t length = strcspn(text + 1, " \t");

		if (length == 0 || length >= FIELD_BYTES)
			return "'>?' and '>!' need the name of a field";
		step.need = *text;
		memcpy(step.field, text + 1, length);
		text += 1 + length;
	}
	step.text = skip_blanks(text);
	return add_step(reader, step);
}

/*
 * A word begins its pattern, or follows a blank: so no byte of a line is part of two words, and
 * matching takes no longer than the line.
 */
static const char *
check_pattern(const char *pattern)
{
	for (const char *brace = strchr(pattern, '{'); brace; brace = strchr(brace + 1, '{'))
		if (brace > pattern && brace[-1] != ' ')
			return "in a pattern, {name} must follow a blank";
	if (strlen(pattern) > PATTERN_BYTES)
		return "a pattern that is too long";
	return *pattern ? NULL : "this line needs a pattern";
}

/* "<< 3", "<< until go", "< pattern" */
static const char *
read_wait(struct reader *reader, char *text)
{
	struct step step = { .kind = STEP_AWAIT };

	if (*text != '<') {
		step.text = skip_blanks(text);
		const char *why = check_pattern(step.text);

		return why ? why : add_step(reader, step);
	}
	text = skip_blanks(text + 1);
	if (strncmp(text, "until ", 6) == 0) {
		step.kind = STEP_UNTIL;
		step.text = skip_blanks(text + 6);
		return *step.text ? add_step(reader, step) : "'<< until' needs a line";
	}
	char *end;
	long lines = strtol(text, &end, 10);
	step.kind = STEP_LINES;
	step.lines = (int)lines;
	return lines > 0 && lines <= 100000 && !*end ? add_step(reader, step)
	    : "'<<' needs a number of lines, or 'until' and a line";
}

static const char *
add_pattern(const char *list[PATTERNS_MAX + 1], const char *pattern)
{
	int i = 0;

	while (list[i])
		i++;
	if (i == PATTERNS_MAX)
		return "too many patterns";
	list[i] = pattern;
	return check_pattern(pattern);
}

static const char *
begin_section(struct reader *reader, const char *line)
{
	for (int i = 0; i < SECTIONS; i++) {
		if (strcmp(line, section_names[i]) != 0)
			continue;
		if (reader->dialect->count[i] > 0)
			return "this section was there already";
		reader->section = i;
		reader->dialect->first[i] = reader->steps;
		return NULL;
	}
	return "a line is a section, or begins with one of > < = ~ ! #";
}

static const char *
read_line(struct reader *reader, char *line)
{
	char *rest = *line ? skip_blanks(line + 1) : line;

	switch (*line) {
	case '\0':
	case '#': return NULL;
	case '>': return read_send(reader, line + 1);
	case '<': return read_wait(reader, line + 1);
	case '=': reader->dialect->action = rest; return *rest ? NULL : "'=' needs a text";
	case '~': return add_pattern(reader->dialect->drop, rest);
	case '!': return add_pattern(reader->dialect->wrong, rest);
	default:  return begin_section(reader, line);
	}
}

static bool
waits(const struct dialect *dialect, enum section section)
{
	for (int i = 0; i < dialect->count[section]; i++)
		if (dialect->step[dialect->first[section] + i].kind != STEP_SEND)
			return true;
	return false;
}

const char *
dialect_parse(struct dialect *dialect, char *text, int *line)
{
	struct reader reader = { .dialect = dialect, .section = -1 };
	char *next = text;

	*dialect = (struct dialect){ .prefix = "", .text = text };
	*line = 0;
	while (next && (*next || *line == 0)) {
		char *this = strsep(&next, "\n");
		++*line;
		size_t length = strlen(this);

		while (length > 0 && strchr(" \t\r", this[length - 1]))
			this[--length] = '\0';
		const char *why = read_line(&reader, this);
		if (why)
			return why;
	}
	if (!waits(dialect, SECTION_TURN))
		return "turn: waits for nothing, so there is no answer";
	for (int i = SECTION_TELL; i < SECTIONS; i++)
		if (waits(dialect, (enum section)i))
			return "only start: and turn: can wait for a line";
	return NULL;
}

void
dialect_add_ready(struct dialect *dialect, const char *const *ready)
{
	int at = dialect->first[SECTION_START], steps = 0;

	dialect->ready = ready;
	if (!*ready)
		return;
	for (int i = 0; i < SECTIONS; i++)
		steps += dialect->count[i];
	memmove(dialect->step + at + 1, dialect->step + at, (size_t)(steps - at) * sizeof(*dialect->step));
	dialect->step[at] = (struct step){ .kind = STEP_READY };
	for (int i = 0; i < SECTIONS; i++)
		dialect->first[i] += i != SECTION_START && dialect->first[i] >= at;
	dialect->count[SECTION_START]++;
}

void
dialect_json(struct dialect *dialect, const char *const *ready, const char *prefix, bool final)
{
	static const struct step view = { .kind = STEP_SEND, .text = "{view}" };

	*dialect = (struct dialect){
		.step = { view, { .kind = STEP_JSON }, view, view },
		.first = { [SECTION_TELL] = 2, [SECTION_LATE] = 3, [SECTION_END] = 3 },
		.count = { [SECTION_TURN] = 2, [SECTION_TELL] = 1, [SECTION_END] = final },
		.prefix = prefix,
	};
	dialect_add_ready(dialect, ready);
}
