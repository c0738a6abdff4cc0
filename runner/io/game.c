/* Owns the game protocol's messages. It knows no rule of any game, and none of the match. */
#include "game.h"

#include "common.h"
#include "utf8.h"

#include <string.h>

#define SCORES_BYTES (64 << 10)
#define TURN_MS_MAX (7.0 * 24 * 60 * 60 * 1000)

static void
wrong(struct message *message, const char *why)
{
	message->kind = MESSAGE_WRONG;
	snprintf(message->why, sizeof(message->why), "%s", why);
}

/* The player that a key names; -1: none. */
static int
player_of(struct raw key, int players)
{
	int player = -1;

	if (key.length == 3)
		player = key.bytes[1] - '0';
	else if (key.length == 4 && key.bytes[1] == '1')
		player = 10 + key.bytes[2] - '0';
	return player >= 0 && player < players && key.bytes[key.length - 2] >= '0' &&
	    key.bytes[key.length - 2] <= '9' ? player : -1;
}

/* The parts of an object that has players as its keys: which ones; -1 when it has others. */
static int64_t
take_parts(struct raw object, int players, struct raw part[PLAYERS_MAX])
{
	struct raw key, value;
	int64_t mask = 0;
	size_t at = 0;

	if (raw_kind(object) != '{')
		return -1;
	while ((value = raw_next(object, &at, &key)).bytes) {
		int player = player_of(key, players);

		if (player < 0)
			return -1;
		mask |= (int64_t)1 << player;
		part[player] = value;
	}
	return mask;
}

/* The members of a message. One walk: a view may be long. */
struct members {
	struct raw t, id, to, fallback, turn_ms, player, players, why, view, scores, ranks;
};

static void
take_members(struct raw body, struct members *members)
{
	const struct {
		const char *key;
		struct raw *value;
	} keys[] = {
		{ "t", &members->t }, { "id", &members->id }, { "to", &members->to },
		{ "default", &members->fallback }, { "turn_ms", &members->turn_ms },
		{ "player", &members->player }, { "players", &members->players },
		{ "why", &members->why }, { "view", &members->view },
		{ "scores", &members->scores }, { "ranks", &members->ranks },
	};
	struct raw key, value;
	size_t at = 0;

	*members = (struct members){ .t = { NULL, 0 } };
	while ((value = raw_next(body, &at, &key)).bytes)
		for (size_t i = 0; i < COUNT(keys); i++)
			if (raw_is(key, keys[i].key))
				*keys[i].value = value;
}

static void
take_turns(struct message *message, const struct raw turns[PLAYERS_MAX])
{
	for (int i = 0; i < PLAYERS_MAX; i++) {
		double ms;

		if (raw_number(turns[i], &ms) && ms > 0)
			message->event.turn_us[i] = (int64_t)((ms < TURN_MS_MAX ? ms : TURN_MS_MAX) * 1000);
	}
}

static void
parse_ask(struct message *message, const struct members *members, int players)
{
	struct event *event = &message->event;
	struct raw turns[PLAYERS_MAX] = { { NULL, 0 } };
	int64_t mask = take_parts(members->to, players, message->part), defaults = 0, timed = 0;

	if (members->fallback.bytes)
		defaults = take_parts(members->fallback, players, message->fallback);
	if (members->turn_ms.bytes)
		timed = take_parts(members->turn_ms, players, turns);
	event->kind = EVENT_ASK;
	event->mask = (uint32_t)mask;
	event->defaults = (uint32_t)defaults;
	if (!raw_integer(members->id, &event->id) || mask <= 0)
		wrong(message, "ask needs an integer id and, in 'to', a view for each player asked");
	else if (timed < 0)
		wrong(message, "ask: turn_ms is an object of milliseconds by player number");
	else if (defaults < 0)
		wrong(message, "ask: default is an object of actions by player number");
	else
		take_turns(message, turns);
}

static void
parse_tell(struct message *message, const struct members *members, int players)
{
	message->kind = MESSAGE_TELL;
	if (take_parts(members->to, players, message->part) <= 0)
		wrong(message, "tell needs, in 'to', a message for each player told");
}

static bool
take_player(struct raw value, int players, int *player)
{
	int64_t number;

	if (!raw_integer(value, &number) || number < 0 || number >= players)
		return false;
	*player = (int)number;
	return true;
}

static void
parse_out(struct message *message, const struct members *members, int players)
{
	message->event.kind = EVENT_OUT;
	if (!take_player(members->player, players, &message->event.player))
		wrong(message, "out needs the number of a player");
}

/* "player": one, or "players": several */
static void
parse_bad(struct message *message, const struct members *members, int players)
{
	struct raw one;
	uint32_t *mask = &message->event.mask;
	size_t at = 0;
	int player;

	message->event.kind = EVENT_BAD;
	if (take_player(members->player, players, &player))
		*mask = 1u << player;
	while ((one = raw_next(members->players, &at, NULL)).bytes) {
		if (!take_player(one, players, &player)) {
			*mask = 0;
			break;
		}
		*mask |= 1u << player;
	}
	if (*mask == 0)
		wrong(message, "bad needs the number of a player, or a list of them in 'players'");
}

static void
parse_end(struct message *message, const struct members *members, int players)
{
	struct raw rank;
	int64_t number;
	size_t at = 0;
	int count = 0;

	message->event.kind = EVENT_END;
	while (raw_kind(members->ranks) == '[' && (rank = raw_next(members->ranks, &at, NULL)).bytes) {
		if (count == players || !raw_integer(rank, &number) || number < 1 || number > players) {
			wrong(message, "end: ranks are integers from 1 to the number of players, one for each");
			return;
		}
		message->event.rank[count++] = (int)number;
	}
	if (message->scores.length > SCORES_BYTES)
		wrong(message, "end: scores longer than 64 KiB");
	if (count != players)
		wrong(message, "end needs ranks, one for each player, 1 the best");
}

static void
parse_frame(struct message *message, const struct members *members, int players)
{
	(void)members;
	(void)players;
	message->kind = MESSAGE_FRAME;
}

static void
parse_ready(struct message *message, const struct members *members, int players)
{
	(void)members;
	(void)players;
	message->event.kind = EVENT_GAME_READY;
}

static const struct {
	const char *kind;
	void (*parse)(struct message *message, const struct members *members, int players);
} kinds[] = {
	{ "ask", parse_ask }, { "frame", parse_frame }, { "tell", parse_tell }, { "bad", parse_bad },
	{ "out", parse_out }, { "end", parse_end }, { "ready", parse_ready },
};

void
game_parse(const char *line, size_t length, int players, struct message *message)
{
	const char *why = raw_check(line, length);
	struct members members;

	*message = (struct message){ .kind = MESSAGE_EVENT };
	if (why) {
		wrong(message, "a line of the game is not JSON: ");
		strncat(message->why, why, sizeof(message->why) - strlen(message->why) - 1);
		return;
	}
	message->body = raw_of(line, length);
	take_members(message->body, &members);
	message->to = members.to;
	message->view = members.view;
	message->scores = members.scores;
	(void)raw_string(members.why, message->why, sizeof(message->why));
	utf8_make_plain(message->why);
	for (size_t i = 0; i < COUNT(kinds); i++)
		if (raw_is(members.t, kinds[i].kind)) {
			kinds[i].parse(message, &members, players);
			return;
		}
	wrong(message, raw_kind(members.t) == '"'
	    ? "there is no such message; t is ready, ask, tell, bad, frame, out or end"
	    : "a message is an object with a string t");
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

static void
put_key(struct buffer *out, int player, bool *first)
{
	buffer_put(out, *first ? "\"" : ",\"");
	buffer_put_integer(out, player);
	buffer_put(out, "\":");
	*first = false;
}

static void
put_acts(const struct match *match, const struct buffer *const answers[PLAYERS_MAX],
    const struct raw fallback[PLAYERS_MAX], struct buffer *out)
{
	bool first = true;

	for (int i = 0; i < match->rules.players; i++) {
		const struct seat *seat = &match->seat[i];
		struct raw action = { NULL, 0 };

		if (seat->asked && seat->answered)
			action = (struct raw){ buffer_bytes(answers[i]), answers[i]->length };
		else if (seat->asked && seat->defaulted)
			action = fallback[i];
		if (!action.bytes)
			continue;
		put_key(out, i, &first);
		buffer_put_bytes(out, action.bytes, action.length);
	}
}

static void
put_faults(const struct match *match, struct buffer *out)
{
	bool first = true;

	for (int i = 0; i < match->rules.players; i++) {
		const struct seat *seat = &match->seat[i];

		if (!seat->asked || seat->answered)
			continue;
		put_key(out, i, &first);
		buffer_putf(out, "\"%s\"", fault_names[seat->ask_fault]);
	}
}

static void
put_times(const struct match *match, struct buffer *out)
{
	bool first = true;

	for (int i = 0; i < match->rules.players; i++) {
		int64_t us = match->seat[i].charge_us;

		if (!match->seat[i].asked)
			continue;
		put_key(out, i, &first);
		buffer_put_integer(out, us / 1000);
		buffer_put_bytes(out, (char[]){ '.', (char)('0' + us / 100 % 10), (char)('0' + us / 10 % 10),
			(char)('0' + us % 10) }, 4);
	}
}

static void
put_out(const struct match *match, struct buffer *out)
{
	const char *before = ",\"out\":[";

	for (int i = 0; i < match->rules.players; i++) {
		if (!match->seat[i].out || !match->seat[i].fault)
			continue;
		buffer_put(out, before);
		buffer_put_integer(out, i);
		before = ",";
	}
	buffer_put(out, before[1] ? "" : "]");
}

void
game_acts(const struct match *match, const struct buffer *const answers[PLAYERS_MAX],
    const struct raw fallback[PLAYERS_MAX], struct buffer *out)
{
	buffer_put(out, "{\"t\":\"acts\",\"id\":");
	buffer_put_integer(out, match->id);
	buffer_put(out, ",\"acts\":{");
	put_acts(match, answers, fallback, out);
	buffer_put(out, "},\"fail\":{");
	put_faults(match, out);
	buffer_put(out, "},\"ms\":{");
	put_times(match, out);
	buffer_put(out, "}");
	put_out(match, out);
	buffer_put(out, "}");
}
