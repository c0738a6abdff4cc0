/* Policy sources and records on the disk. */
#ifndef POLICY_FILES_H
#define POLICY_FILES_H

#include "policy.h"

#define NAMES_MAX 200

/* Where sources are looked for, in this order. The default is ADMIN_DIR, then VENDOR_DIR. */
struct policy_dirs {
	const char *dir[3];
	int dirs;
	bool standard;		/* the last two are the standard ones */
};

extern const struct policy_dirs policy_standard_dirs;

/* Finding to standard error, behind the program's name. */
void policy_say(const char *text);

/*
 * Reads and lints a policy by name. NULL when there were errors. Static storage, until the
 * next call but one: two can be compared.
 */
const struct policy *policy_load(const struct policy_dirs *dirs, const char *name,
    struct findings *findings);

/* The same for a file: what it includes is looked for beside it first. A set is only read. */
int policy_check_file(const char *path, struct findings *findings);

/* Names of all policies (not sets), sorted; how many. */
int policy_names(const struct policy_dirs *dirs, char names[NAMES_MAX][NAME_BYTES]);

/*
 * Compiles the named policies, or all when `names` is empty, into `dir`; records without a source
 * are removed from it then. Each record appears whole or not at all. As root, sources must be
 * root's alone. 0, or 1 after errors.
 */
int policy_compile_into(const struct policy_dirs *dirs, const char *dir, char *const names[],
    struct findings *findings);

#endif
