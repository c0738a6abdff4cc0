/*
 * A real record, policy agent compiled, and a reader that looks at all of one that bot-jail looks
 * at.
 */
#ifndef REAL_RECORD_H
#define REAL_RECORD_H

#include "policy_compile.h"
#include "policy_files.h"

#include <string.h>
#include <unistd.h>

static union {
	struct record record;
	char bytes[RECORD_BYTES_MAX];
} real, bent;

static inline char
kind(const char *path)
{
	return access(path, F_OK) ? 0 : 'd';
}

static inline int
expand(const char *pattern, char found[][POLICY_PLACE_MAX], int most)
{
	(void)pattern, (void)found, (void)most;
	return 0;
}

static inline void
no_hash(const void *data, size_t bytes, uint8_t digest[32])
{
	(void)data;
	memset(digest, (int)bytes, 32);
}

static inline int
make_real(void)
{
	static const struct host host = { kind, expand };
	const struct policy_dirs dirs = { { "policies" }, 1, false };
	struct findings findings = { .say = policy_say, .quiet = true };
	const struct policy *policy = policy_load(&dirs, "agent", &findings);
	int bytes = policy ? policy_compile(policy, &host, &real.record, sizeof(real), &findings)
	    : -1;

	if (bytes > 0)
		policy_seal(&real.record, no_hash);
	return bytes;
}

/*
 * Looks at all that bot-jail would, with the checks that it makes there: every string of every
 * part.
 */
static inline size_t
use(const struct record *record)
{
	const struct record_op *op = record_part(record, PART_OPS);
	const struct record_slot *slot = record_part(record, PART_SLOTS);
	const struct record_env *env = record_part(record, PART_ENVS);
	const struct record_source *source = record_part(record, PART_SOURCES);
	const struct record_call *call = record_part(record, PART_CALLS);
	const struct sock_filter *filter = record_part(record, PART_FILTER);
	size_t sum = strlen(record->name);

	for (uint32_t i = 0; i < record->part[PART_OPS].count; i++) {
		sum += strlen(record_string(record, op[i].place)) + strlen(record_string(record,
		    op[i].text));
		if (op[i].kind == OP_SLOT && op[i].number < record->part[PART_SLOTS].count)
			sum += slot[op[i].number].kind;
		if (op[i].kind == OP_TMPFS && op[i].number < LIMITS - 1)
			sum += record->limit[op[i].number] + record->limit[op[i].number + 1];
	}
	for (uint32_t i = 0; i < record->part[PART_SLOTS].count; i++)
		sum += strlen(record_string(record, slot[i].name)) + strlen(record_string(record,
		    slot[i].place));
	for (uint32_t i = 0; i < record->part[PART_ENVS].count; i++)
		sum += strlen(record_string(record, env[i].text));
	for (uint32_t i = 0; i < record->part[PART_SOURCES].count; i++)
		sum += strlen(record_string(record, source[i].name));
	for (uint32_t i = 0; i < record->part[PART_CALLS].count; i++)
		sum += strlen(record_string(record, call[i].name));
	for (uint32_t i = 0; i < record->part[PART_FILTER].count; i++)
		sum += filter[i].k;
	return sum;
}

#endif
