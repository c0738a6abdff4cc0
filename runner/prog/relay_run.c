/*
 * match-run relay: an engine starts the bots itself, by match-relay, and they run in jails all the
 * same: their streams go through here, where they are capped and logged.
 */
#include "child.h"
#include "command.h"
#include "common.h"
#include "folder.h"
#include "log.h"
#include "loop.h"
#include "relay.h"
#include "tree.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>

#define SESSIONS_MAX 32
#define SESSION_FDS 7
#define PIECE 65536
#define TICK_MS 50		/* how late a reply is noticed to be too late */
#define EXIT_KILLED 137

const struct option_text relay_options[] = {
	{ "output", 'o', "DIR", "put the result into DIR, which must not exist yet" },
	{ NULL, 0, NULL, NULL },
};

/* One bot's life. Bytes of `to_bot` and `to_engine` wait for room in the pipe. */
struct session {
	int peer;			/* match-relay; -1: this place is free */
	int engine_out, engine_in;	/* what the engine says, and where it listens */
	const struct program *program;
	struct child child;
	struct buffer to_bot, to_engine, status;
	struct log said, log;
	int number;
	size_t line;			/* bytes of the bot's present line */
	int64_t bytes, asked_us, longest_us;	/* asked_us: when the engine spoke last; 0: it was answered */
	const char *fault;
};

struct relay {
	struct setup *setup;
	const char *helper;
	struct folder folder;
	struct session session[SESSIONS_MAX];
	struct js *told;		/* of sessions that are over */
	int listener, signals, started;
	char socket[108];
	pid_t engine;
	int engine_status;		/* as waitpid(2) has it; -1: it runs */
};

/* --- a session begins and ends */

static const struct program *
find(const struct setup *setup, const char *name)
{
	for (int i = 0; i < setup->rules.players; i++)
		if (strcmp(setup->bot[i].name, name) == 0)
			return &setup->bot[i];
	return NULL;
}

static int
receive(int peer, char name[NAME_MAX_BYTES], int fds[RELAY_FDS])
{
	union {
		char bytes[CMSG_SPACE(RELAY_FDS * sizeof(int))];
		struct cmsghdr align;
	} space;
	struct iovec part = { name, NAME_MAX_BYTES - 1 };
	struct msghdr message = { .msg_iov = &part, .msg_iovlen = 1, .msg_control = space.bytes,
		.msg_controllen = sizeof(space.bytes) };
	ssize_t length = recvmsg(peer, &message, MSG_CMSG_CLOEXEC);
	struct cmsghdr *head = length > 0 ? CMSG_FIRSTHDR(&message) : NULL;

	if (!head || head->cmsg_type != SCM_RIGHTS || head->cmsg_len != CMSG_LEN(RELAY_FDS * sizeof(int)))
		return -1;
	memcpy(fds, CMSG_DATA(head), RELAY_FDS * sizeof(int));
	name[length] = '\0';
	return 0;
}

static int
open_logs(struct relay *relay, struct session *session)
{
	char name[NAME_MAX_BYTES + 32];
	size_t cap = (size_t)relay->setup->caps.log;

	session->number = ++relay->started;
	snprintf(name, sizeof(name), "%s-%d.err", session->program->name, session->number);
	int error = log_open(&session->log, relay->folder.fd, name, cap);
	snprintf(name, sizeof(name), "%s-%d.log", session->program->name, session->number);
	return error ? error : log_open(&session->said, relay->folder.fd, name, cap);
}

static void
begin(struct relay *relay, struct session *session, int peer)
{
	char name[NAME_MAX_BYTES] = "";
	int fds[RELAY_FDS] = { -1, -1 };

	*session = (struct session){ .peer = -1, .child = CHILD_NONE, .log = { .fd = -1 },
		.said = { .fd = -1 } };
	if (receive(peer, name, fds) || !(session->program = find(relay->setup, name))) {
		fprintf(stderr, "match-run: relay: no bot is called '%s'\n", name);
		close_fd(&fds[0]);
		close_fd(&fds[1]);
		close_fd(&peer);
		return;
	}
	session->peer = peer;
	session->engine_out = fds[0];
	session->engine_in = fds[1];
	for (int i = 0; i < RELAY_FDS; i++)
		(void)fcntl(fds[i], F_SETFL, fcntl(fds[i], F_GETFL) | O_NONBLOCK);	/* a file needs it not */
	buffer_init(&session->to_bot, 16 << 20);
	buffer_init(&session->to_engine, 16 << 20);
	buffer_init(&session->status, 1 << 16);
	uint64_t seed = relay->setup->seed + (uint64_t)relay->started;
	if (open_logs(relay, session) || child_start(&session->child, relay->helper, session->program,
	    seed, NULL))
		child_stop(&session->child);
}

static void
tell(struct relay *relay, const struct session *session, const struct js *jail)
{
	struct js *told = js_new_object();

	js_set(told, "name", js_new_string(session->program->name));
	js_set(told, "number", js_new_integer(session->number));
	js_set(told, "fault", session->fault ? js_new_string(session->fault) : NULL);
	js_set(told, "output_bytes", js_new_integer(session->bytes));
	js_set(told, "longest_reply_us", js_new_integer(session->longest_us));
	js_set(told, "jail", js_copy(jail));
	js_add(relay->told, told);
}

/* What the bot's own exit status would have been, for who waits for match-relay. */
static unsigned char
exit_of(const struct js *jail)
{
	int64_t number;

	if (js_integer(js_get(jail, "exit"), &number))
		return (unsigned char)number;
	return js_integer(js_get(jail, "signal"), &number) ? (unsigned char)(128 + number) : EXIT_KILLED;
}

static void
end(struct relay *relay, struct session *session)
{
	char error[JS_ERROR_BYTES];
	struct js *jail = js_parse(session->status.length ? buffer_bytes(&session->status) : "",
	    session->status.length, error);
	unsigned char status = exit_of(jail);

	tell(relay, session, jail);
	if (session->fault)
		fprintf(stderr, "match-run: relay: %s: %s\n", session->program->name, session->fault);
	js_free(jail);
	child_end(&session->child);
	close_fd(&session->engine_out);
	close_fd(&session->engine_in);
	(void)send(session->peer, &status, 1, MSG_NOSIGNAL);	/* it may be gone */
	close_fd(&session->peer);
	log_close(&session->log);
	log_close(&session->said);
	buffer_free(&session->to_bot);
	buffer_free(&session->to_engine);
	buffer_free(&session->status);
}

/* --- bytes */

static void
stop(struct session *session, const char *fault)
{
	if (!session->fault)
		session->fault = fault;
	child_stop(&session->child);
}

/* Sends what the pipe takes; a reader that is gone gets nothing more. */
static void
flush(struct buffer *buffer, int *fd)
{
	ssize_t sent = *fd >= 0 && buffer->length ? write(*fd, buffer_bytes(buffer), buffer->length) : 0;

	if (sent < 0 && errno != EAGAIN)
		close_fd(fd);
	if (sent > 0)
		buffer_drop(buffer, (size_t)sent);
	if (*fd < 0)
		buffer_drop(buffer, buffer->length);
}

static void
hear_engine(struct session *session)
{
	char bytes[PIECE];
	ssize_t length = read(session->engine_out, bytes, sizeof(bytes));

	if (length < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (length <= 0) {
		close_fd(&session->engine_out);
		return;
	}
	log_write(&session->said, "> ", 2);
	log_write(&session->said, bytes, (size_t)length);
	session->asked_us = loop_now_us();
	if (buffer_append(&session->to_bot, bytes, (size_t)length))
		stop(session, "timeout");
}

static void
hear_bot(const struct setup *setup, struct session *session)
{
	char bytes[PIECE];
	ssize_t length = read(session->child.out, bytes, sizeof(bytes));

	if (length < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (length <= 0) {
		close_fd(&session->child.out);
		return;
	}
	const char *newline = memrchr(bytes, '\n', (size_t)length);
	int64_t reply_us = session->asked_us && newline ? loop_now_us() - session->asked_us : 0;
	session->longest_us = reply_us > session->longest_us ? reply_us : session->longest_us;
	session->asked_us = newline ? 0 : session->asked_us;
	session->bytes += length;
	session->line = newline ? (size_t)(bytes + length - newline - 1) : session->line + (size_t)length;
	log_write(&session->said, "< ", 2);
	log_write(&session->said, bytes, (size_t)length);
	if ((int64_t)session->line > setup->caps.line || session->bytes > setup->caps.match ||
	    buffer_append(&session->to_engine, bytes, (size_t)length))
		stop(session, "output-limit");
}

static void
hear_log(struct session *session, int *fd, bool is_status)
{
	char bytes[PIECE];
	ssize_t length = read(*fd, bytes, sizeof(bytes));

	if (length < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (length <= 0)
		close_fd(fd);
	else if (is_status)
		(void)buffer_append(&session->status, bytes, (size_t)length);	/* too long does not parse */
	else
		log_write(&session->log, bytes, (size_t)length);
}

/* The descriptors to wait for; -1 is none. */
static void
list(const struct session *session, struct pollfd fds[SESSION_FDS])
{
	const struct child *child = &session->child;

	fds[0] = (struct pollfd){ session->to_bot.length < PIECE ? session->engine_out : -1, POLLIN, 0 };
	fds[1] = (struct pollfd){ session->to_engine.length < PIECE ? child->out : -1, POLLIN, 0 };
	fds[2] = (struct pollfd){ child->err, POLLIN, 0 };
	fds[3] = (struct pollfd){ child->status, POLLIN, 0 };
	fds[4] = (struct pollfd){ session->to_bot.length ? child->in : -1, POLLOUT, 0 };
	fds[5] = (struct pollfd){ session->to_engine.length ? session->engine_in : -1, POLLOUT, 0 };
	fds[6] = (struct pollfd){ session->peer, POLLIN, 0 };
}

static void
serve(struct relay *relay, struct session *session, const struct pollfd fds[SESSION_FDS])
{
	struct child *child = &session->child;

	if (fds[0].revents)
		hear_engine(session);
	if (fds[1].revents)
		hear_bot(relay->setup, session);
	if (fds[2].revents)
		hear_log(session, &child->err, false);
	if (fds[3].revents)
		hear_log(session, &child->status, true);
	flush(&session->to_bot, &child->in);
	flush(&session->to_engine, &session->engine_in);
	/* The engine said its last word: so does the bot's input end. */
	if (session->engine_out < 0 && session->to_bot.length == 0 && child->in >= 0)
		close_fd(&child->in);
	if (child->out < 0 && session->to_engine.length == 0)
		close_fd(&session->engine_in);
	if (child->status < 0)
		end(relay, session);
}

/* --- the whole */

static int
open_socket(struct relay *relay)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };

	/* Nobody else reaches it. */
	if (tree_temporary(relay->socket, sizeof(relay->socket) - sizeof("/socket"), 0700))
		return -1;
	strcat(relay->socket, "/socket");
	strcpy(address.sun_path, relay->socket);
	relay->listener = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
	return relay->listener < 0 || bind(relay->listener, (struct sockaddr *)&address, sizeof(address)) ||
	    listen(relay->listener, SESSIONS_MAX) ? -1 : 0;
}

static int
open_signals(struct relay *relay)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGHUP);
	if (sigprocmask(SIG_BLOCK, &set, NULL))
		return -1;
	relay->signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	return relay->signals < 0 ? -1 : 0;
}

static int
start_engine(struct relay *relay, char *const argv[])
{
	sigset_t none;

	relay->engine = fork();
	if (relay->engine != 0)
		return relay->engine < 0 ? -1 : 0;
	sigemptyset(&none);
	(void)sigprocmask(SIG_SETMASK, &none, NULL);
	(void)signal(SIGPIPE, SIG_DFL);
	if (setenv(RELAY_VARIABLE, relay->socket, 1) == 0)
		execvp(argv[0], argv);
	fprintf(stderr, "match-run: %s: %s\n", argv[0], strerror(errno));
	_exit(127);
}

static void
accept_one(struct relay *relay)
{
	int peer = accept4(relay->listener, NULL, NULL, SOCK_CLOEXEC);

	struct timeval second = { 1, 0 };
	if (peer >= 0)	/* who connects and says nothing does not stop the others for long */
		(void)setsockopt(peer, SOL_SOCKET, SO_RCVTIMEO, &second, sizeof(second));
	for (int i = 0; peer >= 0 && i < SESSIONS_MAX; i++)
		if (relay->session[i].peer < 0) {
			begin(relay, &relay->session[i], peer);
			return;
		}
	close_fd(&peer);
}

static void
hear_signal(struct relay *relay)
{
	struct signalfd_siginfo info;

	while (read(relay->signals, &info, sizeof(info)) == sizeof(info))
		if (info.ssi_signo != SIGCHLD)
			(void)kill(relay->engine, (int)info.ssi_signo);	/* it may be gone */
	if (relay->engine_status < 0 &&
	    waitpid(relay->engine, &relay->engine_status, WNOHANG) != relay->engine)
		relay->engine_status = -1;
}

/* match-relay was ended, or a reply takes too long, where the file sets a time for it. */
static void
check(const struct relay *relay, struct session *session)
{
	char byte;
	int64_t turn_us = relay->setup->rules.clock.turn_us;

	if (recv(session->peer, &byte, 1, MSG_DONTWAIT | MSG_PEEK) == 0 || relay->engine_status >= 0)
		child_stop(&session->child);
	if (js_get(js_get(relay->setup->document, "clock"), "turn_ms") && session->asked_us &&
	    loop_now_us() - session->asked_us > turn_us)
		stop(session, "timeout");
}

static void
wait_once(struct relay *relay)
{
	struct pollfd fds[2 + SESSIONS_MAX * SESSION_FDS] = { { relay->listener, POLLIN, 0 },
		{ relay->signals, POLLIN, 0 } };
	int place[SESSIONS_MAX], count = 2, sessions = 0;

	for (int i = 0; i < SESSIONS_MAX; i++)
		if (relay->session[i].peer >= 0) {
			list(&relay->session[i], fds + count);
			place[sessions++] = i;
			count += SESSION_FDS;
		}
	(void)poll(fds, (nfds_t)count, TICK_MS);
	for (int i = 0; i < sessions; i++) {
		struct session *session = &relay->session[place[i]];

		check(relay, session);
		serve(relay, session, fds + 2 + i * SESSION_FDS);
	}
	if (fds[0].revents)
		accept_one(relay);
	hear_signal(relay);
}

static bool
busy(const struct relay *relay)
{
	for (int i = 0; i < SESSIONS_MAX; i++)
		if (relay->session[i].peer >= 0)
			return true;
	return relay->engine_status < 0;
}

static int
write_result(struct relay *relay)
{
	struct js *result = js_new_object();
	bool exited = WIFEXITED(relay->engine_status);

	js_set(result, "v", js_new_integer(2));
	js_set(result, "engine_exit", exited ? js_new_integer(WEXITSTATUS(relay->engine_status)) : NULL);
	js_set(result, "sessions", relay->told);
	int error = folder_write(relay->folder.fd, "relay.json", result);
	js_free(result);
	return error ? error : folder_commit(&relay->folder);
}

static int
relay_all(struct relay *relay, char *const engine[])
{
	for (int i = 0; i < SESSIONS_MAX; i++)
		relay->session[i].peer = -1;
	relay->told = js_new_array();
	relay->engine_status = -1;
	if (open_socket(relay) || open_signals(relay) || start_engine(relay, engine)) {
		fprintf(stderr, "match-run: relay: %s\n", strerror(errno));
		return EXIT_OURS;
	}
	while (busy(relay))
		wait_once(relay);
	(void)unlink(relay->socket);
	*strrchr(relay->socket, '/') = '\0';
	(void)rmdir(relay->socket);
	int error = write_result(relay);
	if (error) {
		fprintf(stderr, "match-run: %s: %s\n", relay->folder.final, strerror(-error));
		return EXIT_OURS;
	}
	fprintf(stderr, "match-run: relay: files are in %s\n", relay->folder.final);
	return WIFEXITED(relay->engine_status) ? WEXITSTATUS(relay->engine_status) : EXIT_OURS;
}

int
relay_run(int argc, char *argv[])
{
	static struct setup setup;
	static struct relay relay = { .setup = &setup, .folder = { .fd = -1 } };
	const char *folder = NULL;
	char path[4096];
	int option;

	while ((option = command_option(relay_options, argc, argv)) != -1) {
		if (option < 0)
			return EXIT_USAGE;
		folder = optarg;
	}
	if (optind + 1 >= argc)
		return command_usage("relay needs a file with bots, and behind it the engine's command");
	relay.helper = command_helper();
	(void)signal(SIGPIPE, SIG_IGN);	/* either side may be gone */
	int wrong = relay.helper ? setup_read_bots(&setup, argv[optind]) : -1, status = EXIT_USAGE;
	if (wrong && relay.helper)
		fprintf(stderr, "match-run: %s\n", setup.wrong);
	if (folder)
		snprintf(path, sizeof(path), "%s", folder);
	else
		command_folder("relay", path);
	int error = wrong ? 0 : folder_begin(&relay.folder, path);
	if (error)
		fprintf(stderr, "match-run: %s: %s\n", path, strerror(-error));
	if (!wrong && !error) {
		setup.seed = setup.has_seed ? setup.seed : command_seed();
		char **engine = argv + optind + 1;
		status = relay_all(&relay, strcmp(*engine, "--") == 0 && engine[1] ? engine + 1 : engine);
	}
	folder_abandon(&relay.folder);
	setup_free(&setup);
	return status;
}
