/* Owns the text of bot-jail -n: a table, one fact a line, the first word its kind. */
#include "plan_print.h"

#include "value.h"

#include <stdio.h>

static void
print_limits(const struct plan *plan, const struct outcome *outcome)
{
	for (int i = 0; i < LIMITS; i++) {
		char value[VALUE_BYTES], back[VALUE_BYTES];

		if (plan->limit[i] == LIMIT_NONE)
			continue;
		value_print(plan->limit[i], limit_rows[i].unit, value);
		printf("limit     %-16s %s", limit_rows[i].name, value);
		if (outcome->cgroup_limit[i] != LIMIT_NONE) {
			value_print(outcome->cgroup_limit[i], limit_rows[i].unit, back);
			printf(" (read back %s)", back);
		}
		printf("%s\n", plan->inherited[i] ? " (inherited from the caller)" : "");
	}
}

static void
print_tree(const struct plan *plan)
{
	static const char *const kinds[OP_KINDS] = { "dir", "file", "link", "bind", "tmpfs", "proc", "dev", "slot" };
	static const char *const slots[SLOT_KINDS] = { "read-only", "writable", "tmpfs" };
	const struct record_op *op = record_part(plan->record, PART_OPS);
	const struct record_slot *slot = record_part(plan->record, PART_SLOTS);

	for (uint32_t i = 0; i < plan->record->part[PART_OPS].count; i++, op++) {
		const char *text = record_string(plan->record, op->text);

		if (op->kind == OP_SLOT && plan->slot_dir[op->number])
			text = plan->slot_dir[op->number];
		printf("%-9s /%s", kinds[op->kind], record_string(plan->record, op->place));
		if (op->kind == OP_SLOT)
			printf(" %s%s", slots[slot[op->number].kind], plan_has_slot(plan, op->number) ? "" : " (not filled)");
		printf("%s%s\n", *text && op->kind != OP_FILE ? " " : "", op->kind != OP_FILE ? text : "");
	}
}

void
plan_print(const struct plan *plan, const struct outcome *outcome)
{
	printf("policy    %s\n", plan->record->name);
	print_limits(plan, outcome);
	print_tree(plan);
	for (char *const *env = plan->envp; *env; env++)
		printf("env       %s\n", *env);
	for (char *const *arg = plan->request->argv; *arg; arg++)
		printf("%s %s\n", arg == plan->request->argv ? "program  " : "argument ", *arg);
	for (int i = 0; i < STEPS; i++)
		printf("step      %-12s %s: %s\n", step_rows[i].name, step_rows[i].where, step_rows[i].what);
}
