/* Owns how a running tournament looks. Nothing here changes it. */
#include "live.h"

#include "common.h"
#include "loop.h"
#include "standings.h"
#include "utf8.h"

#include <limits.h>
#include <poll.h>
#include <stdarg.h>
#include <string.h>
#include <sys/ioctl.h>

#define REDRAW_US 300000
#define PATIENCE_MS 200
#define DRAWING_COSTS 20	/* for each second of drawing so many without */
#define BESIDES 6		/* lines that are not standings */

void
live_init(struct live *live, bool quiet, int events)
{
	*live = (struct live){ .quiet = quiet, .screen = !quiet && isatty(STDOUT_FILENO), .events = events };
}

/* Whoever looks on and does not take what he is sent loses it; the tournament goes on. Can he take a line now? */
static bool
takes(int fd)
{
	struct pollfd out = { fd, POLLOUT, 0 };

	return poll(&out, 1, PATIENCE_MS) == 1 && !(out.revents & (POLLERR | POLLNVAL));
}

static void
send_event(const struct live *live, struct js *event)
{
	cleanup_free char *text = live->events >= 0 ? js_print(event) : NULL;

	/* A pipe that takes anything takes this much. */
	if (text && strlen(text) < PIPE_BUF && takes(live->events))
		(void)!dprintf(live->events, "%s\n", text);
	js_free(event);
}

static void
show_line(struct live *live, const char *line)
{
	if (live->quiet)
		return;
	if (!live->screen) {
		if (takes(STDOUT_FILENO) && puts(line) >= 0)
			(void)fflush(stdout);
		return;
	}
	memmove(live->lines, live->lines + 1, sizeof(live->lines) - sizeof(*live->lines));
	snprintf(live->lines[LIVE_LINES - 1], sizeof(*live->lines), "%s", line);
}

void
live_say(struct live *live, const char *event, const char *format, ...)
{
	struct js *object = js_new_object();
	char line[256];
	va_list args;

	va_start(args, format);
	vsnprintf(line, sizeof(line), format, args);
	va_end(args);
	utf8_make_plain(line);
	js_set(object, "event", js_new_string(event));
	js_set(object, "text", js_new_string(line));
	send_event(live, object);
	show_line(live, line);
}

/* "ann 1 - 0 ben", or the places of more than two. */
static void
tell_result(const struct cup *cup, const struct entry *entry, char text[200])
{
	size_t used = 0;

	if (entry->players == 2) {
		bool tied = entry->rank[0] == entry->rank[1];

		snprintf(text, 200, "%.60s %s %.60s", cup_title(cup, entry, 0), tied ? "1/2 - 1/2"
		    : entry->rank[0] < entry->rank[1] ? "1 - 0" : "0 - 1", cup_title(cup, entry, 1));
		return;
	}
	for (int rank = 1; rank <= entry->players; rank++)
		for (int seat = 0; seat < entry->players && used < 180; seat++)
			if (entry->rank[seat] == rank)
				used += (size_t)snprintf(text + used, 200 - used, "%s%d. %.30s", used ? ", " : "", rank,
				    cup_title(cup, entry, seat));
}

static void
tell_faults(const struct cup *cup, const struct entry *entry, char text[120])
{
	size_t used = 0;

	text[0] = '\0';
	for (int seat = 0; seat < entry->players && used < 100; seat++)
		if (entry->fault[seat])
			used += (size_t)snprintf(text + used, 120 - used, "%s%.40s: %s", used ? ", " : "  (",
			    cup_title(cup, entry, seat), fault_names[entry->fault[seat]]);
	snprintf(text + strlen(text), 120 - strlen(text), used ? ")" : "");
}

static struct js *
new_event(const struct cup *cup, const struct entry *entry, const struct note *note)
{
	struct js *event = js_new_object(), *bots = js_new_array(), *ranks = js_new_array(), *faults = js_new_array();

	for (int seat = 0; seat < entry->players; seat++) {
		js_add(bots, js_new_string(cup_title(cup, entry, seat)));
		js_add(ranks, entry->rank[seat] ? js_new_integer(entry->rank[seat]) : NULL);
		js_add(faults, entry->fault[seat] ? js_new_string(fault_names[entry->fault[seat]]) : NULL);
	}
	js_set(event, "event", js_new_string("match"));
	js_set(event, "match", js_new_integer(entry->number));
	js_set(event, "state", js_new_string(entry_states[entry->state]));
	js_set(event, "round", js_new_integer(entry->round));
	js_set(event, "game", js_new_string(cup->tourney.lineup.game[entry->game].name));
	js_set(event, "bots", bots);
	js_set(event, "ranks", ranks);
	js_set(event, "faults", faults);
	js_set(event, "why", js_new_string(note->why));
	js_set(event, "attempts", js_new_integer(note->attempts));
	js_set(event, "match_us", js_new_integer(note->match_us));
	return event;
}

void
live_match(struct live *live, struct cup *cup, size_t index, int running)
{
	const struct entry *entry = &cup->entry[index];
	const struct note *note = &cup->note[index];
	char line[512], result[200] = "", faults[120] = "";

	send_event(live, new_event(cup, entry, note));
	if (live->quiet)
		return;
	size_t matches = cup_match_count(cup), done = matches - cup_open_count(cup);
	if (entry->state == ENTRY_PLAYED) {
		tell_result(cup, entry, result);
		tell_faults(cup, entry, faults);
	} else
		snprintf(result, sizeof(result), "match %d failed%s: %.120s", entry->number,
		    entry->state == ENTRY_FAILED ? " for good" : ", and is tried again", note->why);
	snprintf(line, sizeof(line), "%4zu/%zu  #%-5d %-10.20s %s%s", done, matches, entry->number,
	    cup->tourney.lineup.game[entry->game].name, result, faults);
	utf8_make_plain(line);
	show_line(live, line);
	live_draw(live, cup, running, false);
}

/* --- on a terminal */

static struct winsize
size_of_terminal(void)
{
	struct winsize size = { .ws_row = 0 };

	(void)ioctl(STDOUT_FILENO, TIOCGWINSZ, &size);	/* then it is of a usual size */
	size.ws_row = size.ws_row ? size.ws_row : 24;
	size.ws_col = size.ws_col ? size.ws_col : 80;
	return size;
}

static int
draw_lines(const struct live *live, int columns)
{
	int lines = 0;

	for (int i = 0; i < LIVE_LINES; i++)
		if (*live->lines[i]) {
			putchar(' ');
			put_column(stdout, live->lines[i], columns - 2);
			printf("\033[K\n");
			lines++;
		}
	return lines;
}

void
live_draw(struct live *live, struct cup *cup, int running, bool last)
{
	int64_t now = loop_now_us();
	struct winsize size = size_of_terminal();
	int most = size.ws_row > LIVE_LINES + BESIDES ? size.ws_row - LIVE_LINES - BESIDES : 1;
	struct board board;

	if (!live->screen || (!last && now < live->next_us) || !takes(STDOUT_FILENO))
		return;
	if (live->height)
		printf("\033[%dA", live->height);
	/* What is longer than the line is cut, not continued: the height must be known. */
	printf("\033[?7l%.40s: %zu of %zu matches, %d running\033[K\n\033[K\n", cup->tourney.title,
	    cup_match_count(cup) - cup_open_count(cup), cup_match_count(cup), running);
	live->height = 3;
	if (board_make(cup, cup->tourney.system, &board) == 0) {
		board_print(cup, &board, cup->tourney.system, most, "\033[K\n", stdout);
		live->height += 1 + (board.bots > most ? most + 1 : board.bots);
	}
	board_free(&board);
	printf("\033[K\n");
	live->height += draw_lines(live, size.ws_col);
	printf("\033[J\033[?7h");
	(void)fflush(stdout);
	/* Ratings of a thousand bots take seconds: matches come first. */
	live->next_us = loop_now_us() + REDRAW_US + DRAWING_COSTS * (loop_now_us() - now);
}
