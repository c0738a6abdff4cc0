/*
 * Claim: the match machine does what the files of tests/transcripts tell, event by event. In them
 *   rules PLAYERS READY_MS TURN_MS     begins
 *   > MS EVENT [PLAYER] [WORD...]      is fed; ask takes an id and players (0 or 0:MS), end takes ranks, fault its kind
 *   < ACTION [PLAYER] [MS]             must come, these and no others, in this order
 *   = KEY VALUE...                     must hold: outcome, ranks, faults, turns
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

static void
take_word(struct event *event, int position, const char *word)
{
	if (event->kind == EVENT_ASK && position == 0) {
		event->id = atoi(word);
	} else if (event->kind == EVENT_ASK) {
		int player = atoi(word);

		event->mask |= 1u << player;
		if (strchr(word, ':'))
			event->turn_us[player] = atoll(strchr(word, ':') + 1) * 1000;
	} else if (event->kind == EVENT_END) {
		event->rank[position] = atoi(word);
	} else if (position == 0) {
		event->player = atoi(word);
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
	while ((word = strtok_r(NULL, " \n", &words)))
		take_word(&event, position++, word);
	match_step(match, &event, actions);
	return event.kind < EVENTS;
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
		else
			used += snprintf(text + used, TEXT - (size_t)used, " %d",
			    strcmp(key, "ranks") == 0 ? seat->rank : seat->turns);
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
		long long ready, turn;

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
		if (sscanf(line, "rules %d %lld %lld", &rules.players, &ready, &turn) == 3) {
			rules.ready_us = ready * 1000;
			rules.turn_us = turn * 1000;
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

/* Whatever is fed after the end changes nothing, and no event makes the machine run over its actions. */
static void
test_random(void)
{
	struct match match;
	struct actions actions;
	unsigned seed = 7;
	int most = 0, after_end = 0, finished = 0;

	for (int round = 0; round < 20000; round++) {
		struct match_rules rules = { 1 + rand_r(&seed) % PLAYERS_MAX, 1000, 1000 };
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
				.fault = 1 + rand_r(&seed) % (FAULTS - 1), .mask = rand_r(&seed) % (1u << rules.players) };
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
