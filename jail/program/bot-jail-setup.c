/*
 * bot-jail-setup: makes what jails need before the first one starts, at boot or by hand, and says
 * what is missing.
 */
#include "config.h"
#include "doctor.h"
#include "hold.h"
#include "runtime.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define UNIT "bot-jail-setup.service"
#define SYSTEMD_RUNS "/run/systemd/system"	/* sd_booted(3) */

static const struct {
	const char *name, *what;
} options[] = {
	{ "--gc",     "remove what dead jails left behind, then stop" },
	{ "--check",  "tell what this host lacks, and the cure; exit 1 if a jail could not start" },
	{ "--json",   "with --check: one JSON array" },
	{ "--hold",   "stay when done, so that systemd keeps the unit's cgroup" },
	{ "--remove", "end every jail and remove all that was made" },
	{ "--help",   "print this and exit" },
	{ "--version", "print the version and exit" },
};

static int
fail(const char *text)
{
	fprintf(stderr, "bot-jail-setup: %s\n", text);
	return 1;
}

static int
help(void)
{
	printf("usage: bot-jail-setup [--gc | --check [--json] | --hold | --remove]\n"
	    "Make the runtime folder and the parent cgroups of jails. Good to run twice.\n\n");
	for (size_t i = 0; i < sizeof(options) / sizeof(*options); i++)
		printf("  %-10s %s\n", options[i].name, options[i].what);
	return fflush(stdout) ? 1 : 0;
}

/*
 * Under systemd the parent belongs to a unit with Delegate=yes: the scope of a login session holds
 * processes, and vanishes at logout. Started by hand, we have that unit do it: a reload does not
 * end the jails that run.
 */
static int
start_unit(void)
{
	execl("/usr/bin/systemctl", "systemctl", "reload-or-restart", UNIT, (char *)NULL);
	execl("/bin/systemctl", "systemctl", "reload-or-restart", UNIT, (char *)NULL);
	return fail("cannot run systemctl reload-or-restart " UNIT);
}

static int
setup(void)
{
	struct hierarchies found;
	struct setup_conf conf;
	struct complaint complaint;

	if (geteuid() != 0)
		return fail("only root can do that: sudo bot-jail-setup");
	if (hierarchies_find(&found))
		return fail("no cgroup v2 is mounted: mount -t cgroup2 none /sys/fs/cgroup");
	if (!hierarchies_in_unit(&found, UNIT) && access(SYSTEMD_RUNS, F_OK) == 0)
		return start_unit();
	(void)umask(022);	/* cannot fail */
	if (runtime_conf(&conf, &complaint) || runtime_make(&complaint))
		return fail(complaint.text);
	(void)runtime_collect();	/* what stays is in use */
	return runtime_parents(&found, &conf, &complaint) ? fail(complaint.text) : 0;
}

static int
setup_and_hold(void)
{
	if (setup())
		return 1;
	hold();
}

static int
collect(void)
{
	if (geteuid() != 0)
		return fail("only root can do that: sudo bot-jail-setup --gc");
	printf("removed %d stale cgroups\n", runtime_collect());
	return fflush(stdout) ? 1 : 0;
}

static int
remove_everything(void)
{
	if (geteuid() != 0)
		return fail("only root can do that: sudo bot-jail-setup --remove");
	return runtime_remove() ? fail("something in " RUN_DIR " or of its cgroups is still in use")
	    : 0;
}

int
main(int argc, char *argv[])
{
	const char *what = argc > 1 ? argv[1] : "";
	bool json = argc == 3 && strcmp(argv[2], "--json") == 0;

	if (argc < 2)
		return setup();
	if (strcmp(what, "--check") == 0 && (argc == 2 || json))
		return doctor_check(json);
	if (argc == 2 && strcmp(what, "--gc") == 0)
		return collect();
	if (argc == 2 && strcmp(what, "--remove") == 0)
		return remove_everything();
	if (argc == 2 && strcmp(what, "--hold") == 0)
		return setup_and_hold();
	if (strcmp(what, "--help") == 0 || strcmp(what, "-h") == 0)
		return help();
	if (strcmp(what, "--version") == 0)
		return puts("bot-jail-setup " VERSION) < 0;
	fprintf(stderr, "bot-jail-setup: %s: no such option, or not like that; see bot-jail-setup --help\n",
	    argv[argc - 1]);
	return 2;
}
