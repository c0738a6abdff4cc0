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
meet_limits(const struct record *record, const struct request *request, const uint64_t inherited[LIMITS],
    struct plan *plan, struct complaint *complaint)
{
	for (int i = 0; i < LIMITS; i++) {
		uint64_t asked = request->limit[i], policy = record->limit[i];
		char asked_text[VALUE_BYTES], policy_text[VALUE_BYTES];

		if (asked != LIMIT_NONE && asked > policy) {
			value_print(asked, limit_rows[i].unit, asked_text);
			value_print(policy, limit_rows[i].unit, policy_text);
			return complain(complaint, "%s=%s is looser than policy %s (%s)", limit_rows[i].name,
			    asked_text, record->name, policy_text);
		}
		plan->limit[i] = least(least(asked, policy), inherited[i]);
		plan->inherited[i] = inherited[i] < least(asked, policy);
	}
	return 0;
}

static int
meet_slot(const struct record *record, const struct request_slot *asked, struct plan *plan,
    struct complaint *complaint)
{
	const struct record_slot *slot = record_part(record, PART_SLOTS);

	for (uint32_t i = 0; i < record->part[PART_SLOTS].count; i++) {
		if (strcmp(record_string(record, slot[i].name), asked->name) != 0)
			continue;
		if (slot[i].kind == SLOT_TMP)
			return complain(complaint, "slot %s of policy %s is a tmpfs and takes no directory",
			    asked->name, record->name);
		if (plan->slot_dir[i])
			return complain(complaint, "slot %s is filled twice", asked->name);
		plan->slot_dir[i] = asked->dir;
		return 0;
	}
	return complain(complaint, "policy %s has no slot %s; see bot-policy show %s", record->name, asked->name,
	    record->name);
}

/* "NAME" admits that name, "NAME*" each that starts so; "NAME=value" admits none. */
static bool
env_admits(const char *rule, const char *name, size_t length)
{
	size_t rule_length = strlen(rule);

	if (rule_length > 0 && rule[rule_length - 1] == '*')
		return length >= rule_length - 1 && strncmp(rule, name, rule_length - 1) == 0;
	return rule_length == length && strncmp(rule, name, length) == 0;
}

static bool
same_name(const char *a, const char *b)
{
	size_t length = strcspn(a, "=");

	return strcspn(b, "=") == length && strncmp(a, b, length) == 0;
}

static int
meet_env(const struct record *record, const char *asked, struct complaint *complaint)
{
	const struct record_env *env = record_part(record, PART_ENVS);
	size_t length = strcspn(asked, "=");

	for (uint32_t i = 0; i < record->part[PART_ENVS].count; i++)
		if (env_admits(record_string(record, env[i].text), asked, length))
			return 0;
	return complain(complaint, "policy %s does not list the variable %.*s; see bot-policy show %s",
	    record->name, (int)length, asked, record->name);
}

static bool
is_asked(const struct request *request, const char *text)
{
	for (int i = 0; i < request->envs; i++)
		if (same_name(request->env[i], text))
			return true;
	return false;
}

static int
meet_envs(const struct record *record, const struct request *request, struct plan *plan,
    struct complaint *complaint)
{
	const struct record_env *env = record_part(record, PART_ENVS);
	int n = 0;

	plan->path = "";
	for (uint32_t i = 0; i < record->part[PART_ENVS].count; i++) {
		const char *text = record_string(record, env[i].text);

		if (strncmp(text, "PATH=", 5) == 0)
			plan->path = text + 5;
		if (strchr(text, '=') && !is_asked(request, text))
			plan->envp[n++] = (char *)text;
	}
	for (int i = 0; i < request->envs; i++) {
		if (meet_env(record, request->env[i], complaint))
			return -1;
		plan->envp[n++] = (char *)request->env[i];
	}
	return 0;
}

bool
plan_has_slot(const struct plan *plan, uint32_t index)
{
	const struct record_slot *slot = record_part(plan->record, PART_SLOTS);

	return slot[index].kind == SLOT_TMP || plan->slot_dir[index];
}

int
plan_meet(const struct record *record, const struct request *request, const uint64_t inherited[LIMITS],
    struct plan *plan, struct complaint *complaint)
{
	memset(plan, 0, sizeof(*plan));
	plan->record = record;
	plan->request = request;
	if (meet_limits(record, request, inherited, plan, complaint) ||
	    meet_envs(record, request, plan, complaint))
		return -1;
	for (int i = 0; i < request->slots; i++)
		if (meet_slot(record, &request->slot[i], plan, complaint))
			return -1;
	return 0;
}
