/*
 * Claim: the policy language is read as bot-policy(5) says, and each mistake is told with its line, the word and the
 * word that was meant. The cases are tests/policies.patterns: a policy's text, then what is said about it.
 */
#include "policy.h"
#include "tap.h"

#include <errno.h>
#include <stdlib.h>

#define TEXT_MAX 65536

static char said[8192];
static const char *text;

static void
say(const char *line)
{
	snprintf(said + strlen(said), sizeof(said) - strlen(said), "%s\n", line);
}

/* The policy under test is called "t"; "base" is a small one that it may include, "loop" includes itself. */
static const char *
fetch(const void *where, const char *name, struct policy_source *source, size_t *length)
{
	static const char base[] = "limit memory 512M\nlimit wall 1h\nlimit processes 64\nlimit tmp-size 8M\nlimit tmp-files 9\n"
	    "allow execve exit_group read\nallow ioctl arg1 TCGETS\nenv PATH=/usr/bin\nproc\n";
	const char *found = strcmp(name, "t") == 0 ? text : strcmp(name, "base") == 0 ? base
	    : strncmp(name, "loop", 4) == 0 ? "include t\n" : NULL;

	(void)where;
	*source = (struct policy_source){ .size = 1 };
	snprintf(source->name, sizeof(source->name), "%s.policy", name);
	if (found)
		*length = strlen(found);
	return found;
}

static void
check(const char *policy_text, const char *wanted, int number)
{
	static struct policy policy;
	struct findings findings = { .say = say };
	char name[64];

	said[0] = '\0';
	text = policy_text;
	if (policy_read(&policy, "t", fetch, NULL, &findings) == 0)
		(void)policy_lint(&policy, &findings);
	snprintf(name, sizeof(name), "case %d: %.40s", number, policy_text);
	name[strcspn(name, "\n")] = '\0';
	if (!is_text(said[0] ? said : "good\n", wanted, name))
		printf("# text:\n%s", policy_text);
}

/* policies.patterns: "== comment", the text, "--", what is said. In the text, a line "\0" holds a NUL, "\n-" ends it. */
static void
test_patterns(const char *path)
{
	FILE *file = fopen(path, "r");
	char line[4096];
	static char parts[2][TEXT_MAX];
	int part = -1, number = 0;

	if (!ok(file != NULL, "%s: %s", path, file ? "can be read" : strerror(errno)))
		return;
	while (fgets(line, sizeof(line), file)) {
		if (strncmp(line, "==", 2) == 0) {
			if (part == 1)
				check(parts[0], parts[1], ++number);
			part = 0;
			parts[0][0] = parts[1][0] = '\0';
		} else if (strcmp(line, "--\n") == 0) {
			part = 1;
		} else if (part >= 0) {
			strncat(parts[part], line, TEXT_MAX - strlen(parts[part]) - 1);
		}
	}
	check(parts[0], parts[1], ++number);
	fclose(file);
	ok(number > 40, "%d cases", number);
}

static void
test_odd_bytes(void)
{
	static struct policy policy;
	static char long_line[3000];
	struct findings findings = { .say = say };

	check("limit memory 1M", "t.policy:1: the last line does not end: is the file whole?\n", 1001);
	memset(long_line, 'a', 2000);
	strcpy(long_line + 2000, "\n");
	check(long_line, "t.policy:1: the line is longer than 1000 bytes\n", 1002);
	check("limit\x01memory 1M\n", "t.policy:1: the line holds a control character\n", 1003);
	check("include loop1\n", "t.policy:1: execve is not listed: nothing could be started\n"
	    "t.policy:1: exit_group is not listed: nothing could end\n"
	    "t.policy:1: proc is missing: a jail is proven by reading it\n"
	    "t.policy:1: env PATH=... is missing: programs are looked up in it\n"
	    "t.policy:1: warning: no limit memory\nt.policy:1: warning: no limit processes\nt.policy:1: warning: no limit wall\n", 1004);
	said[0] = '\0';
	ok(policy_read(&policy, "nothing", fetch, NULL, &findings) != 0, "a policy that does not exist");
	is_text(said, "nothing:0: no policy or set is called 'nothing'\n", "is told so");
}

int
main(int argc, char *argv[])
{
	test_patterns(argc > 1 ? argv[1] : "tests/policies.patterns");
	test_odd_bytes();
	return done_testing();
}
