/*
 * Owns how a policy is told. Each fact is formatted once, as a line of the language; show and diff
 * print those.
 */
#include "policy_show.h"

#include "value.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FACTS_MAX 1200
#define FACT_BYTES 256

struct fact {
	char text[FACT_BYTES];
	struct origin origin;
};

struct facts {
	int count;
	struct fact fact[FACTS_MAX];
};

static void
add(struct facts *facts, const struct origin *origin, const char *format, ...)
{
	va_list args;

	if (facts->count == FACTS_MAX)
		return;
	struct fact *fact = &facts->fact[facts->count++];
	fact->origin = *origin;
	va_start(args, format);
	vsnprintf(fact->text, sizeof(fact->text), format, args);
	va_end(args);
}

static void
add_item(struct facts *facts, const struct policy_item *item)
{
	const char *exec = item->flags & OP_EXEC ? " exec" : "", *optional = item->optional
	    ? " optional" : "";

	switch (item->kind) {
	case OP_DIR:
		add(facts, &item->origin, "dir /%s", item->place);
		break;
	case OP_FILE:
		add(facts, &item->origin, "file /%s %.*s", item->place,
		    (int)strcspn(item->text, "\n"), item->text);
		break;
	case OP_LINK:
		add(facts, &item->origin, "link /%s %s", item->place, item->text);
		break;
	case OP_BIND:
		if (strcmp(item->text + 1, item->place) == 0)
			add(facts, &item->origin, "bind %s%s%s", item->text, exec, optional);
		else
			add(facts, &item->origin, "bind %s /%s%s%s", item->text, item->place, exec,
			    optional);
		break;
	case OP_TMPFS:
		add(facts, &item->origin, "tmpfs /%s%s", item->place, exec);
		break;
	case OP_PROC:
		add(facts, &item->origin, "proc");
		break;
	case OP_DEV:
		add(facts, &item->origin, "dev %s", item->place + strlen("dev/"));
		break;
	default:
		break;	/* slots have lines of their own */
	}
}

static void
add_slot(struct facts *facts, const struct policy_slot *slot)
{
	static const char *const kinds[SLOT_KINDS] = { "ro", "rw", "tmp" };
	char size[VALUE_BYTES + 1] = "";

	if (slot->kind == SLOT_TMP) {
		size[0] = ' ';
		value_print(slot->size, UNIT_BYTES, size + 1);
	}
	add(facts, &slot->origin, "slot %s %s /%s%s%s", kinds[slot->kind], slot->name, slot->place,
	    size,
	    slot->flags & OP_EXEC ? " exec" : "");
}

static void
add_call(struct facts *facts, int number, const struct policy_call *call)
{
	char values[FACT_BYTES - 64] = "";
	size_t used = 0;

	for (int i = 0; i < call->listing.count && used < sizeof(values) - 16; i++)
		used += (size_t)snprintf(values + used, sizeof(values) - used, " %#x",
		    call->listing.values[i]);
	if (call->listing.count)
		add(facts, &call->origin, "allow %s arg%d%s", call_of_number(number),
		    call->listing.arg, values);
	else
		add(facts, &call->origin, "allow %s", call_of_number(number));
}

static void
collect(const struct policy *policy, struct facts *facts)
{
	facts->count = 0;
	for (int i = 0; i < LIMITS; i++) {
		char value[VALUE_BYTES];

		if (policy->limit[i].value == LIMIT_NONE)
			continue;
		value_print(policy->limit[i].value, limit_rows[i].unit, value);
		add(facts, &policy->limit[i].origin, "limit %s %s", limit_rows[i].name, value);
	}
	for (int i = 0; i < policy->items; i++)
		add_item(facts, &policy->item[i]);
	for (int i = 0; i < policy->slots; i++)
		add_slot(facts, &policy->slot[i]);
	for (int i = 0; i < policy->envs; i++)
		add(facts, &policy->env[i].origin, "env %s", policy->env[i].text);
	for (int i = 0; i < CALLS_MAX; i++)
		if (policy->call[i].listing.listed)
			add_call(facts, i, &policy->call[i]);
}

void
policy_show(const struct policy *policy)
{
	static struct facts facts;

	collect(policy, &facts);
	printf("# policy %s, as it is compiled\n", policy->name);
	for (int i = 0; i < facts.count; i++) {
		const struct fact *fact = &facts.fact[i];

		printf("%-44s # %s:%d%s%s\n", fact->text, fact->origin.file, fact->origin.line,
		    *fact->origin.comment ? ": " : "", fact->origin.comment);
	}
}

void
policy_print_line(const struct policy *policy)
{
	static const enum limit asked[] = { LIMIT_memory, LIMIT_processes, LIMIT_cpu_rate,
	    LIMIT_wall };

	printf("%-12s", policy->name);
	for (size_t i = 0; i < sizeof(asked) / sizeof(*asked); i++) {
		char value[VALUE_BYTES];

		value_print(policy->limit[asked[i]].value, limit_rows[asked[i]].unit, value);
		printf(" %s=%-6s", limit_rows[asked[i]].name, value);
	}
	printf("\n");
}

static bool
has_fact(const struct facts *facts, const char *text)
{
	for (int i = 0; i < facts->count; i++)
		if (strcmp(facts->fact[i].text, text) == 0)
			return true;
	return false;
}

static int
print_missing(char sign, const struct facts *from, const struct facts *in)
{
	int missing = 0;

	for (int i = 0; i < from->count; i++)
		if (!has_fact(in, from->fact[i].text)) {
			printf("%c%s\n", sign, from->fact[i].text);
			missing++;
		}
	return missing;
}

int
policy_diff(const struct policy *a, const struct policy *b)
{
	static struct facts of_a, of_b;

	collect(a, &of_a);
	collect(b, &of_b);
	printf("--- %s\n+++ %s\n", a->name, b->name);
	int missing = print_missing('-', &of_a, &of_b) + print_missing('+', &of_b, &of_a);
	return missing ? 1 : 0;
}

static void
print_rule(const struct rule *rule)
{
	for (int i = 0; i < rule->tests; i++) {
		const struct test *test = &rule->test[i];

		const char *answer = answer_names[test->answer];

		if (test->mask == ~0u)
			printf("  arg%d is%s %#x: %s\n", test->arg, test->unless ? " not" : "",
			    test->value, answer);
		else
			printf("  arg%d has %s of %#o: %s\n", test->arg, test->unless ? "any"
			    : test->value ? "all" : "none", test->mask, answer);
	}
	printf("  %s: %s\n", rule->tests ? "otherwise" : "always", answer_names[rule->otherwise]);
}

int
policy_explain(const struct policy *policy, const char *name)
{
	int number = call_number(name);
	const char *why = answers_forbidden(name);
	struct rule rule;

	if (number < 0) {
		fprintf(stderr, "bot-policy: no system call of this machine is called '%s'\n",
		    name);
		return 1;
	}
	const struct policy_call *call = &policy->call[number];
	answers_rule(number, &call->listing, &rule);
	printf("%s (%d) in policy %s\n", name, number, policy->name);
	print_rule(&rule);
	if (why)
		printf("  because it %s\n", why);
	else if (call->listing.listed)
		printf("  because of %s:%d%s%s\n", call->origin.file, call->origin.line,
		    *call->origin.comment ? ": " : "",
		    call->origin.comment);
	else
		printf("  because no line of the policy lists it\n");
	return 0;
}
