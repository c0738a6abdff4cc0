/*
 * Owns how a policy is read: lines, the table of keys, includes. Includes are read where they
 * stand, each once; what an includer says later may be tighter, never looser.
 */
#include "policy_keys.h"

#include "value.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DEPTH_MAX 8

static void
say(struct findings *findings, const struct origin *at, const char *kind, const char *format,
    va_list args)
{
	char text[1200];
	int length = snprintf(text, sizeof(text), "%s:%d: %s", at->file, at->line, kind);

	if (length > 0 && (size_t)length < sizeof(text))
		vsnprintf(text + length, sizeof(text) - (size_t)length, format, args);
	findings->say(text);
}

void
policy_error(struct findings *findings, const struct origin *at, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	say(findings, at, "", format, args);
	va_end(args);
	findings->errors++;
}

void
policy_warn(struct findings *findings, const struct origin *at, const char *format, ...)
{
	va_list args;

	findings->warnings++;
	if (findings->quiet)
		return;
	va_start(args, format);
	say(findings, at, "warning: ", format, args);
	va_end(args);
}

/* Says that a word is unknown and which was probably meant. */
void
reader_unknown(struct reader *reader, const char *what, const char *word, const char *best)
{
	if (best)
		reader_error(reader, "unknown %s '%s'; did you mean '%s'?", what, word, best);
	else
		reader_error(reader, "unknown %s '%s'", what, word);
}

const char *
reader_keep(struct reader *reader, const char *text)
{
	struct policy *policy = reader->policy;
	size_t length = strlen(text) + 1;

	if (policy->pool_used + length > POLICY_POOL) {
		reader_error(reader, "the policy is too large");
		return "";
	}
	char *kept = policy->pool + policy->pool_used;
	memcpy(kept, text, length);
	policy->pool_used += length;
	return kept;
}

static void read_source(struct reader *reader, const char *name);

static void
key_include(struct reader *reader, const struct words *words)
{
	struct reader deeper = *reader;

	if (strlen(words->word[1]) >= NAME_BYTES ||
	    strspn(words->word[1], NAME_CHARACTERS) != strlen(words->word[1])) {
		reader_error(reader, "'%s' is no name of a policy or set", words->word[1]);
		return;
	}
	if (++deeper.depth > DEPTH_MAX) {
		reader_error(reader, "includes are nested deeper than %d: does %s include itself?",
		    DEPTH_MAX, words->word[1]);
		return;
	}
	read_source(&deeper, words->word[1]);
}

static void
key_limit(struct reader *reader, const struct words *words)
{
	const char *name = words->word[1], *text = words->word[2], *best = NULL;
	enum limit i = limit_find(name);
	int distance = 3;
	uint64_t value;

	for (int j = 0; i == LIMITS && j < LIMITS; j++)
		words_nearer(name, limit_rows[j].name, &best, &distance);
	if (i == LIMITS) {
		reader_unknown(reader, "limit", name, best);
		return;
	}
	const char *why = value_parse(text, limit_rows[i].unit, &value);
	if (why) {
		reader_error(reader, "limit %s: '%s' %s", name, text, why);
		return;
	}
	struct policy_limit *limit = &reader->policy->limit[i];
	if (limit->value != LIMIT_NONE && strcmp(limit->origin.file, reader->at.file) == 0)
		reader_error(reader, "limit %s is set twice, before in line %d", name,
		    limit->origin.line);
	else if (value > limit->value)
		reader_error(reader, "limit %s %s is looser than that of %s:%d, which is included",
		    name,
		    text,
		    limit->origin.file, limit->origin.line);
	else
		*limit = (struct policy_limit){ value, reader->at };
}

static void
key_env(struct reader *reader, const struct words *words)
{
	struct policy *policy = reader->policy;
	size_t length = strcspn(words->word[1], "=");

	for (int i = 0; i < policy->envs; i++)
		if (strcspn(policy->env[i].text, "=") == length &&
		    strncmp(policy->env[i].text, words->word[1], length) == 0 &&
		    !strchr(policy->env[i].text, '=') == !strchr(words->word[1], '=')) {
			policy->env[i] = (struct policy_env){ reader_keep(reader, words->word[1]),
			    reader->at };
			return;
		}
	if (length == 0 || strspn(words->word[1],
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_*") < length)
		reader_error(reader, "env '%s': want NAME=VALUE, NAME or NAME*", words->word[1]);
	else if (policy->envs == ENVS_MAX)
		reader_error(reader, "more than %d variables", ENVS_MAX);
	else
		policy->env[policy->envs++] = (struct policy_env){ reader_keep(reader,
		    words->word[1]),
		    reader->at };
}

static const struct key {
	const char *name;
	int least, most;	/* words after it */
	void (*take)(struct reader *reader, const struct words *words);
	const char *form;
} keys[] = {
	{ "include", 1, 1,             key_include, "include NAME" },
	{ "limit",   2, 2,             key_limit,   "limit NAME VALUE" },
	{ "bind",    1, 4,             key_bind,    "bind PATH [PLACE] [exec] [optional]" },
	{ "link",    2, 2,             key_link,    "link PLACE TARGET" },
	{ "file",    1, WORDS_MAX - 1, key_file,    "file PLACE TEXT..." },
	{ "dir",     1, 1,             key_dir,     "dir PLACE" },
	{ "tmpfs",   1, 2,             key_tmpfs,   "tmpfs /tmp|/run [exec]" },
	{ "proc",    0, 0,             key_proc,    "proc" },
	{ "dev",     1, 5,             key_dev,     "dev NAME..." },
	{ "slot",    3, 5,             key_slot,
	       "slot ro|rw NAME PLACE [exec], or slot tmp NAME PLACE SIZE [exec]" },
	{ "env",     1, 1,             key_env,     "env NAME=VALUE, env NAME, or env NAME*" },
	{ "allow",   1, WORDS_MAX - 1, key_allow,   "allow CALL..., or allow CALL argN VALUE..." },
	{ "deny",    1, WORDS_MAX - 1, key_deny,    "deny CALL..." },
};

static void
read_line(struct reader *reader, const char *line, size_t length)
{
	struct words words;
	const char *best = NULL, *wrong = words_split(line, length, &words);
	int distance = 3;

	if (wrong) {
		reader_error(reader, "the line %s", wrong);
		return;
	}
	if (words.count == 0)
		return;
	reader->at.comment = reader_keep(reader, words.comment);
	for (size_t i = 0; i < COUNT(keys); i++) {
		words_nearer(words.word[0], keys[i].name, &best, &distance);
		if (strcmp(keys[i].name, words.word[0]) != 0)
			continue;
		if (words.count - 1 < keys[i].least || words.count - 1 > keys[i].most)
			reader_error(reader, "want: %s", keys[i].form);
		else
			keys[i].take(reader, &words);
		return;
	}
	reader_unknown(reader, "key", words.word[0], best);
}

static bool
was_read(const struct policy *policy, const char *name)
{
	for (int i = 0; i < policy->sources; i++)
		if (strcmp(policy->source[i].name, name) == 0)
			return true;
	return false;
}

/* Lines are copied out before they are read: an include on one of them fetches anew. */
static void
read_lines(struct reader *reader, const char *text, size_t length)
{
	char *copy = malloc(length + 1);

	if (!copy) {
		reader_error(reader, "out of memory");
		return;
	}
	memcpy(copy, text, length);
	for (size_t at = 0; at < length;) {
		const char *end = memchr(copy + at, '\n', length - at);

		reader->at.line++;
		if (!end) {
			reader_error(reader, "the last line does not end: is the file whole?");
			break;
		}
		read_line(reader, copy + at, (size_t)(end - copy) - at);
		at = (size_t)(end - copy) + 1;
	}
	free(copy);
}

static void
read_source(struct reader *reader, const char *name)
{
	struct policy *policy = reader->policy;
	struct policy_source source;
	size_t length;
	const char *text = reader->fetch(reader->where, name, &source, &length);

	if (!text) {
		reader_error(reader, "no policy or set is called '%s'", name);
		return;
	}
	if (was_read(policy, source.name))
		return;
	if (policy->sources == POLICY_SOURCES) {
		reader_error(reader, "more than %d files are included", POLICY_SOURCES);
		return;
	}
	policy->source[policy->sources] = source;
	reader->at = (struct origin){ policy->source[policy->sources++].name, 0, "" };
	read_lines(reader, text, length);
}

int
policy_read(struct policy *policy, const char *name, policy_fetch *fetch, const void *where,
    struct findings *findings)
{
	struct reader reader = { policy, fetch, where, findings, { name, 0, "" }, 0 };
	int before = findings->errors;

	memset(policy, 0, sizeof(*policy));
	snprintf(policy->name, sizeof(policy->name), "%s", name);
	for (int i = 0; i < LIMITS; i++)
		policy->limit[i].value = LIMIT_NONE;
	read_source(&reader, name);
	return findings->errors == before ? 0 : -1;
}
