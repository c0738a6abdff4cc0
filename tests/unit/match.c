/*
 * Claim: the match machine does what the files of tests/transcripts tell, event by event. In them
 *   rules PLAYERS READY_MS TURN_MS [KEY=VALUE...]   begins; keys: clock, pause, first, bank, inc, match, persons, and
 *                                      faults: skip, default, again, skip:3 (strikes) or skip:3r (in a row)
 *   > MS EVENT [PLAYER] [WORD...]      is fed; ask takes an id and players (0, 0:MS, 0d with a default), bad takes players,
 *                                      end takes ranks, fault its kind; cpu=MS, delay=MS, ... is what the turn used
 *   < ACTION [PLAYER] [MS]             must come, these and no others, in this order
 *   = KEY VALUE...                     must hold: outcome, ranks, faults, turns, standings, banks, used
 */
#include "match.h"
#include "tap.h"

#include <glob.h>
#include <stdlib.h>

#define LINE 256
#define TEXT 4096

static enum event_kind
event_of(const char *name)
{
	int i = 0;

	while (i < EVENTS && strcmp(event_names[i], name) != 0)
		i++;
	return (enum event_kind)i;
}

static enum fault
fault_of(const char *name)
{
	int i = 0;

	while (i < FAULTS && strcmp(fault_names[i], name) != 0)
		i++;
	return (enum fault)i;
}

/* "cpu=70" */
static int
take_usage(struct usage *usage, const char *word)
{
	int64_t numbers[USAGE_NUMBERS];
	char key[32];

	usage_numbers(usage, numbers);
	for (int i = 0; i < USAGE_NUMBERS; i++) {
		snprintf(key, sizeof(key), "%.*s=", (int)strlen(usage_names[i]) - 3, usage_names[i]);
		if (strncmp(word, key, strlen(key)) == 0) {
			numbers[i] = atoll(word + strlen(key)) * 1000;
			*usage = usage_of(numbers);
			return 1;
		}
	}
	return 0;
}

static void
take_word(struct event *event, int position, const char *word)
{
	int player = atoi(word);

	if (take_usage(&event->usage, word))
		return;
	if (event->kind == EVENT_ASK && position == 0) {
		event->id = atoi(word);
	} else if (event->kind == EVENT_ASK || event->kind == EVENT_BAD) {
		event->mask |= 1u << player;
		event->defaults |= strchr(word, 'd') ? 1u << player : 0;
		if (strchr(word, ':'))
			event->turn_us[player] = atoll(strchr(word, ':') + 1) * 1000;
	} else if (event->kind == EVENT_END) {
		event->rank[position] = player;
	} else if (position == 0) {
		event->player = player;
	} else {
		event->fault = fault_of(word);
	}
}

/* "> 100 answer 0" */
static int
feed(struct match *match, char *line, struct actions *actions)
{
	struct event event = { .player = 0 };
	char *words = NULL, *at = strtok_r(line + 1, " \n", &words), *name = strtok_r(NULL, " \n", &words), *word;
	int position = 0;

	event.at_us = at ? atoll(at) * 1000 : 0;
	event.kind = name ? event_of(name) : EVENTS;
	event.usage.wall_us = -1;
	while ((word = strtok_r(NULL, " \n", &words)))
		take_word(&event, position++, word);
	if (event.usage.wall_us < 0)
		event.usage.wall_us = event.player >= 0 ? event.at_us - match->seat[event.player].asked_us : 0;
	match_step(match, &event, actions);
	return event.kind < EVENTS;
}

/* "bad-action=skip:3r" */
static void
take_rule(struct match_rules *rules, char *word)
{
	char *value = strchr(word, '=');

	if (!value)
		return;
	*value++ = '\0';
	const struct {
		const char *key;
		int64_t *us;
	} times[] = {
		{ "first", &rules->clock.first_us }, { "bank", &rules->clock.bank_us },
		{ "inc", &rules->clock.increment_us }, { "match", &rules->clock.match_us },
	};
	for (size_t i = 0; i < sizeof(times) / sizeof(*times); i++)
		if (strcmp(word, times[i].key) == 0)
			*times[i].us = atoll(value) * 1000;
	if (strcmp(word, "clock") == 0)
		rules->clock.kind = (enum clock_kind)name_index(clock_names, CLOCKS, value);
	if (strcmp(word, "pause") == 0)
		rules->pause = (enum pause)name_index(pause_names, PAUSES, value);
	if (strcmp(word, "persons") == 0)
		rules->persons = (uint32_t)atoi(value);
	int fault = name_index(fault_names, FAULTS, word);
	if (fault < 0)
		return;
	char *strikes = strchr(value, ':');
	if (strikes) {
		*strikes++ = '\0';
		rules->fault[fault].strikes = atoi(strikes);
		rules->fault[fault].in_a_row = strchr(strikes, 'r') != NULL;
	}
	rules->fault[fault].remedy = (enum remedy)name_index(remedy_names, REMEDIES, value);
}

static int
take_rules(char *line, struct match_rules *rules)
{
	long long ready, turn;
	char *words = NULL;
	int at;

	*rules = (struct match_rules){ .pause = PAUSE_OFF };
	if (sscanf(line, "rules %d %lld %lld%n", &rules->players, &ready, &turn, &at) != 3)
		return 0;
	rules->clock.ready_us = ready * 1000;
	rules->clock.turn_us = turn * 1000;
	for (char *word = strtok_r(line + at, " \n", &words); word; word = strtok_r(NULL, " \n", &words))
		take_rule(rules, word);
	return 1;
}

static void
print_actions(const struct actions *actions, char text[TEXT])
{
	text[0] = '\0';
	for (int i = 0; i < actions->count; i++) {
		const struct action *action = &actions->action[i];
		size_t used = strlen(text);

		used += (size_t)snprintf(text + used, TEXT - used, "< %s", action_names[action->kind]);
		if (action->player >= 0)
			used += (size_t)snprintf(text + used, TEXT - used, " %d", action->player);
		if (action->kind == ACTION_DEADLINE)
			used += (size_t)snprintf(text + used, TEXT - used, " %lld", (long long)action->at_us / 1000);
		snprintf(text + used, TEXT - used, "\n");
	}
}

/* "= ranks 1 2" as the match has it. */
static void
print_state(const struct match *match, const char *line, char text[TEXT])
{
	char key[32] = "";

	sscanf(line, "= %31s", key);
	int used = snprintf(text, TEXT, "= %s", key);
	if (strcmp(key, "outcome") == 0)
		used += snprintf(text + used, TEXT - (size_t)used, " %s", outcome_names[match->outcome]);
	for (int i = 0; strcmp(key, "outcome") != 0 && i < match->rules.players; i++) {
		const struct seat *seat = &match->seat[i];

		if (strcmp(key, "faults") == 0)
			used += snprintf(text + used, TEXT - (size_t)used, " %s", fault_names[seat->fault]);
		else if (strcmp(key, "standings") == 0)
			used += snprintf(text + used, TEXT - (size_t)used, " %s", match_standing(match, i));
		else
			used += snprintf(text + used, TEXT - (size_t)used, " %lld",
			    strcmp(key, "ranks") == 0 ? (long long)seat->rank :
			    strcmp(key, "banks") == 0 ? (long long)seat->bank_us / 1000 :
			    strcmp(key, "used") == 0 ? (long long)seat->total_us / 1000 : (long long)seat->turns);
	}
	snprintf(text + used, TEXT - (size_t)used, "\n");
}

static void
run(const char *path)
{
	FILE *file = fopen(path, "r");
	struct match match;
	struct actions actions = { 0 };
	char line[LINE], got[TEXT] = "", wanted[TEXT] = "", title[LINE] = "";
	int number = 0, wrong = 0;
	bool fed = false;

	while (file && !wrong && fgets(line, sizeof(line), file)) {
		struct match_rules rules;

		number++;
		if (line[0] == '<') {
			strncat(wanted, line, sizeof(wanted) - strlen(wanted) - 1);
			continue;
		}
		if (fed && strcmp(got, wanted) != 0) {
			wrong = number;
			break;
		}
		fed = false;
		wanted[0] = '\0';
		if (line[0] == '#' && !title[0])
			snprintf(title, sizeof(title), "%.*s", (int)strcspn(line + 2, "\n"), line + 2);
		if (take_rules(line, &rules)) {
			match_init(&match, &rules);
		} else if (line[0] == '>') {
			fed = true;
			if (!feed(&match, line, &actions))
				wrong = number;
			print_actions(&actions, got);
		} else if (line[0] == '=') {
			print_state(&match, line, got);
			snprintf(wanted, sizeof(wanted), "%s", line);
			if (strcmp(got, wanted) != 0)
				wrong = number;
		}
	}
	if (fed && strcmp(got, wanted) != 0)
		wrong = number;
	if (!ok(file && !wrong, "%s: %s", strrchr(path, '/') + 1, title))
		printf("# before line %d\n# got:    %s# wanted: %s", wrong, got, wanted);
	if (file)
		fclose(file);
}

static struct match_rules
random_rules(unsigned *seed)
{
	struct match_rules rules = { .players = 1 + rand_r(seed) % PLAYERS_MAX };

	rules.clock = (struct clock_rules){ (enum clock_kind)(rand_r(seed) % CLOCKS), 1000, rand_r(seed) % 2 * 500,
		1000, rand_r(seed) % 2 * 3000, rand_r(seed) % 2 * 100, rand_r(seed) % 2 * 5000 };
	rules.pause = (enum pause)(rand_r(seed) % PAUSES);
	rules.persons = rand_r(seed) % 4 == 0 ? (uint32_t)rand_r(seed) : 0;
	for (int i = 1; i < FAULTS; i++)
		rules.fault[i] = (struct fault_rule){ (enum remedy)(rand_r(seed) % REMEDIES), rand_r(seed) % 4, rand_r(seed) % 2 };
	return rules;
}

/* Whatever is fed after the end changes nothing, and no event makes the machine run over its actions. */
static void
test_random(void)
{
	struct match match;
	struct actions actions;
	unsigned seed = 7;
	int most = 0, after_end = 0, finished = 0;

	for (int round = 0; round < 20000; round++) {
		struct match_rules rules = random_rules(&seed);
		struct event event = { .kind = EVENT_START };
		int ends = 0;

		match_init(&match, &rules);
		for (int i = 0; i < 60; i++) {
			bool over = match.outcome != OUTCOME_NONE;

			match_step(&match, &event, &actions);
			after_end += over && actions.count > 0;
			most = actions.count > most ? actions.count : most;
			for (int j = 0; j < actions.count; j++)
				ends += actions.action[j].kind == ACTION_FINISH;
			event = (struct event){ .kind = rand_r(&seed) % 14 ? rand_r(&seed) % EVENT_GAME_WRONG : EVENT_READY,
				.at_us = i * 100, .player = rand_r(&seed) % (rules.players + 1) - (rand_r(&seed) % 50 == 0),
				.fault = 1 + rand_r(&seed) % (FAULTS - 1), .mask = rand_r(&seed) % (1u << rules.players),
				.defaults = (uint32_t)rand_r(&seed), .usage = { rand_r(&seed) % 3000, rand_r(&seed) % 2000 } };
		}
		finished += ends == (match.outcome != OUTCOME_NONE);
	}
	ok(after_end == 0, "nothing happens after the end");
	ok(finished == 20000, "every outcome comes with one finish");
	ok(most < ACTIONS_MAX, "at most %d actions at once", most);
}

int
main(int argc, char *argv[])
{
	char pattern[512];
	glob_t found;

	snprintf(pattern, sizeof(pattern), "%s/*.match", argc > 1 ? argv[1] : "tests/transcripts");
	if (!ok(glob(pattern, 0, NULL, &found) == 0, "there are transcripts"))
		return done_testing();
	for (size_t i = 0; i < found.gl_pathc; i++)
		run(found.gl_pathv[i]);
	ok(found.gl_pathc >= 10, "%zu transcripts", found.gl_pathc);
	globfree(&found);
	test_random();
	return done_testing();
}
