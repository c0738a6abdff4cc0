/* Owns the meet: the one place where policy, request and inherited limits come together. Pure. */
#include "plan.h"

#include "value.h"

#include <string.h>

static uint64_t
least(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

static int
meet_limit(enum limit i, uint64_t inherited, struct plan *plan, struct complaint *complaint)
{
	uint64_t asked = plan->request->limit[i], policy = plan->record->limit[i];
	char asked_text[VALUE_BYTES], policy_text[VALUE_BYTES];

	if (asked != LIMIT_NONE && asked > policy) {
		value_print(asked, limit_rows[i].unit, asked_text);
		value_print(policy, limit_rows[i].unit, policy_text);
		return complain(complaint, "%s=%s is looser than policy %s (%s)",
		    limit_rows[i].name,
		    asked_text, plan->record->name, policy_text);
	}
	plan->limit[i] = least(least(asked, policy), inherited);
	plan->inherited[i] = inherited < least(asked, policy);
	return 0;
}

static int
meet_slot(const struct request_slot *asked, struct plan *plan, struct complaint *complaint)
{
	const struct record *record = plan->record;
	const struct record_slot *slot = record_part(record, PART_SLOTS);
	uint32_t i = 0, count = record->part[PART_SLOTS].count;

	while (i < count && strcmp(record_string(record, slot[i].name), asked->name) != 0)
		i++;
	if (i == count)
		return complain(complaint, "policy %s has no slot %s; see bot-policy show %s",
		    record->name,
		    asked->name, record->name);
	if (slot[i].kind == SLOT_TMP)
		return complain(complaint, "slot %s of policy %s is a tmpfs and takes no directory",
		    asked->name, record->name);
	if (plan->slot_dir[i])
		return complain(complaint, "slot %s is filled twice", asked->name);
	plan->slot_dir[i] = asked->dir;
	return 0;
}

/* "NAME" admits that name, "NAME*" each that starts so; "NAME=value" admits none. */
static bool
env_admits(const char *rule, const char *text)
{
	size_t length = strlen(rule);

	if (length > 0 && rule[length - 1] == '*')
		return strncmp(rule, text, length - 1) == 0;
	return strncmp(rule, text, length) == 0 && text[length] == '=';
}

static bool
same_name(const char *a, const char *b)
{
	size_t length = strcspn(a, "=");

	return strcspn(b, "=") == length && strncmp(a, b, length) == 0;
}

static int
meet_env(const char *asked, const struct plan *plan, struct complaint *complaint)
{
	const struct record_env *env = record_part(plan->record, PART_ENVS);

	for (uint32_t i = 0; i < plan->record->part[PART_ENVS].count; i++)
		if (env_admits(record_string(plan->record, env[i].text), asked))
			return 0;
	return complain(complaint,
	    "policy %s does not list the variable %.*s; see bot-policy show %s",
	    plan->record->name, (int)strcspn(asked, "="), asked, plan->record->name);
}

/* What the policy sets and the request does not; then what the request sets. */
static void
make_envp(struct plan *plan)
{
	const struct record_env *env = record_part(plan->record, PART_ENVS);
	int n = 0;

	plan->path = "";
	for (uint32_t i = 0; i < plan->record->part[PART_ENVS].count; i++) {
		const char *text = record_string(plan->record, env[i].text);
		bool asked = false;

		for (int j = 0; j < plan->request->envs; j++)
			asked |= same_name(plan->request->env[j], text);
		if (strncmp(text, "PATH=", 5) == 0)
			plan->path = text + 5;
		if (strchr(text, '=') && !asked)
			plan->envp[n++] = (char *)text;
	}
	for (int i = 0; i < plan->request->envs; i++)
		plan->envp[n++] = (char *)plan->request->env[i];
}

bool
plan_has_slot(const struct plan *plan, uint32_t index)
{
	const struct record_slot *slot = record_part(plan->record, PART_SLOTS);

	return index < plan->record->part[PART_SLOTS].count &&
	    (slot[index].kind == SLOT_TMP || plan->slot_dir[index]);
}

int
plan_meet(const struct record *record, const struct request *request,
    const uint64_t inherited[LIMITS], struct plan *plan, struct complaint *complaint)
{
	*plan = (struct plan){ .record = record, .request = request };
	for (int i = 0; i < LIMITS; i++)
		if (meet_limit(i, inherited[i], plan, complaint))
			return -1;
	for (int i = 0; i < request->envs; i++)
		if (meet_env(request->env[i], plan, complaint))
			return -1;
	for (int i = 0; i < request->slots; i++)
		if (meet_slot(&request->slot[i], plan, complaint))
			return -1;
	make_envp(plan);
	return 0;
}
