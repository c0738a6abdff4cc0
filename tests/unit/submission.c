/* Claim: submission.h lets pass what bots are made of, refuses every name that leads elsewhere, and knows what nobody wants. */
#include "submission.h"
#include "tap.h"

#include <stdlib.h>
#include <time.h>

static const struct {
	const char *name, *path, *why;	/* why: part of what is said by either check; NULL: it passes as path */
} names[] = {
	{ "agent.py", "agent.py", NULL },
	{ "./agent.py", "agent.py", NULL },
	{ "././a/b.c", "a/b.c", NULL },
	{ "a/", "a", NULL },
	{ ".", "", NULL },
	{ "./", "", NULL },
	{ ".env", ".env", NULL },
	{ "..agent", "..agent", NULL },
	{ "a..b/c", "a..b/c", NULL },
	{ "Agent-1_x.tar.gz", "Agent-1_x.tar.gz", NULL },
	{ "", "", "without a name" },
	{ "/etc/passwd", "", "absolute" },
	{ "//x", "", "absolute" },
	{ "\\x", "", "absolute" },
	{ "C:/x", "", "absolute" },
	{ "c:\\x", "", "absolute" },
	{ "..", "", "leads out" },
	{ "../x", "", "leads out" },
	{ "a/..", "", "leads out" },
	{ "a/../x", "", "leads out" },
	{ "..\\x", "", "leads out" },
	{ "a/./b", "", "plain" },
	{ "a//b", "", "plain" },
	{ "a b", "", "characters" },
	{ "a\nb", "", "characters" },
	{ "a\x1b[2J", "", "characters" },
	{ "\xc3\xa4.py", "", "characters" },
	{ "a;b", "", "characters" },
	{ "a$b", "", "characters" },
	{ "-x", "", "hyphen" },
	{ "a/-x", "", "hyphen" },
	{ "1/2/3/4/5/6/7/8/9/10/11/12/13/14/15/16", "1/2/3/4/5/6/7/8/9/10/11/12/13/14/15/16", NULL },
	{ "1/2/3/4/5/6/7/8/9/10/11/12/13/14/15/16/17", "", "16 folders" },
};

static void
check_names(void)
{
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		char path[SUBMISSION_PATH_BYTES] = "";
		const char *why = submission_path(names[i].name, path);

		if (!why && *path)
			why = submission_check(path);
		if (names[i].why)
			ok(why && strstr(why, names[i].why), "'%zu' is refused: %s", i, why ? why : "it is not");
		else
			ok(!why && strcmp(path, names[i].path) == 0, "'%s' is '%s'", names[i].name, why ? why : path);
	}
	char longest[SUBMISSION_PATH_BYTES + 1], path[SUBMISSION_PATH_BYTES];
	memset(longest, 'a', sizeof(longest) - 1);
	longest[sizeof(longest) - 1] = '\0';
	ok(submission_path(longest, path) != NULL, "a path of %d bytes is too long", SUBMISSION_PATH_BYTES);
	longest[255] = '/';
	longest[SUBMISSION_PATH_BYTES - 1] = '\0';
	ok(!submission_path(longest, path) && !submission_check(path), "one of %d is not", SUBMISSION_PATH_BYTES - 1);
	longest[255] = 'a';
	ok(!submission_path(longest, path) && submission_check(path), "a name of more than 255 is");
	ok(submission_path(NULL, path) != NULL, "no name at all is refused");
}

static void
check_lists(void)
{
	static const char *const junk[] = { "__MACOSX", "__MACOSX/._a", "a/.DS_Store", "._agent.py", "a/b/._c" },
	    *const ignored[] = { ".git/config", "a/__pycache__/b.pyc", "venv/bin/python", ".env", "x/.env.local", "b.pyc",
		"node_modules/a/b.js", "c.swp", "old~" },
	    *const kept[] = { "agent.py", "environment.py", "git", "venv.py", "a/target.py", ".botignore", "MACOSX/a" };
	static const char list[] = "# a comment\n\nnotes\n/data/big*\n*.log\nsub/deep/\r\n  \n";

	for (size_t i = 0; i < sizeof(junk) / sizeof(*junk); i++)
		ok(submission_is_junk(junk[i]), "%s is junk", junk[i]);
	for (size_t i = 0; i < sizeof(ignored) / sizeof(*ignored); i++)
		ok(submission_is_ignored(ignored[i]), "%s is ignored", ignored[i]);
	for (size_t i = 0; i < sizeof(kept) / sizeof(*kept); i++)
		ok(!submission_is_junk(kept[i]) && !submission_is_ignored(kept[i]), "%s is kept", kept[i]);
	ok(submission_matches(list, "notes/a") && submission_matches(list, "x/notes"), "a name stands for all of that name");
	ok(submission_matches(list, "data/big.bin") && !submission_matches(list, "x/data/big.bin"), "a path begins at the root");
	ok(submission_matches(list, "data/bigger/inner"), "and stands for what is in it");
	ok(submission_matches(list, "a/b.log") && !submission_matches(list, "a.logs"), "stars stay within a name");
	ok(submission_matches(list, "sub/deep/x") && !submission_matches(list, "# a comment"), "ends of lines and comments are none");
	ok(submission_is_list(".botignore") && submission_is_list("top/.botignore") && !submission_is_list("a/b/.botignore"),
	    "a list is at the root, or in the only folder there");
}

static void
check_growth(void)
{
	ok(!submission_growth(100, SUBMISSION_RATIO_FREE), "16 MiB of 100 bytes are no bomb yet");
	ok(submission_growth(100, SUBMISSION_RATIO_FREE + SUBMISSION_RATIO) != NULL, "more are");
	ok(!submission_growth(SUBMISSION_BYTES_MAX, SUBMISSION_BYTES_MAX), "256 MiB are the most");
	ok(submission_growth(SUBMISSION_BYTES_MAX, SUBMISSION_BYTES_MAX + 1) != NULL, "one byte more is refused");
}

/* Whatever passes both checks stays where it is unpacked. */
static void
check_random(void)
{
	static const char letters[] = "ab./\\-:~ \x01\xc3\xa4";
	unsigned seed = (unsigned)time(NULL);
	int wrong = 0;

	srandom(seed);
	for (int i = 0; i < 200000; i++) {
		char name[24], path[SUBMISSION_PATH_BYTES];
		size_t length = (size_t)random() % (sizeof(name) - 1);

		for (size_t j = 0; j < length; j++)
			name[j] = letters[(size_t)random() % (sizeof(letters) - 1)];
		name[length] = '\0';
		if (submission_path(name, path) || submission_check(path))
			continue;
		wrong += *path == '/' || strcmp(path, "..") == 0 || strncmp(path, "../", 3) == 0 || strstr(path, "/../") || strstr(path, "//") ||
		    strpbrk(path, "\\: ~");
	}
	ok(wrong == 0, "of 200,000 random names none that passes leads elsewhere (seed %u)", seed);
}

int
main(void)
{
	check_names();
	check_lists();
	check_growth();
	check_random();
	return done_testing();
}
