/* match-tournament report: the folder of pages about a tournament. */
#include "contests.h"

#include "common.h"
#include "page.h"
#include "tree.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <string.h>
#include <sys/stat.h>

#define MARK ".match-tournament"
#define CROSS_MOST 60		/* bots in a cross table */
#define GALLERY_MOST 200	/* kinds of failures */
#define LINKS_MOST 50		/* matches of one */
#define LIST_MOST 20000		/* lines of the list of matches */
#define LOG_BYTES 2048
#define LOG_LINES 12

enum { FORMAT, OUTPUT };

const struct option_text report_options[] = {
	[FORMAT] = { "format", 0, "html|json|csv|pgn",
	    "pages if nothing is said; the others go to the standard output" },
	[OUTPUT] = { "output", 'o', "DIR", "the folder of the pages: report in that of the tournament" },
	{ NULL, 0, NULL, NULL },
};

struct report {
	struct cup *cup;
	struct assets assets;
	struct board board;
	struct histogram *histograms;	/* by bot */
	FILE *out;
	char folder[PATH_BYTES];
};

static int
failed(struct report *report, const char *path)
{
	report->cup->status =
	    errno == ENOSPC || errno == EDQUOT || errno == EIO || errno == ENOMEM ? EXIT_OURS : EXIT_USAGE;
	snprintf(report->cup->wrong, sizeof(report->cup->wrong), "%s: %s", path, strerror(errno));
	return -1;
}

/* --- parts of the first page */

/* Where rounds tell a story. */
static bool
has_rounds(const struct report *report)
{
	const struct format_rules *rules = &report->cup->tourney.rules;

	return rules->format == FORMAT_SWISS || rules->knockout > 0;
}

static void
put_head(const struct report *report)
{
	static const char *const parts[][2] = { { "standings", "Standings" }, { "rounds", "Rounds" },
		{ "cross", "Cross table" }, { "matches", "Matches" }, { "times", "Times" }, { "failures", "Failures" },
		{ "rules", "Rules" } };
	const struct tourney *tourney = &report->cup->tourney;
	size_t open = cup_open_count(report->cup);

	(void)fputs("<header><h1>", report->out);
	html_text(report->out, tourney->title);
	fprintf(report->out, "</h1>\n<p>%s, %d bots, %zu matches", format_names[tourney->rules.format],
	    tourney->lineup.bots, cup_match_count(report->cup));
	fprintf(report->out, open ? ", of which %zu are left" : "", open);
	(void)fputs("</p></header>\n<nav aria-label=\"Sections\">", report->out);
	for (size_t i = 0; i < COUNT(parts); i++)
		if (has_rounds(report) || strcmp(parts[i][0], "rounds") != 0)
			fprintf(report->out, "<a href=\"#%s\">%s</a>", parts[i][0], parts[i][1]);
	(void)fputs("</nav>\n<main>\n", report->out);
}

static void
put_standing(const struct report *report, const struct standing *one)
{
	const struct rating *rating = &report->board.rates.rating[one->bot];
	FILE *out = report->out;

	fprintf(out, "<tr><td class=\"num\">%d</td><th scope=\"row\">", one->place);
	page_name(out, report->cup, one->bot);
	fprintf(out, "%s</th><td class=\"num\">%.1f</td><td class=\"num\">%.1f to %.1f</td><td class=\"num\">%.1f</td>",
	    report->cup->gone[one->bot] ? " (withdrawn)" : "", rating->value, rating->low, rating->high, one->points);
	fprintf(out,
	    "<td class=\"num\">%d</td><td class=\"num\">%d</td><td class=\"num\">%d</td><td "
	    "class=\"num\">%d</td></tr>\n",
	    one->won, one->drawn, one->lost, one->faults);
}

/* What the terminal shows. */
static void
put_tests(const struct report *report)
{
	char *text = NULL;
	size_t length = 0;
	FILE *memory = open_memstream(&text, &length);

	if (memory) {
		tests_print(report->cup, memory);
		(void)fclose(memory);
	}
	(void)fputs("<pre tabindex=\"0\">", report->out);
	html_text(report->out, text ? text : "");
	(void)fputs("</pre>\n", report->out);
	free(text);
}

static void
put_standings(const struct report *report)
{
	static const char *const names[SYSTEMS] = { "Elo", "Bradley-Terry", "Glicko-2", "OpenSkill" };
	const char *columns[] = { "Place", "Bot", names[report->cup->tourney.system], "95 % interval", "Points",
		"Won", "Drawn", "Lost", "Faults", NULL };

	html_section(report->out, "standings", "Standings");
	html_table(report->out, "standings", "Standings", columns, 0x1fc);
	for (int i = 0; i < report->board.bots; i++)
		put_standing(report, &report->board.standing[i]);
	html_table_end(report->out);
	chart_ratings(report->out, report->cup, &report->board);
	if (report->cup->tourney.rules.has_sprt)
		put_tests(report);
	(void)fputs("</section>\n", report->out);
}

/* --- rounds */

/* A pairing's points, and where its entries end. */
static size_t
add_pairing(const struct cup *cup, size_t first, double points[2])
{
	const struct entry *head = &cup->entry[first];
	size_t i = first;

	points[0] = points[1] = 0;
	for (; i < cup->count && cup->entry[i].pairing == head->pairing; i++)
		for (int side = 0; side < 2 && head->players == 2; side++)
			points[side] += entry_points(&cup->entry[i], entry_seat(&cup->entry[i], head->bot[side]));
	return i;
}

static void
put_pairing(const struct report *report, const struct entry *head, const double points[2])
{
	FILE *out = report->out;

	(void)fputs("<tr><td>", out);
	page_name(out, report->cup, head->bot[0]);
	if (head->players == 1) {
		(void)fputs("</td><td class=\"num\"></td><td>rests</td></tr>\n", out);
		return;
	}
	if (head->state == ENTRY_PLAYED)
		fprintf(out, "</td><td class=\"num\"><a href=\"matches/%05d.html\">%g\xe2\x80\x93%g</a></td><td>",
		    head->number, points[0], points[1]);
	else
		fprintf(out, "</td><td class=\"num\">%g\xe2\x80\x93%g</td><td>", points[0], points[1]);
	page_name(out, report->cup, head->bot[1]);
	(void)fputs("</td></tr>\n", out);
}

static void
put_rounds(const struct report *report)
{
	const struct cup *cup = report->cup;
	int round = 0;
	double points[2];

	html_section(report->out, "rounds", "Rounds");
	for (size_t i = 0, next; i < cup->count; i = next) {
		next = add_pairing(cup, i, points);
		if (cup->entry[i].round != round)
			fprintf(report->out, "%s<table class=\"round\"><caption>Round %d%s</caption><tbody>\n",
			    round ? "</tbody></table>\n" : "", cup->entry[i].round,
			    cup->entry[i].round == cup->tourney.rules.knockout ? ": the knockout begins" : "");
		round = cup->entry[i].round;
		put_pairing(report, &cup->entry[i], points);
	}
	fprintf(report->out, "%s</section>\n", round ? "</tbody></table>\n" : "");
}

/* --- the cross table */

struct score {
	double points;
	int matches;
};

static void
add_scores(const struct cup *cup, struct score *scores)
{
	int bots = cup->tourney.lineup.bots;

	for (size_t i = 0; i < cup->count; i++) {
		const struct entry *entry = &cup->entry[i];

		for (int a = 0; entry->state == ENTRY_PLAYED && a < entry->players; a++)
			for (int b = 0; b < entry->players; b++) {
				struct score *score = &scores[entry->bot[a] * bots + entry->bot[b]];

				if (a == b)
					continue;
				score->matches++;
				score->points += entry_taken(entry, a, b);
			}
	}
}

static void
put_cross_cell(FILE *out, const struct score *score, bool self)
{
	double lead = 2 * score->points - score->matches;

	if (self || score->matches == 0)
		(void)fputs(self ? "<td class=\"self\">\xc2\xb7</td>" : "<td></td>", out);
	else
		fprintf(out, "<td class=\"%s\">%g\xe2\x80\x93%g</td>", lead > 0 ? "win" : lead < 0 ? "loss" : "draw",
		    score->points, score->matches - score->points);
}

static void
put_cross_head(const struct report *report)
{
	FILE *out = report->out;

	(void)fputs("<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Cross table\"><table "
		    "class=\"cross\">"
		    "<caption>Points of the bot in the line against that of the column</caption><thead><tr><th "
		    "scope=\"col\">Bot</th>",
	    out);
	for (int i = 0; i < report->board.bots; i++) {
		(void)fputs("<th scope=\"col\"><abbr title=\"", out);
		html_text(out, report->cup->tourney.lineup.bot[report->board.standing[i].bot].title);
		fprintf(out, "\">%d</abbr></th>", i + 1);
	}
	(void)fputs("</tr></thead>\n<tbody>\n", out);
}

static void
put_cross(const struct report *report)
{
	int bots = report->board.bots;
	const struct standing *standing = report->board.standing;
	cleanup_free struct score *scores = calloc((size_t)bots * (size_t)bots + 1, sizeof(*scores));
	FILE *out = report->out;

	html_section(out, "cross", "Cross table");
	if (!scores || bots > CROSS_MOST) {
		fprintf(out, "<p>Left out: there are more than %d bots.</p></section>\n", CROSS_MOST);
		return;
	}
	add_scores(report->cup, scores);
	put_cross_head(report);
	for (int i = 0; i < bots; i++) {
		fprintf(out, "<tr><th scope=\"row\">%d. ", i + 1);
		page_name(out, report->cup, standing[i].bot);
		(void)fputs("</th>", out);
		for (int j = 0; j < bots; j++)
			put_cross_cell(out, &scores[standing[i].bot * bots + standing[j].bot], i == j);
		(void)fputs("</tr>\n", out);
	}
	(void)fputs("</tbody></table></div></section>\n", out);
}

/* --- matches */

static void
put_bots(const struct report *report, const struct entry *entry)
{
	for (int seat = 0; seat < entry->players; seat++) {
		bool first = entry->state == ENTRY_PLAYED && entry->rank[seat] == 1;

		(void)fputs(seat ? " \xe2\x80\x93 " : "", report->out);
		(void)fputs(first ? "<strong>" : "", report->out);
		page_name(report->out, report->cup, entry->bot[seat]);
		(void)fputs(first ? "</strong>" : "", report->out);
	}
}

static void
put_outcome(FILE *out, const struct entry *entry)
{
	if (entry->state != ENTRY_PLAYED || entry->players == 1) {
		(void)fputs(entry->players == 1 ? "bye" : entry_states[entry->state], out);
		return;
	}
	for (int seat = 0; seat < entry->players; seat++)
		fprintf(out, entry->players == 2 ? seat ? "\xe2\x80\x93%g" : "%g" : seat ? ", %g." : "%g.",
		    entry->players == 2 ? entry_points(entry, seat) : entry->rank[seat]);
	for (int seat = 0; seat < entry->players; seat++)
		if (entry->fault[seat])
			fprintf(out, " <span class=\"fault\">%s</span>", fault_names[entry->fault[seat]]);
}

static void
put_match(const struct report *report, size_t index)
{
	const struct entry *entry = &report->cup->entry[index];
	const struct note *note = &report->cup->note[index];
	FILE *out = report->out;

	fprintf(out, "<tr><td class=\"num\">%d</td><td class=\"num\">%d</td><td>", entry->number, entry->round);
	html_text(out, entry->players > 1 ? report->cup->tourney.lineup.game[entry->game].name : "");
	(void)fputs("</td><td>", out);
	if (entry->state == ENTRY_PLAYED && entry->players > 1)
		fprintf(out, "<a href=\"matches/%05d.html\">", entry->number);
	put_bots(report, entry);
	(void)fputs(entry->state == ENTRY_PLAYED && entry->players > 1 ? "</a></td><td>" : "</td><td>", out);
	put_outcome(out, entry);
	(void)fputs("</td><td><bdi>", out);
	html_text(out, note->why);
	fprintf(out, "</bdi></td><td class=\"num\">%.2f</td></tr>\n", (double)note->match_us / 1e6);
}

static void
put_matches(const struct report *report)
{
	static const char *const columns[] = { "Match", "Round", "Game", "Bots", "Result", "Why", "Seconds", NULL };

	html_section(report->out, "matches", "Matches");
	html_table(report->out, "matches", "Matches", columns, 0x40);
	for (size_t i = 0; i < report->cup->count && i < LIST_MOST; i++)
		put_match(report, i);
	html_table_end(report->out);
	if (report->cup->count > LIST_MOST)
		fprintf(report->out, "<p class=\"cut\">and %zu more</p>\n", report->cup->count - LIST_MOST);
	(void)fputs("</section>\n", report->out);
}

/* --- times */

static void
put_times(const struct report *report)
{
	FILE *out = report->out;

	html_section(out, "times", "Times");
	(void)fputs("<p>How long answers took, by the clock of the matches; the scale is logarithmic.</p>\n", out);
	for (int i = 0; i < report->board.bots; i++) {
		const struct histogram *histogram = &report->histograms[report->board.standing[i].bot];
		char label[160];

		if (!histogram->all)
			continue;
		snprintf(label, sizeof(label), "%lld answers, %.2f ms on average, %.2f ms at most",
		    (long long)histogram->all, (double)histogram->sum_us / (double)histogram->all / 1000,
		    (double)histogram->most_us / 1000);
		(void)fputs("<figure><figcaption>", out);
		page_name(out, report->cup, report->board.standing[i].bot);
		fprintf(out, "<br><small>%s</small></figcaption>", label);
		chart_histogram(out, histogram, label);
		(void)fputs("</figure>\n", out);
	}
	(void)fputs("</section>\n", out);
}

/* --- failures */

/* The last lines of a log. */
static void
put_log_end(FILE *out, const char *folder, const char *name)
{
	size_t length, lines = 0;
	cleanup_free char *text = page_log_end(folder, name, LOG_BYTES, &length);

	if (!text)
		return;
	size_t from = length - (text[length - 1] == '\n');
	while (from > 0 && (text[from - 1] != '\n' || ++lines < LOG_LINES))
		from--;
	(void)fputs("<pre class=\"log\" tabindex=\"0\">", out);
	html_bytes(out, text + from, length - from);
	(void)fputs("</pre>", out);
}

/* Why the result says that a seat is out. */
static void
put_why(FILE *out, const char *folder, int seat)
{
	struct js *result = page_result(folder);
	const char *why = js_string(js_get(js_at(js_get(result, "players"), (size_t)seat), "why"));

	html_text(out, why ? why : "");
	js_free(result);
}

/* A bot's failures of one kind: how many, and the first one, whose words and log are shown. */
struct failures {
	const struct entry *first;
	int seat, count;
};

/* By bot and fault. */
static void
count_failures(const struct cup *cup, struct failures *table)
{
	for (size_t i = 0; i < cup->count; i++)
		for (int seat = 0; cup->entry[i].state == ENTRY_PLAYED && seat < cup->entry[i].players; seat++) {
			const struct entry *entry = &cup->entry[i];
			struct failures *failures = &table[entry->bot[seat] * FAULTS + (int)entry->fault[seat]];

			if (failures->count++ == 0) {
				failures->first = entry;
				failures->seat = seat;
			}
		}
}

static void
put_links(const struct report *report, int bot, int fault)
{
	int shown = 0;

	for (size_t i = 0; i < report->cup->count; i++) {
		const struct entry *entry = &report->cup->entry[i];
		int seat = entry->state == ENTRY_PLAYED ? entry_seat(entry, bot) : -1;

		if (seat < 0 || (int)entry->fault[seat] != fault)
			continue;
		if (shown++ == LINKS_MOST) {
			(void)fputs(" and more", report->out);
			return;
		}
		fprintf(report->out, " <a href=\"matches/%05d.html\">%d</a>", entry->number, entry->number);
	}
}

static void
put_failure(const struct report *report, int bot, int fault, const struct failures *failures)
{
	char folder[PATH_BYTES];
	FILE *out = report->out;

	cup_folder(report->cup, failures->first, folder);
	(void)fputs("<article class=\"failure\"><h3>", out);
	page_name(out, report->cup, bot);
	fprintf(out, ": %s", fault_names[fault]);
	fprintf(out, failures->count > 1 ? ", %d times" : "", failures->count);
	fprintf(out, "</h3><p>It lost because %s: <bdi>", fault_whats[fault]);
	put_why(out, folder, failures->seat);
	fprintf(out, "</bdi></p><p>%s", failures->count > 1 ? "Matches" : "Match");
	put_links(report, bot, fault);
	(void)fputs("</p>", out);
	put_log_end(out, folder, report->cup->tourney.lineup.bot[bot].name);
	(void)fputs("</article>\n", out);
}

static void
put_broken(const struct report *report, size_t index)
{
	fprintf(report->out, "<article class=\"failure\"><h3>Match %d failed, and counts for nobody</h3><p><bdi>",
	    report->cup->entry[index].number);
	html_text(report->out, report->cup->note[index].why);
	(void)fputs("</bdi></p></article>\n", report->out);
}

static void
put_failures(const struct report *report)
{
	const struct cup *cup = report->cup;
	cleanup_free struct failures *table = calloc((size_t)report->board.bots * FAULTS + 1, sizeof(*table));
	int all = 0, broken = 0;

	html_section(report->out, "failures", "Failures");
	if (table)
		count_failures(cup, table);
	for (size_t i = 0; i < cup->count; i++)
		if (cup->entry[i].state == ENTRY_FAILED && ++broken <= GALLERY_MOST)
			put_broken(report, i);
	for (int i = 0; i < report->board.bots; i++)
		for (int fault = FAULT_none + 1; fault < FAULTS; fault++) {
			int bot = report->board.standing[i].bot;

			if (table && table[bot * FAULTS + fault].count && ++all <= GALLERY_MOST)
				put_failure(report, bot, fault, &table[bot * FAULTS + fault]);
		}
	if (broken > GALLERY_MOST || all > GALLERY_MOST)
		(void)fputs("<p class=\"cut\">and more</p>\n", report->out);
	fprintf(report->out, "%s</section>\n", all + broken ? "" : "<p class=\"none\">None.</p>\n");
}

/* --- rules */

/* The tournament file, but for the list of bots. */
static void
put_rules(const struct report *report)
{
	struct js *document = js_copy(report->cup->tourney.document);

	js_drop(document, "bots");
	cleanup_free char *text = js_print_pretty(document);
	js_free(document);
	html_section(report->out, "rules", "Rules");
	(void)fputs("<details><summary>The tournament file</summary><pre tabindex=\"0\">", report->out);
	html_text(report->out, text ? text : "");
	(void)fputs("</pre></details></section>\n</main>\n", report->out);
}

/* --- files */

static FILE *
open_page(struct report *report, const char *name)
{
	char path[PATH_BYTES + 32];

	snprintf(path, sizeof(path), "%s/%s", report->folder, name);
	FILE *out = fopen(path, "wxe");
	if (!out)
		(void)failed(report, path);
	return out;
}

/* A page is whole, or there is none. */
static int
close_page(struct report *report, FILE *out)
{
	bool bad = ferror(out) != 0;

	return fclose(out) || bad ? failed(report, report->folder) : 0;
}

static int
write_matches(struct report *report)
{
	char name[48];

	for (size_t i = 0; i < report->cup->count; i++) {
		const struct entry *entry = &report->cup->entry[i];

		if (entry->state != ENTRY_PLAYED || entry->players == 1)
			continue;
		snprintf(name, sizeof(name), "matches/%05d.html", entry->number);
		FILE *out = open_page(report, name);
		if (!out)
			return -1;
		page_write(out, &report->assets, report->cup, i, report->histograms);
		if (close_page(report, out))
			return -1;
	}
	return 0;
}

static int
write_index(struct report *report)
{
	report->out = open_page(report, "index.html");
	if (!report->out)
		return -1;
	html_begin(report->out, &report->assets, false, report->cup->tourney.title);
	put_head(report);
	put_standings(report);
	if (has_rounds(report))
		put_rounds(report);
	put_cross(report);
	put_matches(report);
	put_times(report);
	put_failures(report);
	put_rules(report);
	html_end(report->out, &report->assets, false);
	return close_page(report, report->out);
}

/* By this one knows our own again. */
static int
mark(const struct report *report)
{
	char path[PATH_BYTES + 32];

	snprintf(path, sizeof(path), "%s/" MARK, report->folder);
	FILE *file = fopen(path, "wxe");
	return file ? fclose(file) : -1;
}

static int
write_pages(struct report *report)
{
	char path[PATH_BYTES + 16];

	snprintf(path, sizeof(path), "%s/matches", report->folder);
	if (mkdir(path, 0755) || mark(report))
		return failed(report, path);
	if (assets_read(&report->assets, path))
		return failed(report, path);
	report->histograms = calloc((size_t)report->cup->tourney.lineup.bots + 1, sizeof(*report->histograms));
	if (!report->histograms || board_make(report->cup, report->cup->tourney.system, &report->board))
		return failed(report, "pages");
	return write_matches(report) ? -1 : write_index(report);
}

/* In the place of what is there: readers see the old pages, or the new ones. */
static int
put_in_place(struct report *report, const char *folder)
{
	int flags = access(folder, F_OK) == 0 ? RENAME_EXCHANGE : RENAME_NOREPLACE;

	if (renameat2(AT_FDCWD, report->folder, AT_FDCWD, folder, (unsigned)flags))
		return failed(report, folder);
	if (flags == RENAME_EXCHANGE)
		tree_remove(report->folder);
	return 0;
}

/* What somebody else put there stays. */
static bool
is_report(const char *folder)
{
	char path[PATH_BYTES + 32];

	snprintf(path, sizeof(path), "%s/" MARK, folder);
	return access(folder, F_OK) != 0 || access(path, F_OK) == 0;
}

static int
make_folder(struct report *report, const char *folder)
{
	snprintf(report->folder, sizeof(report->folder), "%s.new-XXXXXX", folder);
	return mkdtemp(report->folder) && chmod(report->folder, 0755) == 0 ? 0 : -1;
}

int
report_write(struct cup *cup, const char *path)
{
	static struct report report;
	char folder[PATH_BYTES - 32];
	cleanup_free char *real = realpath(path, NULL);		/* a link stays one */
	size_t length = (size_t)snprintf(folder, sizeof(folder), "%s", real ? real : path);

	report = (struct report){ .cup = cup };
	while (length > 1 && length < sizeof(folder) && folder[length - 1] == '/')
		folder[--length] = '\0';
	if (length >= sizeof(folder) || !is_report(folder)) {
		errno = EEXIST;
		return failed(&report, folder);
	}
	if (make_folder(&report, folder))
		return failed(&report, report.folder);
	int error = write_pages(&report);
	if (!error)
		error = put_in_place(&report, folder);
	if (error)
		tree_remove(report.folder);
	assets_free(&report.assets);
	board_free(&report.board);
	free(report.histograms);
	return error;
}

/* --- the command */

static int
report_cup(struct cup *cup, int (*export)(struct cup *), const char *folder)
{
	char beside[PATH_BYTES + 16];

	snprintf(beside, sizeof(beside), "%s/report", cup->dir);
	if (export ? export(cup) : report_write(cup, folder ? folder : beside))
		return contest_failed(cup);
	if (!export)
		printf("%s/index.html\n", folder ? folder : beside);
	return fflush(stdout) ? EXIT_OURS : 0;
}

int
report_run(int argc, char *argv[])
{
	static const char *const names[] = { "html", "json", "csv", "pgn" };
	static int (*const exports[])(struct cup *) = { NULL, export_json, export_csv, export_pgn };
	static struct cup cup;
	const char *folder = NULL;
	int option, format = 0;

	while ((option = command_option(report_options, argc, argv)) != -1) {
		if (option < 0)
			return EXIT_USAGE;
		if (option == OUTPUT)
			folder = optarg;
		else if ((format = name_index(names, COUNT(names), optarg)) < 0)
			return command_usage("--format is html, json, csv or pgn");
	}
	if (optind + 1 != argc)
		return command_usage("report needs the folder of a tournament");
	int status = cup_open(&cup, argv[optind], NULL, CUP_LOOK) ? contest_failed(&cup)
	    : report_cup(&cup, exports[format], folder);
	cup_close(&cup);
	return status;
}
