/* What native bots do: threads, clocks, memory, standard input and output, files of their own folder. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static void *
work(void *sum)
{
	for (long i = 0; i < 1000000; i++)
		*(volatile long *)sum += i;
	return NULL;
}

int
main(void)
{
	pthread_t threads[4];
	long sums[4] = { 0 };
	struct timespec now, nap = { 0, 1000000 };
	char line[100];

	for (int i = 0; i < 4; i++)
		if (pthread_create(&threads[i], NULL, work, &sums[i]))
			return 1;
	for (int i = 0; i < 4; i++)
		pthread_join(threads[i], NULL);
	char *much = malloc(64 << 20);
	memset(much, 1, 64 << 20);
	free(much);
	clock_gettime(CLOCK_MONOTONIC, &now);
	nanosleep(&nap, NULL);
	printf("threads %d, cpus %ld, %s", sums[3] > 0, sysconf(_SC_NPROCESSORS_ONLN) > 0,
	    fgets(line, sizeof(line), stdin) ? line : "no input\n");
	FILE *self = fopen("/bot/input", "r");
	printf("file %s\n", self ? "read" : "not read");
	return 0;
}
