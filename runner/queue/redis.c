/*
 * Jobs in lists of Redis. A job is moved (BLMOVE) from the queue into a list of this worker's own; its end takes it
 * out of there and publishes its result in one script, so it is in a list until there is a result, and there is one
 * result whoever dies when. A worker that lets its lease run out has its list moved back by any other. It alone knows
 * hiredis. match-worker(8), REDIS.
 */
#include "queue.h"

#include "common.h"

#include <hiredis/hiredis.h>

#include <errno.h>
#include <stdarg.h>
#include <string.h>

#define TIMEOUT_S 5		/* of a command; redis(1) on one machine answers in a millisecond */
#define BLOCK_S "0.5"		/* so long one queue is waited at before the other is looked at */
#define RESULT_TTL_S "604800"	/* so long a second result of the same job is known for one */
#define STATES_KEPT "10000"

struct redis {
	struct queue queue;
	redisContext *context, *waiting;	/* for commands; for BLMOVE alone */
	bool asked;				/* BLMOVE is on its way */
	enum queue_kind asked_kind;
	char list[QUEUE_KINDS][160], lease[160];
};

static struct redis *
of(struct queue *queue)
{
	return (struct redis *)queue;
}

static int
lost(struct redis *redis, const char *why)
{
	snprintf(redis->queue.wrong, QUEUE_WRONG_BYTES, "redis: %.400s", why);
	return QUEUE_LOST;
}

/* --- scripts: each is one step for everybody else */

/*
 * KEYS list, attempts, result, results; ARGV job, outcome or "", id, dead letter or "", dead list, 1 when it is spare:
 * then one that is there once is the one in our hands, which somebody took for a dead worker's and which came back.
 */
static const char settle_script[] =
    "if ARGV[6] == '1' and #redis.call('LPOS', KEYS[1], ARGV[1], 'COUNT', 2) < 2 then return 0 end "
    "if redis.call('LREM', KEYS[1], 1, ARGV[1]) == 0 then return 0 end "
    "redis.call('HDEL', KEYS[2], redis.sha1hex(ARGV[1])) "
    "if ARGV[4] ~= '' then redis.call('RPUSH', ARGV[5], ARGV[4]) end "
    "if ARGV[2] == '' then return 0 end "
    "if not redis.call('SET', KEYS[3], ARGV[2], 'NX', 'EX', " RESULT_TTL_S ") then return 0 end "
    "redis.call('RPUSH', KEYS[4], ARGV[2]) "
    "return 1";

/* KEYS list, source, attempts; ARGV job, 1 when it was tried */
static const char back_script[] =
    "if redis.call('LREM', KEYS[1], 1, ARGV[1]) == 0 then return 0 end "
    "if ARGV[2] == '1' then redis.call('HINCRBY', KEYS[3], redis.sha1hex(ARGV[1]), 1) end "
    "redis.call('LPUSH', KEYS[2], ARGV[1]) "
    "return 1";

/* KEYS workers, attempts, source of matches, source of builds; ARGV prefix */
static const char reap_script[] =
    "local freed = 0 "
    "for _, id in ipairs(redis.call('SMEMBERS', KEYS[1])) do "
    "  if redis.call('EXISTS', ARGV[1] .. id .. ':lease') == 0 then "
    "    for i, kind in ipairs({'matches', 'builds'}) do "
    "      local list = ARGV[1] .. id .. ':' .. kind "
    "      while true do "
    "        local job = redis.call('RPOP', list) "
    "        if not job then break end "
    "        redis.call('HINCRBY', KEYS[2], redis.sha1hex(job), 1) "
    "        redis.call('LPUSH', KEYS[2 + i], job) "
    "        freed = freed + 1 "
    "      end "
    "    end "
    "    redis.call('SREM', KEYS[1], id) "
    "  end "
    "end "
    "return freed";

/* KEYS states; ARGV id, what, text */
static const char tell_script[] =
    "local name = 'match:' .. ARGV[1] .. ':state' "
    "local last = ARGV[2] == 'state' and 'match:' .. ARGV[1] .. ':status' or name "
    "redis.call('SET', last, ARGV[3], 'EX', " RESULT_TTL_S ") "
    "if ARGV[2] == 'state' then "
    "  redis.call('RPUSH', KEYS[1], ARGV[3]) "
    "  redis.call('LTRIM', KEYS[1], -" STATES_KEPT ", -1) "
    "end "
    "return redis.call('PUBLISH', name, ARGV[3])";

#define PREFIX "match-worker:"
#define WORKERS "match-workers"
#define ATTEMPTS "match-worker:attempts"

/* --- commands */

/* A reply, or NULL: lost. An error of the server's is one, too: what we ask it always knows. */
static redisReply *
command(struct redis *redis, int argc, const char **argv, const size_t *lengths)
{
	redisReply *reply = redis->context->err ? NULL : redisCommandArgv(redis->context, argc, argv, lengths);

	if (!reply)
		(void)lost(redis, redis->context->errstr);
	else if (reply->type == REDIS_REPLY_ERROR) {
		(void)lost(redis, reply->str);
		freeReplyObject(reply);
		reply = NULL;
	}
	return reply;
}

/* The same for words that end with NULL; an integer reply, or QUEUE_LOST. A `job` among them may hold anything. */
static long long __attribute__((sentinel))
number(struct redis *redis, const struct delivery *job, const char *word, ...)
{
	const char *argv[20] = { word };
	size_t lengths[COUNT(argv)] = { strlen(word) };
	int argc = 1;
	va_list args;

	va_start(args, word);
	while (argc < (int)COUNT(argv) && (argv[argc] = va_arg(args, const char *))) {
		lengths[argc] = job && argv[argc] == job->text ? job->length : strlen(argv[argc]);
		argc++;
	}
	va_end(args);
	redisReply *reply = command(redis, argc, argv, lengths);
	if (!reply)
		return QUEUE_LOST;
	long long result = reply->type == REDIS_REPLY_INTEGER ? reply->integer : reply->type == REDIS_REPLY_STRING
	    ? atoll(reply->str) : 0;
	freeReplyObject(reply);
	return result;
}

/* --- redis://[user][:password]@host[:port][/number], or unix:/path */

struct address {
	char host[256], user[128], password[256];
	int port, database;
};

static void
decode(char *text)
{
	char *to = text;

	for (; *text; text++) {
		unsigned byte;

		if (*text == '%' && sscanf(text + 1, "%2x", &byte) == 1) {
			*to++ = (char)byte;
			text += 2;
		} else
			*to++ = *text;
	}
	*to = '\0';
}

static bool
parse(const char *url, struct address *address)
{
	const char *at, *rest = strstr(url, "://"), *slash;

	*address = (struct address){ .port = 6379 };
	if (!rest)
		return false;
	rest += 3;
	slash = strchr(rest, '/');
	at = strrchr(rest, '@');
	if (at && (!slash || at < slash)) {
		size_t user = strcspn(rest, ":@");

		snprintf(address->user, sizeof(address->user), "%.*s", (int)user, rest);
		if (rest[user] == ':')
			snprintf(address->password, sizeof(address->password), "%.*s",
			    (int)(at - rest - (long)user - 1), rest + user + 1);
		rest = at + 1;
	}
	size_t host = *rest == '[' ? strcspn(++rest, "]") : strcspn(rest, ":/");
	snprintf(address->host, sizeof(address->host), "%.*s", (int)host, rest);
	rest += host + (rest[host] == ']');
	if (*rest == ':')
		address->port = atoi(rest + 1);
	if (slash)
		address->database = atoi(slash + 1);
	decode(address->user);
	decode(address->password);
	return *address->host && address->port > 0 && address->port < 65536;
}

/* Is a command taken? */
static bool
agrees(redisReply *reply)
{
	bool good = reply && reply->type != REDIS_REPLY_ERROR;

	if (reply)
		freeReplyObject(reply);
	return good;
}

static bool
log_in(redisContext *context, const struct address *address)
{
	bool good = true;

	if (*address->password)
		good = agrees(*address->user ? redisCommand(context, "AUTH %s %s", address->user, address->password)
		    : redisCommand(context, "AUTH %s", address->password));
	if (good && address->database)
		good = agrees(redisCommand(context, "SELECT %d", address->database));
	return good;
}

/* A Unix socket knows who we are. */
static redisContext *
dial(const struct redis *redis, char wrong[QUEUE_WRONG_BYTES])
{
	const struct timeval timeout = { TIMEOUT_S, 0 };
	const char *url = redis->queue.config->url;
	bool is_path = strncmp(url, "unix:", 5) == 0;
	struct address address = { .port = 0 };

	if (!is_path && !parse(url, &address)) {
		snprintf(wrong, QUEUE_WRONG_BYTES, "no URL of the form redis://[USER:PASSWORD@]HOST[:PORT][/NUMBER]");
		return NULL;
	}
	const char *path = url + 5 + (is_path && strncmp(url + 5, "//", 2) == 0 ? 2 : 0);
	redisContext *context = is_path ? redisConnectUnixWithTimeout(path, timeout)
	    : redisConnectWithTimeout(address.host, address.port, timeout);
	if (context && !context->err) {
		(void)redisSetTimeout(context, timeout);
		if (!is_path)
			(void)redisEnableKeepAlive(context);	/* hiredis 0.14 makes an error of it elsewhere */
		if (log_in(context, &address))
			return context;
	}
	snprintf(wrong, QUEUE_WRONG_BYTES, "redis: %.400s", !context ? "out of memory" : context->err ? context->errstr
	    : "it does not take this user, password or number");
	if (context)
		redisFree(context);
	return NULL;
}

static void
close_redis(struct queue *queue)
{
	struct redis *redis = of(queue);

	if (redis->context)
		redisFree(redis->context);
	if (redis->waiting)
		redisFree(redis->waiting);
	free(redis);
}

static int beat(struct queue *queue);

static struct queue *
open_redis(const struct queue_config *config, char wrong[QUEUE_WRONG_BYTES])
{
	struct redis *redis = calloc(1, sizeof(*redis));

	if (!redis)
		return NULL;
	redis->queue = (struct queue){ .driver = &redis_driver, .config = config };
	snprintf(redis->lease, sizeof(redis->lease), PREFIX "%.80s:lease", config->worker);
	snprintf(redis->list[QUEUE_MATCHES], sizeof(redis->list[0]), PREFIX "%.80s:matches", config->worker);
	snprintf(redis->list[QUEUE_BUILDS], sizeof(redis->list[0]), PREFIX "%.80s:builds", config->worker);
	redis->context = dial(redis, wrong);
	redis->waiting = redis->context ? dial(redis, wrong) : NULL;
	if (redis->waiting && beat(&redis->queue) == 0)
		return &redis->queue;
	if (redis->waiting)
		snprintf(wrong, QUEUE_WRONG_BYTES, "%s", redis->queue.wrong);
	close_redis(&redis->queue);
	return NULL;
}

static int
polls(struct queue *queue, struct pollfd fds[QUEUE_FDS])
{
	fds[0] = (struct pollfd){ of(queue)->waiting->fd, POLLIN, 0 };
	return 1;
}

/* --- taking */

static int
deliver(struct redis *redis, const redisReply *job, enum queue_kind kind, struct delivery *delivery)
{
	size_t length = (size_t)job->len;

	delivery->text = malloc(length + 1);
	if (!delivery->text)
		return lost(redis, "out of memory");
	memcpy(delivery->text, job->str, length);
	delivery->text[length] = '\0';
	delivery->length = length;
	delivery->kind = kind;
	long long attempts = number(redis, delivery, "EVAL",
	    "return redis.call('HGET', KEYS[1], redis.sha1hex(ARGV[1])) or '0'", "1", ATTEMPTS, delivery->text, NULL);
	delivery->attempts = attempts > 0 ? (int)attempts : 0;	/* what is lost now shows with the next command */
	delivery->again = attempts != 0;
	return 1;
}

static int
ask(struct redis *redis)
{
	int done = 0;

	redis->asked_kind = redis->asked_kind == QUEUE_MATCHES ? QUEUE_BUILDS : QUEUE_MATCHES;
	if (redisAppendCommand(redis->waiting, "BLMOVE %s %s LEFT RIGHT " BLOCK_S,
	    redis->queue.config->source[redis->asked_kind], redis->list[redis->asked_kind]) != REDIS_OK)
		return lost(redis, redis->waiting->errstr);
	while (!done)
		if (redisBufferWrite(redis->waiting, &done) != REDIS_OK)
			return lost(redis, redis->waiting->errstr);
	redis->asked = true;
	return 0;
}

/* What both queues have now needs no waiting. */
static int
take_at_once(struct redis *redis, struct delivery *delivery)
{
	for (int kind = 0; kind < QUEUE_KINDS; kind++) {
		const char *argv[] = { "LMOVE", redis->queue.config->source[kind], redis->list[kind], "LEFT", "RIGHT" };
		redisReply *reply = command(redis, COUNT(argv), argv, NULL);
		int taken = !reply ? QUEUE_LOST : reply->type == REDIS_REPLY_STRING
		    ? deliver(redis, reply, (enum queue_kind)kind, delivery) : 0;

		if (reply)
			freeReplyObject(reply);
		if (taken)
			return taken;
	}
	return 0;
}

/* 1: the answer of BLMOVE was a job. */
static int
hear(struct redis *redis, struct delivery *delivery)
{
	struct pollfd fd = { redis->waiting->fd, POLLIN, 0 };
	redisReply *reply = NULL;

	if (poll(&fd, 1, 0) > 0 && redisBufferRead(redis->waiting) != REDIS_OK)
		return lost(redis, redis->waiting->errstr);
	if (redisGetReplyFromReader(redis->waiting, (void **)&reply) != REDIS_OK)
		return lost(redis, redis->waiting->errstr);
	if (!reply)
		return 0;
	redis->asked = false;
	int taken = reply->type == REDIS_REPLY_ERROR ? lost(redis, reply->str) : reply->type == REDIS_REPLY_STRING
	    ? deliver(redis, reply, redis->asked_kind, delivery) : 0;
	freeReplyObject(reply);
	return taken;
}

static int
take(struct queue *queue, struct delivery *delivery)
{
	struct redis *redis = of(queue);

	*delivery = (struct delivery){ .text = NULL };
	if (redis->asked) {
		int taken = hear(redis, delivery);

		if (taken || redis->asked)
			return taken;
	}
	int taken = take_at_once(redis, delivery);
	return taken ? taken : ask(redis);
}

/* --- ending */

/* The scripts know, and do nothing with what is not in our list any more. */
static bool
owns(struct queue *queue, const struct delivery *delivery)
{
	(void)queue;
	(void)delivery;
	return true;
}

static int
settle(struct queue *queue, const struct delivery *delivery, const struct settlement *settlement)
{
	struct redis *redis = of(queue);
	const struct queue_config *config = queue->config;
	char result[QUEUE_ID_BYTES + 16];

	snprintf(result, sizeof(result), "match:%s:result", settlement->id);
	return (int)number(redis, delivery, "EVAL", settle_script, "4", redis->list[delivery->kind], ATTEMPTS, result,
	    settlement->reply ? settlement->reply : config->results, delivery->text,
	    settlement->outcome ? settlement->outcome : "", settlement->id, settlement->why ? settlement->why : "",
	    config->dead, settlement->spare ? "1" : "0", NULL);
}

static int
give_back(struct queue *queue, const struct delivery *delivery, bool tried)
{
	struct redis *redis = of(queue);
	long long done = number(redis, delivery, "EVAL", back_script, "3", redis->list[delivery->kind],
	    queue->config->source[delivery->kind], ATTEMPTS, delivery->text, tried ? "1" : "0", NULL);

	return done == QUEUE_LOST ? QUEUE_LOST : 0;
}

static int
tell(struct queue *queue, const char *id, const char *what, const char *text)
{
	const char *states = queue->config->states;
	long long heard = number(of(queue), NULL, "EVAL", tell_script, "1", states, id, what, text, NULL);

	return heard == QUEUE_LOST ? QUEUE_LOST : 0;
}

static int
beat(struct queue *queue)
{
	struct redis *redis = of(queue);
	char ms[24];

	snprintf(ms, sizeof(ms), "%d", queue->config->lease_ms);
	if (number(redis, NULL, "SET", redis->lease, queue->config->worker, "PX", ms, NULL) == QUEUE_LOST ||
	    number(redis, NULL, "SADD", WORKERS, queue->config->worker, NULL) == QUEUE_LOST)
		return QUEUE_LOST;
	return number(redis, NULL, "EVAL", reap_script, "4", WORKERS, ATTEMPTS, queue->config->source[QUEUE_MATCHES],
	    queue->config->source[QUEUE_BUILDS], PREFIX, NULL) == QUEUE_LOST ? QUEUE_LOST : 0;
}

static int
pause_redis(struct queue *queue)
{
	struct redis *redis = of(queue);
	char wrong[QUEUE_WRONG_BYTES];

	if (!redis->asked)
		return 0;
	redisFree(redis->waiting);
	redis->asked = false;
	redis->waiting = dial(redis, wrong);
	return redis->waiting ? 0 : lost(redis, wrong);
}

static bool
is_held(const struct delivery *job, const struct delivery *const *held, int count)
{
	for (int i = 0; i < count; i++)
		if (held[i]->length == job->length && memcmp(held[i]->text, job->text, job->length) == 0)
			return true;
	return false;
}

/* A job that BLMOVE moved, and of which the answer never came, lies in our list and in nobody's hands. */
static int
keep(struct queue *queue, const struct delivery *const *held, int count)
{
	struct redis *redis = of(queue);
	int wrong = 0;

	for (int kind = 0; kind < QUEUE_KINDS && !wrong; kind++) {
		const char *argv[] = { "LRANGE", redis->list[kind], "0", "-1" };
		redisReply *reply = command(redis, COUNT(argv), argv, NULL);

		wrong = reply ? 0 : QUEUE_LOST;
		for (size_t i = 0; reply && i < reply->elements && !wrong; i++) {
			const struct delivery job = { .text = reply->element[i]->str,
				.length = (size_t)reply->element[i]->len, .kind = (enum queue_kind)kind };

			if (!is_held(&job, held, count))
				wrong = give_back(queue, &job, false);
		}
		if (reply)
			freeReplyObject(reply);
	}
	return wrong;
}

/* --- the other side */

static int
submit(struct queue *queue, enum queue_kind kind, const char *id, const char *text)
{
	(void)id;
	return number(of(queue), NULL, "RPUSH", queue->config->source[kind], text, NULL) == QUEUE_LOST ? QUEUE_LOST : 0;
}

static int
collect(struct queue *queue, const char *reply_to, char **text)
{
	const char *argv[] = { "LINDEX", reply_to, "0" };
	redisReply *reply = command(of(queue), COUNT(argv), argv, NULL);

	*text = reply && reply->type == REDIS_REPLY_STRING ? strdup(reply->str) : NULL;
	int found = reply ? *text != NULL : QUEUE_LOST;
	if (reply)
		freeReplyObject(reply);
	return found;
}

static int
collected(struct queue *queue, const char *reply)
{
	return number(of(queue), NULL, "LTRIM", reply, "1", "-1", NULL) == QUEUE_LOST ? QUEUE_LOST : 0;
}

static const char *const schemes[] = { "redis", "unix", NULL };

const struct queue_driver redis_driver = { schemes, open_redis, close_redis, polls, take, owns, settle, give_back, tell,
	beat, pause_redis, keep, submit, collect, collected };
