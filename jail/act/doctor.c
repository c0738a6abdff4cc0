/*
 * Owns the diagnosis. Each check states what it found, and where that is a problem, a cure that can
 * be pasted into a root shell. The last check believes none of the others: it starts a jail.
 */
#include "doctor.h"

#include "doctor_checks.h"

#include <stdarg.h>
#include <stdio.h>

void
tell(struct doctor *doctor, enum state state, const char *fact, const char *cure,
    const char *format, ...)
{
	static const char *const states[] = { "ok", "warn", "fail" };
	char text[TEXT_BYTES];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	doctor->fails += state == STATE_FAIL;
	if (doctor->json) {
		json_array_append_new(doctor->facts, json_pack("{s:s,s:s,s:s,s:s?}", "fact", fact,
		    "state", states[state], "text", text, "cure", cure));
		return;
	}
	printf("%-4s  %-12s %s\n", states[state], fact, text);
	if (cure)
		printf("      cure:        %s\n", cure);
}

static void (*const checks[])(struct doctor *doctor) = {
	check_kernel, check_sandbox, check_capabilities, check_v2, check_controllers, check_swap,
	check_userns, check_seccomp, check_runtime, check_parents, check_helper, check_group,
	check_uids, check_policies, check_jail,
};

int
doctor_check(bool json)
{
	struct doctor doctor = { .json = json, .facts = json ? json_array() : NULL };

	for (size_t i = 0; i < sizeof(checks) / sizeof(*checks); i++)
		checks[i](&doctor);
	if (json) {
		(void)json_dumpf(doctor.facts, stdout, JSON_INDENT(1));	/* fflush() tells */
		printf("\n");
		json_decref(doctor.facts);
	}
	return fflush(stdout) || doctor.fails ? 1 : 0;
}
