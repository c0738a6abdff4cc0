/*
 * Owns what makes a policy sound. Errors are what would make every jail fail or leak; warnings are
 * advice.
 */
#include "policy.h"

#include <string.h>

#define INTERPRETER_BYTES (32ull << 20)

struct lint {
	const struct policy *policy;
	struct findings *findings;
	struct origin whole;		/* for what is missing everywhere */
};

static const struct policy_item *
find_item(const struct policy *policy, enum op_kind kind, const char *place)
{
	for (int i = 0; i < policy->items; i++)
		if (policy->item[i].kind == kind &&
		    (!place || strcmp(policy->item[i].place, place) == 0))
			return &policy->item[i];
	return NULL;
}

static bool
is_listed(const struct policy *policy, const char *name)
{
	int number = call_number(name);

	return number >= 0 && policy->call[number].listing.listed;
}

static void
lint_calls(const struct lint *lint)
{
	const struct policy_item *tmp = find_item(lint->policy, OP_TMPFS, NULL);
	int memfd = call_number("memfd_create");

	if (!is_listed(lint->policy, "execve"))
		policy_error(lint->findings, &lint->whole,
		    "execve is not listed: nothing could be started");
	if (!is_listed(lint->policy, "exit_group"))
		policy_error(lint->findings, &lint->whole,
		    "exit_group is not listed: nothing could end");
	if (is_listed(lint->policy, "memfd_create") && tmp && !(tmp->flags & OP_EXEC))
		policy_error(lint->findings, &lint->policy->call[memfd].origin,
		    "memfd_create makes executable files, which the noexec of /%s (%s:%d) forbids",
		    tmp->place,
		    tmp->origin.file, tmp->origin.line);
}

static void
lint_tmpfs(const struct lint *lint, const struct policy_item *item)
{
	for (uint32_t i = item->number; i <= item->number + 1; i++)
		if (lint->policy->limit[i].value == LIMIT_NONE)
			policy_error(lint->findings, &item->origin, "tmpfs /%s needs limit %s",
			    item->place, limit_rows[i].name);
}

static void
lint_files(const struct lint *lint)
{
	const struct policy *policy = lint->policy;
	bool path = false;

	if (!find_item(policy, OP_PROC, "proc"))
		policy_error(lint->findings, &lint->whole,
		    "proc is missing: a jail is proven by reading it");
	for (int i = 0; i < policy->items; i++)
		if (policy->item[i].kind == OP_TMPFS)
			lint_tmpfs(lint, &policy->item[i]);
	for (int i = 0; i < policy->envs; i++)
		path |= strncmp(policy->env[i].text, "PATH=", 5) == 0;
	if (!path)
		policy_error(lint->findings, &lint->whole,
		    "env PATH=... is missing: programs are looked up in it");
}

static void
lint_limits(const struct lint *lint)
{
	static const enum limit wise[] = { LIMIT_memory, LIMIT_processes, LIMIT_wall };
	const struct policy_limit *limit = lint->policy->limit;
	uint64_t memory = limit[LIMIT_memory].value, tmp = limit[LIMIT_tmp_size].value;

	for (size_t i = 0; i < sizeof(wise) / sizeof(*wise); i++)
		if (limit[wise[i]].value == LIMIT_NONE)
			policy_warn(lint->findings, &lint->whole, "no limit %s",
			    limit_rows[wise[i]].name);
	if (limit[LIMIT_swap].value != LIMIT_NONE && memory == LIMIT_NONE)
		policy_error(lint->findings, &limit[LIMIT_swap].origin,
		    "limit swap needs limit memory");
	if (limit[LIMIT_cpu_rate].value == 0)
		policy_error(lint->findings, &limit[LIMIT_cpu_rate].origin,
		    "limit cpu-rate 0%% would never run anything");
	if (limit[LIMIT_processes].value == 0)
		policy_error(lint->findings, &limit[LIMIT_processes].origin,
		    "limit processes 0 leaves no room for the bot");
	if (memory != LIMIT_NONE && tmp != LIMIT_NONE && find_item(lint->policy, OP_TMPFS, "tmp") &&
	    tmp + INTERPRETER_BYTES > memory)
		policy_warn(lint->findings, &limit[LIMIT_tmp_size].origin,
		    "a full /tmp and an interpreter (32M) exceed limit memory: /tmp counts as memory");
}

int
policy_lint(const struct policy *policy, struct findings *findings)
{
	const struct lint lint = { policy, findings, { policy->source[0].name, 1, "" } };
	int before = findings->errors;

	lint_calls(&lint);
	lint_files(&lint);
	lint_limits(&lint);
	return findings->errors == before ? 0 : -1;
}
