/*
 * Owns what match-gate runs: programs, each in a fresh jail of its own, and matches, each a child process that builds
 * and plays it. Nothing is remembered from one to the next but what it printed.
 */
#include "gate.h"

#include "common.h"
#include "now.h"
#include "raw.h"
#include "service.h"
#include "tree.h"
#include "utf8.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <time.h>

#define EVENTS_MAX (8 << 20)	/* of a match */
#define MATCH_LINE_MAX (4 << 20)
#define OUTCOME_MAX (64 << 20)
#define KEPT_MAX (64 << 20)	/* bytes, about, of all that has ended and is remembered */
#define ENV_MAX (128 * 1024 - 16)	/* MAX_ARG_STRLEN of execve(2) */

const char *const run_statuses[12] = { "completed", "error", "timeout", "memory", "forbidden", "crashed", "cancelled",
	"client_error", "failed", "stuck", NULL };

/* --- making, finding, forgetting */

static bool
make_id(char id[RUN_ID_BYTES])
{
	unsigned char bytes[11];

	if (getrandom(bytes, sizeof(bytes), 0) != sizeof(bytes))
		return false;
	for (size_t i = 0; i < sizeof(bytes); i++)
		snprintf(id + 2 * i, 3, "%02x", bytes[i]);
	return true;
}

struct run *
run_new(struct gate *gate, enum run_kind kind)
{
	struct run *run = calloc(1, sizeof(*run));
	size_t output = (size_t)settings_number(&gate->settings, GATE_OUTPUT);

	if (!run || !make_id(run->id)) {
		free(run);
		return NULL;
	}
	run->gate = gate;
	run->kind = kind;
	run->worker = -1;
	run->asked_us = now_us();
	run->shot = (struct oneshot){ .child = CHILD_NONE, .slot = -1, .memory = -1 };
	buffer_init(&run->out, output);
	buffer_init(&run->err, output);
	buffer_init(&run->lines, MATCH_LINE_MAX);
	buffer_init(&run->log, kind == RUN_MATCH ? EVENTS_MAX : 2 * output);
	buffer_init(&run->events, kind == RUN_MATCH ? EVENTS_MAX : 16 * output);
	run->previous = gate->last;
	*(gate->last ? &gate->last->next : &gate->first) = run;
	gate->last = run;
	gate->waiting[kind]++;
	return run;
}

bool
run_fits(const struct gate *gate, enum run_kind kind)
{
	int waiting = (int)settings_number(&gate->settings, GATE_WAITING);

	return gate->running[kind] + gate->waiting[kind] < gate->most[kind] + waiting;
}

struct run *
run_find(struct gate *gate, enum run_kind kind, const char *id)
{
	for (struct run *run = gate->last; run; run = run->previous)
		if (run->kind == kind && strcmp(run->id, id) == 0)
			return run;
	return NULL;
}

static void
forget(struct run *run)
{
	struct gate *gate = run->gate;

	*(run->previous ? &run->previous->next : &gate->first) = run->next;
	*(run->next ? &run->next->previous : &gate->last) = run->previous;
	buffer_free(&run->out);
	buffer_free(&run->err);
	buffer_free(&run->lines);
	buffer_free(&run->log);
	buffer_free(&run->events);
	js_free(run->result);
	free(run->job);
	gate->kept--;
	gate->kept_bytes -= run->bytes;
	free(run);
}

/* --- for followers */

static void
wake(struct run *run)
{
	for (struct follower *follower = run->followers; follower; follower = follower->next)
		http_wake(&follower->stream);
}

/* "event: NAME", "data: JSON": the WHATWG's server-sent events. What passes the cap is not told, but for the end. */
static void
add_event(struct run *run, const char *name, const char *json)
{
	bool last = strcmp(name, "end") == 0;
	size_t room = strlen(name) + strlen(json) + sizeof("event: \ndata: \n\n");
	char *at = last || run->events.length + room <= run->events.cap ? buffer_space(&run->events, room) : NULL;

	if (at)
		buffer_grew(&run->events, (size_t)snprintf(at, room, "event: %s\ndata: %s\n\n", name, json));
	wake(run);
}

static long
read_follower(void *self, uint64_t at, char *bytes, size_t most)
{
	struct follower *follower = self;
	const struct buffer *from = follower->events ? &follower->run->events : &follower->run->log;
	size_t left = at < from->length ? from->length - (size_t)at : 0;

	if (left == 0)
		return follower->run->state == RUN_OVER ? -1 : 0;
	left = left < most ? left : most;
	memcpy(bytes, buffer_bytes(from) + at, left);
	return (long)left;
}

static void
leave(void *self)
{
	struct follower *follower = self, **at = &follower->run->followers;

	while (*at && *at != follower)
		at = &(*at)->next;
	if (*at)
		*at = follower->next;
	free(follower);
}

void
run_follow(struct run *run, struct request *request, bool events)
{
	struct follower *follower = calloc(1, sizeof(*follower));

	if (!follower)
		return gate_answer(run->gate, request, 503, NULL);
	*follower = (struct follower){ .next = run->followers, .run = run, .events = events,
		.stream = { .read = read_follower, .gone = leave, .self = follower } };
	run->followers = follower;
	run->gate->counters.answered[200]++;
	http_answer_stream(request, events ? "text/event-stream" : "text/plain; charset=utf-8", &follower->stream);
}

/* --- what came of it */

static struct js *
new_string_or_null(const char *text)
{
	return text ? js_new_string(text) : NULL;
}

struct js *
run_describe(const struct run *run)
{
	struct js *document = run->result ? js_copy(run->result) : js_new_object();

	js_set(document, "id", js_new_string(run->id));
	if (run->kind == RUN_PROGRAM)
		js_set(document, "language", js_new_string(run->language->name));
	if (run->state != RUN_OVER)
		js_set(document, "status", js_new_string(run->state == RUN_WAITING ? "queued" : "running"));
	js_set(document, "waited_ms",
	    js_new_real((double)((run->began_us ? run->began_us : now_us()) - run->asked_us) / 1000));
	return document;
}

static int
status_index(const char *status)
{
	for (int i = 0; run_statuses[i]; i++)
		if (strcmp(run_statuses[i], status) == 0)
			return i;
	return 8;
}

/* The last step: who waits is answered, who follows is told, and it is counted. */
static void
conclude(struct run *run, struct js *result, const char *status)
{
	struct gate *gate = run->gate;
	long language = run->kind == RUN_PROGRAM ? run->language - gate->languages.language : LANGUAGES_MAX;

	run->result = result;
	run->ended_us = now_us();
	gate->counters.ended[language][status_index(status)]++;
	*(run->state == RUN_RUNNING ? &gate->running[run->kind] : &gate->waiting[run->kind]) -= 1;
	run->state = RUN_OVER;
	buffer_free(&run->out);
	buffer_free(&run->err);
	buffer_free(&run->lines);
	free(run->job);
	run->job = NULL;
	struct js *document = run_describe(run);
	cleanup_free char *text = js_print(document);
	add_event(run, "end", text ? text : "{}");
	run->bytes = run->log.room + run->events.room + 2 * (text ? strlen(text) : 0) + sizeof(*run);
	gate->kept++;
	gate->kept_bytes += run->bytes;
	if (run->request) {
		bool ours = strcmp(status, "failed") == 0 || strcmp(status, "stuck") == 0;

		gate_answer(gate, run->request, ours ? 503 : 200, document);
		run->request = NULL;
	} else
		js_free(document);
}

/* What a program printed on its standard error, or why it was ended. */
static struct js *
new_error(const struct run *run, const char *why)
{
	struct buffer text;

	buffer_init(&text, run->err.cap + 512);
	if (run->err.length)
		buffer_put_bytes(&text, buffer_bytes(&run->err), run->err.length);
	if (why) {
		buffer_put(&text, run->err.length && buffer_bytes(&run->err)[run->err.length - 1] != '\n' ? "\n" : "");
		buffer_put(&text, why);
	}
	struct js *error = text.length ? js_new_text(buffer_bytes(&text), text.length) : NULL;
	buffer_free(&text);
	return error;
}

static void
put_figures(struct js *result, const struct js *jail)
{
	js_set(result, "exit_code", js_copy(js_get(jail, "exit")));
	js_set(result, "signal", js_copy(js_get(jail, "signal")));
	js_set(result, "wall_ms", js_new_real(js_member_number(jail, "wall_us") / 1000));
	js_set(result, "cpu_ms", js_new_real(js_member_number(jail, "cpu_us") / 1000));
	js_set(result, "memory_peak", js_copy(js_get(jail, "memory_peak")));
}

static void
clean_program(struct run *run)
{
	oneshot_free(&run->shot);
	if (*run->dir)
		tree_remove(run->dir);
	*run->dir = '\0';
	free(run->code);
	free(run->input);
	free(run->variable);
	run->code = run->input = run->variable = NULL;
}

/* For who follows its events: a character that a read has cut is told with the next, or when nothing more comes. */
static void
tell_printed(struct run *run, enum oneshot_stream stream, const char *bytes, size_t length)
{
	struct begun *begun = &run->begun[stream == ONESHOT_OUT];
	size_t total = begun->count + length;
	cleanup_free char *whole = malloc(total + 1);

	if (!whole)
		return;
	memcpy(whole, begun->bytes, begun->count);
	memcpy(whole + begun->count, bytes, length);
	begun->count = length ? utf8_begun(whole, total) : 0;
	total -= begun->count;
	memcpy(begun->bytes, whole + total, begun->count);
	if (total == 0)
		return;
	struct js *text = js_new_text(whole, total);
	cleanup_free char *json = js_print(text);
	js_free(text);
	add_event(run, stream == ONESHOT_OUT ? "stdout" : "stderr", json ? json : "\"\"");
}

static void
end_program(struct run *run, const char *trouble)
{
	struct js *jail = trouble ? NULL : oneshot_status(&run->shot), *result = js_new_object();
	const struct ending_words *words = ending_words(js_string(js_get(jail, "reason")));
	const char *status = words->status, *why = words->error, *message = js_string(js_get(jail, "message"));
	char text[96];

	bool completed = strcmp(status, "completed") == 0;
	if (trouble || (words->ours && !run->cancelled)) {
		status = run->stuck ? "stuck" : "failed";
		why = trouble ? trouble : message ? message : words->error;
	} else if (run->cancelled && !completed) {
		status = "cancelled";
		why = "it was cancelled";
	} else if (completed && js_member_number(jail, "exit") != 0) {
		status = "error";
	} else if (strcmp(words->status, "timeout") == 0) {
		snprintf(text, sizeof(text), "it ran out of time: %g s", (double)run->timeout_ms / 1000);
		why = text;
	}
	js_set(result, "success", js_new_bool(strcmp(status, "completed") == 0));
	js_set(result, "status", js_new_string(status));
	js_set(result, "output", js_new_text(buffer_bytes(&run->out), run->out.length));
	js_set(result, "error", new_error(run, why));
	js_set(result, "truncated", js_new_bool(run->cut));
	put_figures(result, jail);
	tell_printed(run, ONESHOT_OUT, "", 0);
	tell_printed(run, ONESHOT_ERR, "", 0);
	if (jail)
		histogram_add(&run->gate->counters.duration, js_member_number(jail, "wall_us") / 1e6);
	js_free(jail);
	clean_program(run);
	conclude(run, result, status);
}

static void
end_match(struct run *run, const char *trouble)
{
	char error[JS_ERROR_BYTES];
	cleanup_free char *answer = trouble ? NULL : crew_answer(&run->gate->crew, run->worker, OUTCOME_MAX);
	struct js *result = answer ? js_parse(answer, strlen(answer), error) : NULL;
	const char *status = js_string(js_get(result, "status"));
	char path[PATH_BYTES];

	snprintf(path, sizeof(path), "%s/matches/%s", settings_text(&run->gate->settings, GATE_STATE), run->id);
	tree_remove(path);
	if (!result || !status) {
		js_free(result);
		result = js_new_object();
		status = run->cancelled ? "cancelled" : run->stuck ? "stuck" : "failed";
		js_set(result, "status", js_new_string(status));
		js_set(result, "why", js_new_string(trouble ? trouble : "match-perform said nothing"));
	}
	js_set(result, "error", strcmp(status, "completed") == 0
	    ? NULL : new_string_or_null(js_string(js_get(result, "why"))));
	run->worker = -1;
	conclude(run, result, js_string(js_get(result, "status")));
}

/* --- while it runs */

static void
take(void *owner, enum oneshot_stream stream, const char *bytes, size_t length)
{
	struct run *run = owner;
	struct buffer *kept = stream == ONESHOT_OUT ? &run->out : &run->err;
	size_t room = kept->cap - kept->length;

	run->cut |= length > room;
	length = length < room ? length : room;
	if (length == 0 || buffer_append(kept, bytes, length))
		return;
	(void)buffer_append(&run->log, bytes, length);
	tell_printed(run, stream, bytes, length);
}

static void
hear_match(struct run *run)
{
	char *line;
	size_t length;

	while ((line = crew_line(&run->gate->crew, run->worker, &run->lines, &length))) {
		if (!raw_check_wrapped(line, length)) {
			(void)buffer_append(&run->log, line, length);
			(void)buffer_append(&run->log, "\n", 1);
			add_event(run, "match", line);
		}
		buffer_drop(&run->lines, length + 1);
	}
}

/* --- beginning */

static int
write_code(struct run *run)
{
	const char *file = js_string(js_get(language_part(run->language, "run"), "file"));
	char path[PATH_BYTES + 80];

	snprintf(run->dir, sizeof(run->dir), "%.4000s/programs/%s", settings_text(&run->gate->settings, GATE_STATE),
	    run->id);
	if (mkdir(run->dir, 0755))
		return -errno;
	snprintf(path, sizeof(path), "%s/%s", run->dir, file);
	cleanup_close int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
	size_t length = strlen(run->code);
	errno = fd < 0 ? errno : ENOSPC;
	return fd < 0 || write(fd, run->code, length) != (ssize_t)length ? -errno : 0;
}

static int
start_program(struct run *run)
{
	const struct js *part = language_part(run->language, "run"), *command = js_get(part, "command"),
	    *limits = js_get(part, "limits");
	struct program *program = &run->program;
	const char *variables[2] = { NULL };
	size_t count = 0;
	int error = write_code(run);

	if (error)
		return error;
	snprintf(program->name, sizeof(program->name), "program");
	snprintf(program->policy, sizeof(program->policy), "%s", js_string(js_get(part, "policy")));
	snprintf(program->dir, sizeof(program->dir), "%s", run->dir);
	for (size_t i = 0; i < js_count(command) && i < ARGS_MAX; i++)
		program->command[i] = js_string(js_at(command, i));
	for (; count < js_count(limits) && count < ARGS_MAX - 1; count++)
		program->limits[count] = js_string(js_at(limits, count));
	snprintf(run->wall, sizeof(run->wall), "wall=%lldms", (long long)run->timeout_ms);
	program->limits[count] = run->wall;
	if (run->input && strlen(run->input) < ENV_MAX &&
	    asprintf(&run->variable, "INPUT_DATA=%s", run->input) > 0)
		variables[0] = run->variable;
	run->shot.take = take;
	run->shot.owner = run;
	run->shot.input = run->input;
	run->shot.input_length = run->input ? strlen(run->input) : 0;
	return oneshot_start(&run->shot, run->gate->helper, program, 0, variables);
}

static int
start_match(struct run *run)
{
	struct gate *gate = run->gate;
	char result[PATH_BYTES];

	snprintf(result, sizeof(result), "%.4000s/matches/%s", settings_text(&gate->settings, GATE_STATE), run->id);
	if (mkdir(result, 0755))
		return -errno;
	strcat(result, "/result");
	run->worker = crew_idle(&gate->crew);
	return service_perform(&gate->crew, run->worker, 0, &gate->settings, run->job, result);
}

static void
begin(struct run *run)
{
	struct gate *gate = run->gate;

	run->state = RUN_RUNNING;
	run->began_us = now_us();
	gate->waiting[run->kind]--;
	gate->running[run->kind]++;
	int error = run->kind == RUN_PROGRAM ? start_program(run) : start_match(run);
	if (error && run->kind == RUN_PROGRAM)
		end_program(run, strerror(-error));
	else if (error)
		end_match(run, strerror(-error));
}

/* --- ending */

static int64_t
bound_us(const struct run *run)
{
	int64_t grace_us = settings_number(&run->gate->settings, GATE_STUCK) * S;

	/* Bots may have to be built before a match, and be started. */
	return grace_us + (run->kind == RUN_PROGRAM ? run->timeout_ms * MS
	    : settings_number(&run->gate->settings, SITE_MATCH_MS) * MS + 1200 * S);
}

/* Its jail's own clock should have ended it. Its control socket is closed, and then its keeper is killed. */
static void
watch(struct run *run)
{
	int64_t over_us = now_us() - run->began_us - bound_us(run);

	if (over_us < 0 || run->killed)
		return;
	if (!run->stuck) {
		run->stuck = true;
		run->gate->counters.stuck++;
		fprintf(stderr, "match-gate: %s does not end: it is killed\n", run->id);
		if (run->kind == RUN_PROGRAM)
			oneshot_stop(&run->shot);
	} else if (over_us > S && run->kind == RUN_PROGRAM) {
		run->killed = true;
		(void)kill(run->shot.child.pid, SIGKILL);	/* it is not waited for yet, so it is ours */
	}
	if (run->kind == RUN_MATCH && run->worker >= 0) {
		crew_stop_one(&run->gate->crew, run->worker);
		end_match(run, "it did not end in time");
	}
}

void
run_cancel(struct run *run)
{
	if (run->state == RUN_OVER || run->cancelled)
		return;
	run->cancelled = true;
	if (run->state == RUN_WAITING && run->kind == RUN_PROGRAM) {
		struct js *result = js_new_object();

		js_set(result, "success", js_new_bool(false));
		js_set(result, "status", js_new_string("cancelled"));
		clean_program(run);
		conclude(run, result, "cancelled");
	} else if (run->state == RUN_WAITING)
		end_match(run, "it was cancelled");
	else if (run->kind == RUN_PROGRAM)
		oneshot_stop(&run->shot);
	else {
		crew_stop_one(&run->gate->crew, run->worker);
		end_match(run, "it was cancelled");
	}
}

static void
look(struct run *run)
{
	struct ending ending;

	if (run->kind == RUN_PROGRAM) {
		if (!run->started && run->shot.memory >= 0) {
			run->started = true;
			histogram_add(&run->gate->counters.start, (double)(now_us() - run->began_us) / 1e6);
		}
		if (oneshot_is_over(&run->shot))
			end_program(run, NULL);
		return;
	}
	hear_match(run);
	if (crew_ended(&run->gate->crew, run->worker, &ending))
		end_match(run, NULL);
}

/* --- all of them */

void
runs_turn(struct gate *gate)
{
	int keep = (int)settings_number(&gate->settings, GATE_KEEP);

	for (struct run *run = gate->first, *next; run; run = next) {
		next = run->next;
		if (run->state == RUN_RUNNING)
			watch(run);
		if (run->state == RUN_WAITING && gate->running[run->kind] < gate->most[run->kind])
			begin(run);
		bool full = gate->kept > keep || (gate->kept_bytes > KEPT_MAX && gate->kept > 1);
		if (run->state == RUN_OVER && full && !run->followers)
			forget(run);
	}
}

int
runs_polls(struct gate *gate, struct pollfd *fds)
{
	int count = 0;

	for (struct run *run = gate->first; run; run = run->next) {
		if (run->state != RUN_RUNNING)
			continue;
		if (run->kind == RUN_PROGRAM) {
			oneshot_polls(&run->shot, fds + count);
			count += ONESHOT_STREAMS;
			continue;
		}
		const struct worker *worker = &gate->crew.worker[run->worker];
		fds[count++] = (struct pollfd){ worker->pidfd, POLLIN, 0 };
		fds[count++] = (struct pollfd){ worker->events, POLLIN, 0 };
	}
	return count;
}

void
runs_look(struct gate *gate, const struct pollfd *fds)
{
	for (struct run *run = gate->first; run; run = run->next) {
		if (run->state != RUN_RUNNING)
			continue;
		if (run->kind == RUN_PROGRAM) {
			oneshot_look(&run->shot, fds);
			fds += ONESHOT_STREAMS;
		} else
			fds += 2;
		look(run);
	}
}

/* Its keeper has a second to end it; one that stands still is killed, and its jail with it. */
static void
wait_a_moment(struct run *run)
{
	int64_t end_us = now_us() + S;

	while (!oneshot_is_over(&run->shot) && now_us() < end_us) {
		struct pollfd fds[ONESHOT_STREAMS];

		oneshot_polls(&run->shot, fds);
		(void)poll(fds, COUNT(fds), 100);	/* whatever it says, all are looked at */
		oneshot_look(&run->shot, fds);
	}
	if (!oneshot_is_over(&run->shot))
		(void)kill(run->shot.child.pid, SIGKILL);	/* it is not waited for yet, so it is ours */
	oneshot_wait(&run->shot);
}

void
runs_stop(struct gate *gate)
{
	for (struct run *run = gate->first; run; run = run->next) {
		run_cancel(run);
		if (run->state == RUN_RUNNING && run->kind == RUN_PROGRAM) {
			wait_a_moment(run);
			end_program(run, NULL);
		}
	}
}
