/* Claim: bot-jail's command line is read strictly; every mistake is one sentence that names the word. */
#include "request_parse.h"
#include "tap.h"

#include <stdlib.h>

#define WORDS 12

static const struct {
	const char *argv[WORDS];
	const char *complaint;	/* NULL: it is a good request */
} cases[] = {
	{ { "bot-jail", "-p", "agent", "true" }, NULL },
	{ { "bot-jail", "-pagent", "--", "true" }, NULL },
	{ { "bot-jail", "-p", "agent", "-l", "memory=1M", "-l", "wall=0", "-n" }, NULL },
	{ { "bot-jail", "-p", "agent", "-lmemory=1M", "-dbot=/x", "-eA=", "-s3", "-c4", "true" }, NULL },
	{ { "bot-jail", "-p", "agent", "--", "-p", "other" }, NULL },
	{ { "bot-jail", "-p", "agent", "true", "-l", "memory=1" }, NULL },
	{ { "bot-jail", "-p", "agent", "-", "x" }, NULL },
	{ { "bot-jail", "-h" }, NULL },
	{ { "bot-jail", "--help" }, NULL },
	{ { "bot-jail", "--version" }, NULL },
	{ { NULL }, "started without arguments" },
	{ { "bot-jail" }, "no policy: -p POLICY is missing; see bot-policy list" },
	{ { "bot-jail", "true" }, "no policy: -p POLICY is missing; see bot-policy list" },
	{ { "bot-jail", "-p", "agent" }, "no program given; see bot-jail -h" },
	{ { "bot-jail", "-p", "agent", "--" }, "no program given; see bot-jail -h" },
	{ { "bot-jail", "-p" }, "-p: POLICY is missing; see bot-jail -h" },
	{ { "bot-jail", "-p", "" }, "-p : not a policy name (a-z, 0-9, -); see bot-policy list" },
	{ { "bot-jail", "-p", "../../etc/x", "true" }, "-p ../../etc/x: not a policy name (a-z, 0-9, -); see bot-policy list" },
	{ { "bot-jail", "-p", "a/b", "true" }, "-p a/b: not a policy name (a-z, 0-9, -); see bot-policy list" },
	{ { "bot-jail", "-p", "Agent", "true" }, "-p Agent: not a policy name (a-z, 0-9, -); see bot-policy list" },
	{ { "bot-jail", "-p", "abcdefghijklmnopqrstuvwxyz0123456789", "true" },
	  "-p abcdefghijklmnopqrstuvwxyz0123456789: not a policy name (a-z, 0-9, -); see bot-policy list" },
	{ { "bot-jail", "-p", "a", "-p", "b", "true" }, "-p b: only one policy can be given" },
	{ { "bot-jail", "-p", "a", "-x", "true" }, "-x: no such option; see bot-jail -h" },
	{ { "bot-jail", "-p", "a", "--wall", "1", "true" }, "--wall: no such option; see bot-jail -h" },
	{ { "bot-jail", "-p", "a", "-nn", "true" }, "-nn: no such option; see bot-jail -h" },
	{ { "bot-jail", "-p", "a", "-helping", "true" }, "-helping: no such option; see bot-jail -h" },
	{ { "bot-jail", "-p", "a", "-l", "memroy=1M", "true" }, "-l memroy=1M: no limit is called memroy; see bot-jail -h" },
	{ { "bot-jail", "-p", "a", "-l", "memory", "true" }, "-l memory: want LIMIT=VALUE" },
	{ { "bot-jail", "-p", "a", "-l", "=1M", "true" }, "-l =1M: want LIMIT=VALUE" },
	{ { "bot-jail", "-p", "a", "-l", "memory=", "true" }, "-l memory=:  is not a number" },
	{ { "bot-jail", "-p", "a", "-l", "memory=512", "true" }, "-l memory=512: 512 needs one of the units B, K, M, G, T" },
	{ { "bot-jail", "-p", "a", "-l", "memory=-1", "true" }, "-l memory=-1: -1 is not a number" },
	{ { "bot-jail", "-p", "a", "-l", "memory=99999999999T", "true" }, "-l memory=99999999999T: 99999999999T is too large" },
	{ { "bot-jail", "-p", "a", "-l", "wall=1s", "-l", "wall=2s", "true" }, "-l wall=2s: wall is given twice" },
	{ { "bot-jail", "-p", "a", "-d", "bot", "true" }, "-d bot: want SLOT=DIR" },
	{ { "bot-jail", "-p", "a", "-d", "bot=", "true" }, "-d bot=: want SLOT=DIR" },
	{ { "bot-jail", "-p", "a", "-e", "A", "true" }, "-e A: want NAME=VALUE" },
	{ { "bot-jail", "-p", "a", "-e", "=x", "true" }, "-e =x: want NAME=VALUE" },
	{ { "bot-jail", "-p", "a", "-s", "1abc", "true" }, "-s 1abc: not the number of a descriptor" },
	{ { "bot-jail", "-p", "a", "-s", "-1", "true" }, "-s -1: not the number of a descriptor" },
	{ { "bot-jail", "-p", "a", "-s", "4294967295", "true" }, "-s 4294967295: not the number of a descriptor" },
	{ { "bot-jail", "-p", "a", "-s", "", "true" }, "-s : not the number of a descriptor" },
	{ { "bot-jail", "-p", "a", "-s", "1", "-s", "2", "true" }, "-s 2: given twice" },
	{ { "bot-jail", "-p", "a", "-c", "x", "true" }, "-c x: not the number of a descriptor" },
};

static int
count(const char *const *argv)
{
	int n = 0;

	while (argv[n])
		n++;
	return n;
}

static void
test_cases(void)
{
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct request request;
		struct complaint complaint = { "" };
		char name[256] = "";
		int wrong = request_parse(count(cases[i].argv), (char *const *)cases[i].argv, &request, &complaint);

		for (const char *const *word = cases[i].argv; *word; word++)
			snprintf(name + strlen(name), sizeof(name) - strlen(name), " %s", *word);
		is_text(wrong ? complaint.text : "good", cases[i].complaint ? cases[i].complaint : "good", name);
	}
}

static void
test_values(void)
{
	char *const argv[] = { "bot-jail", "-p", "agent", "-l", "cpu-rate=25%", "-d", "bot=/a=b", "-e", "BOT_X=y=z", "-s", "7",
		"-c", "8", "-n", "--", "prog", "-x", "--", NULL };
	struct request request;
	struct complaint complaint;

	ok(request_parse(18, argv, &request, &complaint) == 0, "a request with everything is good");
	is_text(request.policy, "agent", "its policy");
	ok(request.limit[LIMIT_cpu_rate] == 25 && request.limit[LIMIT_memory] == LIMIT_NONE, "its limits");
	ok(request.slots == 1 && strcmp(request.slot[0].name, "bot") == 0, "its slot ends at the first =");
	is_text(request.slot[0].dir, "/a=b", "the directory may hold a =");
	is_text(request.env[0], "BOT_X=y=z", "a value may hold a =");
	ok(request.status_fd == 7 && request.control_fd == 8 && request.dry, "its descriptors, and -n");
	is_text(request.argv[0], "prog", "what follows -- is the program");
	is_text(request.argv[1], "-x", "options behind it are its own");
	is_text(request.argv[2], "--", "and so is a second --");
}

/* The status line must reach the caller even when a word before -s is wrong. */
static void
test_status_after_mistake(void)
{
	char *const argv[] = { "bot-jail", "-x", "-s", "5", "-l", "nonsense", "true", NULL };
	struct request request;
	struct complaint complaint;

	ok(request_parse(7, argv, &request, &complaint) != 0, "a mistake before -s is a mistake");
	is_text(complaint.text, "-x: no such option; see bot-jail -h", "the first mistake is told");
	ok(request.status_fd == 5, "-s behind it is still heard");
}

static void
test_too_many(const char *option, const char *start, int most, const char *complaint_text)
{
	char *argv[400] = { "bot-jail", "-p", "a" }, words[150][32];
	struct request request;
	struct complaint complaint;
	int n = 3;

	for (int i = 0; i <= most; i++) {
		snprintf(words[i], sizeof(words[i]), "%s%d=/x", start, i);
		argv[n++] = (char *)option;
		argv[n++] = words[i];
	}
	argv[n++] = "true";
	argv[n] = NULL;
	ok(request_parse(n, argv, &request, &complaint) != 0 && strstr(complaint.text, complaint_text), "%s", complaint_text);
}

int
main(void)
{
	test_cases();
	test_values();
	test_status_after_mistake();
	test_too_many("-d", "s", SLOTS_MAX, "more than 16 slots");
	test_too_many("-e", "V", ENVS_MAX, "more than 64 variables");
	return done_testing();
}
