/* Owns how a running tournament looks. Nothing here changes it. */
#include "live.h"

#include "common.h"
#include "loop.h"
#include "standings.h"
#include "utf8.h"

#include <stdarg.h>
#include <string.h>
#include <sys/ioctl.h>

#define REDRAW_US 300000
#define BESIDES 6		/* lines that are not standings */

void
live_init(struct live *live, bool quiet, int events)
{
	*live = (struct live){ .quiet = quiet, .screen = !quiet && isatty(STDOUT_FILENO), .events = events };
}

/* Lines that somebody does not take are lost; the tournament goes on. */
static void
send_event(const struct live *live, struct js *event)
{
	cleanup_free char *text = live->events >= 0 ? js_print(event) : NULL;

	if (text)
		(void)!dprintf(live->events, "%s\n", text);
	js_free(event);
}

static void
show_line(struct live *live, const char *line)
{
	if (live->quiet)
		return;
	if (!live->screen) {
		puts(line);
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
	size_t done = cup->count - cup_open_count(cup);

	send_event(live, new_event(cup, entry, note));
	if (entry->state == ENTRY_PLAYED) {
		tell_result(cup, entry, result);
		tell_faults(cup, entry, faults);
	} else
		snprintf(result, sizeof(result), "match %d failed%s: %.120s", entry->number,
		    entry->state == ENTRY_FAILED ? " for good" : ", and is tried again", note->why);
	snprintf(line, sizeof(line), "%4zu/%zu  %-10.20s %s%s", done, cup->count,
	    cup->tourney.lineup.game[entry->game].name, result, faults);
	utf8_make_plain(line);
	show_line(live, line);
	live_draw(live, cup, running, false);
}

/* --- on a terminal */

static int
rows_of_terminal(void)
{
	struct winsize size;

	return ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_row > 2 * BESIDES ? size.ws_row : 24;
}

static int
draw_lines(const struct live *live)
{
	int lines = 0;

	for (int i = 0; i < LIVE_LINES; i++)
		if (*live->lines[i]) {
			printf("  %.100s\033[K\n", live->lines[i]);
			lines++;
		}
	return lines;
}

void
live_draw(struct live *live, struct cup *cup, int running, bool last)
{
	int64_t now = loop_now_us();
	struct board board;
	int most = rows_of_terminal() - LIVE_LINES - BESIDES;

	if (!live->screen || (!last && now < live->drawn_us + REDRAW_US))
		return;
	live->drawn_us = now;
	if (live->height)
		printf("\033[%dA", live->height);
	printf("\033[K%.60s: %zu of %zu matches, %d running\033[K\n\033[K\n", cup->tourney.title,
	    cup->count - cup_open_count(cup), cup->count, running);
	live->height = 3 + (board_make(cup, cup->tourney.system, &board) == 0);
	if (live->height == 4) {
		board_print(cup, &board, cup->tourney.system, most, "\033[K\n", stdout);
		live->height += board.bots > most ? most + 1 : board.bots;
	}
	board_free(&board);
	printf("\033[K\n");
	live->height += draw_lines(live);
	printf("\033[J");
	(void)fflush(stdout);
}
