/* Owns the reading of replay.jsonl, and the check of its chain. */
#include "record.h"

#include "common.h"
#include "rules.h"

#include <errno.h>
#include <stdarg.h>
#include <string.h>

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

/* Reads one line and checks its place in the chain. 1, 0, -1. */
static int
next_line(struct records *records, struct raw *object)
{
	struct digest one;
	ssize_t length = getline(&records->text, &records->room, records->file);

	records->line++;
	if (length <= 0)
		return ferror(records->file) ? wrong(records, "%s", strerror(errno)) : 0;
	digest_add(&records->whole, records->text, (size_t)length);
	if (records->text[length - 1] != '\n')
		return wrong(records, "the file ends within a line");
	const char *why = raw_check_wrapped(records->text, (size_t)length - 1);
	if (why)
		return wrong(records, "not JSON: %s", why);
	*object = raw_of(records->text, (size_t)length - 1);
	if (!raw_is(raw_get(*object, "prev"), records->before))
		return wrong(records, "the chain is broken: this line or the one before it was changed,"
		    " or lines are missing");
	digest_begin(&one);
	digest_add(&one, records->text, (size_t)length - 1);
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
	(void)raw_string(raw_get(head, "game"), records->game, sizeof(records->game));
	for (int i = 0; i < records->rules.players; i++) {
		name = raw_next(names, &at, NULL);
		if (raw_string(name, records->name[i], NAME_MAX_BYTES) < 0 || !is_name(records->name[i]))
			return wrong(records, "a player has no name");
	}
	return 0;
}

int
records_open(struct records *records, const char *path)
{
	struct raw object;

	*records = (struct records){ .path = path };
	digest_begin(&records->whole);
	struct digest empty = records->whole;
	digest_end(&empty, records->before);
	records->file = fopen(path, "re");
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
	free(records->text);
	records->file = NULL;
	records->text = NULL;
}
