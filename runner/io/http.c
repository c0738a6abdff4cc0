/* Owns libmicrohttpd. */
#include "http.h"

#include "buffer.h"
#include "common.h"
#include "now.h"

#include <errno.h>
#include <microhttpd.h>
#include <netdb.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#define BACKLOG 256
#define SWEEP_US INT64_C(500000)
#define SERVER "match-gate"
#define TOO_LARGE "the body is larger than this gate takes"

/* A connection, for the time that a request on it may take to become whole. */
struct line {
	struct line *next, **at;
	int fd;
	int64_t since_us;		/* when its present request began, or it did; 0: that one is whole */
	bool cut;
	struct http_stream *stream;	/* which it follows; NULL */
};

struct incoming {
	struct request request;
	struct http *http;
	struct MHD_Connection *connection;
	struct line *line;
	struct buffer body;
	bool refused, too_large, held, answered;
};

struct http {
	struct http_config config;
	struct MHD_Daemon *daemon;
	int socket;
	struct line *lines;
	int connections;
	int64_t swept_us;
};

static struct incoming *
of(const struct request *request)
{
	return request->inner;
}

/* --- listening */

static int
listen_path(const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };

	errno = ENAMETOOLONG;
	if (strlen(path) >= sizeof(address.sun_path))
		return -1;
	strcpy(address.sun_path, path);
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	/* One that nobody listens on any more is in the way; one that somebody does is not ours to remove. */
	if (fd >= 0 && connect(fd, (struct sockaddr *)&address, sizeof(address)) && errno == ECONNREFUSED)
		(void)unlink(path);
	close_fd(&fd);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd >= 0 && (bind(fd, (struct sockaddr *)&address, sizeof(address)) || chmod(path, 0660) ||
	    listen(fd, BACKLOG)))
		close_fd(&fd);
	return fd;
}

static int
listen_host(const char *text, char wrong[HTTP_WRONG_BYTES])
{
	const struct addrinfo hints = { .ai_flags = AI_PASSIVE | AI_NUMERICHOST | AI_NUMERICSERV,
		.ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM };
	struct addrinfo *found = NULL;
	char host[128];
	const char *colon = strrchr(text, ':');
	int fd = -1, one = 1;

	snprintf(host, sizeof(host), "%.*s", colon ? (int)(colon - text) : 0, text);
	char *bare = *host == '[' ? host + 1 : host;
	bare[strcspn(bare, "]")] = '\0';
	int error = colon ? getaddrinfo(bare, colon + 1, &hints, &found) : EAI_NONAME;
	if (error) {
		snprintf(wrong, HTTP_WRONG_BYTES, "%.100s: %s: ADDRESS:PORT is wanted, or unix:PATH", text,
		    gai_strerror(error));
		return -1;
	}
	fd = socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd >= 0 && (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one)) ||
	    bind(fd, found->ai_addr, found->ai_addrlen) || listen(fd, BACKLOG)))
		close_fd(&fd);
	freeaddrinfo(found);
	if (fd < 0)
		snprintf(wrong, HTTP_WRONG_BYTES, "%.100s: %s", text, strerror(errno));
	return fd;
}

/* --- connections */

static void
note_connection(void *self, struct MHD_Connection *connection, void **context, enum MHD_ConnectionNotificationCode what)
{
	struct http *http = self;
	struct line *line = *context;

	if (what == MHD_CONNECTION_NOTIFY_STARTED) {
		const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection,
		    MHD_CONNECTION_INFO_CONNECTION_FD);

		http->connections++;
		*context = line = calloc(1, sizeof(*line));
		if (!line)
			return;
		line->fd = info ? info->connect_fd : -1;
		line->since_us = now_us();
		line->next = http->lines;
		line->at = &http->lines;
		if (line->next)
			line->next->at = &line->next;
		http->lines = line;
	} else {
		http->connections--;
		if (!line)
			return;
		*line->at = line->next;
		if (line->next)
			line->next->at = line->at;
		free(line);
	}
}

/* Who sends a header a minute keeps no place: it is shut, and libmicrohttpd finds it so. */
static void
cut_slow(struct http *http)
{
	int64_t before = now_us() - http->config.whole_us;

	for (struct line *line = http->lines; line; line = line->next)
		if (line->since_us && line->since_us < before && !line->cut) {
			line->cut = true;
			(void)shutdown(line->fd, SHUT_RDWR);	/* it may be gone */
		}
}

/* Nobody looks at a connection that sleeps; so who went away is looked for. */
static void
end_abandoned(struct http *http)
{
	for (struct line *line = http->lines, *next; line; line = next) {
		struct pollfd fd = { line->fd, POLLRDHUP, 0 };

		next = line->next;
		if (!line->stream || !line->stream->asleep || poll(&fd, 1, 0) <= 0)
			continue;
		line->stream->hung_up = true;
		http_wake(line->stream);
	}
}

/* --- requests */

static void
finish_request(void *self, struct MHD_Connection *connection, void **context, enum MHD_RequestTerminationCode why)
{
	struct incoming *in = *context;

	(void)self;
	(void)connection;
	(void)why;
	if (!in)
		return;
	if (in->line)
		in->line->since_us = now_us();
	buffer_free(&in->body);
	free(in);
	*context = NULL;
}

static enum MHD_Result
refuse(struct incoming *in, int status, const char *why)
{
	char body[256];

	bool unknown = status == 401;

	snprintf(body, sizeof(body), "{\"error\":\"%s\"}\n", why);
	in->refused = true;
	in->http->config.refused(in->http->config.owner, status);
	http_answer(&in->request, status, "application/json", body, strlen(body),
	    unknown ? "WWW-Authenticate" : "Connection", unknown ? "Bearer" : "close");
	return MHD_YES;
}

/* The first call of a request: its headers are there. */
static enum MHD_Result
begin(struct http *http, struct MHD_Connection *connection, const char *path, const char *method, void **context)
{
	struct incoming *in = calloc(1, sizeof(*in));
	const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
	const char *length = MHD_lookup_connection_value(connection, MHD_HEADER_KIND, "Content-Length");

	if (!in)
		return MHD_NO;
	*context = in;
	*in = (struct incoming){ .request = { .method = method, .path = path, .body = "", .inner = in },
		.http = http, .connection = connection, .line = info ? info->socket_context : NULL };
	buffer_init(&in->body, http->config.body_max);
	if (length && strtoull(length, NULL, 10) > http->config.body_max)
		return refuse(in, 413, TOO_LARGE);
	bool has_body = length || MHD_lookup_connection_value(connection, MHD_HEADER_KIND, "Transfer-Encoding");
	int status = has_body ? http->config.admit(http->config.owner, &in->request) : 0;
	return status ? refuse(in, status, status == 401 ? "a token is wanted" : "there is no such thing, or not so")
	    : MHD_YES;
}

static enum MHD_Result
access_request(void *self, struct MHD_Connection *connection, const char *path, const char *method, const char *version,
    const char *data, size_t *length, void **context)
{
	struct http *http = self;
	struct incoming *in = *context;

	(void)version;
	if (!in)
		return begin(http, connection, path, method, context);
	if (*length) {
		/* Answered only when all of it has come; what does not fit is dropped, and who never ends is cut. */
		in->too_large |= !in->refused && buffer_append(&in->body, data, *length) != 0;
		*length = 0;
		return MHD_YES;
	}
	if (in->refused || in->answered || in->held)
		return MHD_YES;
	if (in->too_large)
		return refuse(in, 413, TOO_LARGE);
	const char *text = buffer_text(&in->body);
	in->request.body = text ? text : "";
	in->request.length = in->body.length;
	in->request.method = method;
	in->request.path = path;
	if (in->line)
		in->line->since_us = 0;
	http->config.handle(http->config.owner, &in->request);
	return MHD_YES;
}

/* --- the whole */

struct http *
http_open(const struct http_config *config, char wrong[HTTP_WRONG_BYTES])
{
	struct http *http = calloc(1, sizeof(*http));

	if (!http)
		return NULL;
	http->config = *config;
	http->socket = config->socket >= 0 ? config->socket
	    : strncmp(config->address, "unix:", 5) == 0 ? listen_path(config->address + 5)
	    : listen_host(config->address, wrong);
	if (http->socket < 0 && strncmp(config->address, "unix:", 5) == 0)
		snprintf(wrong, HTTP_WRONG_BYTES, "%.100s: %s", config->address, strerror(errno));
	if (http->socket >= 0)
		http->daemon = MHD_start_daemon(MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME, 0, NULL, NULL,
		    access_request, http,
		    MHD_OPTION_LISTEN_SOCKET, http->socket,
		    MHD_OPTION_CONNECTION_LIMIT, (unsigned)config->connections_max,
		    MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)config->idle_s,
		    MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)65536,
		    MHD_OPTION_NOTIFY_COMPLETED, finish_request, NULL,
		    MHD_OPTION_NOTIFY_CONNECTION, note_connection, http,
		    MHD_OPTION_END);
	if (http->daemon)
		return http;
	if (http->socket >= 0)
		snprintf(wrong, HTTP_WRONG_BYTES, "libmicrohttpd cannot listen on %.100s", config->address);
	http_close(http);
	return NULL;
}

void
http_close(struct http *http)
{
	if (!http)
		return;
	if (http->daemon)
		MHD_stop_daemon(http->daemon);
	else
		close_fd(&http->socket);
	free(http);
}

void
http_pause(struct http *http)
{
	int listening = MHD_quiesce_daemon(http->daemon);

	close_fd(&listening);
}

int
http_fd(struct http *http)
{
	return MHD_get_daemon_info(http->daemon, MHD_DAEMON_INFO_EPOLL_FD)->epoll_fd;
}

int
http_timeout_ms(struct http *http)
{
	MHD_UNSIGNED_LONG_LONG ms;

	return MHD_get_timeout(http->daemon, &ms) == MHD_YES ? (int)(ms > 10000 ? 10000 : ms) : -1;
}

void
http_turn(struct http *http)
{
	if (now_us() - http->swept_us > SWEEP_US) {
		http->swept_us = now_us();
		cut_slow(http);
		end_abandoned(http);
	}
	(void)MHD_run(http->daemon);	/* it says no only of daemons with threads */
}

int
http_connections(const struct http *http)
{
	return http->connections;
}

const char *
http_header(const struct request *request, const char *name)
{
	return MHD_lookup_connection_value(of(request)->connection, MHD_HEADER_KIND, name);
}

const char *
http_query(const struct request *request, const char *name)
{
	return MHD_lookup_connection_value(of(request)->connection, MHD_GET_ARGUMENT_KIND, name);
}

static void
send_response(struct incoming *in, int status, struct MHD_Response *response, const char *type)
{
	if (!response)
		return;
	(void)MHD_add_response_header(response, "Content-Type", type);
	(void)MHD_add_response_header(response, "Server", SERVER);
	(void)MHD_add_response_header(response, "X-Content-Type-Options", "nosniff");
	(void)MHD_queue_response(in->connection, (unsigned)status, response);
	MHD_destroy_response(response);
	in->answered = true;
	if (in->held)
		MHD_resume_connection(in->connection);
	in->held = false;
}

void
http_answer(struct request *request, int status, const char *type, const char *body, size_t length,
    const char *header, const char *value)
{
	struct MHD_Response *response = MHD_create_response_from_buffer(length, (void *)body, MHD_RESPMEM_MUST_COPY);

	if (response && header)
		(void)MHD_add_response_header(response, header, value);
	send_response(of(request), status, response, type);
}

void
http_hold(struct request *request)
{
	of(request)->held = true;
	MHD_suspend_connection(of(request)->connection);
}

/* --- piece by piece */

static ssize_t
read_stream(void *self, uint64_t at, char *bytes, size_t most)
{
	struct http_stream *stream = self;
	long length = stream->hung_up ? -1 : stream->read(stream->self, at, bytes, most);

	if (length < 0)
		return MHD_CONTENT_READER_END_OF_STREAM;
	if (length == 0 && !stream->asleep) {
		stream->asleep = true;
		MHD_suspend_connection(stream->connection);
	}
	return length;
}

static void
end_stream(void *self)
{
	struct http_stream *stream = self;
	struct line *line = stream->line;

	if (line)
		line->stream = NULL;
	stream->gone(stream->self);
}

void
http_answer_stream(struct request *request, const char *type, struct http_stream *stream)
{
	struct MHD_Response *response = MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, 16384, read_stream, stream,
	    end_stream);

	stream->connection = of(request)->connection;
	stream->asleep = stream->hung_up = false;
	stream->line = of(request)->line;
	if (of(request)->line)
		of(request)->line->stream = stream;
	if (response)
		(void)MHD_add_response_header(response, "Cache-Control", "no-store");
	send_response(of(request), 200, response, type);
}

void
http_wake(struct http_stream *stream)
{
	if (!stream->asleep)
		return;
	stream->asleep = false;
	MHD_resume_connection(stream->connection);
}
