/*
 * Owns the loop of match-worker. A job is done by a child process, match-perform, so nothing here waits for a match;
 * a queue that cannot be reached is tried again while what is in hand goes on. What is decided here is only when a
 * job begins, and what becomes of it when its child has ended.
 */
#include "work.h"

#include "common.h"
#include "notify.h"
#include "now.h"
#include "raw.h"
#include "service.h"
#include "utf8.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <time.h>

#define TICK_MS 250		/* so often it looks around, whatever happens */
#define BUSY_MS 20		/* while the backend is being told */
#define PAUSE_MOST (10 * S)
#define IDLE_US (2 * S)	/* with once: so long nothing came */
#define BEAT_MOST (10 * S)	/* brokers want to hear from us, whatever the lease is */
#define PRUNE_US (3600 * S)
#define OUTCOME_MAX (64 << 20)
#define LINE_MAX (8 << 20)
#define FLUSH_MS 5000
#define LINES_A_TURN 256
#define LATER_US (S / 4)
#define UNBEGUN_US S	/* after a job that could not be begun, none is taken for so long */
#define LETTER_BYTES 65536	/* of a job that is not taken apart, so much is in its dead letter */

static void __attribute__((format(printf, 2, 3)))
say(const struct work *work, const char *format, ...)
{
	char line[1024];
	va_list args;

	va_start(args, format);
	vsnprintf(line, sizeof(line), format, args);
	va_end(args);
	utf8_make_plain(line);
	fprintf(stderr, "match-worker %s: %s\n", work->name, line);
}

/* --- telling */

static void
lose_queue(struct work *work)
{
	snprintf(work->wrong, sizeof(work->wrong), "%s", work->queue->wrong);
	say(work, "%s", work->wrong);
	work->queue->driver->close(work->queue);
	work->queue = NULL;
	work->pause_us = work->pause_us ? work->pause_us : S / 10;
	work->retry_us = now_us() + work->pause_us;
}

/* A driver's answer; the queue may be gone after it. */
static int
check(struct work *work, int answer)
{
	if (answer == QUEUE_LOST && work->queue)
		lose_queue(work);
	return answer;
}

static struct js *
new_state(const struct work *work, const struct task *task, const char *status)
{
	struct js *state = js_new_object();
	char when[32];
	time_t now = time(NULL);

	strftime(when, sizeof(when), "%FT%TZ", gmtime(&now));
	js_set(state, "id", js_new_string(task->id));
	js_set(state, "kind", js_new_string(task->kind));
	js_set(state, "status", js_new_string(status));
	js_set(state, "at", js_new_string(when));
	js_set(state, "attempt", js_new_integer(task->attempt));
	js_set(state, "worker", js_new_string(work->name));
	return state;
}

static void
tell_state(struct work *work, const struct task *task, const char *status)
{
	struct js *state = new_state(work, task, status);
	cleanup_free char *line = js_print(state);

	if (line && work->queue)
		(void)check(work, work->queue->driver->tell(work->queue, task->key, "state", line));
	if (work->backend && task->outcome && line) {
		char error[JS_ERROR_BYTES];
		cleanup_free char *whole = NULL;

		js_set(state, "result", js_parse(task->outcome, strlen(task->outcome), error));
		whole = js_print(state);
		if (whole && !backend_send(work->backend, task->kind, task->id, whole))
			say(work, "%s: the backend is not told: too much waits for it", task->id);
	} else if (work->backend && line && !backend_send(work->backend, task->kind, task->id, line))
		say(work, "%s: the backend is not told: too much waits for it", task->id);
	js_free(state);
}

/* --- pictures, no more of them than the site wants */

static void
publish_line(struct work *work, struct task *task, const char *line)
{
	struct buffer text;

	if (!work->queue)
		return;
	buffer_init(&text, LINE_MAX + 256);
	buffer_putf(&text, "{\"id\":\"%s\",\"event\":", task->id);
	buffer_put(&text, line);
	buffer_put(&text, "}");
	if (buffer_text(&text))
		(void)check(work, work->queue->driver->tell(work->queue, task->key, "frame", buffer_text(&text)));
	buffer_free(&text);
}

static void
flush_frame(struct work *work, struct task *task, bool now)
{
	int64_t rate = settings_number(&work->settings, WORK_FRAMES);

	if (!task->frame || rate == 0 || (!now && now_us() - task->frame_us < S / rate))
		return;
	publish_line(work, task, task->frame);
	task->frame_us = now_us();
	free(task->frame);
	task->frame = NULL;
}

static void
take_line(struct work *work, struct task *task, const char *line, size_t length)
{
	static const char *const told[] = { "start", "fault", "out", "end" };
	struct raw event = raw_check_wrapped(line, length) ? RAW_NONE : raw_get(raw_of(line, length), "event");

	if (raw_is(event, "frame")) {
		free(task->frame);
		task->frame = strdup(line);
		flush_frame(work, task, false);
	}
	for (size_t i = 0; i < COUNT(told); i++)
		if (raw_is(event, told[i])) {
			flush_frame(work, task, true);
			publish_line(work, task, line);
		}
}

/* A turn's share: a match that tells without end must not keep us from beats and signals. Is there more? */
static bool
hear_events(struct work *work, struct task *task)
{
	char *line = NULL;
	size_t length;

	for (int i = 0; i < LINES_A_TURN; i++) {
		line = crew_line(&work->crew, task->worker, &task->lines, &length);
		if (!line)
			break;
		take_line(work, task, line, length);
		buffer_drop(&task->lines, length + 1);
	}
	return line;
}

/* --- a job's end */

static void
forget(struct task *task)
{
	free(task->delivery.text);
	free(task->outcome);
	free(task->frame);
	buffer_free(&task->lines);
	*task = (struct task){ .worker = -1 };
}

/* A dead letter: the job itself if it can be read, or the beginning of it, why, and how often it was tried. */
static char *
new_letter(const struct delivery *delivery, const char *why, int attempts)
{
	struct js *letter = js_new_object();
	char error[JS_ERROR_BYTES];
	bool small = job_is_small(delivery->text, delivery->length);
	struct js *job = small ? js_parse(delivery->text, delivery->length, error) : NULL;
	size_t kept = small || delivery->length < LETTER_BYTES ? delivery->length : LETTER_BYTES;

	js_set(letter, "why", js_new_string(why));
	js_set(letter, "attempts", js_new_integer(attempts));
	js_set(letter, "job", job ? job : js_new_text(delivery->text, kept));
	char *text = js_print(letter);
	js_free(letter);
	return text;
}

static const char *
member_of(const char *outcome, const char *key, char text[JOB_WHY_BYTES])
{
	struct raw value = raw_get(raw_of(outcome, strlen(outcome)), key);

	return raw_string(value, text, JOB_WHY_BYTES) >= 0 ? text : "";
}

/* Its result is published, and the job is out of the queue; if the queue is away, later. */
static void
settle(struct work *work, struct task *task)
{
	char why[JOB_WHY_BYTES], status[JOB_WHY_BYTES];
	struct settlement settlement = { .id = task->key, .reply = *task->reply ? task->reply : NULL,
		.outcome = task->outcome };

	if (!work->queue)
		return;
	if (!work->queue->driver->owns(work->queue, &task->delivery)) {
		/* It is somebody's again, perhaps ours, and then what was written down is published. */
		forget(task);
		return;
	}
	cleanup_free char *letter = task->failed
	    ? new_letter(&task->delivery, member_of(task->outcome, "why", why), task->attempt) : NULL;
	settlement.why = letter;
	int published = check(work, work->queue->driver->settle(work->queue, &task->delivery, &settlement));
	if (published == QUEUE_LATER && !task->settle_us && *work->queue->wrong)
		say(work, "%s: its result waits: %s", task->id, work->queue->wrong);
	task->settle_us = published == QUEUE_LATER ? now_us() + LATER_US : 0;
	if (published < 0)
		return;
	member_of(task->outcome, "status", status);
	if (published)
		tell_state(work, task, status);
	say(work, "%s: %s%s%s%s", task->id, status, published ? "" : ", which was published before",
	    strcmp(status, "completed") == 0 ? "" : ": ",
	    strcmp(status, "completed") == 0 ? "" : member_of(task->outcome, "why", why));
	work->done++;
	work->failed += task->failed;
	state_forget_attempts(work, task->key);
	forget(task);
}

/* It goes back into the queue. */
static void
give_back(struct work *work, struct task *task, bool tried)
{
	free(task->outcome);	/* of an attempt that does not count */
	task->outcome = NULL;
	if (work->queue && work->queue->driver->owns(work->queue, &task->delivery)) {
		if (check(work, work->queue->driver->give_back(work->queue, &task->delivery, tried)) == 0)
			tell_state(work, task, "queued");
	}
	forget(task);
}

/* A job that cannot even be named. */
static void
bury(struct work *work, struct delivery *delivery, const char *why)
{
	cleanup_free char *letter = new_letter(delivery, why, delivery->attempts);
	const struct settlement settlement = { .id = "", .why = letter };

	say(work, "a job is put aside: %s", why);
	work->buried++;
	(void)check(work, work->queue->driver->settle(work->queue, delivery, &settlement));
	free(delivery->text);
}

/* What a child said that is no outcome becomes one. */
static char *
new_outcome(const struct task *task, const char *status, const char *why)
{
	struct js *outcome = js_new_object();

	js_set(outcome, "type", js_new_string("result"));
	js_set(outcome, "kind", js_new_string(task->kind));
	js_set(outcome, "id", js_new_string(task->id));
	js_set(outcome, "status", js_new_string(status));
	js_set(outcome, "why", js_new_string(why));
	char *text = js_print(outcome);
	js_free(outcome);
	return text;
}

/* With who did it, and in which attempt. */
static void
sign(const struct work *work, struct task *task)
{
	char error[JS_ERROR_BYTES];
	struct js *outcome = js_parse(task->outcome, strlen(task->outcome), error);

	if (!outcome)
		return;
	js_set(outcome, "worker", js_new_string(work->name));
	js_set(outcome, "attempts", js_new_integer(task->attempt));
	js_set(outcome, "job_sha256", js_new_string(task->digest));
	char *text = js_print(outcome);
	js_free(outcome);
	if (text) {
		free(task->outcome);
		task->outcome = text;
	}
}

static void
finish(struct work *work, struct task *task, const struct ending *ending)
{
	char status[JOB_WHY_BYTES], why[320];
	int attempts = (int)settings_number(&work->settings, WORK_ATTEMPTS);

	while (hear_events(work, task))
		;	/* it has ended: a pipe's worth */
	flush_frame(work, task, true);
	task->outcome = crew_answer(&work->crew, task->worker, OUTCOME_MAX);
	task->worker = -1;
	if (task->outcome && raw_check_wrapped(task->outcome, strcspn(task->outcome, "\n"))) {
		free(task->outcome);
		task->outcome = NULL;
	}
	if (!task->outcome) {
		snprintf(why, sizeof(why), "match-perform ended with status %d: %s", ending->status, ending->said);
		task->outcome = new_outcome(task, "failed", why);
	}
	task->outcome[strcspn(task->outcome, "\n")] = '\0';
	task->failed = strcmp(member_of(task->outcome, "status", status), "failed") == 0;
	if (task->failed && task->attempt < attempts) {
		char words[JOB_WHY_BYTES];

		say(work, "%s: attempt %d failed: %s", task->id, task->attempt, member_of(task->outcome, "why", words));
		state_clear(work, task->key);
		give_back(work, task, true);
		return;
	}
	sign(work, task);
	state_keep(work, task->key);
	int error = state_save(work, task->key, task->outcome);
	if (error)
		say(work, "%s: its outcome cannot be written down: %s", task->id, strerror(-error));
	settle(work, task);
}

/* --- a job's beginning */

static struct task *
task_of(struct work *work, const char *key)
{
	for (int i = 0; i < WORK_MAX; i++)
		if (work->task[i].used && strcmp(work->task[i].key, key) == 0)
			return &work->task[i];
	return NULL;
}

static struct task *
new_task(struct work *work)
{
	for (int i = 0; i < WORK_MAX; i++)
		if (!work->task[i].used)
			return &work->task[i];
	return NULL;
}

static int
start(struct work *work, struct task *task, int worker)
{
	char result[PATH_BYTES];

	state_result(work, task->key, result);
	return service_perform(&work->crew, worker, (size_t)(task - work->task), &work->settings, task->delivery.text,
	    result);
}

static void
begin(struct work *work, struct task *task)
{
	int attempts = (int)settings_number(&work->settings, WORK_ATTEMPTS), worker = crew_idle(&work->crew);

	if (task->attempt > attempts) {
		task->attempt--;
		task->failed = true;
		task->outcome = new_outcome(task, "failed", "every attempt of it ended the worker that made it");
		sign(work, task);
		(void)state_save(work, task->key, task->outcome);	/* it is made anew if it is lost */
		settle(work, task);
		return;
	}
	state_note_attempt(work, task->key, task->attempt);
	int error = state_begin(work, task->key);
	if (!error)
		error = start(work, task, worker);
	if (error) {
		say(work, "%s: %s", task->id, strerror(-error));
		state_note_attempt(work, task->key, task->attempt - 1);
		give_back(work, task, false);
		work->take_us = now_us() + UNBEGUN_US;
		return;
	}
	task->worker = worker;
	tell_state(work, task, "running");
}

/* It is being done already, or was: once is enough. */
static bool
is_known(struct work *work, struct delivery *delivery, const char *key)
{
	struct task *same = task_of(work, key);

	if (same && work->queue->driver->owns(work->queue, &same->delivery)) {
		const struct settlement nothing = { .id = key,
			.spare = strcmp(delivery->text, same->delivery.text) == 0 };

		say(work, "%s: it is here already", key);
		(void)check(work, work->queue->driver->settle(work->queue, delivery, &nothing));
		free(delivery->text);
		return true;
	}
	if (same) {	/* the broker was away, and gives it to us again */
		free(same->delivery.text);
		same->delivery = *delivery;
		if (same->outcome)
			settle(work, same);
		return true;
	}
	return false;
}

/* Was the outcome that is kept under this key one of this very job? */
static bool
is_of_job(const struct task *task)
{
	char digest[JOB_WHY_BYTES];

	return strcmp(member_of(task->outcome, "job_sha256", digest), task->digest) == 0;
}

static void
take_on(struct work *work, struct delivery *delivery, const struct job *job, const char *key)
{
	struct task *task = new_task(work);
	char status[JOB_WHY_BYTES];

	*task = (struct task){ .used = true, .worker = -1, .delivery = *delivery };
	buffer_init(&task->lines, LINE_MAX);
	snprintf(task->id, sizeof(task->id), "%s", job->id);
	snprintf(task->key, sizeof(task->key), "%s", key);
	snprintf(task->kind, sizeof(task->kind), "%s", job->kind == JOB_BUILD ? "build" : "match");
	snprintf(task->reply, sizeof(task->reply), "%s", job->reply ? job->reply : "");
	digest_text(delivery->text, delivery->length, task->digest);
	int here = state_attempts(work, key);
	task->attempt = 1 + (here > delivery->attempts ? here : delivery->attempts);
	task->outcome = state_outcome(work, key);
	if (!task->outcome) {
		begin(work, task);
		return;
	}
	if (!is_of_job(task)) {	/* and whoever sent it does not get what another job came to */
		free(task->outcome);
		task->outcome = new_outcome(task, "client_error", "that id was another job's");
		sign(work, task);
	}
	task->delivery.again = true;
	task->failed = strcmp(member_of(task->outcome, "status", status), "failed") == 0;
	settle(work, task);
}

static void
admit(struct work *work, struct delivery *delivery)
{
	const struct job_bounds bounds = { (double)settings_number(&work->settings, SITE_TURN_MS),
		(double)settings_number(&work->settings, SITE_MATCH_MS) };
	static struct job job;
	char why[JOB_WHY_BYTES] = "", key[JOB_ID_BYTES + 8];
	bool too_long = delivery->length > (size_t)settings_number(&work->settings, WORK_JOB_BYTES);

	(void)job_read(&job, delivery->text, too_long ? 0 : delivery->length, &bounds, why);
	if (too_long || !*job.id)
		bury(work, delivery, too_long ? "it is larger than job-bytes allows" : why);
	else {
		snprintf(key, sizeof(key), "%s%s", job.kind == JOB_BUILD ? "build+" : "", job.id);
		if (!is_known(work, delivery, key))
			take_on(work, delivery, &job, key);
	}
	job_free(&job);
}

/* --- the queue */

static int
held(const struct work *work, const struct delivery *list[WORK_MAX])
{
	int count = 0;

	for (int i = 0; i < WORK_MAX; i++)
		if (work->task[i].used)
			list[count++] = &work->task[i].delivery;
	return count;
}

static void
keep_held(struct work *work)
{
	const struct delivery *list[WORK_MAX];
	int count = held(work, list);

	if (work->queue->driver->keep)
		(void)check(work, work->queue->driver->keep(work->queue, list, count));
}

/* Waits twice as long each time, up to ten seconds, and a little less, so that many workers do not come at once. */
static void
reach_queue(struct work *work)
{
	if (work->queue || now_us() < work->retry_us)
		return;
	bool first = !work->reached;
	work->queue = queue_open(&work->config, work->wrong);
	if (work->queue) {
		say(work, first ? "ready, %d jobs at a time" : "the queue is there again", work->jobs);
		work->pause_us = 0;
		work->reached = true;
		work->beat_us = 0;	/* what others left is looked for at once */
		keep_held(work);
		for (int i = 0; i < WORK_MAX && work->queue; i++)
			if (work->task[i].used && work->task[i].outcome)
				settle(work, &work->task[i]);
		return;
	}
	if (work->pause_us == 0 || work->pause_us >= PAUSE_MOST / 2)
		say(work, "%s", work->wrong);
	work->pause_us = work->pause_us ? work->pause_us * 2 : S / 10;
	work->pause_us = work->pause_us > PAUSE_MOST ? PAUSE_MOST : work->pause_us;
	work->retry_us = now_us() + work->pause_us - (int64_t)(command_seed() % (uint64_t)(work->pause_us / 4 + 1));
}

/* While its package is being upgraded bot-jail has no setuid bit: jobs wait, instead of failing one after the other. */
static void
look_at_helper(struct work *work)
{
	struct stat st;
	bool held = stat(work->helper, &st) || !(st.st_mode & S_ISUID) || access(work->helper, X_OK);

	if (held != work->held)
		say(work, held ? "%s cannot be used: jobs wait" : "%s can be used again", work->helper);
	work->held = held;
}

static bool
takes_more(const struct work *work)
{
	return work->queue && !work->held && !work->stopping && crew_idle(&work->crew) >= 0 &&
	    now_us() >= work->take_us;
}

static void
take_jobs(struct work *work)
{
	struct delivery delivery;
	int taken = 1;

	look_at_helper(work);
	while (taken > 0 && takes_more(work)) {
		taken = check(work, work->queue->driver->take(work->queue, &delivery));
		if (taken > 0)
			admit(work, &delivery);
	}
	if (taken > 0 || crew_busy(&work->crew) > 0)
		work->idle_us = now_us();
}

static void
beat(struct work *work)
{
	int64_t now = now_us();

	int64_t often_us = settings_number(&work->settings, WORK_LEASE) * S / 3;

	if (work->queue && now - work->beat_us >= (often_us < BEAT_MOST ? often_us : BEAT_MOST)) {
		work->beat_us = now;
		(void)check(work, work->queue->driver->beat(work->queue));
	}
	if (work->watchdog_us && now >= work->watchdog_us) {
		work->watchdog_us = now + notify_watchdog_us();
		notify("WATCHDOG=1");
	}
	if (now - work->prune_us >= PRUNE_US) {
		work->prune_us = now;
		if (settings_number(&work->settings, WORK_KEEP) > 0)
			state_prune(work);
	}
}

/* --- the loop */

static void
stop(struct work *work)
{
	int64_t drain_us = settings_number(&work->settings, WORK_DRAIN) * S;

	if (work->stopping) {	/* a second signal: at once */
		work->stop_us = now_us();
		return;
	}
	work->stopping = true;
	work->stop_us = now_us() + drain_us;
	say(work, "stopping: %d jobs are in hand, and have %lld s", crew_busy(&work->crew), (long long)(drain_us / S));
	notify("STOPPING=1");
	if (work->queue && check(work, work->queue->driver->pause(work->queue)) == 0)
		keep_held(work);
}

static int
add_fds(struct work *work, struct pollfd *fds)
{
	int count = takes_more(work) ? work->queue->driver->polls(work->queue, fds) : 0;

	fds[count++] = (struct pollfd){ work->signals, POLLIN, 0 };
	for (int i = 0; i < work->jobs; i++) {
		const struct worker *worker = &work->crew.worker[i];

		fds[count++] = (struct pollfd){ worker->pid ? worker->pidfd : -1, POLLIN, 0 };
		fds[count++] = (struct pollfd){ worker->pid ? worker->events : -1, POLLIN, 0 };
	}
	return count;
}

static void
wait_for_something(struct work *work)
{
	struct pollfd fds[QUEUE_FDS + 1 + 2 * WORK_MAX];
	struct signalfd_siginfo signal_info;
	int busy = work->backend ? backend_turn(work->backend) : 0, ms = work->unread ? 0 : busy ? BUSY_MS : TICK_MS;

	(void)poll(fds, (nfds_t)add_fds(work, fds), ms);	/* whatever it says, all are looked at */
	while (read(work->signals, &signal_info, sizeof(signal_info)) == sizeof(signal_info))
		stop(work);
}

static void
look_at_children(struct work *work)
{
	struct ending ending;

	work->unread = false;
	for (int i = 0; i < WORK_MAX; i++) {
		struct task *task = &work->task[i];

		if (task->used && task->outcome && task->settle_us && now_us() >= task->settle_us)
			settle(work, task);
		if (!task->used || task->worker < 0)
			continue;
		work->unread |= hear_events(work, task);
		flush_frame(work, task, false);
		if (crew_ended(&work->crew, task->worker, &ending))
			finish(work, task, &ending);
	}
}

/* What is still in hand goes back: nobody waits for a lease to run out. */
static void
let_go(struct work *work)
{
	crew_stop(&work->crew);
	for (int i = 0; i < WORK_MAX; i++) {
		struct task *task = &work->task[i];

		if (!task->used)
			continue;
		if (!task->outcome) {
			say(work, "%s: goes back into the queue", task->id);
			state_clear(work, task->key);
			state_note_attempt(work, task->key, task->attempt - 1);
		}
		if (work->queue && !task->outcome)
			give_back(work, task, false);
		else
			forget(task);
	}
}

static bool
is_over(const struct work *work)
{
	int busy = 0;

	for (int i = 0; i < WORK_MAX; i++)
		busy += work->task[i].used;
	if (work->stopping)
		return busy == 0 || now_us() >= work->stop_us;
	return work->once && busy == 0 && (!work->queue || work->held || now_us() - work->idle_us >= IDLE_US);
}

int
work_run(struct work *work)
{
	int status = 0;

	work->watchdog_us = notify_watchdog_us() ? now_us() : 0;
	work->idle_us = now_us();
	notify("READY=1");	/* a queue that is away is waited for */
	do {
		reach_queue(work);
		take_jobs(work);
		wait_for_something(work);
		look_at_children(work);
		beat(work);
	} while (!is_over(work));
	if (work->once && !work->queue)
		status = command_fail(EXIT_OURS, "%s", work->wrong);
	else if (work->once && work->held)
		status = command_fail(EXIT_OURS, "%s cannot be used", work->helper);
	if (work->queue && !work->stopping && check(work, work->queue->driver->pause(work->queue)) == 0)
		keep_held(work);
	let_go(work);
	if (work->backend)
		backend_flush(work->backend, FLUSH_MS);
	say(work, "%ld jobs done, %ld of them failed, %ld put aside", work->done, work->failed, work->buried);
	return status;
}
