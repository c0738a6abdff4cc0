/* Owns what match-gate answers to what: match-gate(8), INTERFACE. */
#include "gate.h"

#include "common.h"
#include "nearest.h"
#include "now.h"
#include "plan.h"
#include "raw.h"

#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <string.h>
#include <time.h>

#define READY_US (2 * S)	/* so long an answer about readiness stands */
#define RETRY_AFTER "1"
#define FOLLOWERS_MOST 32	/* of one run */

/* --- answers */

static void
count(struct gate *gate, int status)
{
	gate->counters.answered[status]++;
}

void
gate_refused(void *owner, int status)
{
	count(owner, status);
}

static void
answer_with(struct gate *gate, struct request *request, int status, struct js *document, const char *header,
    const char *value)
{
	cleanup_free char *text = document ? js_print(document) : NULL, *line = NULL;
	int length = asprintf(&line, "%s\n", text ? text : "{\"error\":\"out of memory\"}");

	js_free(document);
	count(gate, status);
	http_answer(request, status, "application/json", length > 0 ? line : "", length > 0 ? (size_t)length : 0,
	    header, value);
}

void
gate_answer(struct gate *gate, struct request *request, int status, struct js *document)
{
	answer_with(gate, request, status, document, NULL, NULL);
}

static struct js * __attribute__((format(printf, 1, 2)))
new_error(const char *format, ...)
{
	struct js *document = js_new_object();
	char text[600];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	js_set(document, "error", js_new_text(text, strlen(text)));
	return document;
}

static void
refuse_busy(struct gate *gate, struct request *request)
{
	answer_with(gate, request, 429, new_error("too much is running: try again"), "Retry-After", RETRY_AFTER);
}

/* --- what a request says */

/* The body as an object; NULL: it was answered. */
static struct js *
read_body(struct gate *gate, struct request *request)
{
	const char *type = http_header(request, "Content-Type");
	char why[JS_ERROR_BYTES];

	/* A page of some other site can make a browser send anything but this. */
	if (!type || strncasecmp(type, "application/json", strlen("application/json")) != 0) {
		gate_answer(gate, request, 415, new_error("Content-Type must be application/json"));
		return NULL;
	}
	struct js *document = js_parse(request->body, request->length, why);
	if (document && js_is_object(document))
		return document;
	gate_answer(gate, request, 400, document ? new_error("the body must be a JSON object")
	    : new_error("bad JSON: line %s", why));
	js_free(document);
	return NULL;
}

static bool
check_keys(struct gate *gate, struct request *request, const struct js *body, const char *const *known)
{
	const char *key = js_unknown_key(body, known), *nearest = key ? nearest_word(key, known) : NULL;

	if (!key)
		return true;
	gate_answer(gate, request, 400, nearest ? new_error("unknown key '%.60s'; did you mean '%s'?", key, nearest)
	    : new_error("unknown key '%.60s'", key));
	return false;
}

/* Text, or any other JSON value as its text. */
static char *
take_text(const struct js *value)
{
	return js_string(value) ? strdup(js_string(value)) : js_print(value);
}

/* --- programs */

/* NULL: it was answered. */
static const struct language *
take_language(struct gate *gate, struct request *request, const struct js *body)
{
	const char *name = js_string(js_get(body, "language"));
	const struct language *language = name ? language_find(&gate->languages, name) : NULL;

	if (language && language_part(language, "run"))
		return language;
	gate_answer(gate, request, 400, name ? new_error("Language %.60s not supported", name)
	    : new_error("language must be a string"));
	return NULL;
}

/* In milliseconds, and no more than the site and the language's policy allow; 0: it was answered. */
static int64_t
take_timeout(struct gate *gate, struct request *request, const struct language *language, const struct js *body)
{
	double most = (double)settings_number(&gate->settings, GATE_TIMEOUT_MAX),
	    wall = (double)gate->wall_ms[language - gate->languages.language] / 1000,
	    seconds = (double)settings_number(&gate->settings, GATE_TIMEOUT);

	if (wall > 0 && wall < most)
		most = wall;
	seconds = seconds < most ? seconds : most;
	if (js_get(body, "timeout") && !js_number(js_get(body, "timeout"), &seconds))
		seconds = 0;
	if (seconds >= 0.001 && seconds <= most)
		return (int64_t)ceil(seconds * 1000);
	gate_answer(gate, request, 400, new_error("timeout must be a number of seconds above 0 and up to %g", most));
	return 0;
}

/* A new run of what a body says; NULL: it was answered. */
static struct run *
take_program(struct gate *gate, struct request *request)
{
	static const char *const known[] = { "code", "language", "timeout", "input", NULL };
	struct js *body = read_body(gate, request);
	const char *code = js_string(js_get(body, "code"));
	struct run *run = NULL;

	if (!body)
		return NULL;
	const struct language *language = check_keys(gate, request, body, known)
	    ? take_language(gate, request, body) : NULL;
	int64_t timeout_ms = language ? take_timeout(gate, request, language, body) : 0;
	if (timeout_ms && !code)
		gate_answer(gate, request, 400, new_error("code must be a string"));
	else if (timeout_ms && !run_fits(gate, RUN_PROGRAM))
		refuse_busy(gate, request);
	else if (timeout_ms && !(run = run_new(gate, RUN_PROGRAM)))
		gate_answer(gate, request, 503, NULL);
	if (run) {
		run->language = language;
		run->timeout_ms = timeout_ms;
		run->code = strdup(code);
		run->input = js_get(body, "input") ? take_text(js_get(body, "input")) : NULL;
	}
	js_free(body);
	return run;
}

static void
execute(struct gate *gate, struct request *request, const char *rest)
{
	struct run *run = take_program(gate, request);

	(void)rest;
	if (!run)
		return;
	run->request = request;
	http_hold(request);
}

static void
answer_accepted(struct gate *gate, struct request *request, const struct run *run, const char *folder)
{
	char place[80];

	snprintf(place, sizeof(place), "%s%s", folder, run->id);
	answer_with(gate, request, 202, run_describe(run), "Location", place);
}

static void
start_execution(struct gate *gate, struct request *request, const char *rest)
{
	struct run *run = take_program(gate, request);

	(void)rest;
	if (run)
		answer_accepted(gate, request, run, "/executions/");
}

/* --- matches */

/* The text of a job that is to be a match. NULL: it was answered. */
static char *
take_job(struct gate *gate, struct request *request)
{
	struct js *body = read_body(gate, request);
	char *text = NULL;

	if (!body)
		return NULL;
	if (!js_get(body, "id") && !js_get(body, "match_id"))
		js_set(body, "id", js_new_string("match"));
	if (js_get(body, "files"))
		gate_answer(gate, request, 400,
		    new_error("files are for queues: what happens in a match is at /matches/ID/stream"));
	else if (!run_fits(gate, RUN_MATCH))
		refuse_busy(gate, request);
	else if (!(text = js_print(body)))
		gate_answer(gate, request, 503, NULL);
	js_free(body);
	return text;
}

static void
start_match(struct gate *gate, struct request *request, const char *rest)
{
	const struct job_bounds bounds = { (double)settings_number(&gate->settings, SITE_TURN_MS),
		(double)settings_number(&gate->settings, SITE_MATCH_MS) };
	char *text = take_job(gate, request), why[JOB_WHY_BYTES];
	static struct job job;
	struct run *run = NULL;

	(void)rest;
	if (!text)
		return;
	if (job_read(&job, text, strlen(text), &bounds, why))
		gate_answer(gate, request, 400, new_error("%s", why));
	else if (job.kind != JOB_MATCH)
		gate_answer(gate, request, 400, new_error("a match is wanted, not a build"));
	else if (!(run = run_new(gate, RUN_MATCH)))
		gate_answer(gate, request, 503, NULL);
	job_free(&job);
	if (!run) {
		free(text);
		return;
	}
	run->job = text;
	answer_accepted(gate, request, run, "/matches/");
}

/* --- one run: /executions/ID[/logs|/cancel], /matches/ID[/stream|/cancel] */

static void
follow_run(struct gate *gate, struct run *run, struct request *request, bool events)
{
	int followers = 0;

	for (const struct follower *one = run->followers; one; one = one->next)
		followers++;
	if (followers >= FOLLOWERS_MOST)
		refuse_busy(gate, request);
	else
		run_follow(run, request, events);
}

static void
answer_run(struct gate *gate, struct request *request, enum run_kind kind, const char *rest)
{
	const char *slash = strchr(rest, '/'), *verb = slash ? slash + 1 : "",
	    *accept = http_header(request, "Accept"), *follow = http_query(request, "follow");
	char id[RUN_ID_BYTES];
	bool get = strcmp(request->method, "GET") == 0, events = accept && strstr(accept, "text/event-stream");

	snprintf(id, sizeof(id), "%.*s", (int)(slash ? slash - rest : (long)strlen(rest)), rest);
	struct run *run = run_find(gate, kind, id);
	if (!run)
		gate_answer(gate, request, 404, new_error("there is none of that id, or it was forgotten"));
	else if (!*verb && get)
		gate_answer(gate, request, 200, run_describe(run));
	else if (get && strcmp(verb, kind == RUN_MATCH ? "stream" : "logs") == 0) {
		if (events || kind == RUN_MATCH || (follow && strcmp(follow, "0") != 0))
			follow_run(gate, run, request, events || kind == RUN_MATCH);
		else {
			count(gate, 200);
			http_answer(request, 200, "text/plain; charset=utf-8",
			    run->log.length ? buffer_bytes(&run->log) : "", run->log.length, NULL, NULL);
		}
	} else if (!get && strcmp(verb, "cancel") == 0) {
		bool over = run->state == RUN_OVER;

		run_cancel(run);
		gate_answer(gate, request, over ? 409 : 202, run_describe(run));
	} else
		gate_answer(gate, request, *verb && strcmp(verb, "cancel") == 0 ? 405 : 404,
		    new_error("there is no such thing"));
}

static void
get_execution(struct gate *gate, struct request *request, const char *rest)
{
	answer_run(gate, request, RUN_PROGRAM, rest);
}

static void
get_match(struct gate *gate, struct request *request, const char *rest)
{
	answer_run(gate, request, RUN_MATCH, rest);
}

/* --- about the gate */

static struct js *
new_languages(const struct gate *gate)
{
	struct js *names = js_new_array();

	for (int i = 0; i < gate->languages.count; i++)
		if (language_part(&gate->languages.language[i], "run"))
			js_add(names, js_new_string(gate->languages.language[i].name));
	return names;
}

static void
get_root(struct gate *gate, struct request *request, const char *rest)
{
	struct js *document = js_new_object();

	(void)rest;
	js_set(document, "name", js_new_string("match-gate"));
	js_set(document, "version", js_new_string(VERSION));
	js_set(document, "languages", new_languages(gate));
	js_set(document, "timeout_max", js_new_integer(settings_number(&gate->settings, GATE_TIMEOUT_MAX)));
	js_set(document, "openapi", js_new_string("/openapi.json"));
	gate_answer(gate, request, 200, document);
}

/* Would a jail be had? bot-jail's own plan says so, or why not. */
static void
try_jail(struct gate *gate)
{
	struct program program = { .name = "ready", .policy = "base", .command = { "true" } };
	char plan[PLAN_BYTES];

	if (gate->ready_us && now_us() - gate->ready_us < READY_US)
		return;
	snprintf(program.dir, sizeof(program.dir), "/usr");
	gate->unready[0] = '\0';
	if (plan_read(gate->helper, &program, plan))
		snprintf(gate->unready, sizeof(gate->unready), "%.*s", (int)strcspn(plan, "\n"), plan);
	gate->ready_us = now_us();
}

static struct js *
new_health(struct gate *gate, bool good)
{
	struct js *document = js_new_object();

	js_set(document, "status", js_new_string(good ? "ok" : "unavailable"));
	js_set(document, "running", js_new_integer(gate->running[RUN_PROGRAM] + gate->running[RUN_MATCH]));
	js_set(document, "waiting", js_new_integer(gate->waiting[RUN_PROGRAM] + gate->waiting[RUN_MATCH]));
	js_set(document, "version", js_new_string(VERSION));
	return document;
}

static void
get_live(struct gate *gate, struct request *request, const char *rest)
{
	(void)rest;
	gate_answer(gate, request, 200, new_health(gate, true));
}

static void
get_ready(struct gate *gate, struct request *request, const char *rest)
{
	(void)rest;
	try_jail(gate);
	bool good = !*gate->unready && !gate->stopping;
	struct js *document = new_health(gate, good);
	js_set(document, "error", *gate->unready ? js_new_string(gate->unready) : NULL);
	gate_answer(gate, request, good ? 200 : 503, document);
}

static void
get_metrics(struct gate *gate, struct request *request, const char *rest)
{
	struct buffer text;

	(void)rest;
	try_jail(gate);
	buffer_init(&text, 1 << 20);
	gate_metrics(gate, &text);
	const char *whole = buffer_text(&text);
	count(gate, 200);
	http_answer(request, 200, "text/plain; version=0.0.4; charset=utf-8", whole ? whole : "",
	    whole ? strlen(whole) : 0, NULL, NULL);
	buffer_free(&text);
}

static void
get_openapi(struct gate *gate, struct request *request, const char *rest)
{
	size_t length;
	cleanup_free char *text = read_small(OPENAPI_FILE, 0, &length);

	(void)rest;
	if (!text) {
		gate_answer(gate, request, 404, new_error("%s: %s", OPENAPI_FILE, strerror(errno)));
		return;
	}
	count(gate, 200);
	http_answer(request, 200, "application/json", text, length, NULL, NULL);
}

/* --- the table */

static const struct route {
	const char *method, *path;	/* a path that ends in a slash is the beginning of those meant */
	void (*answer)(struct gate *gate, struct request *request, const char *rest);
	bool open;			/* to who brings no token */
} routes[] = {
	{ "GET", "/", get_root, true },
	{ "GET", "/health", get_live, true },
	{ "GET", "/health/live", get_live, true },
	{ "GET", "/health/ready", get_ready, true },
	{ "GET", "/openapi.json", get_openapi, true },
	{ "GET", "/metrics", get_metrics, false },
	{ "POST", "/execute", execute, false },
	{ "POST", "/executions", start_execution, false },
	{ "GET", "/executions/", get_execution, false },
	{ "POST", "/executions/", get_execution, false },
	{ "POST", "/matches", start_match, false },
	{ "GET", "/matches/", get_match, false },
	{ "POST", "/matches/", get_match, false },
};

static bool
is_at(const struct route *route, const char *path)
{
	size_t length = strlen(route->path);

	return length > 1 && route->path[length - 1] == '/' ? strncmp(path, route->path, length) == 0
	    : strcmp(path, route->path) == 0;
}

/* Every byte is compared, whatever the first ones are: time tells nothing. */
static bool
is_same(const char *a, size_t length_a, const char *b, size_t length_b)
{
	unsigned char difference = length_a != length_b;

	for (size_t i = 0; i < length_a; i++)
		difference |= (unsigned char)(a[i] ^ b[i < length_b ? i : 0]);
	return length_b > 0 && !difference;
}

static bool
may_ask(const struct gate *gate, const struct request *request)
{
	static const char scheme[] = "Bearer ";
	const char *given = http_header(request, "Authorization");
	bool found = false;

	if (!gate->tokens)
		return true;
	if (!given || strncasecmp(given, scheme, strlen(scheme)) != 0)
		return false;
	given += strlen(scheme);
	for (const char *line = gate->tokens, *end; *line; line = end + (*end == '\n')) {
		end = line + strcspn(line, "\n");
		size_t length = strcspn(line, " \t\r\n");

		if (length > 0 && *line != '#')
			found |= is_same(given, strlen(given), line, length);
	}
	return found;
}

/* Is it this machine's own name, or one that the site gave? A page may make its own lead here (DNS rebinding). */
static bool
is_our_host(const struct gate *gate, const struct request *request)
{
	const char *host = http_header(request, "Host"), *names = settings_text(&gate->settings, GATE_HOSTS);
	size_t length = !host ? 0 : *host == '[' ? strcspn(host, "]") + 1 : strcspn(host, ":");

	if (gate->tokens || gate->reach == REACH_FILE || !host)
		return true;
	if (host[length] && host[length] != ':')
		return false;
	bool is_number = strspn(host, "0123456789.") == length && strncmp(host, "127.", 4) == 0;
	if (is_number || (length == 9 && strncasecmp(host, "localhost", 9) == 0) ||
	    (length == 5 && strncmp(host, "[::1]", 5) == 0))
		return true;
	for (; *names; names += strcspn(names, ",") + (names[strcspn(names, ",")] == ','))
		if (strcspn(names, ",") == length && strncasecmp(names, host, length) == 0)
			return true;
	return false;
}

/* The route of a request. NULL, and the status that it is refused with. */
static const struct route *
find_route(const struct gate *gate, const struct request *request, int *status)
{
	const char *method = strcmp(request->method, "HEAD") == 0 ? "GET" : request->method;

	*status = 404;
	for (size_t i = 0; i < COUNT(routes); i++) {
		if (!is_at(&routes[i], request->path))
			continue;
		*status = 405;
		if (strcmp(routes[i].method, method) != 0)
			continue;
		*status = !is_our_host(gate, request) ? 403 : !routes[i].open && !may_ask(gate, request) ? 401 : 0;
		return *status ? NULL : &routes[i];
	}
	return NULL;
}

int
gate_admit(void *owner, struct request *request)
{
	int status;

	(void)find_route(owner, request, &status);
	return status;
}

/* Does it ask for more than there is, or for an end of that? */
static bool
wants_more(const struct request *request)
{
	static const char end[] = "/cancel";
	size_t length = strlen(request->path);

	return strcmp(request->method, "POST") == 0 &&
	    !(length > strlen(end) && strcmp(request->path + length - strlen(end), end) == 0);
}

void
gate_handle(void *owner, struct request *request)
{
	struct gate *gate = owner;
	int status;
	const struct route *route = find_route(gate, request, &status);

	if (strcmp(request->method, "HEAD") == 0)
		request->method = "GET";
	if (status == 401)
		answer_with(gate, request, 401, new_error("a token is wanted"), "WWW-Authenticate", "Bearer");
	else if (!route)
		gate_answer(gate, request, status, new_error(
		    status == 403 ? "this gate is not called so: see hosts in match-gate.conf(5)"
		    : status == 405 ? "not with this method" : "there is no such thing"));
	else if (gate->stopping && wants_more(request))
		answer_with(gate, request, 503, new_error("the gate is being stopped"), "Retry-After", "5");
	else
		route->answer(gate, request, request->path + strlen(route->path));
}
