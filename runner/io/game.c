/* Owns the game protocol's messages. It knows no rule of any game, and none of the match. */
#include "game.h"

#include "common.h"

#include <string.h>

static void
wrong(struct message *message, const char *why)
{
	message->kind = MESSAGE_WRONG;
	message->why = why;
}

const char *
game_key(int player, char key[8])
{
	snprintf(key, 8, "%d", player);
	return key;
}

/* Which players an object has as keys; -1 when it has others. */
static int64_t
players_in(const struct js *object, int players)
{
	int64_t mask = 0;
	size_t found = 0;
	char key[8];

	for (int i = 0; i < players; i++)
		if (js_get(object, game_key(i, key))) {
			mask |= (int64_t)1 << i;
			found++;
		}
	return js_is_object(object) && found == js_count(object) ? mask : -1;
}

static void
parse_ask(struct message *message, int players)
{
	const struct js *turns = js_get(message->body, "turn_ms");
	struct event *event = &message->event;
	char key[8];

	message->to = js_get(message->body, "to");
	int64_t mask = players_in(message->to, players);
	if (!js_integer(js_get(message->body, "id"), &event->id) || mask <= 0) {
		wrong(message, "ask needs an integer id and, in 'to', a view for each player asked");
		return;
	}
	if (turns && players_in(turns, players) < 0) {
		wrong(message, "ask: turn_ms is an object of milliseconds by player number");
		return;
	}
	event->kind = EVENT_ASK;
	event->mask = (uint32_t)mask;
	for (int i = 0; i < players; i++) {
		double ms;

		if (js_number(js_get(turns, game_key(i, key)), &ms) && ms > 0)
			event->turn_us[i] = (int64_t)(ms * 1000);
	}
}

static void
parse_tell(struct message *message, int players)
{
	message->kind = MESSAGE_TELL;
	message->to = js_get(message->body, "to");
	if (players_in(message->to, players) <= 0)
		wrong(message, "tell needs, in 'to', a message for each player told");
}

static void
parse_player(struct message *message, int players, enum event_kind kind)
{
	int64_t player;

	message->event.kind = kind;
	if (!js_integer(js_get(message->body, "player"), &player) || player < 0 ||
	    player >= players)
		wrong(message, "bad and out need the number of a player");
	else
		message->event.player = (int)player;
}

static void
parse_end(struct message *message, int players)
{
	const struct js *ranks = js_get(message->body, "ranks");

	message->event.kind = EVENT_END;
	if (!js_is_array(ranks) || js_count(ranks) != (size_t)players) {
		wrong(message, "end needs ranks, one for each player, 1 the best");
		return;
	}
	for (int i = 0; i < players; i++) {
		int64_t rank;

		if (!js_integer(js_at(ranks, (size_t)i), &rank) || rank < 1 || rank > players) {
			wrong(message, "end: a rank is an integer from 1 to the number of players");
			return;
		}
		message->event.rank[i] = (int)rank;
	}
}

static void
parse_kind(struct message *message, const char *kind, int players)
{
	if (strcmp(kind, "ready") == 0)
		message->event.kind = EVENT_GAME_READY;
	else if (strcmp(kind, "ask") == 0)
		parse_ask(message, players);
	else if (strcmp(kind, "tell") == 0)
		parse_tell(message, players);
	else if (strcmp(kind, "bad") == 0)
		parse_player(message, players, EVENT_BAD);
	else if (strcmp(kind, "out") == 0)
		parse_player(message, players, EVENT_OUT);
	else if (strcmp(kind, "end") == 0)
		parse_end(message, players);
	else if (strcmp(kind, "frame") == 0)
		message->kind = MESSAGE_FRAME;
	else
		wrong(message, "there is no such message; t is ready, ask, tell, bad, frame, out or end");
}

void
game_parse(const char *line, size_t length, int players, struct message *message)
{
	char error[JS_ERROR_BYTES];

	*message = (struct message){ .kind = MESSAGE_EVENT };
	message->document = js_parse(line, length, error);
	message->body = message->document;
	const char *kind = js_string(js_get(message->body, "t"));
	message->why = js_string(js_get(message->body, "why"));
	if (!message->document || !kind)
		wrong(message, message->document ? "a message is an object with a string t"
		    : "a line of the game is not JSON");
	else
		parse_kind(message, kind, players);
}

char *
game_init_text(const struct setup *setup, uint64_t seed)
{
	struct js *init = js_new_object(), *players = js_new_array();

	for (int i = 0; i < setup->rules.players; i++) {
		struct js *player = js_new_object();

		js_set(player, "name", js_new_string(setup->bot[i].name));
		js_add(players, player);
	}
	js_set(init, "t", js_new_string("init"));
	js_set(init, "v", js_new_integer(1));
	js_set(init, "players", players);
	js_set(init, "seed", js_new_integer((int64_t)seed));
	js_set(init, "options", setup->options ? js_copy(setup->options) : js_new_object());
	char *text = js_print(init);
	js_free(init);
	return text;
}

char *
game_acts_text(const struct match *match, char *const answers[PLAYERS_MAX])
{
	struct js *message = js_new_object(), *acts = js_new_object(), *fail = js_new_object(),
	    *ms = js_new_object();
	char key[8], error[JS_ERROR_BYTES];

	for (int i = 0; i < match->rules.players; i++) {
		const struct seat *seat = &match->seat[i];

		if (!seat->asked)
			continue;
		if (seat->answered && answers[i])
			js_set(acts, game_key(i, key),
			    js_parse(answers[i], strlen(answers[i]), error));
		else
			js_set(fail, game_key(i, key), js_new_string(fault_names[seat->ask_fault]));
		js_set(ms, game_key(i, key), js_new_real((double)seat->used_us / 1000));
	}
	js_set(message, "t", js_new_string("acts"));
	js_set(message, "id", js_new_integer(match->id));
	js_set(message, "acts", acts);
	js_set(message, "fail", fail);
	js_set(message, "ms", ms);
	char *text = js_print(message);
	js_free(message);
	return text;
}
