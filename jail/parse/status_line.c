/* Owns the JSON of the status line. It formats memory into memory. */
#include "status_line.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define X32_BIT 0x40000000

struct text {
	char *at;
	size_t left;
};

static void
add(struct text *text, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	int length = vsnprintf(text->at, text->left, format, args);
	va_end(args);
	if (length < 0 || (size_t)length >= text->left)
		length = (int)text->left - 1;
	text->at += length;
	text->left -= (size_t)length;
}

/* Every string here is ours or an argument of the caller's: what is not plain ASCII becomes '?'. */
static void
add_string(struct text *text, const char *name, const char *value)
{
	if (!value) {
		add(text, ",\"%s\":null", name);
		return;
	}
	add(text, ",\"%s\":\"", name);
	for (; *value; value++) {
		bool plain = *value >= ' ' && *value <= '~';

		add(text, *value == '"' || *value == '\\' ? "\\%c" : "%c", plain ? *value : '?');
	}
	add(text, "\"");
}

static void
add_number(struct text *text, const char *name, int64_t value)
{
	if (value < 0)
		add(text, ",\"%s\":null", name);
	else
		add(text, ",\"%s\":%lld", name, (long long)value);
}

const char *
call_name(const struct record *record, uint32_t arch, int number)
{
	const struct record_call *call = record_part(record, PART_CALLS);

	for (uint32_t i = 0; i < record->part[PART_CALLS].count; i++)
		if (arch == NATIVE_ARCH && call[i].number == (uint32_t)number)
			return record_string(record, call[i].name);
	return NULL;
}

static void
add_call(struct text *text, const struct outcome *outcome, const struct record *record)
{
	const char *abi = outcome->call_arch != NATIVE_ARCH ? "foreign"
	    : outcome->call & X32_BIT ? "x32" : "native";

	if (outcome->reason != REASON_syscall) {
		add(text, ",\"syscall\":null");
		return;
	}
	add(text, ",\"syscall\":{\"number\":%d", outcome->call);
	add_string(text, "name", call_name(record, outcome->call_arch, outcome->call));
	add_string(text, "abi", abi);
	add(text, ",\"arch\":%u}", outcome->call_arch);
}

static void
add_policy(struct text *text, const struct plan *plan, const char *policy)
{
	add_string(text, "policy", plan ? plan->record->name : policy);
	if (!plan) {
		add(text, ",\"digest\":null");
		return;
	}
	add(text, ",\"digest\":\"");
	for (size_t i = 0; i < sizeof(plan->record->digest); i++)
		add(text, "%02x", plan->record->digest[i]);
	add(text, "\"");
}

/* Every limit in force: as the kernel read it back where a cgroup holds it, else as planned and verified. */
static void
add_limits(struct text *text, const struct outcome *outcome, const struct plan *plan)
{
	const char *comma = "";

	add(text, ",\"limits\":{");
	for (int i = 0; plan && i < LIMITS; i++) {
		uint64_t value = outcome->cgroup_limit[i] != LIMIT_NONE ? outcome->cgroup_limit[i] : plan->limit[i];

		if (value == LIMIT_NONE)
			continue;
		add(text, "%s\"%s\":%llu", comma, limit_rows[i].name, (unsigned long long)value);
		comma = ",";
	}
	add(text, "},\"inherited\":[");
	comma = "";
	for (int i = 0; plan && i < LIMITS; i++)
		if (plan->inherited[i]) {
			add(text, "%s\"%s\"", comma, limit_rows[i].name);
			comma = ",";
		}
	add(text, "]");
}

size_t
status_line(const struct outcome *outcome, const struct plan *plan, const char *policy,
    char line[STATUS_LINE_BYTES])
{
	struct text text = { line, STATUS_LINE_BYTES - 2 };	/* room for the end, whatever was cut */
	bool failed = outcome->reason == REASON_setup, refused = outcome->reason == REASON_refused;

	add(&text, "{\"reason\":\"%s\"", reason_names[outcome->reason]);
	add_number(&text, "exit", outcome->reason == REASON_exited ? outcome->exit : STAT_NONE);
	add_number(&text, "signal", outcome->signal ? outcome->signal : STAT_NONE);
	add_number(&text, "wall_us", outcome->wall_us);
	add_number(&text, "cpu_us", outcome->cpu_us);
	add_number(&text, "user_us", outcome->user_us);
	add_number(&text, "system_us", outcome->system_us);
	add_number(&text, "memory_peak", outcome->memory_peak);
	add_number(&text, "processes_peak", outcome->processes_peak);
	add_number(&text, "oom_kills", outcome->oom_kills);
	add_number(&text, "throttled_us", outcome->throttled_us);
	add_call(&text, outcome, plan ? plan->record : NULL);
	add_string(&text, "step", failed ? step_rows[outcome->step].name : NULL);
	add_number(&text, "errno", failed ? outcome->error : STAT_NONE);
	add_string(&text, "message", failed || refused ? outcome->complaint.text : NULL);
	add_string(&text, "teardown", outcome->stuck);
	add_policy(&text, plan, policy);
	add_limits(&text, outcome, plan);
	memcpy(text.at, "}\n", 2);
	return (size_t)(text.at - line) + 2;
}
