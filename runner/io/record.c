/* Owns the reading of replay.jsonl, and the check of its chain. */
#include "record.h"

#include "common.h"
#include "rules.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <string.h>
#include <sys/stat.h>

#define LINE_BYTES_MAX (48 << 20)
#define PIECE 65536
#define US_MAX (INT64_C(1) << 50)

static int
wrong(struct records *records, const char *format, ...)
{
	int length = snprintf(records->wrong, sizeof(records->wrong), "%.150s:%ld: ", records->path,
	    records->line);
	va_list args;

	va_start(args, format);
	if (length > 0 && (size_t)length < sizeof(records->wrong))
		vsnprintf(records->wrong + length, sizeof(records->wrong) - (size_t)length, format, args);
	va_end(args);
	return -1;
}

/* The next line into records->text, which lives until the next call. 1, 0, -1. */
static int
read_line(struct records *records, size_t *length)
{
	struct buffer *lines = &records->lines;

	buffer_drop(lines, records->taken);
	records->taken = 0;
	while (!(records->text = buffer_line(lines, length))) {
		char *space = lines->length <= LINE_BYTES_MAX ? buffer_space(lines, PIECE) : NULL;
		size_t got = space ? fread(space, 1, PIECE, records->file) : 0;

		if (!space)
			return wrong(records, "a line that is too long");
		if (got == 0 && ferror(records->file))
			return wrong(records, "%s", strerror(errno));
		if (got == 0)
			return lines->length ? wrong(records, "the file ends within a line") : 0;
		buffer_grew(lines, got);
	}
	records->taken = *length + 1;
	return 1;
}

/* Reads one line and checks its place in the chain. 1, 0, -1. */
static int
next_line(struct records *records, struct raw *object)
{
	struct digest one;
	size_t length;
	int read = read_line(records, &length);

	records->line++;
	if (read <= 0)
		return read;
	digest_add(&records->whole, records->text, length);
	digest_add(&records->whole, "\n", 1);
	const char *why = raw_check_wrapped(records->text, length);
	if (why)
		return wrong(records, "not JSON: %s", why);
	*object = raw_of(records->text, length);
	if (!raw_is(raw_get(*object, "prev"), records->before))
		return wrong(records, "the chain is broken: this line or the one before it was changed,"
		    " or lines are missing");
	digest_begin(&one);
	digest_add(&one, records->text, length);
	digest_end(&one, records->before);
	return 1;
}

static bool
integer_in(struct raw value, int64_t least, int64_t most, int64_t *integer)
{
	return raw_integer(value, integer) && *integer >= least && *integer <= most;
}

static int
take_head(struct records *records, struct raw head)
{
	char why[JS_ERROR_BYTES];
	struct raw names = raw_get(head, "names"), rules = raw_get(head, "rules"), name;
	struct js *parsed = rules.bytes ? js_parse(rules.bytes, rules.length, why) : NULL;
	bool known = rules_of(parsed, &records->rules);
	int64_t seed = 0;
	size_t at = 0;

	js_free(parsed);
	if (!known || !integer_in(raw_get(head, "seed"), 0, INT64_MAX, &seed))
		return wrong(records, "no replay of match-run: the head tells no rules and seed");
	records->seed = (uint64_t)seed;
	if (raw_string(raw_get(head, "game"), records->game, sizeof(records->game)) < 0 ||
	    !is_name(records->game))
		return wrong(records, "the game has no name");
	for (int i = 0; i < records->rules.players; i++) {
		name = raw_next(names, &at, NULL);
		if (raw_string(name, records->name[i], NAME_MAX_BYTES) < 0 || !is_name(records->name[i]))
			return wrong(records, "a player has no name");
	}
	return 0;
}

/* Not a pipe or device that somebody left there: it would never end. */
static FILE *
open_regular(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW);
	struct stat st;

	if (fd >= 0 && fstat(fd, &st) == 0 && S_ISREG(st.st_mode))
		return fdopen(fd, "r");
	if (fd >= 0) {
		close(fd);
		errno = EINVAL;
	}
	return NULL;
}

int
records_open(struct records *records, const char *path)
{
	struct raw object;

	*records = (struct records){ .path = path };
	digest_begin(&records->whole);
	struct digest empty = records->whole;
	digest_end(&empty, records->before);
	buffer_init(&records->lines, LINE_BYTES_MAX + PIECE);
	records->file = open_regular(path);
	if (!records->file) {
		snprintf(records->wrong, sizeof(records->wrong), "%.200s: %s", path, strerror(errno));
		return -1;
	}
	int read = next_line(records, &object);
	if (read <= 0)
		return read < 0 ? -1 : wrong(records, "the file is empty");
	return take_head(records, raw_get(object, "match"));
}

static bool
take_mask(struct raw list, int players, uint32_t *mask)
{
	struct raw one;
	size_t at = 0;
	int64_t player;

	while ((one = raw_next(list, &at, NULL)).bytes) {
		if (!integer_in(one, 0, players - 1, &player))
			return false;
		*mask |= 1u << player;
	}
	return true;
}

static bool
take_integers(struct raw list, int64_t *values, int count, int64_t most)
{
	size_t at = 0;

	for (int i = 0; list.bytes && i < count; i++)
		if (!integer_in(raw_next(list, &at, NULL), -most, most, &values[i]))
			return false;
	return true;
}

static bool
take_ask(struct raw object, int players, struct event *event)
{
	return raw_integer(raw_get(object, "id"), &event->id) &&
	    take_mask(raw_get(object, "players"), players, &event->mask) &&
	    take_mask(raw_get(object, "defaults"), players, &event->defaults) &&
	    take_integers(raw_get(object, "turn_us"), event->turn_us, players, US_MAX);
}

static bool
take_ranks(struct raw object, int players, struct event *event)
{
	int64_t ranks[PLAYERS_MAX] = { 0 };

	if (!take_integers(raw_get(object, "ranks"), ranks, players, PLAYERS_MAX))
		return false;
	for (int i = 0; i < players; i++)
		event->rank[i] = (int)ranks[i];
	return true;
}

static bool
take_player(struct raw object, int players, struct event *event)
{
	int64_t player, numbers[USAGE_NUMBERS] = { 0 };

	if (!integer_in(raw_get(object, "player"), -1, players - 1, &player) ||
	    !take_integers(raw_get(object, "usage"), numbers, USAGE_NUMBERS, US_MAX))
		return false;
	event->player = (int)player;
	event->usage = usage_of(numbers);
	return true;
}

static bool
take_event(struct raw object, int players, const char *kind, struct event *event)
{
	char fault[32] = "";
	int index = name_index(event_names, EVENTS, kind);

	event->kind = (enum event_kind)index;
	if (index < 0)
		return false;
	if (event->kind == EVENT_FAULT) {
		(void)raw_string(raw_get(object, "fault"), fault, sizeof(fault));
		index = name_index(fault_names, FAULTS, fault);
		if (index <= FAULT_none)
			return false;
		event->fault = (enum fault)index;
	}
	if (event_has_player(event->kind))
		return take_player(object, players, event);
	if (event->kind == EVENT_ASK)
		return take_ask(object, players, event);
	if (event->kind == EVENT_BAD)
		return take_mask(raw_get(object, "players"), players, &event->mask);
	return event->kind != EVENT_END || take_ranks(object, players, event);
}

int
records_next(struct records *records, struct record *record)
{
	struct raw object, frame, tell;
	char kind[32] = "";
	int read = next_line(records, &object);

	if (read <= 0)
		return read;
	*record = (struct record){ .kind = RECORD_EVENT };
	if (!integer_in(raw_get(object, "us"), -US_MAX, US_MAX, &record->us))
		return wrong(records, "a line without its time");
	frame = raw_get(object, "frame");
	tell = raw_get(object, "tell");
	record->value = frame.bytes ? frame : tell;
	if (record->value.bytes) {
		record->kind = frame.bytes ? RECORD_FRAME : RECORD_TELL;
		record->scores = raw_get(object, "scores");
		return 1;
	}
	(void)raw_string(raw_get(object, "event"), kind, sizeof(kind));
	(void)raw_string(raw_get(object, "why"), record->why, sizeof(record->why));
	record->said = raw_get(object, "said");
	record->done = raw_get(object, "do");
	record->event.at_us = record->us;
	return take_event(object, records->rules.players, kind, &record->event) ? 1
	    : wrong(records, "an event that no match has");
}

void
records_digest(struct records *records, char digest[DIGEST_BYTES])
{
	digest_end(&records->whole, digest);
}

void
records_close(struct records *records)
{
	if (records->file)
		(void)fclose(records->file);
	buffer_free(&records->lines);
	records->file = NULL;
}
