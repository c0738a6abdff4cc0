/*
 * short_game [PERCENT]: a game of 2 to 16 that asks each player once, and ends: names and seed say in which order. Of so many
 * percent of all seeds it dies instead. For tests and figures of what is around matches.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PLAYERS 16

static char line[1 << 20];

/* FNV-1a, so that results look like luck and never change. */
static unsigned long
hash(unsigned long seed, const char *text, size_t length)
{
	unsigned long value = 1469598103934665603ul ^ seed;

	while (length-- > 0)
		value = (value ^ (unsigned char)*text++) * 1099511628211ul;
	return value >> 20;
}

/* What each player gets for his name, up to 3, by the seed: equal ones are a draw. */
static int
read_players(unsigned long seed, int luck[PLAYERS])
{
	int players = 0;

	for (const char *at = line; players < PLAYERS && (at = strstr(at, "\"name\":\"")); players++) {
		at += 8;
		luck[players] = (int)(hash(seed, at, strcspn(at, "\"")) % 3);
	}
	return players;
}

static int
ask(int players)
{
	for (int player = 0; player < players; player++) {
		printf("{\"t\":\"ask\",\"id\":%d,\"to\":{\"%d\":0}}\n", player, player);
		fflush(stdout);
		if (!fgets(line, sizeof(line), stdin))
			return 0;
	}
	return 1;
}

static void
end(int players, const int luck[PLAYERS])
{
	printf("{\"t\":\"end\",\"ranks\":[");
	for (int player = 0; player < players; player++) {
		int rank = 1;

		for (int rival = 0; rival < players; rival++)
			rank += luck[rival] > luck[player];
		printf(player ? ",%d" : "%d", rank);
	}
	puts("],\"why\":\"by the seed\"}");
	fflush(stdout);
}

int
main(int argc, char *argv[])
{
	int luck[PLAYERS], players;

	if (!fgets(line, sizeof(line), stdin))
		return 1;
	const char *at = strstr(line, "\"seed\":");
	unsigned long seed = at ? strtoul(at + 7, NULL, 10) : 0;
	if (argc > 1 && seed % 100 < strtoul(argv[1], NULL, 10))
		return 1;
	players = read_players(seed, luck);
	puts("{\"t\":\"ready\"}");
	if (!ask(players))
		return 1;
	end(players, luck);
	while (fgets(line, sizeof(line), stdin))
		;
	return 0;
}
