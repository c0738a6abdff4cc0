/*
 * A compiled policy, as bot-policy writes it and bot-jail reads it: one head, then arrays of
 * fixed-size elements, then a pool of strings. Native byte order: a record never leaves the machine
 * that made it. Both programs check it with record_check() before they believe a word.
 */
#ifndef RECORD_H
#define RECORD_H

#include "complaint.h"
#include "limits.h"

#include <linux/audit.h>
#include <linux/filter.h>
#include <stddef.h>
#include <stdint.h>

#define RECORD_MAGIC "botjail\n"
#define RECORD_VERSION 1
#define RECORD_BYTES_MAX (256 * 1024)
#define RECORD_SUFFIX ".record"

#define NAME_BYTES 32		/* policy, slot and environment names, with their NUL */
#define SLOTS_MAX 16
#define ENVS_MAX 64

#if defined(__x86_64__)
#define NATIVE_ARCH AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define NATIVE_ARCH AUDIT_ARCH_AARCH64
#else
#error "no system call filter for this architecture yet"
#endif

/* A source file as it was when it was compiled. If it has changed, the record is refused. */
struct record_source {
	uint32_t name;		/* string: file name in ADMIN_DIR or VENDOR_DIR */
	uint32_t vendor;	/* 1: in VENDOR_DIR, and ADMIN_DIR must still lack it */
	int64_t mtime_s, mtime_ns, size;
};

/* What to make in the new root, in this order. Places are relative to it and never hold "..". */
enum op_kind { OP_DIR, OP_FILE, OP_LINK, OP_BIND, OP_TMPFS, OP_PROC, OP_DEV, OP_SLOT, OP_KINDS };
#define OP_EXEC 1		/* programs may be executed from this mount */

struct record_op {
	uint32_t kind, flags;
	uint32_t place;		/* string */
	uint32_t text;		/* string: content, link target, or host path of a bind */
	/* OP_TMPFS: limit of its size, that of its files is the next; OP_SLOT: index; OP_DEV: minor */
	uint32_t number;
	uint32_t pad;
};

enum slot_kind { SLOT_RO, SLOT_RW, SLOT_TMP, SLOT_KINDS };

struct record_slot {
	uint32_t name, place;	/* strings */
	uint32_t kind, flags;
	uint64_t size;		/* bytes, SLOT_TMP */
};

/*
 * "NAME=value" is set always; "NAME" may be given with -e; "NAME*" allows every name that starts
 * so.
 */
struct record_env {
	uint32_t text;		/* string */
};

/* Name of a system call whose use kills the jail, for the status line. */
struct record_call {
	uint32_t number, name;
};

enum record_part {
	PART_SOURCES, PART_OPS, PART_SLOTS, PART_ENVS, PART_CALLS, PART_FILTER, PART_STRINGS, PARTS
};

struct record {
	char magic[8];
	uint32_t version, bytes;	/* of the whole record */
	uint64_t sum;			/* record_sum(): finds damage, not malice; the file is root's */
	uint32_t arch, limits;		/* NATIVE_ARCH; LIMITS */
	char name[NAME_BYTES];
	uint8_t digest[32];		/* SHA-256 of the record with sum, digest and all time stamps zero */
	int64_t admin_mtime_s, admin_mtime_ns;	/* of ADMIN_DIR, 0 if it was missing */
	uint64_t limit[LIMITS];
	struct {
		uint32_t offset, count;
	} part[PARTS];
};

/*
 * Checks magic, version, sum, sizes and offsets of `bytes` bytes. -1 with a complaint. Kinds and
 * indexes inside of elements are checked where they are used.
 */
int record_check(const struct record *record, size_t bytes, struct complaint *complaint);

/* FNV-1a over all that follows `sum`. `record->bytes` must be right. */
uint64_t record_sum(const struct record *record);

/* The array of a part, which has record->part[part].count elements. */
const void *record_part(const struct record *record, enum record_part part);

/* The string at an offset of the pool; "" for one that is not in it. */
const char *record_string(const struct record *record, uint32_t at);

#endif
