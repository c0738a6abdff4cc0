/*
 * turn_bot [sleep|spin|flood|flood-log|flood-early]: answers every line with a small ACTION, or never, or with more than
 * anybody can use.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define LINE (1 << 20)

static char line[LINE];

static void
flood(int fd, const char *unit)
{
	for (size_t i = 0; i < sizeof(line); i++)
		line[i] = unit[i % strlen(unit)];
	while (write(fd, line, sizeof(line)) > 0)
		;
}

int
main(int argc, char *argv[])
{
	const char *mode = argc > 1 ? argv[1] : "";
	static const char answer[] = "{\"column\":3}\n";
	ssize_t got;

	if (strcmp(mode, "flood-early") == 0)
		flood(1, "noise\n");
	if (write(1, "__READY__\n", 10) != 10)
		return 1;
	while ((got = read(0, line, sizeof(line))) > 0) {
		if (line[got - 1] != '\n')
			continue;
		if (strcmp(mode, "flood") == 0)
			flood(1, "x");
		if (strcmp(mode, "flood-log") == 0)
			flood(2, "noise\n");
		for (volatile int spun = 0; strcmp(mode, "spin") == 0;)
			spun = spun + 1;
		while (strcmp(mode, "sleep") == 0)
			pause();
		if (write(1, answer, sizeof(answer) - 1) < 0)
			return 1;
	}
	return 0;
}
