/* From a resolved policy to the record that bot-jail reads. */
#ifndef POLICY_COMPILE_H
#define POLICY_COMPILE_H

#include "policy.h"
#include "record.h"

/*
 * What this host has: 'd' directory, 'f' other file, 0 nothing or not root's alone. Patterns ending
 * in '*' are expanded to at most `most` paths in `found`; the number of them.
 */
struct host {
	char (*kind)(const char *path);
	int (*expand)(const char *pattern, char found[][POLICY_PLACE_MAX], int most);
};

/* Compiles into `room` bytes. The record's size, or -1 when findings has errors. */
int policy_compile(const struct policy *policy, const struct host *host, struct record *record,
    size_t room,
    struct findings *findings);

/* SHA-256 of `bytes` bytes: given by the program, which links a library for it. */
typedef void policy_hash(const void *data, size_t bytes, uint8_t digest[32]);
void policy_seal(struct record *record, policy_hash *hash);

/*
 * The rules of a policy for every number below CALLS_MAX; the number of them that are worth
 * compiling.
 */
int policy_rules(const struct policy *policy, struct rule rules[CALLS_MAX]);

#endif
