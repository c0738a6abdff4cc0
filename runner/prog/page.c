/* Owns the form of a match's page. */
#include "page.h"

#include "common.h"
#include "record.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#define DATA_BYTES (4 << 20)	/* of a replay on a page; what is beyond is in the match's folder */
#define LOG_BYTES 65536

struct page {
	FILE *out;
	const struct cup *cup;
	const struct entry *entry;
	struct js *result;		/* NULL: it cannot be read */
	struct records records;
	char folder[PATH_BYTES];
	struct histogram *histograms;
};

void
page_name(FILE *out, const struct cup *cup, int bot)
{
	(void)fputs("<bdi>", out);
	html_text(out, cup->tourney.lineup.bot[bot].title);
	(void)fputs("</bdi>", out);
}

struct js *
page_result(const char *folder)
{
	char path[PATH_BYTES + 16], why[JS_ERROR_BYTES];
	size_t length;

	snprintf(path, sizeof(path), "%s/result.json", folder);
	cleanup_free char *text = read_small(path, O_NOFOLLOW, &length);
	return text ? js_parse(text, length, why) : NULL;
}

/* --- who, and how it ended */

static const struct js *
player_of(const struct page *page, int seat)
{
	return js_at(js_get(page->result, "players"), (size_t)seat);
}

static void
put_string(FILE *out, const struct js *value)
{
	html_text(out, js_string(value) ? js_string(value) : "");
}

static void
put_player(const struct page *page, int seat)
{
	const struct js *player = player_of(page, seat), *jail = js_get(player, "jail");
	FILE *out = page->out;

	fprintf(out, "<tr><td class=\"num\"><span class=\"tag p%d\">%d</span></td><th scope=\"row\">", seat + 1,
	    seat + 1);
	page_name(out, page->cup, page->entry->bot[seat]);
	fprintf(out,
	    "</th><td class=\"num\">%d</td><td class=\"num\">%.0f</td><td class=\"num\">%.1f</td><td "
	    "class=\"num\">%.1f"
	    "</td><td class=\"num\">%.1f</td><td class=\"fault\">",
	    page->entry->rank[seat], js_member_number(player, "turns"),
	    js_member_number(player, "turn_us") / 1000, js_member_number(jail, "cpu_us") / 1000,
	    js_member_number(jail, "memory_peak") / (1 << 20));
	if (page->entry->fault[seat]) {
		fprintf(out, "%s: <bdi>", fault_names[page->entry->fault[seat]]);
		put_string(out, js_get(player, "why"));
		(void)fputs("</bdi>", out);
	}
	(void)fputs("</td></tr>\n", out);
}

static void
put_head(const struct page *page)
{
	const struct entry *entry = page->entry;
	FILE *out = page->out;

	(void)fputs("<header><h1>", out);
	for (int seat = 0; seat < entry->players; seat++) {
		(void)fputs(seat ? " \xe2\x80\x93 " : "", out);
		page_name(out, page->cup, entry->bot[seat]);
	}
	fprintf(out, "</h1>\n<p>Match %d, round %d, <bdi>", entry->number, entry->round);
	html_text(out, page->cup->tourney.lineup.game[entry->game].name);
	fprintf(out, "</bdi>, seed %lld, %.2f s</p></header>\n<nav aria-label=\"Pages\"><a href=\"../index.html\">",
	    (long long)entry->seed, js_member_number(page->result, "match_us") / 1e6);
	html_text(out, page->cup->tourney.title);
	(void)fputs("</a><a href=\"#viewer\">Replay</a><a href=\"#logs\">Logs</a></nav>\n<main>\n", out);
}

static void
put_result(const struct page *page)
{
	static const char *const columns[] = { "Seat", "Bot", "Place", "Answers", "Time, ms", "CPU, ms", "Memory, MiB",
		"Fault", NULL };
	FILE *out = page->out;

	html_section(out, "result", "Result");
	html_table(out, "players", "Result", columns, 0x7d);
	for (int seat = 0; seat < page->entry->players; seat++)
		put_player(page, seat);
	html_table_end(out);
	(void)fputs("<p class=\"why\"><bdi>", out);
	put_string(out, js_get(page->result, "why"));
	(void)fputs("</bdi></p></section>\n", out);
}

/* --- the replay */

static void
put_member(FILE *out, const char *key, const char *text)
{
	fprintf(out, "\"%s\":", key);
	if (text)
		html_json_string(out, text, strlen(text));
	else
		(void)fputs("null", out);
}

static void
put_data_head(const struct page *page)
{
	const struct clock_rules *clock = &page->records.rules.clock;
	FILE *out = page->out;

	(void)fputs("<script type=\"application/json\" id=\"data\">{", out);
	put_member(out, "game", page->records.game);
	putc(',', out);
	put_member(out, "why", js_string(js_get(page->result, "why")));
	fprintf(out,
	    ",\"clock\":{\"kind\":\"%s\",\"turn_us\":%lld,\"bank_us\":%lld,\"increment_us\":%lld},\"players\":"
	    "[",
	    clock_names[clock->kind], (long long)clock->turn_us, (long long)clock->bank_us,
	    (long long)clock->increment_us);
	for (int seat = 0; seat < page->entry->players; seat++) {
		(void)fputs(seat ? ",{" : "{", out);
		put_member(out, "name", cup_title(page->cup, page->entry, seat));
		fprintf(out, ",\"rank\":%d,", page->entry->rank[seat]);
		put_member(out, "fault", page->entry->fault[seat] ? fault_names[page->entry->fault[seat]] : NULL);
		putc('}', out);
	}
	(void)fputs("],\"steps\":[", out);
}

static void
put_event(FILE *out, const struct record *record)
{
	int64_t numbers[USAGE_NUMBERS];
	char why[256];

	usage_numbers(&record->event.usage, numbers);
	fprintf(out, "\"player\":%d,\"event\":\"%s\",\"usage\":[", record->event.player,
	    event_names[record->event.kind]);
	for (int i = 0; i < USAGE_NUMBERS; i++)
		fprintf(out, i ? ",%lld" : "%lld", (long long)numbers[i]);
	(void)fputs("],", out);
	if (record->event.kind == EVENT_ANSWER && record->said.bytes) {
		(void)fputs("\"said\":", out);
		html_json_string(out, record->said.bytes, record->said.length);
		return;
	}
	snprintf(why, sizeof(why), "%s", record->why);
	if (record->event.kind == EVENT_OUT)
		(void)raw_string(raw_get(record->said, "why"), why, sizeof(why));
	put_member(out, "why", why);
}

/* Is it worth a step? */
static bool
is_step(const struct record *record)
{
	enum event_kind kind = record->event.kind;

	if (record->kind != RECORD_EVENT)
		return record->kind == RECORD_FRAME;
	return kind == EVENT_ANSWER || kind == EVENT_FAULT || kind == EVENT_OUT ||
	    (kind == EVENT_DEADLINE && record->event.player >= 0);
}

static void
put_step(FILE *out, const struct record *record)
{
	fprintf(out, "{\"us\":%lld,", (long long)record->us);
	if (record->kind == RECORD_FRAME) {
		(void)fputs("\"view\":", out);
		html_json(out, record->value);
		if (record->scores.bytes) {
			(void)fputs(",\"scores\":", out);
			html_json(out, record->scores);
		}
	} else
		put_event(out, record);
	putc('}', out);
}

/* A turn's time goes to who had the seat. */
static void
count_time(const struct page *page, const struct record *record)
{
	const struct match_rules *rules = &page->records.rules;
	int player = record->event.player;

	if (record->kind != RECORD_EVENT || record->event.kind != EVENT_ANSWER || player < 0)
		return;
	int milli = rules->cpus_milli[player] ? rules->cpus_milli[player] : ONE_CPU_MILLI;
	histogram_add(&page->histograms[page->entry->bot[player]],
	    clock_charge(rules->clock.kind, &record->event.usage, milli));
}

static void
put_steps(struct page *page)
{
	long begin = ftell(page->out), cut = 0, steps = 0;
	struct record record;

	while (records_next(&page->records, &record) > 0) {
		count_time(page, &record);
		if (!is_step(&record))
			continue;
		size_t size = record.value.length + record.said.length;
		if (cut || ftell(page->out) - begin + (long)size > DATA_BYTES) {
			cut++;
			continue;
		}
		(void)fputs(steps++ ? ",\n" : "\n", page->out);
		put_step(page->out, &record);
	}
	fprintf(page->out, "],\"cut\":%ld}</script>\n", cut);
}

static void
put_replay(struct page *page)
{
	char path[PATH_BYTES + 16];

	(void)fputs("<section id=\"viewer\" aria-label=\"Replay\"><noscript><p>The replay needs "
		    "JavaScript.</p></noscript>"
		    "</section>\n",
	    page->out);
	snprintf(path, sizeof(path), "%s/replay.jsonl", page->folder);
	if (records_open(&page->records, path) == 0 && page->records.rules.players == page->entry->players) {
		put_data_head(page);
		put_steps(page);
	} else {
		(void)fputs("<script type=\"application/json\" id=\"data\">{\"why\":", page->out);
		html_json_string(page->out, page->records.wrong, strlen(page->records.wrong));
		(void)fputs(",\"steps\":[]}</script>\n", page->out);
	}
	records_close(&page->records);
}

/* --- logs */

char *
page_log_end(const char *folder, const char *name, size_t most, size_t *length)
{
	char path[PATH_BYTES + NAME_MAX_BYTES + 8];

	snprintf(path, sizeof(path), "%s/%s.err", folder, name);
	cleanup_close int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	struct stat st;
	if (fd < 0 || fstat(fd, &st) || !S_ISREG(st.st_mode) || st.st_size == 0)
		return NULL;
	char *text = malloc(most);
	off_t from = st.st_size > (off_t)most ? st.st_size - (off_t)most : 0;
	ssize_t got = text ? pread(fd, text, most, from) : -1;
	if (got <= 0) {
		free(text);
		return NULL;
	}
	*length = (size_t)got;
	return text;
}

static void
put_log(const struct page *page, const char *name, const char *title)
{
	size_t length;
	cleanup_free char *text = page_log_end(page->folder, name, LOG_BYTES, &length);

	(void)fputs("<details><summary><bdi>", page->out);
	html_text(page->out, title);
	fprintf(page->out, "</bdi>%s</summary>",
	    text ? length == LOG_BYTES ? ": the end of its log" : "" : ": nothing");
	if (text) {
		(void)fputs("<pre class=\"log\" tabindex=\"0\">", page->out);
		html_bytes(page->out, text, length);
		(void)fputs("</pre>", page->out);
	}
	(void)fputs("</details>\n", page->out);
}

static void
put_logs(const struct page *page)
{
	const char *game = page->cup->tourney.lineup.game[page->entry->game].name;

	html_section(page->out, "logs", "Logs");
	for (int seat = 0; seat < page->entry->players; seat++) {
		const struct contestant *bot = &page->cup->tourney.lineup.bot[page->entry->bot[seat]];

		put_log(page, bot->name, bot->title);
	}
	put_log(page, game, game);
	(void)fputs("</section>\n</main>\n", page->out);
}

void
page_write(FILE *out, const struct assets *assets, const struct cup *cup, size_t index, struct histogram *histograms)
{
	static struct page page;
	char title[64];

	page = (struct page){ .out = out, .cup = cup, .entry = &cup->entry[index], .histograms = histograms };
	cup_folder(cup, page.entry, page.folder);
	page.result = page_result(page.folder);
	snprintf(title, sizeof(title), "Match %d", page.entry->number);
	html_begin(out, assets, true, title);
	put_head(&page);
	put_result(&page);
	put_replay(&page);
	put_logs(&page);
	html_end(out, assets, true);
	js_free(page.result);
}
