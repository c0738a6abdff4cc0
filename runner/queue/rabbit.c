/*
 * Jobs from queues of RabbitMQ. One connection takes jobs and acknowledges them, another publishes and waits for
 * confirms. A job is acknowledged when its result is confirmed; whatever breaks before, the broker gives it to
 * somebody again and says so, and then the queue of results is looked through before another result of it is
 * published. It alone knows librabbitmq. match-worker(8), RABBITMQ.
 */
#include "queue.h"

#include "common.h"

#include <amqp.h>
#include <amqp_framing.h>
#include <amqp_ssl_socket.h>
#include <amqp_tcp_socket.h>

#include <errno.h>
#include <string.h>

#define TIMEOUT_S 10
#define HEARTBEAT_S 30
#define FRAME_BYTES 131072
#define CONSUME 1		/* channel of the one connection */
#define PUBLISH 1		/* of the other: confirms */
#define LOOK 2			/* and its second one: looking through results */
#define LOOK_MOST 20000		/* results that are looked through */
#define LOOK_BEAT 500		/* and after so many, the broker hears from us */
#define EARLY_MOST 256		/* more than are ever sent to us: see consume() */
#define CA_FILE "/etc/ssl/certs/ca-certificates.crt"
#define PERSISTENT 2

struct rabbit {
	struct queue queue;
	amqp_connection_state_t in, out;
	uint64_t generation;		/* of `in`: an older delivery is not ours any more */
	uint64_t published;		/* confirms are counted */
	uint64_t collected;
	bool consuming;
	struct delivery early[EARLY_MOST];	/* came while nobody asked for them */
	int earlies;
};

static struct rabbit *
of(struct queue *queue)
{
	return (struct rabbit *)queue;
}

static amqp_bytes_t
bytes(const char *text)
{
	return amqp_cstring_bytes(text);
}

static int
lost(struct rabbit *rabbit, const char *why)
{
	snprintf(rabbit->queue.wrong, QUEUE_WRONG_BYTES, "rabbitmq: %.400s", why);
	return QUEUE_LOST;
}

/* Words for what went wrong with the last call; NULL: nothing did. */
static const char *
failure(amqp_rpc_reply_t reply)
{
	static char text[300];

	if (reply.reply_type == AMQP_RESPONSE_NORMAL)
		return NULL;
	if (reply.reply_type == AMQP_RESPONSE_LIBRARY_EXCEPTION)
		return amqp_error_string2(reply.library_error);
	if (reply.reply.id == AMQP_CHANNEL_CLOSE_METHOD) {
		const amqp_channel_close_t *closing = reply.reply.decoded;

		snprintf(text, sizeof(text), "%.*s", (int)closing->reply_text.len, (char *)closing->reply_text.bytes);
		return text;
	}
	if (reply.reply.id == AMQP_CONNECTION_CLOSE_METHOD) {
		const amqp_connection_close_t *closing = reply.reply.decoded;

		snprintf(text, sizeof(text), "%.*s", (int)closing->reply_text.len, (char *)closing->reply_text.bytes);
		return text;
	}
	return "the connection broke";
}

/* --- connections */

static amqp_socket_t *
new_socket(amqp_connection_state_t connection, bool tls)
{
	amqp_socket_t *socket = tls ? amqp_ssl_socket_new(connection) : amqp_tcp_socket_new(connection);

	if (socket && tls)
		(void)amqp_ssl_socket_set_cacert(socket, CA_FILE);	/* without it no peer is believed */
	return socket;
}

static void
hang_up(amqp_connection_state_t *connection)
{
	if (*connection)
		(void)amqp_destroy_connection(*connection);	/* no good-byes: they would wait for an answer */
	*connection = NULL;
}

static amqp_connection_state_t
dial(const char *url, char wrong[QUEUE_WRONG_BYTES])
{
	struct amqp_connection_info info;
	struct timeval timeout = { TIMEOUT_S, 0 };
	cleanup_free char *copy = strdup(url);

	if (!copy || amqp_parse_url(copy, &info)) {
		snprintf(wrong, QUEUE_WRONG_BYTES, "no URL of the form amqp://USER:PASSWORD@HOST[:PORT][/VHOST]");
		return NULL;
	}
	amqp_connection_state_t connection = amqp_new_connection();
	amqp_socket_t *socket = connection ? new_socket(connection, info.ssl) : NULL;
	int status = socket ? amqp_socket_open_noblock(socket, info.host, info.port, &timeout) : AMQP_STATUS_NO_MEMORY;
	const char *why = status ? amqp_error_string2(status) : NULL;
	if (!why)
		(void)amqp_set_rpc_timeout(connection, &timeout);
	if (!why)
		why = failure(amqp_login(connection, info.vhost, 0, FRAME_BYTES, HEARTBEAT_S, AMQP_SASL_METHOD_PLAIN,
		    info.user, info.password));
	if (!why) {
		(void)amqp_channel_open(connection, 1);
		why = failure(amqp_get_rpc_reply(connection));
	}
	if (!why)
		return connection;
	snprintf(wrong, QUEUE_WRONG_BYTES, "rabbitmq: %.400s", why);
	hang_up(&connection);
	return NULL;
}

/* The reply to the call before on the publishing connection. */
static const char *
check_out(struct rabbit *rabbit)
{
	return failure(amqp_get_rpc_reply(rabbit->out));
}

/* The second channel, for questions that the broker may answer by closing it. */
static const char *
open_look(struct rabbit *rabbit)
{
	(void)amqp_channel_open(rabbit->out, LOOK);
	return check_out(rabbit);
}

/* The code with which a question on it was answered by closing it; 0. It is closed when both have said so. */
static int
closing_code(struct rabbit *rabbit, amqp_rpc_reply_t reply)
{
	amqp_channel_close_ok_t agreed = { .dummy = 0 };

	if (reply.reply_type != AMQP_RESPONSE_SERVER_EXCEPTION || reply.reply.id != AMQP_CHANNEL_CLOSE_METHOD)
		return 0;
	int code = ((amqp_channel_close_t *)reply.reply.decoded)->reply_code;
	(void)amqp_send_method(rabbit->out, LOOK, AMQP_CHANNEL_CLOSE_OK_METHOD, &agreed);
	return code;
}

/* Does that code say that a queue is there, and another's? */
static bool
is_others(int code)
{
	return code == AMQP_RESOURCE_LOCKED || code == AMQP_ACCESS_REFUSED;
}

/* Takes the answer to a question on it. */
static const char *
check_look(struct rabbit *rabbit, int *code)
{
	amqp_rpc_reply_t reply = amqp_get_rpc_reply(rabbit->out);
	const char *why = failure(reply);

	*code = closing_code(rabbit, reply);
	return why;
}

static void
close_look(struct rabbit *rabbit)
{
	(void)amqp_channel_close(rabbit->out, LOOK, AMQP_REPLY_SUCCESS);
}

/*
 * Is there a queue of that name? Asking for one that is not closes the channel, and so does asking for another
 * connection's own, which takes what is published to it all the same.
 */
static bool
has_queue(struct rabbit *rabbit, const char *name)
{
	int code;

	if (open_look(rabbit))
		return false;
	(void)amqp_queue_declare(rabbit->out, LOOK, bytes(name), 1, 0, 0, 0, amqp_empty_table);
	if (check_look(rabbit, &code))
		return is_others(code);
	close_look(rabbit);
	return true;
}

/* What is there is used as it is; what is not is made, durable. */
static const char *
need_queue(struct rabbit *rabbit, const char *name)
{
	if (has_queue(rabbit, name))
		return NULL;
	(void)amqp_queue_declare(rabbit->out, PUBLISH, bytes(name), 0, 1, 0, 0, amqp_empty_table);
	return check_out(rabbit);
}

static const char *
need_exchange(struct rabbit *rabbit, const char *name, const char *type)
{
	const char *why = open_look(rabbit);
	int code;

	if (why)
		return why;
	(void)amqp_exchange_declare(rabbit->out, LOOK, bytes(name), bytes(type), 1, 0, 0, 0, amqp_empty_table);
	if (!check_look(rabbit, &code)) {
		close_look(rabbit);
		return NULL;
	}
	(void)amqp_exchange_declare(rabbit->out, PUBLISH, bytes(name), bytes(type), 0, 1, 0, 0, amqp_empty_table);
	return check_out(rabbit);
}

static const char *
bind(struct rabbit *rabbit, const char *queue, const char *exchange, const char *key)
{
	(void)amqp_queue_bind(rabbit->out, PUBLISH, bytes(queue), bytes(exchange), bytes(key), amqp_empty_table);
	return check_out(rabbit);
}

static const char *
set_up(struct rabbit *rabbit)
{
	const struct queue_config *config = rabbit->queue.config;
	const char *why = need_exchange(rabbit, config->exchange, "direct");

	for (int kind = 0; kind < QUEUE_KINDS && !why; kind++)
		why = need_queue(rabbit, config->source[kind]);
	if (!why)
		why = bind(rabbit, config->source[QUEUE_MATCHES], config->exchange, config->key);
	if (!why)
		why = need_exchange(rabbit, config->results, "direct");
	if (!why)
		why = need_queue(rabbit, config->results);
	if (!why)
		why = bind(rabbit, config->results, config->results, config->results);
	if (!why)
		why = need_queue(rabbit, config->dead);
	if (!why)
		why = need_exchange(rabbit, config->states, "topic");
	if (why)
		return why;
	(void)amqp_confirm_select(rabbit->out, PUBLISH);
	return check_out(rabbit);
}

static void
close_rabbit(struct queue *queue)
{
	struct rabbit *rabbit = of(queue);

	hang_up(&rabbit->in);
	hang_up(&rabbit->out);
	for (int i = 0; i < rabbit->earlies; i++)
		free(rabbit->early[i].text);
	free(rabbit);
}

static struct queue *
open_rabbit(const struct queue_config *config, char wrong[QUEUE_WRONG_BYTES])
{
	static uint64_t generation;
	struct rabbit *rabbit = calloc(1, sizeof(*rabbit));

	if (!rabbit)
		return NULL;
	rabbit->queue = (struct queue){ .driver = &rabbit_driver, .config = config };
	rabbit->generation = ++generation;
	rabbit->in = dial(config->url, wrong);
	rabbit->out = rabbit->in ? dial(config->url, wrong) : NULL;
	const char *why = rabbit->out ? set_up(rabbit) : wrong;
	if (!why)
		return &rabbit->queue;
	if (why != wrong)
		snprintf(wrong, QUEUE_WRONG_BYTES, "rabbitmq: %.400s", why);
	close_rabbit(&rabbit->queue);
	return NULL;
}

static int
polls(struct queue *queue, struct pollfd fds[QUEUE_FDS])
{
	struct rabbit *rabbit = of(queue);

	fds[0] = (struct pollfd){ amqp_get_sockfd(rabbit->in), POLLIN, 0 };
	return 1;
}

/* --- taking */

/*
 * As many matches as we play at a time are sent to us, and a build. Quorum queues know no bound for both together, so
 * at a worker whose hands are full one job of each kind may wait.
 */
static const char *
consume(struct rabbit *rabbit)
{
	const char *why = NULL;

	for (int kind = 0; kind < QUEUE_KINDS && !why; kind++) {
		int prefetch = kind == QUEUE_MATCHES ? rabbit->queue.config->prefetch : 1;

		(void)amqp_basic_qos(rabbit->in, CONSUME, 0, (uint16_t)prefetch, 0);
		why = failure(amqp_get_rpc_reply(rabbit->in));
		if (why)
			break;
		(void)amqp_basic_consume(rabbit->in, CONSUME, bytes(rabbit->queue.config->source[kind]),
		    bytes(kind == QUEUE_MATCHES ? "matches" : "builds"), 0, 0, 0, amqp_empty_table);
		why = failure(amqp_get_rpc_reply(rabbit->in));
	}
	rabbit->consuming = !why;
	return why;
}

static int
deliver(struct rabbit *rabbit, const amqp_envelope_t *envelope, struct delivery *delivery)
{
	size_t length = envelope->message.body.len;

	*delivery = (struct delivery){ .text = malloc(length + 1),
		.length = length,
		.kind = envelope->consumer_tag.len == strlen("builds") ? QUEUE_BUILDS : QUEUE_MATCHES,
		.attempts = envelope->redelivered ? 1 : 0,	/* all that the broker knows */
		.again = envelope->redelivered,
		.tag = envelope->delivery_tag,
		.generation = rabbit->generation };
	if (!delivery->text)
		return lost(rabbit, "out of memory");
	if (length)
		memcpy(delivery->text, envelope->message.body.bytes, length);
	delivery->text[length] = '\0';
	return 1;
}

/* A frame that is no delivery: only the end of the channel or the connection matters. */
static int
take_frame(struct rabbit *rabbit)
{
	const struct timeval none = { 0, 0 };
	amqp_frame_t frame;
	int status = amqp_simple_wait_frame_noblock(rabbit->in, &frame, &none);

	if (status != AMQP_STATUS_OK)
		return status == AMQP_STATUS_TIMEOUT ? 0 : lost(rabbit, amqp_error_string2(status));
	if (frame.frame_type == AMQP_FRAME_METHOD && (frame.payload.method.id == AMQP_CHANNEL_CLOSE_METHOD ||
	    frame.payload.method.id == AMQP_CONNECTION_CLOSE_METHOD ||
	    frame.payload.method.id == AMQP_BASIC_CANCEL_METHOD))
		return lost(rabbit, "the broker closed the channel");
	return 0;
}

static int
receive(struct rabbit *rabbit, struct delivery *delivery)
{
	const struct timeval none = { 0, 0 };
	amqp_envelope_t envelope;
	const char *why = rabbit->consuming ? NULL : consume(rabbit);

	if (why)
		return lost(rabbit, why);
	amqp_maybe_release_buffers(rabbit->in);
	amqp_rpc_reply_t reply = amqp_consume_message(rabbit->in, &envelope, &none, 0);
	if (reply.reply_type == AMQP_RESPONSE_NORMAL) {
		int taken = deliver(rabbit, &envelope, delivery);

		amqp_destroy_envelope(&envelope);
		return taken;
	}
	if (reply.reply_type == AMQP_RESPONSE_LIBRARY_EXCEPTION && reply.library_error == AMQP_STATUS_TIMEOUT)
		return 0;
	if (reply.reply_type == AMQP_RESPONSE_LIBRARY_EXCEPTION && reply.library_error == AMQP_STATUS_UNEXPECTED_STATE)
		return take_frame(rabbit);
	return lost(rabbit, failure(reply));
}

static int
take(struct queue *queue, struct delivery *delivery)
{
	struct rabbit *rabbit = of(queue);

	if (rabbit->earlies == 0)
		return receive(rabbit, delivery);
	*delivery = rabbit->early[0];
	memmove(rabbit->early, rabbit->early + 1, (size_t)--rabbit->earlies * sizeof(rabbit->early[0]));
	return 1;
}

/* Heartbeats are sent and heard while the library waits, and only then: it waits for nothing for a moment. */
static int
hear(struct rabbit *rabbit)
{
	int taken = rabbit->consuming ? 1 : 0;

	while (taken > 0 && rabbit->earlies < EARLY_MOST) {
		taken = receive(rabbit, &rabbit->early[rabbit->earlies]);
		rabbit->earlies += taken > 0;
	}
	return taken < 0 ? QUEUE_LOST : 0;
}

/* --- publishing */

/* Waits until the broker says that it has it. A message that it refuses is lost, as the connection is then. */
static int
wait_for_confirm(struct rabbit *rabbit)
{
	struct timeval timeout = { TIMEOUT_S, 0 };
	amqp_frame_t frame;

	for (;;) {
		int status = amqp_simple_wait_frame_noblock(rabbit->out, &frame, &timeout);

		if (status != AMQP_STATUS_OK)
			return lost(rabbit, amqp_error_string2(status));
		if (frame.frame_type != AMQP_FRAME_METHOD || frame.channel != PUBLISH)
			continue;
		if (frame.payload.method.id == AMQP_BASIC_ACK_METHOD) {
			const amqp_basic_ack_t *ack = frame.payload.method.decoded;

			if (ack->delivery_tag >= rabbit->published)
				return 0;
		} else
			return lost(rabbit, "a message was not taken");
	}
}

static int
publish(struct rabbit *rabbit, const char *exchange, const char *key, const char *id, const char *text, bool keep_it)
{
	amqp_basic_properties_t properties = { ._flags = AMQP_BASIC_CONTENT_TYPE_FLAG | AMQP_BASIC_DELIVERY_MODE_FLAG |
		AMQP_BASIC_MESSAGE_ID_FLAG,
		.content_type = bytes("application/json"),
		.delivery_mode = keep_it ? PERSISTENT : 1,
		.message_id = bytes(id) };

	rabbit->published++;
	amqp_maybe_release_buffers(rabbit->out);
	int status = amqp_basic_publish(rabbit->out, PUBLISH, bytes(exchange), bytes(key), 0, 0, &properties,
	    bytes(text));
	if (status)
		return lost(rabbit, amqp_error_string2(status));
	return keep_it ? wait_for_confirm(rabbit) : 0;
}

/* --- is there a result of it already? */

/* A queue that only one connection can have is a lock that its owner's death opens. 0, QUEUE_LATER, QUEUE_LOST. */
static int
lock_looking(struct rabbit *rabbit)
{
	char name[300];
	const char *why = open_look(rabbit);
	int code;

	if (why)
		return lost(rabbit, why);
	snprintf(name, sizeof(name), "%.250s.looking", rabbit->queue.config->results);
	(void)amqp_queue_declare(rabbit->out, LOOK, bytes(name), 0, 0, 1, 1, amqp_empty_table);
	why = check_look(rabbit, &code);
	return code == AMQP_RESOURCE_LOCKED ? QUEUE_LATER : why ? lost(rabbit, why) : 0;
}

/*
 * Nothing is acknowledged: closing the channel puts all of it back where it was. It may be closed already, as what is
 * another connection's own cannot be looked through.
 */
static int
look(struct rabbit *rabbit, const char *queue, const char *id, int *code)
{
	int found = 0;

	*code = 0;
	for (int i = 0; i < LOOK_MOST && !found; i++) {
		amqp_message_t message;

		if (i % LOOK_BEAT == LOOK_BEAT - 1 && hear(rabbit))
			return QUEUE_LOST;
		amqp_maybe_release_buffers(rabbit->out);
		amqp_rpc_reply_t reply = amqp_basic_get(rabbit->out, LOOK, bytes(queue), 0);
		*code = closing_code(rabbit, reply);
		if (is_others(*code))
			return 0;
		if (failure(reply))
			return lost(rabbit, failure(reply));
		if (reply.reply.id == AMQP_BASIC_GET_EMPTY_METHOD)
			break;
		reply = amqp_read_message(rabbit->out, LOOK, &message, 0);
		if (failure(reply))
			return lost(rabbit, failure(reply));
		const amqp_bytes_t *its = &message.properties.message_id;
		found = message.properties._flags & AMQP_BASIC_MESSAGE_ID_FLAG && its->len == strlen(id) &&
		    memcmp(its->bytes, id, its->len) == 0;
		amqp_destroy_message(&message);
	}
	return found;
}

static int
is_published(struct rabbit *rabbit, const char *queue, const char *id)
{
	char name[300];
	int taken = lock_looking(rabbit), code;

	if (taken)
		return taken;
	int found = look(rabbit, queue, id, &code);
	if (found == QUEUE_LOST)
		return QUEUE_LOST;
	if (!code)
		close_look(rabbit);
	if (open_look(rabbit))
		return lost(rabbit, "the channel cannot be opened again");
	snprintf(name, sizeof(name), "%.250s.looking", rabbit->queue.config->results);
	(void)amqp_queue_delete(rabbit->out, LOOK, bytes(name), 0, 0);
	close_look(rabbit);
	return found;
}

/* --- ending */

static bool
owns(struct queue *queue, const struct delivery *delivery)
{
	return delivery->generation == of(queue)->generation;
}

static int
publish_outcome(struct rabbit *rabbit, const struct delivery *delivery, const struct settlement *settlement)
{
	const char *results = rabbit->queue.config->results, *reply = settlement->reply;
	const char *why = reply ? need_queue(rabbit, reply) : NULL;

	if (why)
		return lost(rabbit, why);
	int found = delivery->again ? is_published(rabbit, reply ? reply : results, settlement->id) : 0;
	if (found)
		return found < 0 ? found : 0;
	if (reply ? publish(rabbit, "", reply, settlement->id, settlement->outcome, true)
	    : publish(rabbit, results, results, settlement->id, settlement->outcome, true))
		return QUEUE_LOST;
	return 1;
}

static int
acknowledge(struct rabbit *rabbit, const struct delivery *delivery)
{
	int status = amqp_basic_ack(rabbit->in, CONSUME, delivery->tag, 0);

	return status ? lost(rabbit, amqp_error_string2(status)) : 0;
}

static int
settle(struct queue *queue, const struct delivery *delivery, const struct settlement *settlement)
{
	struct rabbit *rabbit = of(queue);
	int published = 0;

	if (!owns(queue, delivery))
		return 0;
	if (settlement->outcome)
		published = publish_outcome(rabbit, delivery, settlement);
	if (published >= 0 && settlement->why &&
	    publish(rabbit, "", queue->config->dead, settlement->id, settlement->why, true))
		published = QUEUE_LOST;
	return published < 0 ? published : acknowledge(rabbit, delivery) ? QUEUE_LOST : published;
}

static int
give_back(struct queue *queue, const struct delivery *delivery, bool tried)
{
	struct rabbit *rabbit = of(queue);

	(void)tried;	/* the broker counts */
	if (!owns(queue, delivery))
		return 0;
	int status = amqp_basic_nack(rabbit->in, CONSUME, delivery->tag, 0, 1);
	return status ? lost(rabbit, amqp_error_string2(status)) : 0;
}

static int
tell(struct queue *queue, const char *id, const char *what, const char *text)
{
	char key[QUEUE_ID_BYTES + 32];

	snprintf(key, sizeof(key), "match.%s.%s", id, what);
	return publish(of(queue), queue->config->states, key, id, text, false);
}

static int
beat(struct queue *queue)
{
	struct rabbit *rabbit = of(queue);
	const struct timeval none = { 0, 0 };
	amqp_frame_t frame;
	int status;

	if (hear(rabbit))
		return QUEUE_LOST;
	/* Confirms of what was only told come some time. */
	while ((status = amqp_simple_wait_frame_noblock(rabbit->out, &frame, &none)) == AMQP_STATUS_OK)
		if (frame.frame_type == AMQP_FRAME_METHOD && (frame.payload.method.id == AMQP_CHANNEL_CLOSE_METHOD ||
		    frame.payload.method.id == AMQP_CONNECTION_CLOSE_METHOD))
			return lost(rabbit, "the broker closed the channel");
	amqp_maybe_release_buffers(rabbit->out);
	return status == AMQP_STATUS_TIMEOUT ? 0 : lost(rabbit, amqp_error_string2(status));
}

static int
pause_rabbit(struct queue *queue)
{
	struct rabbit *rabbit = of(queue);
	struct delivery delivery;
	int taken = 0;

	if (!rabbit->consuming)
		return 0;
	(void)amqp_basic_cancel(rabbit->in, CONSUME, bytes("matches"));
	const char *why = failure(amqp_get_rpc_reply(rabbit->in));
	if (!why) {
		(void)amqp_basic_cancel(rabbit->in, CONSUME, bytes("builds"));
		why = failure(amqp_get_rpc_reply(rabbit->in));
	}
	while (!why && (taken = take(queue, &delivery)) > 0) {
		if (give_back(queue, &delivery, false))
			taken = QUEUE_LOST;
		free(delivery.text);
		if (taken < 0)
			break;
	}
	return why ? lost(rabbit, why) : taken < 0 ? QUEUE_LOST : 0;
}

/* --- the other side */

static int
submit(struct queue *queue, enum queue_kind kind, const char *id, const char *text)
{
	const struct queue_config *config = queue->config;

	return kind == QUEUE_BUILDS ? publish(of(queue), "", config->source[kind], id, text, true)
	    : publish(of(queue), config->exchange, config->key, id, text, true);
}

static int
collect(struct queue *queue, const char *reply_to, char **text)
{
	struct rabbit *rabbit = of(queue);
	amqp_message_t message;
	const char *why = rabbit->consuming ? NULL : need_queue(rabbit, reply_to);

	*text = NULL;
	rabbit->consuming = true;
	if (why)
		return lost(rabbit, why);
	amqp_maybe_release_buffers(rabbit->in);
	amqp_rpc_reply_t reply = amqp_basic_get(rabbit->in, CONSUME, bytes(reply_to), 0);
	if (failure(reply))
		return lost(rabbit, failure(reply));
	if (reply.reply.id == AMQP_BASIC_GET_EMPTY_METHOD)
		return 0;
	rabbit->collected = ((amqp_basic_get_ok_t *)reply.reply.decoded)->delivery_tag;
	reply = amqp_read_message(rabbit->in, CONSUME, &message, 0);
	if (failure(reply))
		return lost(rabbit, failure(reply));
	*text = strndup(message.body.bytes, message.body.len);
	amqp_destroy_message(&message);
	return *text ? 1 : lost(rabbit, "out of memory");
}

static int
collected(struct queue *queue, const char *reply)
{
	struct rabbit *rabbit = of(queue);
	int status = amqp_basic_ack(rabbit->in, CONSUME, rabbit->collected, 0);

	(void)reply;
	return status ? lost(rabbit, amqp_error_string2(status)) : 0;
}

static const char *const schemes[] = { "amqp", "amqps", NULL };

const struct queue_driver rabbit_driver = { schemes, open_rabbit, close_rabbit, polls, take, owns, settle, give_back,
	tell, beat, pause_rabbit, NULL, submit, collect, collected };
