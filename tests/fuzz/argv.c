/*
 * Arguments, divided by newlines: parsed, and met with a real policy. The plan is never looser than
 * the policy.
 */
#include "fuzz.h"
#include "plan.h"
#include "real_record.h"
#include "request_parse.h"

#define WORDS 64

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static char text[4096];
	static uint64_t inherited[LIMITS];
	char *argv[WORDS + 2] = { "bot-jail" };
	struct complaint complaint;
	struct request request;
	struct plan plan;
	int argc = 1;

	if (!real.record.bytes) {
		PROMISE(make_real() > 0);
		for (int i = 0; i < LIMITS; i++)
			inherited[i] = LIMIT_NONE;
	}
	if (size >= sizeof(text))
		return 0;
	memcpy(text, data, size);
	text[size] = '\0';
	for (char *rest = text; rest && argc <= WORDS;)
		argv[argc++] = strsep(&rest, "\n");
	argv[argc] = NULL;
	if (request_parse(argc, argv, &request, &complaint)) {
		PROMISE(complaint.text[0]);
		return 0;
	}
	if (request.help || request.version || plan_meet(&real.record, &request, inherited, &plan,
	    &complaint))
		return 0;
	for (int i = 0; i < LIMITS; i++)
		PROMISE(plan.limit[i] <= real.record.limit[i]);
	return 0;
}
