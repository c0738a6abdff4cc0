/* match-run replay: a match's pictures in the terminal, one after the other. */
#include "command.h"
#include "common.h"
#include "evidence.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>

#define FRAMES_FIRST 64
#define STEP_MS 300

struct frame {
	char *picture;		/* its text, or its JSON where it has none */
	int64_t us;
};

struct film {
	struct frame *frames;
	int count, room, at;
	bool running;
	char jump[8];		/* digits typed so far */
};

static char *
picture_of(struct raw view)
{
	char *picture = command_picture(view);

	return picture ? picture : strndup(view.bytes, view.length);
}

static int
add_frame(struct film *film, const struct record *record)
{
	if (film->count == film->room) {
		int room = film->room ? 2 * film->room : FRAMES_FIRST;
		struct frame *frames = realloc(film->frames, (size_t)room * sizeof(*frames));

		if (!frames)
			return -1;
		film->frames = frames;
		film->room = room;
	}
	film->frames[film->count] = (struct frame){ picture_of(record->value), record->us };
	return film->frames[film->count].picture ? (film->count++, 0) : -1;
}

static int
read_film(struct records *records, struct film *film)
{
	struct record record;
	int read;

	while ((read = records_next(records, &record)) > 0)
		if (record.kind == RECORD_FRAME && add_frame(film, &record))
			return -1;
	if (read < 0)
		fprintf(stderr, "match-run: %s\n", records->wrong);
	return read;
}

static void
print_frame(const struct film *film, int at)
{
	printf("%d/%d  %.3f s\n", at + 1, film->count, (double)film->frames[at].us / 1e6);
	command_print_plain(film->frames[at].picture);
	printf("\n");
}

static void
draw(const struct film *film)
{
	printf("\033[H\033[J");
	print_frame(film, film->at);
	printf("\n%s  n next, b back, g first, G last, NUMBER j jump, space %s, q quit %s ", "",
	    film->running ? "stop" : "run", film->jump);
	(void)fflush(stdout);
}

static void
go_to(struct film *film, int at)
{
	film->at = at < 0 ? 0 : at >= film->count ? film->count - 1 : at;
}

/* false: enough. */
static bool
take_key(struct film *film, int key)
{
	size_t typed = strlen(film->jump);

	if (key >= '0' && key <= '9' && typed < sizeof(film->jump) - 1) {
		film->jump[typed] = (char)key;
		return true;
	}
	switch (key) {
	case 'n': case 'C': case '\n': go_to(film, film->at + 1); break;	/* C, D: arrows */
	case 'b': case 'p': case 'D': go_to(film, film->at - 1); break;
	case 'g': go_to(film, 0); break;
	case 'G': go_to(film, film->count - 1); break;
	case 'j': go_to(film, atoi(film->jump) - 1); break;
	case ' ': film->running = !film->running; break;
	case 'q': case -1: return false;
	default: return true;
	}
	film->jump[0] = '\0';
	return true;
}

static int
read_key(void)
{
	unsigned char key;

	return read(STDIN_FILENO, &key, 1) == 1 ? key : -1;
}

static void
run_film(struct film *film)
{
	struct termios before, raw;
	struct pollfd keyboard = { STDIN_FILENO, POLLIN, 0 };
	bool more = true;

	if (tcgetattr(STDIN_FILENO, &before))
		return;
	raw = before;
	raw.c_lflag &= ~(tcflag_t)(ICANON | ECHO);
	(void)tcsetattr(STDIN_FILENO, TCSANOW, &raw);	/* then keys need a newline behind them */
	while (more) {
		draw(film);
		if (poll(&keyboard, 1, film->running ? STEP_MS : -1) > 0)
			more = take_key(film, read_key());
		else
			go_to(film, film->at + 1);
	}
	(void)tcsetattr(STDIN_FILENO, TCSANOW, &before);
	printf("\n");
}

static int
show(struct records *records)
{
	struct film film = { .at = 0 };
	int status = read_film(records, &film) ? EXIT_USAGE : 0;
	bool interactive = isatty(STDIN_FILENO) && isatty(STDOUT_FILENO);

	if (!status && film.count == 0)
		printf("the game drew no pictures\n");
	else if (!status && interactive)
		run_film(&film);
	for (int i = 0; !status && !interactive && i < film.count; i++)
		print_frame(&film, i);
	for (int i = 0; i < film.count; i++)
		free(film.frames[i].picture);
	free(film.frames);
	return status;
}

int
show_run(int argc, char *argv[])
{
	struct records records;
	char path[PATH_BYTES];

	if (argc != 2)
		return command_usage("replay needs one replay");
	evidence_replay(argv[1], path);
	int status = EXIT_USAGE;
	if (records_open(&records, path))
		fprintf(stderr, "match-run: %s\n", records.wrong);
	else
		status = show(&records);
	records_close(&records);
	return status;
}
