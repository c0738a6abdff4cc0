/* Claim: settings come from defaults, a file, the environment and options, in that order, and mistakes are told by their line. */
#include "settings.h"
#include "tap.h"

#include <stdlib.h>
#include <unistd.h>

enum { NAME, JOBS, URL };
static const struct setting table[] = {
	{ "name", NULL, "nobody", 0, 0 },
	{ "jobs", "TEST_JOBS", "2", 0, 100 },
	{ "url", "TEST_URL", "", 0, 0 },
	{ NULL, NULL, NULL, 0, 0 },
};

static const char *
write_file(const char *text)
{
	static char path[] = "/tmp/settings-test.XXXXXX";
	static int fd = -1;

	if (fd < 0)
		fd = mkstemp(path);
	if (ftruncate(fd, 0) || pwrite(fd, text, strlen(text), 0) != (ssize_t)strlen(text))
		exit(2);
	return path;
}

static void
refused(const char *text, const char *words)
{
	struct settings settings;
	char wrong[SETTINGS_WRONG_BYTES] = "";

	ok(settings_read(&settings, table, write_file(text), wrong) == -1 && strstr(wrong, words), "refused: %s", wrong);
	settings_free(&settings);
}

int
main(void)
{
	struct settings settings;
	char wrong[SETTINGS_WRONG_BYTES] = "";

	unsetenv("TEST_JOBS");
	unsetenv("TEST_URL");
	ok(settings_read(&settings, table, NULL, wrong) == 0, "no file at all");
	is_text(settings_text(&settings, NAME), "nobody", "a default");
	ok(settings_number(&settings, JOBS) == 2, "one that is a number");
	settings_free(&settings);

	const char *path = write_file("# comment\n\n  name   two words  \njobs=7\r\nurl\tredis://x:y@h/1#2\n");
	ok(settings_read(&settings, table, path, wrong) == 0, "a file: %s", wrong);
	is_text(settings_text(&settings, NAME), "two words", "blanks around a value are none of it");
	ok(settings_number(&settings, JOBS) == 7, "'=' is as good as a blank");
	is_text(settings_text(&settings, URL), "redis://x:y@h/1#2", "'#' within a value is part of it");
	settings_free(&settings);

	setenv("TEST_JOBS", "9", 1);
	setenv("TEST_URL", "", 1);
	ok(settings_read(&settings, table, path, wrong) == 0 && settings_number(&settings, JOBS) == 9, "the environment wins");
	is_text(settings_text(&settings, URL), "redis://x:y@h/1#2", "but for a variable that is empty");
	ok(settings_set(&settings, JOBS, "11", wrong) == 0 && settings_number(&settings, JOBS) == 11, "an option wins over all");
	ok(settings_set(&settings, JOBS, "101", wrong) == -1 && strstr(wrong, "from 0 to 100"), "within its bounds: %s", wrong);
	settings_free(&settings);
	setenv("TEST_JOBS", "x", 1);
	ok(settings_read(&settings, table, NULL, wrong) == -1 && strstr(wrong, "TEST_JOBS"), "which variable is wrong: %s", wrong);
	settings_free(&settings);
	unsetenv("TEST_JOBS");

	refused("jbos 3\n", ":1: unknown key 'jbos'; did you mean 'jobs'?");
	refused("\n\nfrobnicate\n", ":3: unknown key 'frobnicate'");
	refused("jobs\n", ":1: jobs needs a number");
	refused("jobs 3x\n", ":1: jobs needs a number");
	refused("jobs 99999999999999999999\n", ":1: jobs needs a number");
	(void)unlink(path);
	ok(settings_read(&settings, table, path, wrong) == -1 && strstr(wrong, "No such file"), "a file that is not there");
	settings_free(&settings);
	return done_testing();
}
