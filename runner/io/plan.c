/* Owns the reading of plans. */
#include "plan.h"

#include "common.h"

#include <fcntl.h>
#include <string.h>
#include <sys/wait.h>

/* bot-jail, and what it says goes there. -1. */
static pid_t __attribute__((noinline))
ask(const char *const *words, int out)
{
	pid_t pid = vfork();

	if (pid != 0)
		return pid;
	int null = open("/dev/null", O_RDWR);
	dup2(null, STDIN_FILENO);
	dup2(out, STDOUT_FILENO);
	dup2(out, STDERR_FILENO);
	execv(words[0], (char *const *)words);
	_exit(127);
}

int
plan_read(const char *helper, const struct program *program, char text[PLAN_BYTES])
{
	const char *words[2 * ARGS_MAX + 8] = { helper, "-n", "-p", program->policy };
	int count = 4, fds[2], status;
	size_t used = 0;
	ssize_t got;

	for (const char *const *limit = program->limits; *limit; limit++) {
		words[count++] = "-l";
		words[count++] = *limit;
	}
	words[count++] = "--";
	words[count++] = "true";
	if (pipe2(fds, O_CLOEXEC))
		return -1;
	pid_t pid = ask(words, fds[1]);
	close(fds[1]);
	while (pid > 0 && used < PLAN_BYTES - 1 &&
	    (got = read(fds[0], text + used, PLAN_BYTES - 1 - used)) > 0)
		used += (size_t)got;
	text[used] = '\0';
	close(fds[0]);
	return pid > 0 && waitpid(pid, &status, 0) == pid && status == 0 ? 0 : -1;
}

/* "limit     wall             5m (...)" */
const char *
plan_limit(const char *plan, const char *name)
{
	for (const char *line = plan; line; line = strchr(line, '\n') ? strchr(line, '\n') + 1 : NULL) {
		char limit[32], value[32];
		int at;

		if (sscanf(line, "limit %31s %n%31s", limit, &at, value) == 2 && strcmp(limit, name) == 0)
			return line + at;
	}
	return NULL;
}

int64_t
plan_limit_us(const char *plan, const char *name)
{
	const char *text = plan_limit(plan, name);
	static const struct {
		const char *unit;
		int64_t us;
	} units[] = { { "ms", 1000 }, { "s", 1000000 }, { "m", 60000000 }, { "h", 3600000000 } };
	char *end;
	int64_t number = text ? strtoll(text, &end, 10) : 0;

	for (size_t i = 0; text && i < COUNT(units); i++)
		if (strncmp(end, units[i].unit, strlen(units[i].unit)) == 0)
			return number * units[i].us;
	return 0;
}

int64_t
plan_limit_number(const char *plan, const char *name)
{
	const char *text = plan_limit(plan, name);
	char *end;
	int64_t number = text ? strtoll(text, &end, 10) : 0;
	const char *units = "KMGT", *unit = text && *end ? strchr(units, *end) : NULL;

	return unit ? number << (10 * (unit - units + 1)) : number;
}

bool
plan_has_slot(const char *plan, const char *path)
{
	char line[128];

	snprintf(line, sizeof(line), "\nslot      %s ", path);
	return strstr(plan, line) != NULL;
}
