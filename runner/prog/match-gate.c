/*
 * match-gate: runs programs and matches for whoever asks by HTTP, each in a fresh jail: match-gate(8). It has no
 * privilege: bot-jail has. One thread, one loop, which waits for everything and for nothing in particular.
 */
#include "gate.h"

#include "common.h"
#include "notify.h"
#include "now.h"
#include "plan.h"
#include "service.h"
#include "tree.h"

#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
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

static enum reach
reach_of_socket(int fd)
{
	union {
		struct sockaddr any;
		struct sockaddr_in four;
		struct sockaddr_in6 six;
		struct sockaddr_storage room;
	} address;
	socklen_t length = sizeof(address);

	if (getsockname(fd, &address.any, &length))
		return REACH_OTHERS;
	if (address.any.sa_family == AF_UNIX)
		return REACH_FILE;
	bool local = address.any.sa_family == AF_INET ? ntohl(address.four.sin_addr.s_addr) >> 24 == 127
	    : address.any.sa_family == AF_INET6 && IN6_IS_ADDR_LOOPBACK(&address.six.sin6_addr);
	return local ? REACH_MACHINE : REACH_OTHERS;
}

/* The same of what "listen" says. */
static enum reach
reach_of_text(const char *listen)
{
	if (strncmp(listen, "unix:", 5) == 0)
		return REACH_FILE;
	return strncmp(listen, "127.", 4) == 0 || strncmp(listen, "[::1]", 5) == 0 ? REACH_MACHINE : REACH_OTHERS;
}

/* Whoever reaches another address than this machine's own must bring a token. */
static int
check_open(struct gate *gate)
{
	const char *listen = settings_text(&gate->settings, GATE_LISTEN);
	int given = notify_socket();

	gate->reach = given >= 0 ? reach_of_socket(given) : reach_of_text(listen);
	return gate->reach != REACH_OTHERS || gate->tokens ? 0
	    : command_fail(EXIT_USAGE, "%s is open to others: --tokens FILE is wanted",
	    given >= 0 ? "the service manager's socket" : listen);
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
		if (mkdir(path, i > 0 ? 0755 : 0700) && errno != EEXIST)
			return command_fail(EXIT_USAGE, "%s: %s; --state says where it is", path, strerror(errno));
	}
	return 0;
}

/* A program cannot run for longer than its policy lets it, whatever the site allows. */
static void
measure_languages(struct gate *gate)
{
	char plan[PLAN_BYTES];

	for (int i = 0; i < gate->languages.count; i++) {
		const char *policy = js_string(js_get(language_part(&gate->languages.language[i], "run"), "policy"));
		struct program program = { .name = "program", .dir = "/usr", .command = { "true" } };

		if (!policy)
			continue;
		snprintf(program.policy, sizeof(program.policy), "%s", policy);
		if (plan_read(gate->helper, &program, plan) == 0)
			gate->wall_ms[i] = plan_limit_us(plan, "wall") / 1000;
	}
}

static void
count_jobs(struct gate *gate)
{
	struct room *room = &gate->room;
	int cpus = service_cpus(room);

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
open_http(struct gate *gate)
{
	char wrong[HTTP_WRONG_BYTES] = "out of memory";
	const struct http_config config = { .address = settings_text(&gate->settings, GATE_LISTEN),
		.socket = notify_socket(),
		.body_max = (size_t)settings_number(&gate->settings, GATE_BODY),
		.connections_max = (int)settings_number(&gate->settings, GATE_CONNECTIONS),
		.idle_s = (int)settings_number(&gate->settings, GATE_IDLE),
		.whole_us = WHOLE_US,
		.admit = gate_admit,
		.handle = gate_handle,
		.refused = gate_refused,
		.owner = gate };

	gate->managed = config.socket >= 0;
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
	measure_languages(gate);
	gate->began_us = now_us();
	gate->signals = service_signals();
	return gate->signals < 0 ? command_fail(EXIT_OURS, "signalfd: %s", strerror(errno)) : open_http(gate);
}

/* --- the loop */

static int
pause_ms(struct gate *gate)
{
	int ms = http_timeout_ms(gate->http);

	return ms < 0 || ms > TICK_MS ? TICK_MS : ms;
}

static int
in_hand(const struct gate *gate)
{
	int count = 0;

	for (int kind = 0; kind < RUN_KINDS; kind++)
		count += gate->running[kind] + gate->waiting[kind];
	return count;
}

/* Takes nothing more; a second signal: at once. A service manager's socket keeps who comes now for the next gate. */
static void
stop(struct gate *gate)
{
	int64_t drain_s = settings_number(&gate->settings, GATE_DRAIN);

	if (gate->stopping) {
		gate->stop_us = now_us();
		return;
	}
	fprintf(stderr, "match-gate: stopping: %d are in hand, and have %lld s\n", in_hand(gate), (long long)drain_s);
	gate->stopping = true;
	gate->stop_us = now_us() + drain_s * S;
	notify("STOPPING=1");
	if (gate->managed)
		http_pause(gate->http);
}

static bool
is_over(const struct gate *gate)
{
	return gate->stopping && (in_hand(gate) == 0 || now_us() >= gate->stop_us);
}

/* What still runs is cancelled, and those who asked read their answers. */
static void
end(struct gate *gate)
{
	runs_stop(gate);
	for (int i = 0; i < 20; i++) {
		http_turn(gate->http);
		(void)usleep(5000);
	}
}

static void
serve(struct gate *gate)
{
	static struct pollfd fds[2 + ONESHOT_STREAMS * RUNS_MOST];
	struct signalfd_siginfo signal_info;
	int64_t watchdog_us = notify_watchdog_us(), next_us = now_us();

	while (!is_over(gate)) {
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
	end(gate);
}

static int
serve_run(int argc, char *argv[])
{
	static struct gate gate;
	int status = service_settings(&gate.settings, table, serve_options, CONFIG, NULL, NULL, argc, argv);

	if (!status && optind < argc)
		status = command_usage("match-gate takes options only");
	if (!status)
		status = begin(&gate);
	if (!status) {
		fprintf(stderr, "match-gate: listening on %s, %d programs and %d matches at a time\n",
		    gate.managed ? "the service manager's socket" : settings_text(&gate.settings, GATE_LISTEN),
		    gate.most[RUN_PROGRAM], gate.most[RUN_MATCH]);
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
