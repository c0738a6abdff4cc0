/* Owns the text of bot-jail -n: one fact a line, the first word its kind. */
#include "plan_print.h"

#include "value.h"

#include <stdio.h>

static void
print_limit(enum limit i, const struct plan *plan, const struct outcome *outcome)
{
	char value[VALUE_BYTES], back[VALUE_BYTES];

	value_print(plan->limit[i], limit_rows[i].unit, value);
	value_print(outcome->cgroup_limit[i], limit_rows[i].unit, back);
	printf("limit     %-16s %s", limit_rows[i].name, value);
	if (outcome->cgroup_limit[i] != LIMIT_NONE)
		printf(" (read back %s)", back);
	puts(plan->inherited[i] ? " (inherited from the caller)" : "");
}

static void
print_op(const struct record_op *op, const struct plan *plan)
{
	static const char *const kinds[OP_KINDS] = { "dir", "file", "link", "bind", "tmpfs", "proc",
	    "dev",
		"slot" };
	const char *text = op->kind == OP_FILE ? "" : record_string(plan->record, op->text);

	if (op->kind == OP_SLOT && op->number < SLOTS_MAX)
		text = plan->slot_dir[op->number] ? plan->slot_dir[op->number]
		    : plan_has_slot(plan, op->number) ? "(tmpfs)" : "(not filled)";
	if (op->kind < OP_KINDS)
		printf("%-9s /%s %s\n", kinds[op->kind], record_string(plan->record, op->place),
		    text);
}

void
plan_print(const struct plan *plan, const struct outcome *outcome)
{
	const struct record_op *op = record_part(plan->record, PART_OPS);

	printf("policy    %s\n", plan->record->name);
	for (int i = 0; i < LIMITS; i++)
		if (plan->limit[i] != LIMIT_NONE)
			print_limit(i, plan, outcome);
	for (uint32_t i = 0; i < plan->record->part[PART_OPS].count; i++)
		print_op(&op[i], plan);
	for (char *const *env = plan->envp; *env; env++)
		printf("env       %s\n", *env);
	for (char *const *arg = plan->request->argv; *arg; arg++)
		printf("argument  %s\n", *arg);
	for (int i = 0; i < STEPS; i++)
		printf("step      %-12s %s: %s\n", step_rows[i].name, step_rows[i].where,
		    step_rows[i].what);
}
