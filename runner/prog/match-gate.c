/*
 * match-gate: runs programs and matches for whoever asks by HTTP, each in a fresh jail: match-gate(8). It has no privilege:
 * bot-jail has. One thread, one loop, which waits for everything and for nothing in particular.
 */
#include "gate.h"

#include "common.h"
#include "notify.h"
#include "now.h"
#include "tree.h"

#include <errno.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/stat.h>

#define TICK_MS 500
#define WHOLE_US INT64_C(15000000)	/* so long a request may take to arrive */
#define RUNS_MOST 256

static const struct setting table[] = {
#define SETTING(id, name, environment, fallback, least, most, value, what) { name, environment, fallback, least, most },
#include "site.def"
#include "gate.def"
#undef SETTING
	{ NULL, NULL, NULL, 0, 0 },
};

enum { CONFIG = GATE_SETTINGS };

static const struct option_text serve_options[] = {
#define SETTING(id, name, environment, fallback, least, most, value, what) { name, 0, value, what },
#include "site.def"
#include "gate.def"
#undef SETTING
	[CONFIG] = { "config", 'c', "FILE", "a file with the same as 'key value' lines" },
	{ NULL, 0, NULL, NULL },
};

static int serve_run(int argc, char *argv[]);

static const struct command commands[] = {
	{ "serve", "", "answer requests", serve_options, serve_run },
	{ NULL, NULL, NULL, NULL, NULL },
};

const struct cli cli = {
	.name = "match-gate",
	.usage = "usage: match-gate [OPTION]...\n\n",
	.commands = commands,
	.status = "0 stopped; 2 wrong usage or file; 75 ours, try again.",
};

/* --- before it begins */

static int
read_settings(struct gate *gate, int argc, char *argv[])
{
	char wrong[SETTINGS_WRONG_BYTES];
	const char *path = NULL;
	int option;

	while ((option = command_option(serve_options, argc, argv)) != -1)
		if (option < 0)
			return EXIT_USAGE;
		else if (option == CONFIG)
			path = optarg;
	if (settings_read(&gate->settings, table, path, wrong))
		return command_fail(EXIT_USAGE, "%s", wrong);
	optind = 0;	/* getopt_long(3): from the beginning */
	while ((option = command_option(serve_options, argc, argv)) != -1)
		if (option < GATE_SETTINGS && settings_set(&gate->settings, option, optarg, wrong))
			return command_usage(wrong);
	return optind < argc ? command_usage("match-gate takes options only") : 0;
}

/* Whoever reaches another address than this machine's own must bring a token. */
static int
check_open(const struct gate *gate)
{
	const char *listen = settings_text(&gate->settings, GATE_LISTEN);
	bool local = strncmp(listen, "127.", 4) == 0 || strncmp(listen, "[::1]", 5) == 0 || strncmp(listen, "unix:", 5) == 0;

	return local || gate->tokens ? 0
	    : command_fail(EXIT_USAGE, "%s is open to others: --tokens FILE is wanted", listen);
}

static int
read_tokens(struct gate *gate)
{
	const char *path = settings_text(&gate->settings, GATE_TOKENS);
	struct stat st;
	size_t length;

	if (!*path)
		return 0;
	gate->tokens = read_small(path, 0, &length);
	if (!gate->tokens || stat(path, &st))
		return command_fail(EXIT_USAGE, "%s: %s", path, strerror(errno));
	if (st.st_mode & 0007)
		return command_fail(EXIT_USAGE, "%s: everybody may read it: chmod o= it", path);
	if (strspn(gate->tokens, " \t\r\n") == length)
		return command_fail(EXIT_USAGE, "%s: there is no token in it", path);
	return 0;
}

/* What a killed gate left is cleared away: nobody asks for it any more. */
static int
make_folders(const struct gate *gate)
{
	static const char *const folders[] = { "", "/programs", "/matches" };
	char path[PATH_BYTES];

	for (size_t i = 0; i < COUNT(folders); i++) {
		snprintf(path, sizeof(path), "%.4000s%s", settings_text(&gate->settings, GATE_STATE), folders[i]);
		if (i > 0)
			tree_remove(path);
		if (mkdir(path, 0755) && errno != EEXIST)
			return command_fail(EXIT_USAGE, "%s: %s; --state says where it is", path, strerror(errno));
	}
	return 0;
}

static void
count_jobs(struct gate *gate)
{
	struct room *room = &gate->room;
	cpu_set_t allowed;

	if (sched_getaffinity(0, sizeof(allowed), &allowed))
		CPU_ZERO(&allowed);
	for (int cpu = 0; cpu < CPU_SETSIZE; cpu++)
		if (CPU_ISSET(cpu, &allowed))
			room->cpu[room->cpus++] = cpu;
	int cpus = room->cpus > 0 ? room->cpus : 1;
	gate->most[RUN_PROGRAM] = (int)settings_number(&gate->settings, GATE_JOBS);
	gate->most[RUN_MATCH] = (int)settings_number(&gate->settings, GATE_MATCHES);
	for (int kind = 0; kind < RUN_KINDS; kind++) {
		if (gate->most[kind] == 0)
			gate->most[kind] = kind == RUN_PROGRAM ? 2 * cpus : cpus;
		if (gate->most[kind] > RUNS_MOST / 2)
			gate->most[kind] = RUNS_MOST / 2;
	}
	room->cpus_needed = cpus;	/* matches go wherever there is room: programs run beside them */
	crew_init(&gate->crew, "", room, gate->most[RUN_MATCH]);
}

/* Each connection and each jail takes descriptors. */
static void
raise_files(void)
{
	struct rlimit files;

	if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
		files.rlim_cur = files.rlim_max;
		(void)setrlimit(RLIMIT_NOFILE, &files);	/* then fewer fit, and connections wait */
	}
}

static int
open_signals(void)
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

static int
open_http(struct gate *gate)
{
	char wrong[HTTP_WRONG_BYTES] = "out of memory";
	const struct http_config config = { .address = settings_text(&gate->settings, GATE_LISTEN),
		.socket = notify_socket(),
		.body_max = (size_t)settings_number(&gate->settings, GATE_BODY),
		.connections_max = (int)settings_number(&gate->settings, GATE_CONNECTIONS),
		.idle_s = (int)settings_number(&gate->settings, GATE_IDLE),
		.whole_us = WHOLE_US,
		.handle = gate_handle,
		.refused = gate_refused,
		.owner = gate };

	gate->http = http_open(&config, wrong);
	return gate->http ? 0 : command_fail(EXIT_OURS, "%s", wrong);
}

static int
begin(struct gate *gate)
{
	char wrong[SETUP_ERROR_BYTES];

	if (languages_read(&gate->languages, settings_text(&gate->settings, SITE_LANGUAGES), wrong))
		return command_fail(EXIT_USAGE, "%s", wrong);
	int status = read_tokens(gate);
	if (!status)
		status = check_open(gate);
	if (!status)
		status = make_folders(gate);
	gate->helper = status ? NULL : command_helper();
	if (!gate->helper)
		return EXIT_USAGE;
	raise_files();
	count_jobs(gate);
	gate->began_us = now_us();
	gate->signals = open_signals();
	return gate->signals < 0 ? command_fail(EXIT_OURS, "signalfd: %s", strerror(errno)) : open_http(gate);
}

/* --- the loop */

static int
pause_ms(struct gate *gate)
{
	int ms = http_timeout_ms(gate->http);

	return ms < 0 || ms > TICK_MS ? TICK_MS : ms;
}

/* What is being answered is answered, and what runs ends. */
static void
stop(struct gate *gate)
{
	if (!gate->stopping)
		fprintf(stderr, "match-gate: stopping: %d run\n", gate->running[RUN_PROGRAM] + gate->running[RUN_MATCH]);
	gate->stopping = true;
	notify("STOPPING=1");
	runs_stop(gate);
	for (int i = 0; i < 20; i++) {
		http_turn(gate->http);
		(void)usleep(5000);	/* those who asked are still to read their answers */
	}
}

static void
serve(struct gate *gate)
{
	static struct pollfd fds[2 + ONESHOT_STREAMS * RUNS_MOST];
	struct signalfd_siginfo signal_info;
	int64_t watchdog_us = notify_watchdog_us(), next_us = now_us();

	while (!gate->stopping) {
		fds[0] = (struct pollfd){ gate->signals, POLLIN, 0 };
		fds[1] = (struct pollfd){ http_fd(gate->http), POLLIN, 0 };
		int count = 2 + runs_polls(gate, fds + 2);
		(void)poll(fds, (nfds_t)count, pause_ms(gate));	/* whatever it says, all are looked at */
		runs_look(gate, fds + 2);
		http_turn(gate->http);
		runs_turn(gate);
		if (read(gate->signals, &signal_info, sizeof(signal_info)) == sizeof(signal_info))
			stop(gate);
		if (watchdog_us && now_us() >= next_us) {
			notify("WATCHDOG=1");
			next_us = now_us() + watchdog_us;
		}
	}
}

static int
serve_run(int argc, char *argv[])
{
	static struct gate gate;
	int status = read_settings(&gate, argc, argv);

	if (!status)
		status = begin(&gate);
	if (!status) {
		fprintf(stderr, "match-gate: listening on %s, %d programs and %d matches at a time\n",
		    settings_text(&gate.settings, GATE_LISTEN), gate.most[RUN_PROGRAM], gate.most[RUN_MATCH]);
		notify("READY=1");
		serve(&gate);
	}
	http_close(gate.http);
	languages_free(&gate.languages);
	settings_free(&gate.settings);
	free(gate.tokens);
	return status;
}

static int
other(int argc, char *argv[])
{
	if (argv[1][0] != '-')
		return command_usage("there is no such command");
	return serve_run(argc, argv);
}

int
main(int argc, char *argv[])
{
	return argc < 2 ? serve_run(argc, argv) : command_main(argc, argv, other);
}
