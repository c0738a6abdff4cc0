/*
 * Owns the writing of a replay. Digests are taken at the end, off everybody's clock: a folder that is
 * not complete is never shown, so nothing hangs on a chain that grows while the match goes on.
 */
#include "replay.h"

#include "common.h"
#include "rules.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

#define LINE_MAX_BYTES (40 << 20)	/* the longest line of a game, and ours around it */
#define SPOOL ".replay"
#define SPOOL_BYTES (512 * 1024)

static void
begin(struct replay *replay, int64_t at_us, const char *key)
{
	struct buffer *line = &replay->line;

	buffer_clear(line);
	buffer_put(line, "\"n\":");
	buffer_put_integer(line, replay->lines);
	buffer_put(line, ",\"us\":");
	buffer_put_integer(line, at_us - replay->start_us);
	buffer_put(line, ",\"");
	buffer_put(line, key);
	buffer_put(line, "\":");
}

/*
 * Most replays are short, and never need a file of their own until they are whole: a file that is made and
 * removed again costs the file system more than its bytes. It has no name for longer than a moment.
 */
static int
spill(struct replay *replay)
{
	size_t length = replay->spool.length;

	if (!replay->file) {
		int fd = openat(replay->dir, SPOOL, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0644);

		replay->file = fd >= 0 ? fdopen(fd, "w+") : NULL;
		if (!replay->file || unlinkat(replay->dir, SPOOL, 0))
			return -errno;
	}
	errno = EIO;
	if (fwrite_unlocked(buffer_bytes(&replay->spool), 1, length, replay->file) != length || fflush(replay->file))
		return -errno;
	buffer_clear(&replay->spool);
	return 0;
}

static void
keep_error(struct replay *replay, int error)
{
	replay->error = replay->error ? replay->error : error;
}

static void
end(struct replay *replay)
{
	const char *text;

	buffer_put(&replay->line, "}\n");
	text = buffer_text(&replay->line);
	keep_error(replay, text ? buffer_append(&replay->spool, text, replay->line.length) : -ENOMEM);
	if (replay->spool.length > SPOOL_BYTES)
		keep_error(replay, spill(replay));
	replay->lines++;
}

static void
put_head(struct replay *replay, const struct setup *setup, uint64_t seed)
{
	struct js *names = js_new_array(), *rules = rules_new(&setup->rules);

	for (int i = 0; i < setup->rules.players; i++)
		js_add(names, js_new_string(setup->bot[i].name));
	cleanup_free char *names_text = js_print(names), *rules_text = js_print(rules);
	js_free(names);
	js_free(rules);
	begin(replay, 0, "match");
	buffer_putf(&replay->line, "{\"v\":2,\"game\":\"%s\",\"seed\":%llu,\"names\":", setup->game.name,
	    (unsigned long long)seed);
	buffer_put(&replay->line, names_text ? names_text : "null");
	buffer_put(&replay->line, ",\"rules\":");
	buffer_put(&replay->line, rules_text ? rules_text : "null");
	buffer_put(&replay->line, "}");
	end(replay);
}

int
replay_open(struct replay *replay, int dir, const struct setup *setup, uint64_t seed)
{
	*replay = (struct replay){ .dir = dir };
	buffer_init(&replay->line, LINE_MAX_BYTES);
	buffer_init(&replay->spool, SPOOL_BYTES + LINE_MAX_BYTES);
	put_head(replay, setup, seed);
	return replay->error;
}

static void
put_players(struct buffer *line, const char *key, uint32_t mask)
{
	const char *before = "";

	buffer_putf(line, ",\"%s\":[", key);
	for (int i = 0; i < PLAYERS_MAX; i++)
		if (mask >> i & 1) {
			buffer_put(line, before);
			buffer_put_integer(line, i);
			before = ",";
		}
	buffer_put(line, "]");
}

static void
put_integers(struct buffer *line, const char *key, const int64_t *values, int count)
{
	buffer_put(line, ",\"");
	buffer_put(line, key);
	buffer_put(line, "\":[");
	for (int i = 0; i < count; i++) {
		buffer_put(line, i ? "," : "");
		buffer_put_integer(line, values[i]);
	}
	buffer_put(line, "]");
}

static void
put_ask(struct buffer *line, const struct event *event, int players)
{
	buffer_put(line, ",\"id\":");
	buffer_put_integer(line, event->id);
	put_players(line, "players", event->mask);
	if (event->defaults)
		put_players(line, "defaults", event->defaults);
	for (int i = 0; i < players; i++)
		if (event->turn_us[i]) {
			put_integers(line, "turn_us", event->turn_us, players);
			return;
		}
}

static void
put_usage(struct buffer *line, const struct usage *usage)
{
	int64_t numbers[USAGE_NUMBERS];

	usage_numbers(usage, numbers);
	put_integers(line, "usage", numbers, USAGE_NUMBERS);
}

static void
put_ranks(struct buffer *line, const struct event *event, int players)
{
	int64_t ranks[PLAYERS_MAX];

	for (int i = 0; i < players; i++)
		ranks[i] = event->rank[i];
	put_integers(line, "ranks", ranks, players);
}

void
replay_put_action(struct buffer *out, const struct action *action, int64_t start_us)
{
	buffer_put(out, action_names[action->kind]);
	if (action->player >= 0) {
		buffer_put(out, " ");
		buffer_put_integer(out, action->player);
	}
	if (action->kind == ACTION_DEADLINE) {
		buffer_put(out, " ");
		buffer_put_integer(out, action->at_us - start_us);
	}
}

static void
put_actions(struct replay *replay, const struct actions *actions)
{
	struct buffer *line = &replay->line;

	if (actions->count == 0)
		return;
	buffer_put(line, ",\"do\":[");
	for (int i = 0; i < actions->count; i++) {
		buffer_put(line, i ? ",\"" : "\"");
		replay_put_action(line, &actions->action[i], replay->start_us);
		buffer_put(line, "\"");
	}
	buffer_put(line, "]");
}

void
replay_event(struct replay *replay, const struct event *event, int players, struct raw said,
    const char *words, const struct actions *actions)
{
	struct buffer *line = &replay->line;

	begin(replay, event->at_us, "event");
	buffer_put(line, "\"");
	buffer_put(line, event_names[event->kind]);
	buffer_put(line, "\"");
	if (event_has_player(event->kind)) {
		buffer_put(line, ",\"player\":");
		buffer_put_integer(line, event->player);
		put_usage(line, &event->usage);
	}
	if (event->kind == EVENT_FAULT)
		buffer_putf(line, ",\"fault\":\"%s\"", fault_names[event->fault]);
	if (event->kind == EVENT_ASK)
		put_ask(line, event, players);
	if (event->kind == EVENT_BAD)
		put_players(line, "players", event->mask);
	if (event->kind == EVENT_END)
		put_ranks(line, event, players);
	if (said.bytes) {
		buffer_put(line, ",\"said\":");
		buffer_put_bytes(line, said.bytes, said.length);
	}
	if (words && *words) {
		buffer_put(line, ",\"why\":");
		buffer_put_string(line, words, strlen(words));
	}
	put_actions(replay, actions);
	end(replay);
}

void
replay_line(struct replay *replay, int64_t at_us, const char *key, struct raw value,
    struct raw scores)
{
	begin(replay, at_us, key);
	buffer_put_bytes(&replay->line, value.bytes ? value.bytes : "null", value.bytes ? value.length : 4);
	if (scores.bytes) {
		buffer_put(&replay->line, ",\"scores\":");
		buffer_put_bytes(&replay->line, scores.bytes, scores.length);
	}
	end(replay);
}

/* Each line begins with the digest of the one before; the first one's is of nothing. */
static int
chain(FILE *from, FILE *to, char whole_digest[DIGEST_BYTES])
{
	struct digest whole, one;
	char before[DIGEST_BYTES], *line = NULL;
	size_t room = 0;
	ssize_t length;

	digest_begin(&whole);
	digest_begin(&one);
	digest_end(&one, before);
	while ((length = getline(&line, &room, from)) > 0) {
		char head[DIGEST_BYTES + 16];
		int head_length = snprintf(head, sizeof(head), "{\"prev\":\"%s\",", before);

		digest_begin(&one);
		digest_add(&one, head, (size_t)head_length);
		digest_add(&one, line, (size_t)length - 1);
		digest_end(&one, before);
		digest_add(&whole, head, (size_t)head_length);
		digest_add(&whole, line, (size_t)length);
		(void)fputs(head, to);			/* ferror() below tells */
		(void)fwrite(line, 1, (size_t)length, to);
	}
	free(line);
	digest_end(&whole, whole_digest);
	return ferror(from) ? -EIO : 0;
}

/* All lines, from the first one. */
static FILE *
open_spool(struct replay *replay)
{
	if (!replay->file)
		return fmemopen((char *)buffer_bytes(&replay->spool), replay->spool.length, "r");
	keep_error(replay, spill(replay));
	rewind(replay->file);
	return replay->file;
}

static int
write_chained(struct replay *replay, char digest[DIGEST_BYTES])
{
	int fd = openat(replay->dir, "replay.jsonl", O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
	cleanup_file FILE *to = fd >= 0 ? fdopen(fd, "w") : NULL;

	if (!to)
		return -errno;
	replay->file = open_spool(replay);
	int error = replay->error ? replay->error : replay->file ? chain(replay->file, to, digest) : -errno;
	errno = EIO;
	return error ? error : ferror(to) || fflush(to) || fsync(fd) ? -errno : 0;
}

int
replay_close(struct replay *replay, char digest[DIGEST_BYTES])
{
	int error = write_chained(replay, digest);

	replay_drop(replay);
	return error;
}

void
replay_drop(struct replay *replay)
{
	if (replay->file)
		(void)fclose(replay->file);	/* it was read */
	replay->file = NULL;
	buffer_free(&replay->line);
	buffer_free(&replay->spool);
}
