/* Owns the JSON of the status line. It formats memory into memory. */
#include "status_line.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#define X32_BIT 0x40000000

struct text {
	char *at;
	size_t left;
};

static const struct {
	const char *name;
	size_t offset;
} statistics[] = {
#define STATISTIC(name) { #name, offsetof(struct outcome, name) }
	STATISTIC(wall_us), STATISTIC(cpu_us), STATISTIC(user_us), STATISTIC(system_us),
	STATISTIC(memory_peak), STATISTIC(processes_peak), STATISTIC(oom_kills),
	STATISTIC(throttled_us),
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

/* Strings are ours or words of the caller's: what is not plain ASCII becomes '?'. */
static void
add_string(struct text *text, const char *name, const char *value)
{
	add(text, value ? ",\"%s\":\"" : ",\"%s\":null", name);
	for (const char *at = value; at && *at; at++)
		add(text, *at == '"' || *at == '\\' ? "\\%c" : "%c", *at >= ' ' && *at <= '~' ? *at
		    : '?');
	add(text, value ? "\"" : "");
}

static void
add_number(struct text *text, const char *name, int64_t value)
{
	add(text, value < 0 ? ",\"%s\":null" : ",\"%s\":%lld", name, (long long)value);
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
add_call(struct text *text, const struct outcome *outcome, const struct plan *plan)
{
	if (outcome->reason != REASON_syscall) {
		add(text, ",\"syscall\":null");
		return;
	}
	add(text, ",\"syscall\":{\"number\":%d", outcome->call);
	add_string(text, "name", call_name(plan->record, outcome->call_arch, outcome->call));
	add_string(text, "abi", outcome->call_arch != NATIVE_ARCH ? "foreign"
	    : outcome->call & X32_BIT ? "x32" : "native");
	add(text, ",\"arch\":%u}", outcome->call_arch);
}

/*
 * Every limit in force: as the kernel read it back, or as planned and proven; then the inherited.
 */
static void
add_limits(struct text *text, const struct outcome *outcome, const struct plan *plan)
{
	const char *comma = "";

	add(text, ",\"limits\":{");
	for (int i = 0; plan && i < LIMITS; i++) {
		uint64_t back = outcome->cgroup_limit[i];

		if (plan->limit[i] == LIMIT_NONE)
			continue;
		add(text, "%s\"%s\":%llu", comma, limit_rows[i].name,
		    (unsigned long long)(back != LIMIT_NONE ? back : plan->limit[i]));
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
	/* room for the end, whatever was cut */
	struct text text = { line, STATUS_LINE_BYTES - 2 };
	bool failed = outcome->step < STEPS, refused = outcome->reason == REASON_refused;

	add(&text, "{\"reason\":\"%s\"", reason_names[outcome->reason]);
	add_number(&text, "exit", outcome->reason == REASON_exited ? outcome->exit : STAT_NONE);
	add_number(&text, "signal", outcome->signal ? outcome->signal : STAT_NONE);
	for (size_t i = 0; i < sizeof(statistics) / sizeof(*statistics); i++) {
		int64_t value;

		memcpy(&value, (const char *)outcome + statistics[i].offset, sizeof(value));
		add_number(&text, statistics[i].name, value);
	}
	add_call(&text, outcome, plan);
	add_string(&text, "step", failed ? step_rows[outcome->step].name : NULL);
	add_number(&text, "errno", failed ? outcome->error : STAT_NONE);
	add_string(&text, "message", failed || refused ? outcome->complaint.text : NULL);
	add_string(&text, "teardown", outcome->stuck);
	add_string(&text, "policy", policy);
	add(&text, plan ? ",\"digest\":\"" : ",\"digest\":null");
	for (size_t i = 0; plan && i < sizeof(plan->record->digest); i++)
		add(&text, "%02x", plan->record->digest[i]);
	add(&text, plan ? "\"" : "");
	add_limits(&text, outcome, plan);
	memcpy(text.at, "}\n", 2);
	return (size_t)(text.at - line) + 2;
}
