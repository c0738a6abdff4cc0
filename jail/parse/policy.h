/*
 * A policy as text says it, everything resolved: who set what, where, and why. bot-policy(5) is the
 * language.
 */
#ifndef POLICY_H
#define POLICY_H

#include "answers.h"
#include "limits.h"
#include "record.h"

#include <stdbool.h>
#include <stddef.h>

#define POLICY_ITEMS 200
#define POLICY_SOURCES 24
#define POLICY_POOL 65536
#define POLICY_PLACE_MAX 200

/* Where a line comes from. All strings live as long as the policy. */
struct origin {
	const char *file;	/* "python.policy" */
	int line;
	const char *comment;	/* what stands behind '#', or "" */
};

struct policy_limit {
	uint64_t value;		/* LIMIT_NONE: not set */
	struct origin origin;
};

struct policy_item {
	enum op_kind kind;
	uint32_t flags;		/* OP_EXEC */
	uint32_t number;	/* as record_op.number */
	const char *place;	/* without the leading '/' */
	const char *text;
	bool optional;		/* OP_BIND: left out on a host that has not got it */
	struct origin origin;
};

struct policy_slot {
	const char *name, *place;
	enum slot_kind kind;
	uint32_t flags;
	uint64_t size;
	struct origin origin;
};

struct policy_env {
	const char *text;
	struct origin origin;
};

struct policy_call {
	struct listing listing;
	struct origin origin;
};

/* A file that was read, as fetch() found it. */
struct policy_source {
	char name[NAME_BYTES + 8];
	bool vendor;
	int64_t mtime_s, mtime_ns, size;
};

struct policy {
	char name[NAME_BYTES];
	struct policy_limit limit[LIMITS];
	struct policy_item item[POLICY_ITEMS];
	int items;
	struct policy_slot slot[SLOTS_MAX];
	int slots;
	struct policy_env env[ENVS_MAX];
	int envs;
	struct policy_call call[CALLS_MAX];
	struct policy_source source[POLICY_SOURCES];
	int sources;
	int64_t admin_mtime_s, admin_mtime_ns;
	char pool[POLICY_POOL];
	size_t pool_used;
};

/* Where mistakes go: one line each, "file:line: what is wrong". */
struct findings {
	void (*say)(const char *text);
	int errors, warnings;
	bool quiet;		/* warnings are counted only */
};

/*
 * Finds the source of that name ("python": python.policy, else python.set) and returns its bytes,
 * which live until the next call, or NULL. It fills in *source.
 */
typedef const char *policy_fetch(const void *where, const char *name, struct policy_source *source,
    size_t *length);

/* Reads a policy and all that it includes. -1 when there were errors; findings has said which. */
int policy_read(struct policy *policy, const char *name, policy_fetch *fetch, const void *where,
    struct findings *findings);

/* What a sound policy must have, and what a wise one has. -1 when there were errors. */
int policy_lint(const struct policy *policy, struct findings *findings);

void policy_error(struct findings *findings, const struct origin *at, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void policy_warn(struct findings *findings, const struct origin *at, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
