/*
 * A line from the game: a message whose player numbers are in range, or one that says what is
 * wrong.
 */
#include "fuzz.h"
#include "game.h"

#define PLAYERS 2

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct message message;

	game_parse((const char *)data, size, PLAYERS, &message);
	PROMISE(message.kind != MESSAGE_WRONG || *message.why);
	return 0;
}
