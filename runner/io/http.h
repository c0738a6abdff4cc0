/*
 * HTTP as the gate needs it: requests come whole, are answered now, later, or piece by piece. libmicrohttpd does the
 * work in this thread, between two waits of the gate's loop. It never waits and knows nothing of what is asked.
 */
#ifndef HTTP_H
#define HTTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define HTTP_WRONG_BYTES 256

struct http;

/* A request, from the time that it is whole until it is answered. */
struct request {
	const char *method, *path;	/* the path without its query, decoded */
	const char *body;		/* ended by a NUL; "" */
	size_t length;
	void *inner;			/* http.c's */
};

struct http_config {
	const char *address;		/* "ADDRESS:PORT", "[ADDRESS]:PORT" or "unix:PATH" */
	int socket;			/* already listening; -1: none */
	size_t body_max;
	int connections_max;
	int idle_s;			/* a connection that says nothing for so long is closed */
	int64_t whole_us;		/* and so is one whose request is not whole after so long */

	/* Called when the headers of a request with a body are there: 0, or the status that it is refused with. */
	int (*admit)(void *owner, struct request *request);

	/* Called for each whole request; it must be answered, or held. */
	void (*handle)(void *owner, struct request *request);

	/* Called when a request could not become whole: the status that it was answered with. */
	void (*refused)(void *owner, int status);
	void *owner;
};

/* NULL, and why. */
struct http *http_open(const struct http_config *config, char wrong[HTTP_WRONG_BYTES]);
void http_close(struct http *http);

/* No new connections are accepted from now on. */
void http_pause(struct http *http);

/* What to wait for, and how long at the most, in milliseconds; -1: for ever. */
int http_fd(struct http *http);
int http_timeout_ms(struct http *http);

/* Does what there is to do. */
void http_turn(struct http *http);

int http_connections(const struct http *http);

/* A header of the request, or a member of its query; NULL. */
const char *http_header(const struct request *request, const char *name);
const char *http_query(const struct request *request, const char *name);

/* Answers, and the request is gone. `header` and `value` NULL: no further header. */
void http_answer(struct request *request, int status, const char *type, const char *body, size_t length,
    const char *header, const char *value);

/* The answer comes later: the connection is not looked at until then. */
void http_hold(struct request *request);

/*
 * Answers piece by piece: `read` fills up to `most` bytes from the place `at` of whatever it is, and tells how many;
 * 0: none yet, http_wake() is called when there are; -1: that was all. `gone` is called at its end, whoever ended it.
 */
struct http_stream {
	long (*read)(void *self, uint64_t at, char *bytes, size_t most);
	void (*gone)(void *self);
	void *self;
	void *connection, *line;	/* http.c's */
	bool asleep, hung_up;
};
void http_answer_stream(struct request *request, const char *type, struct http_stream *stream);
void http_wake(struct http_stream *stream);

#endif
