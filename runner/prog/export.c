/* Owns the other forms of a tournament: JSON, CSV (RFC 4180) and PGN (the standard of 1994). */
#include "contests.h"

#include "common.h"
#include "record.h"
#include "standings.h"
#include "utf8.h"

#include <string.h>

static int
out_of_memory(struct cup *cup)
{
	cup->status = EXIT_OURS;
	snprintf(cup->wrong, sizeof(cup->wrong), "out of memory");
	return -1;
}

/* --- JSON */

static struct js *
new_seat(const struct cup *cup, const struct entry *entry, int seat)
{
	struct js *object = js_new_object();

	js_set(object, "bot", js_new_string(cup_title(cup, entry, seat)));
	js_set(object, "rank", entry->rank[seat] ? js_new_integer(entry->rank[seat]) : NULL);
	js_set(object, "points", js_new_real(entry_points(entry, seat)));
	js_set(object, "fault", entry->fault[seat] ? js_new_string(fault_names[entry->fault[seat]]) : NULL);
	return object;
}

static struct js *
new_match(const struct cup *cup, size_t index)
{
	const struct entry *entry = &cup->entry[index];
	struct js *match = js_new_object(), *seats = js_new_array();

	for (int seat = 0; seat < entry->players; seat++)
		js_add(seats, new_seat(cup, entry, seat));
	js_set(match, "match", js_new_integer(entry->number));
	js_set(match, "round", js_new_integer(entry->round));
	js_set(match, "pairing", js_new_integer(entry->pairing));
	js_set(match, "game", js_new_string(cup->tourney.lineup.game[entry->game].name));
	js_set(match, "seed", js_new_integer(entry->seed));
	js_set(match, "state", js_new_string(entry_states[entry->state]));
	js_set(match, "seats", seats);
	js_set(match, "why", js_new_string(cup->note[index].why));
	js_set(match, "attempts", js_new_integer(cup->note[index].attempts));
	js_set(match, "match_us", js_new_integer(cup->note[index].match_us));
	return match;
}

int
export_json(struct cup *cup)
{
	struct js *object = js_new_object(), *matches = js_new_array();
	struct board board;

	for (size_t i = 0; i < cup->count; i++)
		js_add(matches, new_match(cup, i));
	if (board_make(cup, cup->tourney.system, &board) == 0)
		js_set(object, "table", board_new(cup, &board, cup->tourney.system));
	js_set(object, "matches", matches);
	cleanup_free char *text = js_print_pretty(object);
	board_free(&board);
	js_free(object);
	return text && puts(text) >= 0 ? 0 : out_of_memory(cup);
}

/* --- CSV */

/* A field in quotes. Spreadsheets take some first characters for a formula; a blank before them makes it text. */
static void
put_field(const char *text)
{
	(void)fputs(strchr("=+-@\t", *text) && *text ? "\" " : "\"", stdout);
	for (; *text; text++)
		printf(*text == '"' ? "\"\"" : "%c", *text);
	putchar('"');
}

int
export_csv(struct cup *cup)
{
	printf("match,round,game,state,seat,bot,rank,points,fault,match_us,why\r\n");
	for (size_t i = 0; i < cup->count; i++) {
		const struct entry *entry = &cup->entry[i];

		for (int seat = 0; seat < entry->players; seat++) {
			printf("%d,%d,", entry->number, entry->round);
			put_field(cup->tourney.lineup.game[entry->game].name);
			printf(",%s,%d,", entry_states[entry->state], seat);
			put_field(cup_title(cup, entry, seat));
			printf(",%d,%g,%s,%lld,", entry->rank[seat], entry_points(entry, seat),
			    entry->fault[seat] ? fault_names[entry->fault[seat]] : "",
			    (long long)cup->note[i].match_us);
			put_field(cup->note[i].why);
			printf("\r\n");
		}
	}
	return 0;
}

/* --- PGN: of games whose frames tell a position (fen) and the move that led to it (san) */

#define SAN_BYTES 16
#define LINE_WIDTH 78

struct score_sheet {
	char fen[128];			/* of the first position */
	char (*san)[SAN_BYTES];
	size_t moves, room;
};

static bool
is_san(const char *text)
{
	return *text && strspn(text, "abcdefghKQRBNOx12345678=+#-") == strlen(text);
}

static bool
take_frame(struct score_sheet *sheet, struct raw view)
{
	char san[SAN_BYTES];

	if (!*sheet->fen && raw_string(raw_get(view, "fen"), sheet->fen, sizeof(sheet->fen)) < 0)
		return false;
	if (raw_string(raw_get(view, "san"), san, sizeof(san)) < 0 || !is_san(san))
		return true;
	if (sheet->moves == sheet->room) {
		size_t room = 2 * sheet->room + 64;
		char (*larger)[SAN_BYTES] = realloc(sheet->san, room * sizeof(*larger));

		if (!larger)
			return false;
		sheet->san = larger;
		sheet->room = room;
	}
	memcpy(sheet->san[sheet->moves++], san, sizeof(san));
	return true;
}

static bool
read_sheet(const struct cup *cup, const struct entry *entry, struct score_sheet *sheet)
{
	char folder[PATH_BYTES], path[PATH_BYTES + 16];
	struct records records;
	struct record record;
	bool chess = true;

	cup_folder(cup, entry, folder);
	snprintf(path, sizeof(path), "%s/replay.jsonl", folder);
	if (records_open(&records, path) == 0)
		while (chess && records_next(&records, &record) > 0)
			if (record.kind == RECORD_FRAME)
				chess = take_frame(sheet, record.value);
	records_close(&records);
	return chess && *sheet->fen;
}

static void
put_tag(const char *name, const char *value)
{
	char plain[256];

	snprintf(plain, sizeof(plain), "%s", value);
	utf8_make_plain(plain);
	printf("[%s \"", name);
	for (value = plain; *value; value++)
		printf(*value == '"' || *value == '\\' ? "\\%c" : "%c", *value);
	printf("\"]\n");
}

static const char *
result_of(const struct entry *entry)
{
	return entry->rank[0] == entry->rank[1] ? "1/2-1/2" : entry->rank[0] < entry->rank[1] ? "1-0" : "0-1";
}

static void
put_tags(const struct cup *cup, const struct entry *entry, const char *fen)
{
	char round[32];
	bool usual = strncmp(fen, "rnbqkbnr/pppppppp/8/8/8/8/PPPPPPPP/RNBQKBNR w KQkq - 0 1", 56) == 0;

	snprintf(round, sizeof(round), "%d.%d", entry->round, entry->number);
	put_tag("Event", cup->tourney.title);
	put_tag("Site", "?");
	put_tag("Date", "????.??.??");
	put_tag("Round", round);
	put_tag("White", cup_title(cup, entry, 0));
	put_tag("Black", cup_title(cup, entry, 1));
	put_tag("Result", result_of(entry));
	if (!usual) {
		put_tag("SetUp", "1");
		put_tag("FEN", fen);
	}
	if (entry->fault[0] || entry->fault[1])
		put_tag("Termination", fault_names[entry->fault[0] ? entry->fault[0] : entry->fault[1]]);
	putchar('\n');
}

/* Numbers go on from the position's own. */
static void
put_moves(const struct score_sheet *sheet, const char *result)
{
	const char *turn = strchr(sheet->fen, ' '), *number = strrchr(sheet->fen, ' ');
	long first = number ? strtol(number, NULL, 10) : 1;
	long ply = 2 * (first > 0 && first < 10000 ? first : 1) - 2 + (turn && turn[1] == 'b');
	int column = 0;
	char word[SAN_BYTES + 24];

	for (size_t i = 0; i <= sheet->moves; i++, ply++) {
		if (i == sheet->moves)
			snprintf(word, sizeof(word), "%s", result);
		else if (ply % 2 == 0 || i == 0)
			snprintf(word, sizeof(word), "%ld%s %s", ply / 2 + 1, ply % 2 ? "..." : ".", sheet->san[i]);
		else
			snprintf(word, sizeof(word), "%s", sheet->san[i]);
		bool breaks = column + (int)strlen(word) > LINE_WIDTH;
		printf("%s%s", column == 0 ? "" : breaks ? "\n" : " ", word);
		column = (breaks ? 0 : column) + (int)strlen(word) + 1;
	}
	printf("\n\n");
}

int
export_pgn(struct cup *cup)
{
	int games = 0;

	for (size_t i = 0; i < cup->count; i++) {
		const struct entry *entry = &cup->entry[i];
		struct score_sheet sheet = { .moves = 0 };

		if (entry->state == ENTRY_PLAYED && entry->players == 2 && read_sheet(cup, entry, &sheet)) {
			put_tags(cup, entry, sheet.fen);
			put_moves(&sheet, result_of(entry));
			games++;
		}
		free(sheet.san);
	}
	if (games)
		return 0;
	cup->status = EXIT_USAGE;
	snprintf(cup->wrong, sizeof(cup->wrong), "no match of %s is chess: no frame has fen and san", cup->dir);
	return -1;
}
