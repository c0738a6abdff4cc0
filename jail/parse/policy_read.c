/*
 * Owns the policy language: one table of keys, one function each. Includes are read where they
 * stand, each once; what an includer says later may be tighter, never looser.
 */
#include "policy.h"

#include "value.h"
#include "words.h"

#include <asm/prctl.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>

#define DEPTH_MAX 8
#define PLACE_CHARACTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789/._+-"
#define NAME_CHARACTERS "abcdefghijklmnopqrstuvwxyz0123456789-"

struct reader {
	struct policy *policy;
	policy_fetch *fetch;
	const void *where;
	struct findings *findings;
	struct origin at;
	int depth;
};

static const struct {
	const char *name;
	uint32_t value;
} constants[] = {
#define CONSTANT(name) { #name, (uint32_t)name },
#include "constants.def"
#undef CONSTANT
};

static const struct {
	const char *name;
	uint32_t minor;
} devices[] = { { "null", 3 }, { "zero", 5 }, { "full", 7 }, { "random", 8 }, { "urandom", 9 } };

static const char *const slot_kinds[SLOT_KINDS] = { "ro", "rw", "tmp" };

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

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

#define error(reader, ...) policy_error((reader)->findings, &(reader)->at, __VA_ARGS__)

/* Says that a word is unknown and which was probably meant. */
static void
unknown(struct reader *reader, const char *what, const char *word, const char *best)
{
	if (best)
		error(reader, "unknown %s '%s'; did you mean '%s'?", what, word, best);
	else
		error(reader, "unknown %s '%s'", what, word);
}

static const char *
keep(struct reader *reader, const char *text)
{
	struct policy *policy = reader->policy;
	size_t length = strlen(text) + 1;

	if (policy->pool_used + length > POLICY_POOL) {
		error(reader, "the policy is too large");
		return "";
	}
	char *kept = policy->pool + policy->pool_used;
	memcpy(kept, text, length);
	policy->pool_used += length;
	return kept;
}

/*
 * A place in the jail as "/usr/bin", kept without its first '/'. NULL after saying what is wrong.
 */
static const char *
take_place(struct reader *reader, const char *word)
{
	bool plain = word[0] == '/' && word[1] != '\0' && strlen(word) < POLICY_PLACE_MAX &&
	    strspn(word, PLACE_CHARACTERS) == strlen(word) && word[strlen(word) - 1] != '/' &&
	    !strstr(word, "//") &&
	    !strstr(word, "/./") && !strstr(word, "/../");
	size_t length = strlen(word);

	if (plain && !(length >= 2 && strcmp(word + length - 2, "/.") == 0) &&
	    !(length >= 3 && strcmp(word + length - 3, "/..") == 0))
		return keep(reader, word + 1);
	error(reader, "'%s' is no plain absolute path (letters, digits, . _ + -, no '.' or '..')",
	    word);
	return NULL;
}

static struct policy_item *
new_item(struct reader *reader, enum op_kind kind, const char *place)
{
	struct policy *policy = reader->policy;

	for (int i = 0; i < policy->items; i++)
		if (strcmp(policy->item[i].place, place) == 0) {
			error(reader, "/%s is there already, by %s:%d", place,
			    policy->item[i].origin.file,
			    policy->item[i].origin.line);
			return NULL;
		}
	if (policy->items == POLICY_ITEMS) {
		error(reader, "more than %d files", POLICY_ITEMS);
		return NULL;
	}
	struct policy_item *item = &policy->item[policy->items++];
	*item = (struct policy_item){ .kind = kind, .place = place, .text = "",
	    .origin = reader->at };
	return item;
}

static void read_source(struct reader *reader, const char *name);

static void
key_include(struct reader *reader, const struct words *words)
{
	struct reader deeper = *reader;

	if (strlen(words->word[1]) >= NAME_BYTES ||
	    strspn(words->word[1], NAME_CHARACTERS) != strlen(words->word[1])) {
		error(reader, "'%s' is no name of a policy or set", words->word[1]);
		return;
	}
	if (++deeper.depth > DEPTH_MAX) {
		error(reader, "includes are nested deeper than %d: does %s include itself?",
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
		unknown(reader, "limit", name, best);
		return;
	}
	const char *why = value_parse(text, limit_rows[i].unit, &value);
	if (why) {
		error(reader, "limit %s: '%s' %s", name, text, why);
		return;
	}
	struct policy_limit *limit = &reader->policy->limit[i];
	if (limit->value != LIMIT_NONE && strcmp(limit->origin.file, reader->at.file) == 0)
		error(reader, "limit %s is set twice, before in line %d", name, limit->origin.line);
	else if (value > limit->value)
		error(reader, "limit %s %s is looser than that of %s:%d, which is included", name,
		    text,
		    limit->origin.file, limit->origin.line);
	else
		*limit = (struct policy_limit){ value, reader->at };
}

/* Takes `word` away from the end of the words if it is there. */
static bool
has_word(const struct words *words, const char *word)
{
	for (int i = 2; i < words->count; i++)
		if (strcmp(words->word[i], word) == 0)
			return true;
	return false;
}

static void
key_bind(struct reader *reader, const struct words *words)
{
	const char *from = words->word[1], *at = words->count > 2 && words->word[2][0] == '/'
	    ? words->word[2] : from;
	size_t length = strlen(from);
	bool glob = length > 1 && from[length - 1] == '*';

	if (glob && at != from) {
		error(reader, "bind %s: a pattern cannot be given another place", from);
		return;
	}
	char plain[LINE_MAX_BYTES + 1];
	snprintf(plain, sizeof(plain), "%.*s", (int)(glob ? length - 1 : length), from);
	const char *place = take_place(reader, glob ? plain : at);
	if (!place || (at != from && !take_place(reader, from)))
		return;
	struct policy_item *item = new_item(reader, OP_BIND, glob ? keep(reader, from + 1) : place);
	if (!item)
		return;
	item->text = keep(reader, from);
	item->flags = has_word(words, "exec") ? OP_EXEC : 0;
	item->optional = has_word(words, "optional");
	for (int i = at == from ? 2 : 3; i < words->count; i++)
		if (strcmp(words->word[i], "exec") != 0 && strcmp(words->word[i], "optional") != 0)
			unknown(reader, "word", words->word[i], NULL);
}

static void
key_link(struct reader *reader, const struct words *words)
{
	const char *place = take_place(reader, words->word[1]);
	struct policy_item *item = place ? new_item(reader, OP_LINK, place) : NULL;

	if (item)
		item->text = keep(reader, words->word[2]);
}

/*
 * The words after the place, one line of the file. A second line for the same file is added to it.
 */
static void
key_file(struct reader *reader, const struct words *words)
{
	char text[LINE_MAX_BYTES * 8] = "";
	struct policy_item *item = NULL;

	const char *place = take_place(reader, words->word[1]);
	if (!place)
		return;
	for (int i = 0; i < reader->policy->items; i++)
		if (reader->policy->item[i].kind == OP_FILE &&
		    strcmp(reader->policy->item[i].place, place) == 0)
			item = &reader->policy->item[i];
	if (!item)
		item = new_item(reader, OP_FILE, place);
	if (!item || strlen(item->text) + LINE_MAX_BYTES + 2 > sizeof(text)) {
		error(reader, "file /%s is too long", place);
		return;
	}
	strcat(text, item->text);
	for (int i = 2; i < words->count; i++) {
		strcat(text, words->word[i]);
		strcat(text, i + 1 < words->count ? " " : "");
	}
	strcat(text, "\n");
	item->text = keep(reader, text);
}

static void
key_dir(struct reader *reader, const struct words *words)
{
	const char *place = take_place(reader, words->word[1]);

	if (place)
		(void)new_item(reader, OP_DIR, place);
}

static void
key_tmpfs(struct reader *reader, const struct words *words)
{
	bool is_tmp = strcmp(words->word[1], "/tmp") == 0;
	struct policy_item *item;

	if (!is_tmp && strcmp(words->word[1], "/run") != 0) {
		error(reader, "tmpfs %s: a tmpfs can be at /tmp and at /run, where limits of that name bound it", words->word[1]);
		return;
	}
	if (words->count > 2 && !has_word(words, "exec"))
		unknown(reader, "word", words->word[2], "exec");
	item = new_item(reader, OP_TMPFS, is_tmp ? "tmp" : "run");
	if (!item)
		return;
	item->number = is_tmp ? LIMIT_tmp_size : LIMIT_run_size;
	item->flags = has_word(words, "exec") ? OP_EXEC : 0;
}

static void
key_proc(struct reader *reader, const struct words *words)
{
	(void)words;
	(void)new_item(reader, OP_PROC, "proc");
}

static void
take_device(struct reader *reader, const char *name)
{
	char place[64];

	for (size_t i = 0; i < COUNT(devices); i++) {
		if (strcmp(devices[i].name, name) != 0)
			continue;
		snprintf(place, sizeof(place), "dev/%s", name);
		struct policy_item *item = new_item(reader, OP_DEV, keep(reader, place));
		if (item)
			item->number = devices[i].minor;
		return;
	}
	error(reader, "unknown device '%s'; there are null, zero, full, random, urandom", name);
}

static void
key_dev(struct reader *reader, const struct words *words)
{
	for (int i = 1; i < words->count; i++)
		take_device(reader, words->word[i]);
}

static enum slot_kind
find_slot_kind(const char *word)
{
	enum slot_kind kind = 0;

	while (kind < SLOT_KINDS && strcmp(slot_kinds[kind], word) != 0)
		kind++;
	return kind;
}

/* slot ro|rw NAME PLACE [exec], or slot tmp NAME PLACE SIZE [exec] */
static void
key_slot(struct reader *reader, const struct words *words)
{
	struct policy *policy = reader->policy;
	struct policy_slot slot = { .kind = find_slot_kind(words->word[1]), .origin = reader->at };
	int rest = slot.kind == SLOT_TMP ? 5 : 4;
	const char *name = words->word[2], *why = NULL;

	if (slot.kind == SLOT_KINDS) {
		error(reader, "slot %s: a slot is ro, rw or tmp", words->word[1]);
		return;
	}
	if (strspn(name, NAME_CHARACTERS) != strlen(name) || strlen(name) >= NAME_BYTES) {
		error(reader, "slot '%s': not a name (a-z, 0-9, -)", name);
		return;
	}
	if (slot.kind == SLOT_TMP)
		why = words->count > 4 ? value_parse(words->word[4], UNIT_BYTES, &slot.size)
		    : "is missing";
	if (slot.kind == SLOT_TMP && (why || slot.size == 0)) {
		error(reader, "slot tmp %s: its size %s", name, why ? why : "cannot be 0");
		return;
	}
	for (int i = rest; i < words->count; i++)
		if (strcmp(words->word[i], "exec") != 0)
			unknown(reader, "word", words->word[i], "exec");
	for (int i = 0; i < policy->slots; i++)
		if (strcmp(policy->slot[i].name, name) == 0)
			error(reader, "slot %s is there already, by %s:%d", name,
			    policy->slot[i].origin.file,
			    policy->slot[i].origin.line);
	slot.place = take_place(reader, words->word[3]);
	struct policy_item *item = slot.place ? new_item(reader, OP_SLOT, slot.place) : NULL;
	if (!item || policy->slots == SLOTS_MAX)
		return;
	slot.name = keep(reader, name);
	slot.flags = has_word(words, "exec") ? OP_EXEC : 0;
	item->number = (uint32_t)policy->slots;
	policy->slot[policy->slots++] = slot;
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
			policy->env[i] = (struct policy_env){ keep(reader, words->word[1]),
			    reader->at };
			return;
		}
	if (length == 0 || strspn(words->word[1],
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_*") < length)
		error(reader, "env '%s': want NAME=VALUE, NAME or NAME*", words->word[1]);
	else if (policy->envs == ENVS_MAX)
		error(reader, "more than %d variables", ENVS_MAX);
	else
		policy->env[policy->envs++] = (struct policy_env){ keep(reader, words->word[1]),
		    reader->at };
}

/* The number of a system call, or -1 after saying what is wrong with the name. */
static int
take_call(struct reader *reader, const char *name)
{
	const char *best = NULL, *why = answers_forbidden(name);
	int number = call_number(name), distance = 3;

	if (why) {
		error(reader, "%s %s", name, why);
		return -1;
	}
	for (int i = 0; number < 0 && i < CALLS_MAX; i++)
		if (call_of_number(i))
			words_nearer(name, call_of_number(i), &best, &distance);
	if (number < 0)
		unknown(reader, "system call", name, best);
	return number;
}

static bool
take_value(struct reader *reader, const char *word, uint32_t *value)
{
	const char *best = NULL;
	int distance = 3;
	char *end;

	for (size_t i = 0; i < COUNT(constants); i++) {
		*value = constants[i].value;
		if (strcmp(constants[i].name, word) == 0)
			return true;
		words_nearer(word, constants[i].name, &best, &distance);
	}
	unsigned long number = strtoul(word, &end, 0);
	*value = (uint32_t)number;
	if (*word >= '0' && *word <= '9' && *end == '\0' && number <= UINT32_MAX)
		return true;
	unknown(reader, "value", word, best);
	return false;
}

/*
 * Adds values to a listing that is restricted by the same argument; an unrestricted one stays so.
 */
static void
merge_values(struct reader *reader, const char *name, struct policy_call *call, int arg,
    const uint32_t *values, int count)
{
	struct listing *listing = &call->listing;

	if (listing->listed && listing->count == 0)
		return;
	if (listing->count > 0 && listing->arg != arg) {
		error(reader, "%s is restricted by arg%d in %s:%d already", name, listing->arg,
		    call->origin.file,
		    call->origin.line);
		return;
	}
	for (int i = 0; i < count; i++) {
		if ((size_t)listing->count == COUNT(listing->values)) {
			error(reader, "%s: more than %zu values", name, COUNT(listing->values));
			return;
		}
		listing->values[listing->count++] = values[i];
	}
	*call = (struct policy_call){ *listing, reader->at };
	call->listing.listed = true;
	call->listing.arg = (uint8_t)arg;
}

/* allow CALL argN VALUE... */
static void
allow_values(struct reader *reader, const struct words *words)
{
	uint32_t values[WORDS_MAX];
	int arg = words->word[2][3] - '0', count = 0;
	int number = take_call(reader, words->word[1]);

	for (int i = 3; i < words->count; i++)
		count += take_value(reader, words->word[i], &values[count]);
	if (number < 0 || count != words->count - 3)
		return;
	if (strcmp(words->word[1], "clone") == 0 || count == 0)
		error(reader, "%s: arg%d cannot be listed here", words->word[1], arg);
	else
		merge_values(reader, words->word[1], &reader->policy->call[number], arg, values,
		    count);
}

static void
key_allow(struct reader *reader, const struct words *words)
{
	const char *second = words->count > 2 ? words->word[2] : "";

	if (strncmp(second, "arg", 3) == 0 && second[3] >= '0' && second[3] <= '5' &&
	    second[4] == '\0') {
		allow_values(reader, words);
		return;
	}
	for (int i = 1; i < words->count; i++) {
		int number = take_call(reader, words->word[i]);

		if (number >= 0)
			reader->policy->call[number] = (struct policy_call){ { .listed = true },
			    reader->at };
	}
}

static void
key_deny(struct reader *reader, const struct words *words)
{
	for (int i = 1; i < words->count; i++) {
		int number = take_call(reader, words->word[i]);

		if (number >= 0)
			reader->policy->call[number] = (struct policy_call){ { .listed = false },
			    reader->at };
	}
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
		error(reader, "the line %s", wrong);
		return;
	}
	if (words.count == 0)
		return;
	reader->at.comment = keep(reader, words.comment);
	for (size_t i = 0; i < COUNT(keys); i++) {
		words_nearer(words.word[0], keys[i].name, &best, &distance);
		if (strcmp(keys[i].name, words.word[0]) != 0)
			continue;
		if (words.count - 1 < keys[i].least || words.count - 1 > keys[i].most)
			error(reader, "want: %s", keys[i].form);
		else
			keys[i].take(reader, &words);
		return;
	}
	unknown(reader, "key", words.word[0], best);
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
		error(reader, "out of memory");
		return;
	}
	memcpy(copy, text, length);
	for (size_t at = 0; at < length;) {
		const char *end = memchr(copy + at, '\n', length - at);

		reader->at.line++;
		if (!end) {
			error(reader, "the last line does not end: is the file whole?");
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
		error(reader, "no policy or set is called '%s'", name);
		return;
	}
	if (was_read(policy, source.name))
		return;
	if (policy->sources == POLICY_SOURCES) {
		error(reader, "more than %d files are included", POLICY_SOURCES);
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
