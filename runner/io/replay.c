/* Owns the form of a replay. It appends and never reads. */
#include "replay.h"

#include "common.h"

#include <errno.h>
#include <fcntl.h>

int
replay_open(struct replay *replay, int dir)
{
	int fd = openat(dir, "replay.jsonl", O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);

	*replay = (struct replay){ .file = fd >= 0 ? fdopen(fd, "w") : NULL };
	return replay->file ? 0 : -errno;
}

static void
append(struct replay *replay, struct js *line)
{
	cleanup_free char *text = js_print(line);

	js_free(line);
	if (replay->file && text)
		(void)fprintf(replay->file, "%s\n", text);	/* replay_close() tells */
	replay->lines++;
}

static struct js *
new_line(const struct replay *replay, int64_t at_us, const char *key, const char *name)
{
	struct js *line = js_new_object();

	js_set(line, "n", js_new_integer(replay->lines));
	js_set(line, "us", js_new_integer(at_us - replay->start_us));
	js_set(line, key, js_new_string(name));
	return line;
}

static void
set_ask(struct js *line, const struct event *event)
{
	struct js *players = js_new_array(), *turns = js_new_array();

	for (int i = 0; i < PLAYERS_MAX; i++)
		if (event->mask >> i & 1) {
			js_add(players, js_new_integer(i));
			js_add(turns, js_new_integer(event->turn_us[i]));
		}
	js_set(line, "id", js_new_integer(event->id));
	js_set(line, "players", players);
	js_set(line, "turn_us", turns);
}

static void
set_ranks(struct js *line, const struct event *event)
{
	struct js *ranks = js_new_array();

	for (int i = 0; i < PLAYERS_MAX && event->rank[i]; i++)
		js_add(ranks, js_new_integer(event->rank[i]));
	js_set(line, "ranks", ranks);
}

static bool
is_players(enum event_kind kind)
{
	return kind == EVENT_READY || kind == EVENT_ANSWER || kind == EVENT_BAD ||
	    kind == EVENT_OUT ||
	    kind == EVENT_FAULT || kind == EVENT_DEADLINE;
}

void
replay_event(struct replay *replay, const struct event *event, const char *text)
{
	struct js *line = new_line(replay, event->at_us, "event", event_names[event->kind]);

	if (is_players(event->kind))
		js_set(line, "player", js_new_integer(event->player));
	if (event->kind == EVENT_FAULT)
		js_set(line, "fault", js_new_string(fault_names[event->fault]));
	if (event->kind == EVENT_ASK)
		set_ask(line, event);
	if (event->kind == EVENT_END)
		set_ranks(line, event);
	if (text)
		js_set(line, "text", js_new_string(text));
	append(replay, line);
}

void
replay_action(struct replay *replay, const struct action *action, const char *text)
{
	struct js *line = new_line(replay, replay->start_us, "action", action_names[action->kind]);

	js_set(line, "us", NULL);	/* an action takes place with the event before it */
	if (action->player >= 0)
		js_set(line, "player", js_new_integer(action->player));
	if (action->kind == ACTION_DEADLINE)
		js_set(line, "at_us", js_new_integer(action->at_us - replay->start_us));
	if (text)
		js_set(line, "text", js_new_string(text));
	append(replay, line);
}

void
replay_frame(struct replay *replay, int64_t at_us, const struct js *view)
{
	struct js *line = new_line(replay, at_us, "frame", "public");

	js_set(line, "view", js_copy(view));
	append(replay, line);
}

int
replay_close(struct replay *replay)
{
	FILE *file = replay->file;

	replay->file = NULL;
	if (!file)
		return 0;
	bool wrong = ferror(file);
	return fclose(file) || wrong ? -EIO : 0;
}
