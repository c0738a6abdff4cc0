/* Owns how a match looks to those who look on. Nothing here changes it. */
#include "watch.h"

#include "command.h"
#include "common.h"

#include <string.h>

#define REDRAW_US 50000

static const char *
name_of(const struct loop *loop, const struct sight *sight)
{
	return sight->player >= 0 ? loop->setup->bot[sight->player].name : loop->setup->game.name;
}

/* What happened, as one line of words; false: nothing worth a line. */
static bool
line_of(const struct loop *loop, const struct sight *sight, char line[160])
{
	const struct seat *seat = sight->player >= 0 ? &loop->match.seat[sight->player] : NULL;
	const char *name = name_of(loop, sight);

	switch (sight->kind) {
	case SIGHT_READY:
		snprintf(line, 160, "%s is ready after %.1f ms", name, (double)sight->us / 1000);
		return true;
	case SIGHT_ANSWER:
		snprintf(line, 160, "%s answers %.*s after %.2f ms", name,
		    (int)(sight->text.length < 80 ? sight->text.length : 80), sight->text.bytes,
		    (double)(seat ? seat->charge_us : 0) / 1000);
		return true;
	case SIGHT_FAULT:
		snprintf(line, 160, "%s: %s: %.90s", name, fault_names[sight->fault], sight->why);
		return true;
	case SIGHT_OUT:
		snprintf(line, 160, "%s is out: %.90s", name, sight->why);
		return true;
	default:
		return false;
	}
}

void
watch_lines(void *self, const struct loop *loop, const struct sight *sight)
{
	char line[160];
	cleanup_free char *picture = sight->kind == SIGHT_FRAME ? command_picture(sight->text) : NULL;

	if (picture)
		command_put_plain(self, picture, strlen(picture));
	else if (line_of(loop, sight, line))
		command_put_plain(self, line, strlen(line));
	else
		return;
	putc('\n', self);
	(void)fflush(self);	/* an onlooker's pipe may close; the match goes on */
}

/* --- a live picture */

static void
keep_line(struct screen *screen, const char *line)
{
	memmove(screen->lines, screen->lines + 1, sizeof(screen->lines) - sizeof(*screen->lines));
	snprintf(screen->lines[SCREEN_LINES - 1], sizeof(*screen->lines), "%s", line);
}

static int
draw_text(FILE *out, const char *text)
{
	int lines = 0;

	for (const char *at = text; *at; lines++) {
		size_t length = strcspn(at, "\n");

		command_put_plain(out, at, length);
		(void)fputs("\033[K\n", out);
		at += length + (at[length] == '\n');
	}
	return lines;
}

/* "> ann   active     12 turns     35.2 ms used    4.8 s left" */
static void
draw_clock(FILE *out, const struct loop *loop, int player)
{
	const struct seat *seat = &loop->match.seat[player];
	int64_t open_us = match_waits_for(&loop->match, player) && !loop->match.starting
	    ? loop_now_us() - seat->asked_us : 0;

	fprintf(out, "%c %-16s %-12s %4d turns %10.1f ms used", open_us ? '>' : ' ',
	    loop->setup->bot[player].name, match_standing(&loop->match, player), seat->turns,
	    (double)(seat->total_us + open_us) / 1000);
	if (loop->match.rules.clock.bank_us)
		fprintf(out, "  %.1f s left", (double)(seat->bank_us - open_us) / 1e6);
	(void)fputs("\033[K\n", out);
}

static void
draw(struct screen *screen, const struct loop *loop)
{
	FILE *out = screen->out;

	if (screen->drawn)
		fprintf(out, "\033[%dA", screen->drawn);
	screen->drawn = screen->picture ? draw_text(out, screen->picture) : 0;
	for (int i = 0; i < loop_players(loop); i++, screen->drawn++)
		draw_clock(out, loop, i);
	for (int i = 0; i < SCREEN_LINES; i++)
		screen->drawn += *screen->lines[i] ? draw_text(out, screen->lines[i]) : 0;
	(void)fputs("\033[J", out);
	(void)fflush(out);	/* a terminal that is gone does not end the match */
}

void
watch_screen(void *self, const struct loop *loop, const struct sight *sight)
{
	struct screen *screen = self;
	char line[160];

	if (sight->kind == SIGHT_FRAME) {
		char *picture = command_picture(sight->text);

		free(screen->picture);
		screen->picture = picture;
	} else if (line_of(loop, sight, line)) {
		keep_line(screen, line);
	}
	/* Fast games are not drawn turn by turn. */
	if (sight->kind != SIGHT_END && sight->us - screen->drawn_us < REDRAW_US)
		return;
	screen->drawn_us = sight->us;
	draw(screen, loop);
}

void
screen_free(struct screen *screen)
{
	free(screen->picture);
	screen->picture = NULL;
}

/* --- for programs */

static void
put_string(FILE *out, const char *text)
{
	struct buffer quoted;

	buffer_init(&quoted, 4096);
	buffer_put_string(&quoted, text, strlen(text));
	(void)fputs(buffer_text(&quoted) ? buffer_bytes(&quoted) : "\"\"", out);
	buffer_free(&quoted);
}

void
watch_events(void *self, const struct loop *loop, const struct sight *sight)
{
	FILE *out = self;
	const struct seat *seat = sight->player >= 0 ? &loop->match.seat[sight->player] : NULL;

	if (sight->kind == SIGHT_TICK)
		return;
	fprintf(out, "{\"event\":\"%s\",\"us\":%lld", sight_names[sight->kind], (long long)sight->us);
	if (seat)
		fprintf(out, ",\"player\":%d,\"name\":\"%s\",\"status\":\"%s\"", sight->player,
		    name_of(loop, sight), match_standing(&loop->match, sight->player));
	/* Views are for those who are asked: an onlooker may tell the rival. */
	if (sight->text.bytes && sight->kind != SIGHT_ASK)
		fprintf(out, ",\"%s\":%.*s", sight->kind == SIGHT_FRAME ? "view"
		    : sight->kind == SIGHT_END ? "scores" : "action",
		    (int)sight->text.length, sight->text.bytes);
	if (sight->kind == SIGHT_ANSWER)
		fprintf(out, ",\"turn_us\":%lld,\"total_us\":%lld", (long long)seat->charge_us,
		    (long long)seat->total_us);
	if (sight->kind == SIGHT_FAULT)
		fprintf(out, ",\"fault\":\"%s\"", fault_names[sight->fault]);
	if (sight->kind == SIGHT_END)
		fprintf(out, ",\"outcome\":\"%s\"", outcome_names[loop->match.outcome]);
	if (*sight->why) {
		(void)fputs(",\"why\":", out);
		put_string(out, sight->why);
	}
	(void)fputs("}\n", out);
	(void)fflush(out);	/* who does not read it misses it */
}

void
watch_log(void *self, const struct loop *loop, const struct sight *sight)
{
	char line[400];
	const char *type = sight->kind == SIGHT_FAULT ? "error" : "info";

	if (sight->kind == SIGHT_ANSWER || sight->kind == SIGHT_ASK || sight->kind == SIGHT_FRAME ||
	    sight->kind == SIGHT_TICK)
		return;
	if (sight->kind == SIGHT_START)
		snprintf(line, sizeof(line), "%s begins", loop->setup->game.name);
	else if (sight->kind == SIGHT_END)
		snprintf(line, sizeof(line), "%s: %.300s", outcome_names[loop->match.outcome], sight->why);
	else if (!line_of(loop, sight, line))
		return;
	fprintf(self, "{\"typ\":\"%s\",\"msg\":", type);
	put_string(self, line);
	fprintf(self, ",\"tim\":%.6f}\n", (double)sight->us / 1e6);
}

void
watch_person(void *self, const struct loop *loop, const struct sight *sight)
{
	struct screen *screen = self;
	FILE *out = screen->out;
	const char *moves = js_string(js_get(loop->setup->game.manifest, "moves"));

	screen->drawn |= sight->kind == SIGHT_FRAME;
	if (sight->kind == SIGHT_FAULT && loop->setup->bot[sight->player].person) {
		(void)fputs("no: ", out);
		command_put_plain(out, sight->why, strlen(sight->why));
		putc('\n', out);
	}
	if (sight->kind != SIGHT_ASK || !loop->setup->bot[sight->player].person)
		return;
	/* Before the first picture there is only this. */
	if (!screen->drawn) {
		command_put_plain(out, sight->text.bytes, sight->text.length);
		putc('\n', out);
	}
	fprintf(out, "%s, your move%s", name_of(loop, sight), moves ? ": " : "");
	command_put_plain(out, moves ? moves : "", moves ? strlen(moves) : 0);
	(void)fputs("? ", out);
	(void)fflush(out);
}
