/*
 * What a policy answers to a system call: plain data, decided at the administrator's desk. The
 * filter is made of it, and tests compare the two.
 */
#ifndef ANSWERS_H
#define ANSWERS_H

#include <stdbool.h>
#include <stdint.h>

#define CALLS_MAX 1024		/* numbers of system calls; the kernel has used about 470 */
#define TESTS_MAX 40

enum answer {
	ANSWER_ENOSYS, ANSWER_EPERM, ANSWER_EACCES, ANSWER_EOPNOTSUPP, ANSWER_ALLOW, ANSWER_KILL,
	ANSWERS
};

/*
 * Arguments are compared as the 32 bits that the kernel takes: the upper half of a register is
 * never looked at, or a bot could hide there (CVE-2019-10063).
 */
struct test {
	uint8_t arg;
	bool unless;			/* it matches when (argument & mask) is not `value` */
	uint32_t mask, value;		/* else when it is */
	enum answer answer;
};

/* The first test that matches decides, else `otherwise`. */
struct rule {
	int tests;
	struct test test[TESTS_MAX];
	enum answer otherwise;
};

/* Names for -k style output: "ENOSYS", "EPERM", "EACCES", "allow", "kill". */
extern const char *const answer_names[ANSWERS];

/*
 * The rule of call `number` in a policy that lists it or does not. `values` restrict one argument
 * (`arg`, count 0: any). Families, forced ENOSYS, mode bits, namespace flags and other arguments
 * are built in here and cannot be listed away.
 */
struct listing {
	bool listed;
	uint8_t arg;
	int count;
	uint32_t values[TESTS_MAX - 4];
};
void answers_rule(int number, const struct listing *listing, struct rule *rule);

/* What the rule says to these arguments. */
enum answer answers_decide(const struct rule *rule, const uint64_t args[6]);

/*
 * Why no policy may list this call ("belongs to the family trace, which is always closed"), or
 * NULL.
 */
const char *answers_forbidden(const char *name);

/* Does it take a mode, which is looked at whatever a policy lists? */
bool answers_has_mode(const char *name);

/* The family of a call, or NULL. */
const char *answers_family(const char *name);

/*
 * Number of a system call of this architecture by name, -1: unknown; and its name, NULL: unknown.
 */
int call_number(const char *name);
const char *call_of_number(int number);

#endif
