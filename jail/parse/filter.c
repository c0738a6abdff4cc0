/*
 * Owns the code generator. libseccomp could not be asked: it has one default answer, and we need
 * ENOSYS for unknown numbers and EPERM for arguments that no rule names; its chains of conditions
 * on one call do not fall through to the next; and equal neighbours are not merged, so its tree for
 * the same rules is twice as long to load.
 */
#include "filter.h"

#include "record.h"

#include <errno.h>
#include <linux/audit.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <string.h>


#define X32_BIT 0x40000000
#define NEAR 255		/* how far a conditional jump reaches */

static const uint32_t returns[ANSWERS] = {
	[ANSWER_ENOSYS] = SECCOMP_RET_ERRNO | ENOSYS,
	[ANSWER_EPERM]  = SECCOMP_RET_ERRNO | EPERM,
	[ANSWER_EACCES] = SECCOMP_RET_ERRNO | EACCES,
	[ANSWER_EOPNOTSUPP] = SECCOMP_RET_ERRNO | EOPNOTSUPP,
	[ANSWER_ALLOW]  = SECCOMP_RET_ALLOW,
	[ANSWER_KILL]   = SECCOMP_RET_USER_NOTIF,	/* the keeper reads which call it was, and kills the jail */
};

struct code {
	struct sock_filter *at;
	int count, most;	/* count goes on when `most` is passed, so that the end notices */
};

/* Calls with the same rule: from `first` up to the next run's first. */
struct run {
	uint32_t first;
	const struct rule *rule;
};

static void
emit(struct code *code, uint16_t op, uint32_t k, uint8_t yes, uint8_t no)
{
	if (code->count < code->most)
		code->at[code->count] = (struct sock_filter){ op, yes, no, k };
	code->count++;
}

static void
load(struct code *code, size_t offset)
{
	emit(code, BPF_LD | BPF_W | BPF_ABS, (uint32_t)offset, 0, 0);
}

static void
answer(struct code *code, enum answer answer)
{
	emit(code, BPF_RET | BPF_K, returns[answer], 0, 0);
}

/* The low half of an argument, where the kernel keeps it on a little-endian machine. */
static size_t
low_half(int arg)
{
	return offsetof(struct seccomp_data, args) + (size_t)arg * sizeof(uint64_t);
}

static void
emit_rule(struct code *code, const struct rule *rule)
{
	for (int i = 0; i < rule->tests; i++) {
		const struct test *test = &rule->test[i];

		load(code, low_half(test->arg));
		if (test->mask != ~0u)
			emit(code, BPF_ALU | BPF_AND | BPF_K, test->mask, 0, 0);
		emit(code, BPF_JMP | BPF_JEQ | BPF_K, test->value, test->unless, !test->unless);
		answer(code, test->answer);
	}
	answer(code, rule->otherwise);
}

/* Left half at once, right half behind it; a far right half needs a long jump. */
static void
emit_tree(struct code *code, const struct run *runs, int count)
{
	if (count == 1) {
		emit_rule(code, runs[0].rule);
		return;
	}
	struct code left = { NULL, 0, 0 };
	emit_tree(&left, runs, count / 2);
	if (left.count <= NEAR) {
		emit(code, BPF_JMP | BPF_JGE | BPF_K, runs[count / 2].first, (uint8_t)left.count,
		    0);
	} else {
		emit(code, BPF_JMP | BPF_JGE | BPF_K, runs[count / 2].first, 0, 1);
		emit(code, BPF_JMP | BPF_JA, (uint32_t)left.count, 0, 0);
	}
	emit_tree(code, runs, count / 2);
	emit_tree(code, runs + count / 2, count - count / 2);
}

static bool
same_rule(const struct rule *a, const struct rule *b)
{
	return a->tests == 0 && b->tests == 0 && a->otherwise == b->otherwise;
}

int
filter_make(const struct rule *rules, int count, struct sock_filter *program, int most)
{
	static const struct rule unknown = { .otherwise = ANSWER_ENOSYS },
	    foreign = { .otherwise = ANSWER_KILL };
	struct run runs[CALLS_MAX + 4];
	struct code code = { program, 0, most };
	int n = 0;

	for (int i = 0; i < count; i++)
		if (n == 0 || !same_rule(runs[n - 1].rule, &rules[i]))
			runs[n++] = (struct run){ (uint32_t)i, &rules[i] };
	if (n == 0 || !same_rule(runs[n - 1].rule, &unknown))
		runs[n++] = (struct run){ (uint32_t)count, &unknown };
	if (NATIVE_ARCH == AUDIT_ARCH_X86_64) {
		runs[n++] = (struct run){ X32_BIT, &foreign };
		/* -1: a tracer's "skip this call" */
		runs[n++] = (struct run){ ~0u, &unknown };
	}
	load(&code, offsetof(struct seccomp_data, arch));
	emit(&code, BPF_JMP | BPF_JEQ | BPF_K, NATIVE_ARCH, 1, 0);
	answer(&code, ANSWER_KILL);
	load(&code, offsetof(struct seccomp_data, nr));
	emit_tree(&code, runs, n);
	return code.count <= most ? code.count : -1;
}
