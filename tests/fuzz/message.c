/*
 * A line from the game: a message whose player numbers are in range and whose parts lie inside the line, or one that says
 * what is wrong.
 */
#include "fuzz.h"
#include "game.h"

#include <string.h>

#define PLAYERS 12	/* some have two digits */

static void
inside(struct raw part, const char *line, size_t length)
{
	PROMISE(!part.bytes || (part.length > 0 && part.bytes >= line && part.bytes + part.length <= line + length));
	PROMISE(!part.bytes || !raw_check(part.bytes, part.length));
}

static void
check_event(const struct message *message)
{
	const struct event *event = &message->event;

	PROMISE(event->player >= 0 && event->player < PLAYERS);
	PROMISE(event->mask >> PLAYERS == 0 && event->defaults >> PLAYERS == 0);
	PROMISE(event->kind != EVENT_BAD || event->mask);
	PROMISE(event->kind != EVENT_ASK || event->mask);
	for (int i = 0; i < PLAYERS; i++) {
		PROMISE(event->turn_us[i] >= 0);
		PROMISE(event->kind != EVENT_END || (event->rank[i] >= 1 && event->rank[i] <= PLAYERS));
		PROMISE(event->kind != EVENT_ASK || (event->mask >> i & 1) == (message->part[i].bytes != NULL));
		PROMISE(event->kind != EVENT_ASK || (event->defaults >> i & 1) == (message->fallback[i].bytes != NULL));
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *line = (const char *)data;
	struct message message;

	game_parse(line, size, PLAYERS, &message);
	PROMISE(message.kind != MESSAGE_WRONG || *message.why);
	PROMISE(memchr(message.why, '\0', sizeof(message.why)));
	if (message.kind == MESSAGE_WRONG)
		return 0;
	inside(message.body, line, size);
	inside(message.to, line, size);
	for (int i = 0; i < PLAYERS; i++) {
		inside(message.part[i], line, size);
		inside(message.fallback[i], line, size);
	}
	inside(message.scores, line, size);
	inside(message.view, line, size);
	if (message.kind == MESSAGE_EVENT)
		check_event(&message);
	return 0;
}
