/*
 * Claim: patterns match what they say, in a time that no line can blow up; mistakes in a dialect are told with their line;
 * and talks with bots go as the files of tests/unit/dialogs tell. In them
 *   json [PREFIX], dialect NAME, text LINE   what is spoken: json, one of runner/dialects, or the lines of a dialect
 *   final, ready LINE, vars JSON, cap BYTES  more of it; these come first
 *   @ start, @ turn VIEW                     begins a section
 *   @ abandon, @ tell VIEW, @ late, @ end    says one; abandon: the present ask is over, and `late` is said
 *   < VERDICT LINE                           is heard, and that must come of it; \r \0 \xff are such bytes
 *   > LINE                                   must be sent, these and no others, in this order
 *   . ready                                  a section that waits for nothing must have ended
 *   = JSON                                   must be the ACTION
 */
#include "dialog.h"
#include "talk.h"
#include "tap.h"

#include <glob.h>
#include <stdlib.h>
#include <time.h>

#define LINE 512
#define TEXT 8192

/* --- patterns */

static const struct {
	const char *pattern, *line;
	const char *words;	/* "name=word ..."; NULL: it does not match */
} patterns[] = {
	{ "uciok", "uciok", "" },	{ "uciok", "uciok ", NULL },	{ "uciok", " uciok", NULL },
	{ "uciok", "uciokay", NULL },	{ "uciok", "ucio", NULL },	{ "uciok", "", NULL },
	{ "", "", "" },			{ "", "a", NULL },
	{ "*", "", "" },		{ "*", "anything at all", "" },	{ "**", "", "" },	{ "**", "ab", "" },
	{ "a*", "a", "" },		{ "a*", "ab", "" },		{ "a*", "ba", NULL },
	{ "*a", "a", "" },		{ "*a", "baa", "" },		{ "*a", "ab", NULL },	{ "*a", "", NULL },
	{ "a*b", "ab", "" },		{ "a*b", "a b b", "" },		{ "a*b", "a bc", NULL }, { "a*b*c", "aXbYbZc", "" },
	{ "*ab*ab*", "xabyab", "" },	{ "*ab*ab*", "xabyb", NULL },	{ "*aab", "aaab", "" },	{ "a*a", "a", NULL },
	{ "feature *done=1*", "feature ping=1 done=1", "" }, { "feature *done=1*", "feature done=1 x", "" },
	{ "feature *done=1*", "feature done=0", NULL },
	/* a last blank and star may be missing */
	{ "a *", "a", "" },		{ "a *", "a ", "" },		{ "a *", "a b", "" },	{ "a *", "ab", NULL },
	{ "a * b", "a", NULL },		{ " *", "", "" },
	/* words */
	{ "move {m}", "move e2e4", "m=e2e4 " }, { "move {m}", "move", NULL }, { "move {m}", "move ", NULL },
	{ "move {m}", "move e2 e4", NULL }, { "move {m}", "move  e2e4", NULL }, { "move {m}", "move e2\te4", NULL },
	{ "{a} {b}", "x y", "a=x b=y " }, { "{a} {b}", "x", NULL },	{ "{a}{b}", "xy", NULL },
	{ "{a}", "", NULL },		{ "{a}x", "abcx", NULL },	{ "({a})", "(b)", NULL },
	{ "bestmove {move} *", "bestmove e2e4", "move=e2e4 " },
	{ "bestmove {move} *", "bestmove e2e4 ponder e7e5", "move=e2e4 " },
	{ "bestmove {move} *", "bestmove", NULL }, { "bestmove {move} *", "bestmove ", NULL },
	{ "bestmove {move} *", "info bestmove e2e4", NULL }, { "bestmove {move} *", "bestmovee2e4 x", NULL },
	{ "=2 {v}", "=2 D4", "v=D4 " },	{ "=2 {v}", "=2 ", NULL },
	{ "* {last}", "a b c", "last=c " }, { "* {a} *", "x y z", "a=y " }, { "*{a} c", "x b c", "a=b " },
	{ "*score {s} *pv {m} *", "info score 5 depth 3 pv e2 e4", "s=5 m=e2 " },
	{ "*score {s} *pv {m} *", "info score 5 depth 3 pv", NULL },
	/* what fails after a word gives the word back */
	{ "*a {w} z", "a b a c z", "w=c " },
	{ "{a} {b} {c} {d} {e} {f} {g} {h} {i}", "1 2 3 4 5 6 7 8 9", "a=1 b=2 c=3 d=4 e=5 f=6 g=7 h=8 " },
	/* an open brace is nothing that a line could have */
	{ "{a", "{a", NULL },		{ "{a", "x", NULL },		{ "a}", "a}", "" },	{ "{}", "x", "=x " },
};

static void
test_patterns(void)
{
	for (size_t i = 0; i < sizeof(patterns) / sizeof(*patterns); i++) {
		struct word words[WORDS_MAX];
		size_t length = strlen(patterns[i].line);
		char got[128] = "", *line = malloc(length + !length);	/* no NUL behind it: ASan would see */
		int count = 0;

		memcpy(line, patterns[i].line, length);
		bool matches = pattern_matches(patterns[i].pattern, line, length, words, &count);
		for (int j = 0; matches && j < count; j++) {
			size_t used = strlen(got);

			snprintf(got + used, sizeof(got) - used, "%.*s=%.*s ", (int)words[j].name_length, words[j].name,
			    (int)words[j].length, words[j].bytes);
		}
		bool wanted = patterns[i].words != NULL;
		if (!ok(matches == wanted && (!wanted || strcmp(got, patterns[i].words) == 0) &&
		    pattern_matches(patterns[i].pattern, line, length, NULL, NULL) == wanted,
		    "'%s' %s '%s'", patterns[i].pattern, wanted ? "takes" : "does not take", patterns[i].line))
			printf("#   got: %s, %s\n", matches ? "matches" : "does not match", got);
		free(line);
	}
}

static const struct {
	const char *pattern, *unit;
} slow[] = {
	{ "*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*b", "a" },	{ "*aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab", "a" },
	{ "*a*b*c*d*e*f*g*h*i*j*", "abcdefghij" },	{ "**********b", "a" },
	{ "*{x} {x} {x} {x} {x} {x} {x} {x} z", "a " },	{ "* {x} *z", "a " },
	{ "* {x}z", "aaaaaaa " },			{ "{x} *a{y}", "a" },
};

/* A bot chooses the line; a MiB of it must not stop the clocks of the others. */
static void
test_pattern_time(void)
{
	size_t length = 1 << 20;
	char *line = malloc(length);

	for (size_t i = 0; i < sizeof(slow) / sizeof(*slow); i++) {
		struct timespec begin, end;
		double ms = 0;
		size_t part = 1 << 14;

		for (size_t j = 0; j < length; j++)
			line[j] = slow[i].unit[j % strlen(slow[i].unit)];
		/* Up to the whole of it, or up to where it is too slow already. */
		for (; part <= length && ms < 2000; part *= 2) {
			clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &begin);
			(void)pattern_matches(slow[i].pattern, line, part, NULL, NULL);
			clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &end);
			ms = (double)(end.tv_sec - begin.tv_sec) * 1e3 + (double)(end.tv_nsec - begin.tv_nsec) / 1e6;
		}
		ok(ms < 2000, "'%s' looks at a MiB of '%s' within 2 s", slow[i].pattern, slow[i].unit);
		printf("# %.1f ms for %zu bytes\n", ms, part / 2);
	}
	free(line);
}

/* --- mistakes */

static const struct {
	const char *text;
	int line;		/* 0: there is none; -3: one of the first three */
	const char *why;
} mistakes[] = {
	{ "turn:\n> {view}\n<< 1\n", 0, NULL },
	{ "turn:\r\n> {view}\r\n<< 1\r\n", 0, NULL },
	{ "# a\n\nturn:   \n< a\nstart:\ntell:\nlate:\nend:\n> quit", 0, NULL },
	{ "turn:\n<\tuntil\n", 0, NULL },
	{ "turn:\n>\n< x", 0, NULL },			/* an empty line can be sent */
	{ "turn:\n<< until go\n= {answer}\n~ a\n! b", 0, NULL },
	{ "", -1, "turn:" },				{ "start:\n> a\n", -2, "turn:" },
	{ "turn:\n> a\n", -2, "turn:" },			{ "> a\nturn:\n< a\n", 1, "before the first section" },
	{ "# x\n< a\nturn:\n< a\n", 2, "before the first section" },
	{ "turn:\n< a\nturn:\n< b\n", 3, "already" },	{ "turn:\n< a\nstart:\n> x\nturn:\n", 5, "already" },
	{ "begin:\n", 1, "a line is" },			{ "turn\n< a\n", 1, "a line is" },
	{ "Turn:\n< a\n", 1, "a line is" },		{ " turn:\n< a\n", 1, "a line is" },
	{ "turn: # x\n< a\n", 1, "a line is" },		{ "turn:\n < a\n", 2, "a line is" },
	{ "turn:\nuci\n", 2, "a line is" },
	{ "turn:\n<\n", 2, "needs a pattern" },		{ "turn:\n< \t\n", 2, "needs a pattern" },
	/* else a line of a MiB without blanks took minutes */
	{ "turn:\n< *{x}z\n", 2, "must follow a blank" }, { "turn:\n< a{x}\n", 2, "must follow a blank" },
	{ "turn:\n< {a}{b}\n", 2, "must follow a blank" }, { "turn:\n< a\n~ *{x}z\n", 3, "must follow a blank" },
	{ "turn:\n< a\n! *{x}z\n", 3, "must follow a blank" }, { "turn:\n< a\n~\n", 3, "needs a pattern" },
	{ "turn:\n<<\n", 2, "number of lines" },	{ "turn:\n<< 0\n", 2, "number of lines" },
	{ "turn:\n<< -1\n", 2, "number of lines" },	{ "turn:\n<< x\n", 2, "number of lines" },
	{ "turn:\n<< 100001\n", 2, "number of lines" },	{ "turn:\n<< until\n", 2, "number of lines" },
	{ "turn:\n<< 3x\n", 2, "number of lines" },	{ "turn:\n<< 3 lines\n", 2, "number of lines" },
	{ "turn:\n<< 4294967297\n", 2, "number of lines" }, { "turn:\n<< untilgo\n", 2, "number of lines" },
	{ "turn:\n>? x\n< a\n", 2, "name of a field" },	{ "turn:\n>!\n< a\n", 2, "name of a field" },
	{ "turn:\n>?a123456789012345678901234567890123 x\n< a\n", 2, "name of a field" },
	{ "turn:\n< a\n=\n", 3, "needs a text" },	{ "turn:\n< a\n= \n", 3, "needs a text" },
	{ "turn:\n< *{x}z\n", 2, "must follow a blank" },	{ "turn:\n< a\n~ b{x}\n", 3, "must follow a blank" },
	{ "turn:\n< a\ntell:\n< b\n", -4, "only start: and turn:" },
	{ "turn:\n< a\nlate:\n<< 1\n", -4, "only start: and turn:" },
	{ "turn:\n< a\nend:\n> x\n<< until y\n", -5, "only start: and turn:" },
};

static void
is_mistake(const char *text, int wanted_line, const char *wanted, const char *name)
{
	struct dialect dialect;
	char *copy = strdup(text);
	int line = 0;
	const char *why = dialect_parse(&dialect, copy, &line);

	bool there = wanted_line < 0 ? line >= 1 && line <= -wanted_line : line == wanted_line;

	if (!ok(wanted ? why && strstr(why, wanted) && there : !why, "%s: %s", name, wanted ? wanted : "no mistake"))
		printf("#   got: line %d: %s\n#   wanted: line %d\n", line, why ? why : "nothing", wanted_line);
	free(copy);
}

static void
test_mistakes(void)
{
	static const struct {
		const char *head, *row;
		int most;
		const char *why;
	} longs[] = {
		{ "turn:\n< a\nstart:\n", "> x\n", STEPS_MAX - 1, "too many steps" },
		{ "turn:\n< a\n", "~ x\n", PATTERNS_MAX, "too many patterns" },
		{ "turn:\n< a\n", "! x\n", PATTERNS_MAX, "too many patterns" },
	};
	char text[TEXT], name[64];

	for (size_t i = 0; i < sizeof(mistakes) / sizeof(*mistakes); i++) {
		size_t used = 0;

		for (const char *at = mistakes[i].text; *at && used < 48; at++)
			name[used++] = *at == '\n' ? '|' : *at >= ' ' && *at != '#' ? *at : '_';
		name[used] = '\0';
		is_mistake(mistakes[i].text, mistakes[i].line, mistakes[i].why, name);
	}
	for (size_t i = 0; i < sizeof(longs) / sizeof(*longs); i++)
		for (int more = 0; more < 2; more++) {
			int line = 0;

			strcpy(text, longs[i].head);
			for (const char *at = text; *at; at++)
				line += *at == '\n';
			for (int j = 0; j < longs[i].most + more; j++)
				strcat(text, longs[i].row);
			snprintf(name, sizeof(name), "%d times %.3s", longs[i].most + more, longs[i].row);
			is_mistake(text, line + longs[i].most + 1, more ? longs[i].why : NULL, name);
		}
}

/* However many steps there are, a list of ready lines is waited for. */
static void
test_full(void)
{
	static const char *const ready[] = { "R", NULL };
	struct dialect dialect;
	struct dialog dialog;
	char text[TEXT] = "turn:\n< a\nstart:\n";
	const char *why;
	int line;

	for (int i = 0; i < STEPS_MAX - 1; i++)
		strcat(text, "> x\n");
	ok(!dialect_parse(&dialect, text, &line), "a dialect of as many steps as there can be");
	dialect_add_ready(&dialect, ready);
	dialog_init(&dialog, &dialect, 100);
	dialog_begin(&dialog, SECTION_START);
	ok(!dialog_next(&dialog) && dialog.busy && dialog_hear(&dialog, "R", 1, &why) == HEARD_MORE,
	    "still waits for a ready line that the match file wants");
	dialog_free(&dialog);
}

/* --- talks */

struct talk {
	struct dialect dialect;
	struct dialog dialog;
	struct facts facts;
	struct buffer out;
	struct js *vars;
	const char *ready[17];
	int readies;
	bool begun, json, final;
	char prefix[32], text[TEXT], view[LINE], heard[LINE], *lines[32];
	int kept;
	size_t cap;
};

static const char *const heard_names[] = {
	[HEARD_LOG] = "log", [HEARD_DROP] = "drop", [HEARD_MORE] = "more", [HEARD_DONE] = "done", [HEARD_WRONG] = "wrong",
	[HEARD_NOT_JSON] = "not-json", [HEARD_UNASKED] = "unasked", [HEARD_STALE] = "stale",
	[HEARD_TOO_LONG] = "too-long",
};

static size_t
decode(const char *text, char bytes[LINE])
{
	size_t length = 0;

	for (; *text; text++) {
		unsigned value = 0;

		if (strncmp(text, "\\r", 2) == 0 || strncmp(text, "\\0", 2) == 0) {
			bytes[length++] = *++text == 'r' ? '\r' : '\0';
		} else if (sscanf(text, "\\x%2x", &value) == 1) {
			bytes[length++] = (char)value;
			text += 3;
		} else {
			bytes[length++] = *text;
		}
	}
	bytes[length] = '\0';
	return length;
}

static bool
read_dialect_file(struct talk *talk, const char *name)
{
	char path[256];

	snprintf(path, sizeof(path), "runner/dialects/%s.dialect", name);
	FILE *file = fopen(path, "r");
	size_t length = file ? fread(talk->text, 1, TEXT - 1, file) : 0;
	talk->text[length] = '\0';
	if (file)
		fclose(file);
	return length > 0;
}

static bool
begin_talk(struct talk *talk)
{
	int line = 0;
	const char *why = NULL;

	talk->begun = true;
	if (talk->json)
		dialect_json(&talk->dialect, talk->ready, talk->prefix, talk->final);
	else
		why = dialect_parse(&talk->dialect, talk->text, &line);
	if (why) {
		printf("# dialect, line %d: %s\n", line, why);
		return false;
	}
	if (!talk->json)
		dialect_add_ready(&talk->dialect, talk->ready);
	dialog_init(&talk->dialog, &talk->dialect, talk->cap);
	talk->facts.vars = talk->vars;
	talk->facts.players = 2;
	talk->facts.turn_ms = 1000;
	talk->facts.increment_ms = 100;
	talk->facts.time_ms[0] = 5000;
	talk->facts.time_ms[1] = 6000;
	return true;
}

/* The lines of the head. */
static bool
take_head(struct talk *talk, const char *line)
{
	char why[JS_ERROR_BYTES];

	if (strncmp(line, "text ", 5) == 0) {
		size_t used = strlen(talk->text);

		snprintf(talk->text + used, TEXT - used, "%s\n", line + 5);
		return true;
	}
	if (strncmp(line, "dialect ", 8) == 0)
		return read_dialect_file(talk, line + 8);
	if (strncmp(line, "ready ", 6) == 0 && talk->readies < 16) {
		talk->ready[talk->readies++] = talk->lines[talk->kept++] = strdup(line + 6);
		return true;
	}
	if (strncmp(line, "cap ", 4) == 0)
		return (talk->cap = (size_t)atoi(line + 4)) > 0;
	if (strncmp(line, "vars ", 5) == 0)
		return (talk->vars = js_parse(line + 5, strlen(line + 5), why)) != NULL;
	if (strcmp(line, "final") == 0)
		return talk->final = true;
	if (strncmp(line, "json", 4) != 0)
		return false;
	snprintf(talk->prefix, sizeof(talk->prefix), "%s", line[4] ? line + 5 : "");
	return talk->json = true;
}

static void
put_sent(struct talk *talk, char got[TEXT])
{
	char *rest = talk->out.length ? (char *)buffer_text(&talk->out) : NULL, *line;

	/* it ends with a line break, behind which there is nothing */
	while (rest && (line = strsep(&rest, "\n")) && rest) {
		size_t used = strlen(got);

		snprintf(got + used, TEXT - used, "> %s\n", line);
	}
	buffer_clear(&talk->out);
}

static void
go_on(struct talk *talk, char got[TEXT])
{
	const struct step *step;

	while ((step = dialog_next(&talk->dialog)))
		(void)talk_send(step, &talk->dialog, &talk->facts, &talk->out);
	put_sent(talk, got);
	if (!talk->dialog.busy)
		strcat(got, talk->dialog.section == SECTION_START ? ". ready\n" : ". answered\n");
}

static void
say(struct talk *talk, enum section section, char got[TEXT])
{
	for (int i = 0; i < talk->dialect.count[section]; i++)
		(void)talk_send(&talk->dialect.step[talk->dialect.first[section] + i], &talk->dialog, &talk->facts, &talk->out);
	put_sent(talk, got);
}

/* "@ turn VIEW" */
static bool
take_section(struct talk *talk, const char *line, char got[TEXT])
{
	char name[16] = "";
	int at = 0;

	sscanf(line, "@ %14s %n", name, &at);
	snprintf(talk->view, sizeof(talk->view), "%s", line + at);
	talk->facts.view = *talk->view ? raw_of(talk->view, strlen(talk->view)) : (struct raw){ NULL, 0 };
	if (strcmp(name, "abandon") == 0) {
		talk->dialog.stale = talk->dialog.busy;
		say(talk, SECTION_LATE, got);
		return true;
	}
	strcat(name, ":");
	for (int i = 0; i < SECTIONS; i++)
		if (strcmp(name, section_names[i]) == 0) {
			if (i > SECTION_TURN) {
				say(talk, (enum section)i, got);
			} else {
				dialog_begin(&talk->dialog, (enum section)i);
				go_on(talk, got);
			}
			return true;
		}
	return false;
}

/* "< done {"column":3}": what comes of it is put as it should stand there. */
static bool
take_heard(struct talk *talk, const char *line, char got[TEXT], char wanted[TEXT])
{
	char verdict[16] = "";
	const char *why = NULL;

	sscanf(line, "< %15s", verdict);
	const char *said = line + 2 + strlen(verdict);
	size_t length = decode(said + (*said == ' '), talk->heard);
	char *alone = malloc(length + 1);
	memcpy(alone, talk->heard, length);
	alone[length] = '\0';	/* as buffer_line() has it */
	enum heard heard = dialog_hear(&talk->dialog, alone, length, &why);
	free(alone);
	if (heard == HEARD_NOT_JSON && !why)
		return false;
	snprintf(wanted, TEXT, "%s\n", verdict);
	snprintf(got, TEXT, "%s\n", heard_names[heard]);
	if (heard == HEARD_MORE)
		go_on(talk, got);
	return true;
}

static void
put_action(struct talk *talk, char got[TEXT])
{
	struct buffer action;

	buffer_init(&action, TEXT);
	dialog_action(&talk->dialog, talk->heard, &action);
	snprintf(got, TEXT, "= %.*s\n", (int)action.length, buffer_text(&action));
	buffer_free(&action);
}

static void
end_talk(struct talk *talk)
{
	if (talk->begun)
		dialog_free(&talk->dialog);
	buffer_free(&talk->out);
	js_free(talk->vars);
	while (talk->kept > 0)
		free(talk->lines[--talk->kept]);
}

static void
run(const char *path)
{
	static struct talk talk;
	FILE *file = fopen(path, "r");
	char line[LINE], got[TEXT] = "", wanted[TEXT] = "", title[LINE] = "";
	int number = 0;
	bool right = file != NULL;

	talk = (struct talk){ .cap = 1 << 20 };
	buffer_init(&talk.out, TEXT);
	while (right && fgets(line, sizeof(line), file)) {
		number++;
		line[strcspn(line, "\n")] = '\0';
		if (line[0] == '#') {
			snprintf(title, sizeof(title), "%s", line + 2);
			continue;
		}
		if (line[0] == '>' || line[0] == '.') {
			strcat(strcat(wanted, line), "\n");
			continue;
		}
		right = strcmp(got, wanted) == 0;
		if (!right)
			break;
		got[0] = wanted[0] = '\0';
		if (line[0] == '@') {
			right = (talk.begun || begin_talk(&talk)) && take_section(&talk, line, got);
		} else if (line[0] == '<') {
			right = take_heard(&talk, line, got, wanted);
		} else if (line[0] == '=') {
			put_action(&talk, got);
			snprintf(wanted, TEXT, "%s\n", line);
		} else {
			right = take_head(&talk, line);
		}
	}
	right = right && strcmp(got, wanted) == 0;
	if (!ok(right, "%s: %s", strrchr(path, '/') + 1, title))
		printf("# before or at line %d\n# got:\n%s# wanted:\n%s", number, got, wanted);
	end_talk(&talk);
	if (file)
		fclose(file);
}

/* --- bytes that are no text */

/* However a bot's lines are cut by NULs, what was kept is found within what was kept. */
static void
test_nul(void)
{
	static const struct {
		const char *text, *line;
		size_t length;
	} rows[] = {
		{ "turn:\n<< 1\n", "a\0b", 3 },			{ "turn:\n<< 1\n", "\0", 1 },
		{ "turn:\n<< 1\n", "a\0answer\0b", 10 },	{ "turn:\n< {answer}\n", "a\0b", 3 },
		{ "turn:\n< {answer} *\n", "a\0answer\0b x", 12 },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct dialect dialect;
		struct dialog dialog;
		struct buffer action;
		char text[64];
		const char *why;
		int line;

		snprintf(text, sizeof(text), "%s", rows[i].text);
		(void)dialect_parse(&dialect, text, &line);
		dialog_init(&dialog, &dialect, 1 << 20);
		dialog_begin(&dialog, SECTION_TURN);
		/* memory that held other things */
		char *dirty = buffer_space(&dialog.kept, 64);
		memset(dirty, 'S', dialog.kept.room);
		enum heard heard = dialog_hear(&dialog, rows[i].line, rows[i].length, &why);
		buffer_init(&action, 1 << 20);
		const char *kept = dialog_kept(&dialog, "answer", 6), *bytes = buffer_bytes(&dialog.kept);
		bool inside = kept >= bytes && kept + strlen(kept) < bytes + dialog.kept.length;
		if (inside)
			dialog_action(&dialog, rows[i].line, &action);
		ok(heard == HEARD_DONE && inside && !memchr(buffer_text(&action), 'S', action.length) &&
		    strcmp(kept, "b") != 0, "a NUL in an answer, row %zu: neither more than was said, nor a word of its own", i);
		buffer_free(&action);
		dialog_free(&dialog);
	}
}

/* An answer that is too long leaves a dialog that can still be asked for words, like those of `late`. */
static void
test_too_long(void)
{
	char text[] = "turn:\n<< until go\nlate:\n> stop {x}\n", flood[64];
	struct dialect dialect;
	struct dialog dialog;
	enum heard heard = HEARD_LOG;
	const char *why, *kept;
	int line;

	memset(flood, 'f', sizeof(flood));
	(void)dialect_parse(&dialect, text, &line);
	dialog_init(&dialog, &dialect, 4095);
	dialog_begin(&dialog, SECTION_TURN);
	memset(buffer_space(&dialog.kept, 64), 'S', dialog.kept.room);
	for (int i = 0; i < 100 && heard <= HEARD_DROP; i++)
		heard = dialog_hear(&dialog, flood, (size_t)(i == 63 ? 1 : 64), &why);
	ok(heard == HEARD_TOO_LONG, "an answer that does not end is too long");
	kept = dialog_kept(&dialog, "answer", 6);
	const char *bytes = buffer_bytes(&dialog.kept);
	ok(!kept || memchr(kept, '\0', (size_t)(bytes + dialog.kept.length + 1 - kept)), "and what is kept of it has an end");
	dialog_free(&dialog);
}

int
main(int argc, char *argv[])
{
	char pattern[512];
	glob_t found;

	test_patterns();
	test_pattern_time();
	test_mistakes();
	test_full();
	snprintf(pattern, sizeof(pattern), "%s/*.talk", argc > 1 ? argv[1] : "tests/unit/dialogs");
	if (!ok(glob(pattern, 0, NULL, &found) == 0, "there are dialogs"))
		return done_testing();
	for (size_t i = 0; i < found.gl_pathc; i++)
		run(found.gl_pathv[i]);
	globfree(&found);
	test_too_long();
	test_nul();
	return done_testing();
}
