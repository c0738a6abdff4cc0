/*
 * Owns what a sound record is. The file is root's and its sum finds damage, so what is left to see
 * to is that nothing in it leads outside of it: parts by record_check(), strings by
 * record_string().
 */
#include "record.h"

#include <stdbool.h>
#include <string.h>

static const struct {
	uint32_t size, most;
} parts[PARTS] = {
	[PART_SOURCES] = { sizeof(struct record_source),  64 },
	[PART_OPS]     = { sizeof(struct record_op),     256 },
	[PART_SLOTS]   = { sizeof(struct record_slot),   SLOTS_MAX },
	[PART_ENVS]    = { sizeof(struct record_env),    ENVS_MAX },
	[PART_CALLS]   = { sizeof(struct record_call),   256 },
	[PART_FILTER]  = { sizeof(struct sock_filter),   BPF_MAXINSNS },
	[PART_STRINGS] = { 1,                            RECORD_BYTES_MAX },
};

const void *
record_part(const struct record *record, enum record_part part)
{
	return (const char *)record + record->part[part].offset;
}

const char *
record_string(const struct record *record, uint32_t at)
{
	const char *pool = record_part(record, PART_STRINGS);

	return at < record->part[PART_STRINGS].count ? pool + at : "";
}

uint64_t
record_sum(const struct record *record)
{
	const unsigned char *bytes = (const unsigned char *)record;
	uint64_t sum = 0xcbf29ce484222325;

	for (size_t i = offsetof(struct record, sum) + sizeof(record->sum); i < record->bytes; i++)
		sum = (sum ^ bytes[i]) * 0x100000001b3;
	return sum;
}

static bool
parts_fit(const struct record *record)
{
	for (int i = 0; i < PARTS; i++) {
		uint64_t start = record->part[i].offset, count = record->part[i].count;

		if (count > parts[i].most || start % 8 != 0 || start < sizeof(*record) ||
		    start + count * parts[i].size > record->bytes)
			return false;
	}
	return record->part[PART_FILTER].count > 0 && record->part[PART_STRINGS].count > 0;
}

int
record_check(const struct record *record, size_t bytes, struct complaint *complaint)
{
	if (bytes < sizeof(*record) ||
	    memcmp(record->magic, RECORD_MAGIC, sizeof(record->magic)) != 0)
		return complain(complaint, "not a compiled policy");
	if (record->version != RECORD_VERSION || record->limits != LIMITS ||
	    record->arch != NATIVE_ARCH)
		return complain(complaint, "compiled for another version or architecture");
	if (record->bytes != bytes || record->sum != record_sum(record))
		return complain(complaint, "damaged");
	/* One NUL at the very end makes every string end inside the pool. */
	if (!parts_fit(record) || *record_string(record, record->part[PART_STRINGS].count - 1) ||
	    !memchr(record->name, '\0', sizeof(record->name)))
		return complain(complaint, "not sound");
	return 0;
}
