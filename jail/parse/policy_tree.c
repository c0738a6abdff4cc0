/*
 * Owns the keys that put something into the jail's tree: bind, link, file, dir, tmpfs, proc, dev,
 * slot.
 */
#include "policy_keys.h"

#include "value.h"

#include <stdio.h>
#include <string.h>

#define PLACE_CHARACTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789/._+-"

static const struct {
	const char *name;
	uint32_t minor;
} devices[] = { { "null", 3 }, { "zero", 5 }, { "full", 7 }, { "random", 8 }, { "urandom", 9 } };

static const char *const slot_kinds[SLOT_KINDS] = { "ro", "rw", "tmp" };

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
		return reader_keep(reader, word + 1);
	reader_error(reader, "'%s' is no plain absolute path (letters, digits, . _ + -, no '.' or '..')",
	    word);
	return NULL;
}

static struct policy_item *
new_item(struct reader *reader, enum op_kind kind, const char *place)
{
	struct policy *policy = reader->policy;

	for (int i = 0; i < policy->items; i++)
		if (strcmp(policy->item[i].place, place) == 0) {
			reader_error(reader, "/%s is there already, by %s:%d", place,
			    policy->item[i].origin.file,
			    policy->item[i].origin.line);
			return NULL;
		}
	if (policy->items == POLICY_ITEMS) {
		reader_error(reader, "more than %d files", POLICY_ITEMS);
		return NULL;
	}
	struct policy_item *item = &policy->item[policy->items++];
	*item = (struct policy_item){ .kind = kind, .place = place, .text = "",
	    .origin = reader->at };
	return item;
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

void
key_bind(struct reader *reader, const struct words *words)
{
	const char *from = words->word[1], *at = words->count > 2 && words->word[2][0] == '/'
	    ? words->word[2] : from;
	size_t length = strlen(from);
	bool glob = length > 1 && from[length - 1] == '*';

	if (glob && at != from) {
		reader_error(reader, "bind %s: a pattern cannot be given another place", from);
		return;
	}
	char plain[LINE_MAX_BYTES + 1];
	snprintf(plain, sizeof(plain), "%.*s", (int)(glob ? length - 1 : length), from);
	const char *place = take_place(reader, glob ? plain : at);
	if (!place || (at != from && !take_place(reader, from)))
		return;
	struct policy_item *item = new_item(reader, OP_BIND, glob ? reader_keep(reader, from + 1)
	    : place);
	if (!item)
		return;
	item->text = reader_keep(reader, from);
	item->flags = has_word(words, "exec") ? OP_EXEC : 0;
	item->optional = has_word(words, "optional");
	for (int i = at == from ? 2 : 3; i < words->count; i++)
		if (strcmp(words->word[i], "exec") != 0 && strcmp(words->word[i], "optional") != 0)
			reader_unknown(reader, "word", words->word[i], NULL);
}

void
key_link(struct reader *reader, const struct words *words)
{
	const char *place = take_place(reader, words->word[1]);
	struct policy_item *item = place ? new_item(reader, OP_LINK, place) : NULL;

	if (item)
		item->text = reader_keep(reader, words->word[2]);
}

/*
 * The words after the place, one line of the file. A second line for the same file is added to it.
 */
void
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
		reader_error(reader, "file /%s is too long", place);
		return;
	}
	strcat(text, item->text);
	for (int i = 2; i < words->count; i++) {
		strcat(text, words->word[i]);
		strcat(text, i + 1 < words->count ? " " : "");
	}
	strcat(text, "\n");
	item->text = reader_keep(reader, text);
}

void
key_dir(struct reader *reader, const struct words *words)
{
	const char *place = take_place(reader, words->word[1]);

	if (place)
		(void)new_item(reader, OP_DIR, place);
}

void
key_tmpfs(struct reader *reader, const struct words *words)
{
	bool is_tmp = strcmp(words->word[1], "/tmp") == 0;
	struct policy_item *item;

	if (!is_tmp && strcmp(words->word[1], "/run") != 0) {
		reader_error(reader, "tmpfs %s: a tmpfs can be at /tmp and at /run, where limits of that "
		    "name bound it", words->word[1]);
		return;
	}
	if (words->count > 2 && !has_word(words, "exec"))
		reader_unknown(reader, "word", words->word[2], "exec");
	item = new_item(reader, OP_TMPFS, is_tmp ? "tmp" : "run");
	if (!item)
		return;
	item->number = is_tmp ? LIMIT_tmp_size : LIMIT_run_size;
	item->flags = has_word(words, "exec") ? OP_EXEC : 0;
}

void
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
		struct policy_item *item = new_item(reader, OP_DEV, reader_keep(reader, place));
		if (item)
			item->number = devices[i].minor;
		return;
	}
	reader_error(reader, "unknown device '%s'; there are null, zero, full, random, urandom",
	    name);
}

void
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
void
key_slot(struct reader *reader, const struct words *words)
{
	struct policy *policy = reader->policy;
	struct policy_slot slot = { .kind = find_slot_kind(words->word[1]), .origin = reader->at };
	int rest = slot.kind == SLOT_TMP ? 5 : 4;
	const char *name = words->word[2], *why = NULL;

	if (slot.kind == SLOT_KINDS) {
		reader_error(reader, "slot %s: a slot is ro, rw or tmp", words->word[1]);
		return;
	}
	if (strspn(name, NAME_CHARACTERS) != strlen(name) || strlen(name) >= NAME_BYTES) {
		reader_error(reader, "slot '%s': not a name (a-z, 0-9, -)", name);
		return;
	}
	if (slot.kind == SLOT_TMP)
		why = words->count > 4 ? value_parse(words->word[4], UNIT_BYTES, &slot.size)
		    : "is missing";
	if (slot.kind == SLOT_TMP && (why || slot.size == 0)) {
		reader_error(reader, "slot tmp %s: its size %s", name, why ? why : "cannot be 0");
		return;
	}
	for (int i = rest; i < words->count; i++)
		if (strcmp(words->word[i], "exec") != 0)
			reader_unknown(reader, "word", words->word[i], "exec");
	for (int i = 0; i < policy->slots; i++)
		if (strcmp(policy->slot[i].name, name) == 0)
			reader_error(reader, "slot %s is there already, by %s:%d", name,
			    policy->slot[i].origin.file,
			    policy->slot[i].origin.line);
	slot.place = take_place(reader, words->word[3]);
	struct policy_item *item = slot.place ? new_item(reader, OP_SLOT, slot.place) : NULL;
	if (!item || policy->slots == SLOTS_MAX)
		return;
	slot.name = reader_keep(reader, name);
	slot.flags = has_word(words, "exec") ? OP_EXEC : 0;
	item->number = (uint32_t)policy->slots;
	policy->slot[policy->slots++] = slot;
}
