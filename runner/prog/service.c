/* Owns how services begin. */
#include "service.h"

#include "site.h"

#include <getopt.h>
#include <sched.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <unistd.h>

int
service_settings(struct settings *settings, const struct setting *table, const struct option_text *options,
    int config, void (*other)(void *self, int option), void *self, int argc, char *argv[])
{
	char wrong[SETTINGS_WRONG_BYTES];
	const char *path = NULL;
	int option;

	while ((option = command_option(options, argc, argv)) != -1)
		if (option < 0)
			return EXIT_USAGE;
		else if (option == config)
			path = optarg;
	/* As systemd has it: a file that need not be there. */
	if (path && *path == '-' && access(++path, F_OK))
		path = NULL;
	if (settings_read(settings, table, path, wrong))
		return command_fail(EXIT_USAGE, "%s", wrong);
	optind = 0;	/* getopt_long(3): from the beginning */
	while ((option = command_option(options, argc, argv)) != -1)
		if (option < config && settings_set(settings, option, optarg, wrong))
			return command_usage(wrong);
		else if (option > config)
			other(self, option);
	return 0;
}

int
service_cpus(struct room *room)
{
	cpu_set_t allowed;

	if (sched_getaffinity(0, sizeof(allowed), &allowed))
		CPU_ZERO(&allowed);
	for (int cpu = 0; cpu < CPU_SETSIZE; cpu++)
		if (CPU_ISSET(cpu, &allowed))
			room->cpu[room->cpus++] = cpu;
	return room->cpus > 0 ? room->cpus : 1;
}

int
service_perform(struct crew *crew, int worker, size_t entry, const struct settings *settings, const char *job,
    const char *result)
{
	char options[SITE_SETTINGS][64];
	const char *arguments[2 * SITE_SETTINGS + 4] = { "match-perform" };
	int count = 1;

	for (int i = 0; i < SITE_SETTINGS; i++) {
		snprintf(options[i], sizeof(options[i]), "--%s", settings->table[i].name);
		arguments[count++] = options[i];
		arguments[count++] = settings_text(settings, i);
	}
	arguments[count++] = "--result";
	arguments[count++] = result;
	const struct errand errand = { LIBEXEC_DIR "/match-perform", arguments, job, true, true };
	return crew_send(crew, worker, entry, &errand);
}

int
service_signals(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	(void)signal(SIGCHLD, SIG_DFL);	/* whoever started us may have ignored it */
	(void)signal(SIGPIPE, SIG_IGN);
	(void)signal(SIGXFSZ, SIG_IGN);
	(void)sigprocmask(SIG_BLOCK, &set, NULL);
	return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}
