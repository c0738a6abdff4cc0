/* Owns what a sound record is. It reads memory only: whoever loaded the bytes vouches for their owner. */
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
	return (const char *)record_part(record, PART_STRINGS) + at;
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
	return record->part[PART_FILTER].count > 0;
}

/* One NUL at the very end is enough to make every string end inside the pool. */
static bool
pool_ends(const struct record *record)
{
	uint32_t count = record->part[PART_STRINGS].count;

	return count > 0 && record_string(record, count - 1)[0] == '\0';
}

static bool
is_string(const struct record *record, uint32_t at)
{
	return at < record->part[PART_STRINGS].count;
}

/* "usr/bin" is; "", "/usr", "usr//bin" and "usr/../etc" are not. */
static bool
is_place(const struct record *record, uint32_t at)
{
	if (!is_string(record, at))
		return false;
	const char *place = record_string(record, at);
	for (;;) {
		size_t length = strcspn(place, "/");

		if (length == 0 || (length <= 2 && strspn(place, ".") >= length))
			return false;
		if (place[length] == '\0')
			return true;
		place += length + 1;
	}
}

static bool
is_short(const struct record *record, uint32_t at)
{
	return is_string(record, at) && strlen(record_string(record, at)) < NAME_BYTES;
}

static bool
ops_sound(const struct record *record)
{
	const struct record_op *op = record_part(record, PART_OPS);

	for (uint32_t i = 0; i < record->part[PART_OPS].count; i++, op++)
		if (op->kind >= OP_KINDS || !is_place(record, op->place) || !is_string(record, op->text) ||
		    (op->kind == OP_TMPFS && op->number + 1 >= LIMITS) ||
		    (op->kind == OP_SLOT && op->number >= record->part[PART_SLOTS].count))
			return false;
	return true;
}

static bool
slots_sound(const struct record *record)
{
	const struct record_slot *slot = record_part(record, PART_SLOTS);

	for (uint32_t i = 0; i < record->part[PART_SLOTS].count; i++, slot++)
		if (slot->kind >= SLOT_KINDS || !is_short(record, slot->name) || !is_place(record, slot->place) ||
		    (slot->kind == SLOT_TMP && slot->size == 0))	/* 0 would be no limit to a tmpfs */
			return false;
	return true;
}

static bool
texts_sound(const struct record *record)
{
	const struct record_source *source = record_part(record, PART_SOURCES);
	const struct record_env *env = record_part(record, PART_ENVS);
	const struct record_call *call = record_part(record, PART_CALLS);

	for (uint32_t i = 0; i < record->part[PART_SOURCES].count; i++)
		if (!is_place(record, source[i].name) || strchr(record_string(record, source[i].name), '/'))
			return false;
	for (uint32_t i = 0; i < record->part[PART_ENVS].count; i++)
		if (!is_string(record, env[i].text))
			return false;
	for (uint32_t i = 0; i < record->part[PART_CALLS].count; i++)
		if (!is_short(record, call[i].name))
			return false;
	return memchr(record->name, '\0', sizeof(record->name)) != NULL;
}

int
record_check(const struct record *record, size_t bytes, struct complaint *complaint)
{
	if (bytes < sizeof(*record) || memcmp(record->magic, RECORD_MAGIC, sizeof(record->magic)) != 0)
		return complain(complaint, "not a compiled policy");
	if (record->version != RECORD_VERSION || record->limits != LIMITS)
		return complain(complaint, "compiled for another version");
	if (record->arch != NATIVE_ARCH)
		return complain(complaint, "compiled for another architecture");
	if (record->bytes != bytes || bytes > RECORD_BYTES_MAX || record->sum != record_sum(record))
		return complain(complaint, "damaged");
	if (!parts_fit(record) || !pool_ends(record) || !ops_sound(record) || !slots_sound(record) ||
	    !texts_sound(record))
		return complain(complaint, "not sound");
	return 0;
}
