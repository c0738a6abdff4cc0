/* short_bot [MS]: answers each line with 1, after so many milliseconds. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

int
main(int argc, char *argv[])
{
	char line[65536];

	puts("__READY__");
	fflush(stdout);
	while (fgets(line, sizeof(line), stdin)) {
		if (argc > 1)
			usleep((useconds_t)atoi(argv[1]) * 1000);
		puts("1");
		fflush(stdout);
	}
	return 0;
}
