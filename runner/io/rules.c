/* Owns the form of clocks and fault policies in files: match.json and replay.jsonl. */
#include "rules.h"

#include "common.h"

#include <stddef.h>
#include <string.h>

#define READY_US (10 * 1000 * 1000)
#define TURN_US (1000 * 1000)
#define MS_MAX (7.0 * 24 * 60 * 60 * 1000)
#define US_MAX ((int64_t)(MS_MAX * 1000))

static const struct {
	const char *key;	/* followed by _ms in a match file and by _us in a replay */
	size_t at;
} times[] = {
	{ "ready", offsetof(struct clock_rules, ready_us) },
	{ "first", offsetof(struct clock_rules, first_us) },
	{ "turn", offsetof(struct clock_rules, turn_us) },
	{ "bank", offsetof(struct clock_rules, bank_us) },
	{ "increment", offsetof(struct clock_rules, increment_us) },
	{ "match", offsetof(struct clock_rules, match_us) },
};

static int64_t *
time_at(struct clock_rules *clock, size_t i)
{
	return (int64_t *)((char *)clock + times[i].at);
}

static const char *
key_of(size_t i, const char *unit, char key[32])
{
	snprintf(key, 32, "%s_%s", times[i].key, unit);
	return key;
}

static int
take_kind(const struct reader *reader, const struct js *clock, enum clock_kind *kind)
{
	const struct js *value = js_get(clock, "kind");
	int index = value && js_string(value) ? name_index(clock_names, CLOCKS, js_string(value)) : -1;

	if (value && index < 0)
		return reader_wrong(reader, "clock.kind must be wall, cpu or fair");
	if (value)
		*kind = (enum clock_kind)index;
	return 0;
}

static int
take_clock(const struct reader *reader, const struct js *clock, struct clock_rules *rules)
{
	static const char *const known[] = { "kind", "ready_ms", "first_ms", "turn_ms", "bank_ms",
	    "increment_ms", "match_ms", "game_ms", NULL };
	char key[32];

	rules->ready_us = READY_US;
	rules->turn_us = js_get(clock, "bank_ms") ? 0 : TURN_US;
	if (!clock)
		return 0;
	if (reader_keys(reader, clock, "clock", known) || take_kind(reader, clock, &rules->kind))
		return -1;
	for (size_t i = 0; i < COUNT(times); i++) {
		const struct js *value = js_get(clock, key_of(i, "ms", key));
		double ms;

		if (value && (!js_number(value, &ms) || !(ms > 0) || ms > MS_MAX))
			return reader_wrong(reader, "clock.%s must be a number of milliseconds,"
			    " more than 0 and up to a week",
			    key);
		if (value)
			*time_at(rules, i) = (int64_t)(ms * 1000);
	}
	return 0;
}

/* "skip", or {"do":"skip","strikes":3,"in_a_row":true} */
static int
take_fault(const struct reader *reader, const char *name, const struct js *value,
    struct fault_rule *rule)
{
	static const char *const known[] = { "do", "strikes", "in_a_row", NULL };
	const char *remedy = js_string(value) ? js_string(value) : js_string(js_get(value, "do"));
	int index = remedy ? name_index(remedy_names, REMEDIES, remedy) : -1;
	int64_t strikes = 0;

	if (index < 0)
		return reader_wrong(reader, "faults.%s must be forfeit, default, skip or again,"
		    " or an object with such a 'do'",
		    name);
	rule->remedy = (enum remedy)index;
	if (js_string(value))
		return 0;
	if (reader_keys(reader, value, name, known))
		return -1;
	if (js_get(value, "strikes") &&
	    (!js_integer(js_get(value, "strikes"), &strikes) || strikes < 1 || strikes > 1000000))
		return reader_wrong(reader, "faults.%s.strikes must be an integer of 1 or more", name);
	rule->strikes = (int)strikes;
	rule->in_a_row = js_is_true(js_get(value, "in_a_row"));
	return 0;
}

static int
take_faults(const struct reader *reader, const struct js *faults, struct match_rules *rules)
{
	const struct js *value;
	const char *name;
	void *at = NULL;

	if (faults && !js_is_object(faults))
		return reader_wrong(reader, "faults must be an object");
	while (js_next(faults, &at, &name, &value)) {
		int fault = name_index(fault_names, FAULTS, name);

		if (*name == '#')	/* a comment */
			continue;
		if (fault <= FAULT_none)
			return reader_wrong(reader, "unknown fault '%s'; match-run(1), FAULTS, has the list", name);
		struct fault_rule *rule = &rules->fault[fault];
		if (take_fault(reader, name, value, rule))
			return -1;
		if (fault_fatal[fault] && rule->remedy != REMEDY_FORFEIT)
			return reader_wrong(reader, "faults.%s: who did that cannot play on", name);
		if (fault == FAULT_timeout && rule->remedy == REMEDY_AGAIN)
			return reader_wrong(reader, "faults.timeout: no time is left to try again");
	}
	return 0;
}

static int
take_pause(const struct reader *reader, const struct js *value, enum pause *pause)
{
	const char *name = js_string(value);
	int index = name ? name_index(pause_names, PAUSES, name) : -1;

	if (!value)
		return 0;
	if (index < 0)
		return reader_wrong(reader, "pause must be \"auto\", \"on\" or \"off\"");
	*pause = (enum pause)index;
	return 0;
}

int
rules_take(const struct reader *reader, const struct js *document, struct match_rules *rules)
{
	if (take_clock(reader, js_get(document, "clock"), &rules->clock) ||
	    take_faults(reader, js_get(document, "faults"), rules))
		return -1;
	return take_pause(reader, js_get(document, "pause"), &rules->pause);
}

static struct js *
new_faults(const struct match_rules *rules)
{
	struct js *faults = js_new_object();

	for (int i = FAULT_none + 1; i < FAULTS; i++) {
		const struct fault_rule *rule = &rules->fault[i];
		struct js *fault = js_new_object();

		js_set(fault, "do", js_new_string(remedy_names[rule->remedy]));
		js_set(fault, "strikes", js_new_integer(rule->strikes));
		js_set(fault, "in_a_row", js_new_bool(rule->in_a_row));
		js_set(faults, fault_names[i], fault);
	}
	return faults;
}

struct js *
rules_new(const struct match_rules *rules)
{
	struct js *object = js_new_object(), *clock = js_new_object(), *cpus = js_new_array();
	struct clock_rules copy = rules->clock;
	char key[32];

	js_set(clock, "kind", js_new_string(clock_names[rules->clock.kind]));
	for (size_t i = 0; i < COUNT(times); i++)
		js_set(clock, key_of(i, "us", key), js_new_integer(*time_at(&copy, i)));
	for (int i = 0; i < rules->players; i++)
		js_add(cpus, js_new_integer(rules->cpus_milli[i]));
	js_set(object, "players", js_new_integer(rules->players));
	js_set(object, "clock", clock);
	js_set(object, "faults", new_faults(rules));
	js_set(object, "pause", js_new_string(pause_names[rules->pause]));
	js_set(object, "persons", js_new_integer(rules->persons));
	js_set(object, "cpus_milli", cpus);
	return object;
}

static bool
integer_in(const struct js *value, int64_t least, int64_t most, int64_t *integer)
{
	return js_integer(value, integer) && *integer >= least && *integer <= most;
}

static bool
clock_of(const struct js *object, struct clock_rules *clock)
{
	const char *kind = js_string(js_get(object, "kind"));
	int index = kind ? name_index(clock_names, CLOCKS, kind) : -1;
	char key[32];

	clock->kind = (enum clock_kind)index;
	for (size_t i = 0; index >= 0 && i < COUNT(times); i++)
		if (!integer_in(js_get(object, key_of(i, "us", key)), 0, US_MAX, time_at(clock, i)))
			return false;
	return index >= 0;
}

static bool
fault_of(const struct js *object, struct fault_rule *rule)
{
	const char *remedy = js_string(js_get(object, "do"));
	int index = remedy ? name_index(remedy_names, REMEDIES, remedy) : -1;
	int64_t strikes;

	if (index < 0 || !integer_in(js_get(object, "strikes"), 0, 1000000, &strikes))
		return false;
	*rule = (struct fault_rule){ (enum remedy)index, (int)strikes,
		js_is_true(js_get(object, "in_a_row")) };
	return true;
}

bool
rules_of(const struct js *object, struct match_rules *rules)
{
	const struct js *faults = js_get(object, "faults"), *cpus = js_get(object, "cpus_milli");
	const char *pause = js_string(js_get(object, "pause"));
	int64_t players, persons, milli;

	*rules = (struct match_rules){ 0 };
	int index = pause ? name_index(pause_names, PAUSES, pause) : -1;
	if (!integer_in(js_get(object, "players"), 1, PLAYERS_MAX, &players) || index < 0 ||
	    !integer_in(js_get(object, "persons"), 0, UINT32_MAX, &persons) ||
	    !clock_of(js_get(object, "clock"), &rules->clock))
		return false;
	rules->players = (int)players;
	rules->pause = (enum pause)index;
	rules->persons = (uint32_t)persons;
	for (int i = FAULT_none + 1; i < FAULTS; i++)
		if (!fault_of(js_get(faults, fault_names[i]), &rules->fault[i]))
			return false;
	for (int i = 0; i < rules->players; i++) {
		if (!integer_in(js_at(cpus, (size_t)i), 0, 10000000, &milli))
			return false;
		rules->cpus_milli[i] = (int)milli;
	}
	return true;
}
