/* Owns the keys about system calls: allow and deny, and the values that arguments may have. */
#include "policy_keys.h"

#include <asm/prctl.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>

static const struct {
	const char *name;
	uint32_t value;
} constants[] = {
#define CONSTANT(name) { #name, (uint32_t)name },
#include "constants.def"
#undef CONSTANT
};

/* The number of a system call, or -1 after saying what is wrong with the name. */
static int
take_call(struct reader *reader, const char *name)
{
	const char *best = NULL, *why = answers_forbidden(name);
	int number = call_number(name), distance = 3;

	if (why) {
		reader_error(reader, "%s %s", name, why);
		return -1;
	}
	for (int i = 0; number < 0 && i < CALLS_MAX; i++)
		if (call_of_number(i))
			words_nearer(name, call_of_number(i), &best, &distance);
	if (number < 0)
		reader_unknown(reader, "system call", name, best);
	return number;
}

/* One name or number. */
static bool
take_plain(struct reader *reader, const char *word, uint32_t *value)
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
	reader_unknown(reader, "value", word, best);
	return false;
}

/* Names and numbers joined by '|'. */
static bool
take_value(struct reader *reader, const char *word, uint32_t *value)
{
	char copy[LINE_MAX_BYTES + 1], *rest = copy;
	uint32_t part;

	snprintf(copy, sizeof(copy), "%s", word);
	for (*value = 0; rest; *value |= part)
		if (!take_plain(reader, strsep(&rest, "|"), &part))
			return false;
	return true;
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
		reader_error(reader, "%s is restricted by arg%d in %s:%d already", name,
		    listing->arg,
		    call->origin.file,
		    call->origin.line);
		return;
	}
	for (int i = 0; i < count; i++) {
		if ((size_t)listing->count == COUNT(listing->values)) {
			reader_error(reader, "%s: more than %zu values", name,
			    COUNT(listing->values));
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
	if (strcmp(words->word[1], "clone") == 0 || answers_has_mode(words->word[1]) || count == 0)
		reader_error(reader, "%s: arg%d cannot be listed here", words->word[1], arg);
	else
		merge_values(reader, words->word[1], &reader->policy->call[number], arg, values,
		    count);
}

void
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

void
key_deny(struct reader *reader, const struct words *words)
{
	for (int i = 1; i < words->count; i++) {
		int number = take_call(reader, words->word[i]);

		if (number >= 0)
			reader->policy->call[number] = (struct policy_call){ { .listed = false },
			    reader->at };
	}
}
