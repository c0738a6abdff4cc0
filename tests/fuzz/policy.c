/* A policy's text: what is read without an error compiles to a record that bot-jail finds sound. */
#include "fuzz.h"
#include "real_record.h"

#define FUZZED "fuzzed"

static struct {
	const char *text;
	size_t length;
} fuzzed;

static void
say(const char *line)
{
	PROMISE(strlen(line) > 0);
}

/* Includes of other names get one of the policies. */
static const char *
fetch(const void *where, const char *name, struct policy_source *source, size_t *length)
{
	static const char base[] =
	    "limit memory 512M\nlimit wall 1h\nlimit processes 64\nallow execve read # who\n";

	(void)where;
	*source = (struct policy_source){ .size = 1 };
	snprintf(source->name, sizeof(source->name), "%s.policy", name);
	if (strcmp(name, FUZZED) == 0) {
		*length = fuzzed.length;
		return fuzzed.text;
	}
	*length = sizeof(base) - 1;
	return strcmp(name, "base") == 0 ? base : NULL;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct host host = { kind, expand };
	static struct policy policy;
	struct findings findings = { .say = say };
	struct complaint complaint;

	fuzzed.text = (const char *)data;
	fuzzed.length = size;
	if (policy_read(&policy, FUZZED, fetch, NULL, &findings) ||
	    policy_lint(&policy, &findings)) {
		PROMISE(findings.errors > 0);
		return 0;
	}
	int bytes = policy_compile(&policy, &host, &bent.record, sizeof(bent), &findings);
	if (bytes < 0)
		return 0;
	policy_seal(&bent.record, no_hash);
	PROMISE(record_check(&bent.record, (size_t)bytes, &complaint) == 0);
	(void)use(&bent.record);
	return 0;
}
