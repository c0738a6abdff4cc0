/*
 * turn_game TURNS BYTES: a game that asks player 0 so many times, with a view of so many bytes, and does nothing else. At
 * its end it says on standard error: "first MONOTONIC_US median US p99 US mean US", of the turns.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define LINE (1 << 20)

static double
now_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec * 1e6 + (double)now.tv_nsec / 1e3;
}

/* Nothing comes before it was asked for, so what is read ends with the line. */
static int
read_line(void)
{
	static char line[LINE];
	ssize_t got, used = 0;

	while ((got = read(0, line, sizeof(line))) > 0) {
		used += got;
		if (line[got - 1] == '\n')
			return 1;
	}
	return 0;
}

static void
say(const char *text, size_t length)
{
	while (length > 0) {
		ssize_t sent = write(1, text, length);

		if (sent <= 0)
			exit(1);
		text += sent;
		length -= (size_t)sent;
	}
}

/* Numbers in a list, as boards are. */
static char *
make_view(size_t bytes)
{
	static const char head[] = "{\"you\":0,\"board\":[", tail[] = "]}}}\n";
	char *view = malloc(bytes + sizeof(tail)), *at = view + sizeof(head) - 1;

	memcpy(view, head, sizeof(head));
	for (int i = 0; at < view + bytes - 3; i++) {
		*at++ = (char)('0' + i % 3);
		*at++ = ',';
	}
	memcpy(at - 1, tail, sizeof(tail));
	return view;
}

static int
by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

int
main(int argc, char *argv[])
{
	int turns = argc == 3 ? atoi(argv[1]) : 0, done = 0;
	char *view = make_view(argc == 3 && atoi(argv[2]) > 40 ? (size_t)atoi(argv[2]) : 64), *line = malloc(strlen(view) + 100);
	double *took = malloc(sizeof(*took) * (size_t)(turns + 1)), first = 0, sum = 0;
	static const char end[] = "{\"t\":\"end\",\"ranks\":[1]}\n";

	if (turns < 1 || !read_line())
		return 2;
	say("{\"t\":\"ready\"}\n", 14);
	for (; done < turns; done++) {
		size_t length = (size_t)sprintf(line, "{\"t\":\"ask\",\"id\":%d,\"to\":{\"0\":%s", done, view);
		double start = now_us();

		first = first ? first : start;
		say(line, length);
		if (!read_line())
			break;
		took[done] = now_us() - start;
		sum += took[done];
	}
	if (done == turns)
		say(end, sizeof(end) - 1);
	qsort(took, (size_t)done, sizeof(*took), by_value);
	fprintf(stderr, "first %.0f median %.2f p99 %.2f mean %.2f\n", first, done ? took[done / 2] : 0,
	    done ? took[(int)(done * .99)] : 0, done ? sum / done : 0);
	return 0;
}
