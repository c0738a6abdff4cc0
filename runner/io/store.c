/* Owns SQLite. */
#include "store.h"

#include "common.h"

#include <sqlite3.h>
#include <stdarg.h>
#include <string.h>

#define APPLICATION 0x6d746f75	/* "mtou", in the file's header */
#define BUSY_MS 10000
#define DAMAGED "damaged; restore it from a copy, or begin anew elsewhere"

#define TEXT(number) #number
#define VALUE(number) TEXT(number)

struct store {
	sqlite3 *db;
	char path[4096];
	char wrong[512];
	int code;		/* of the last failure */
};

static const char schema[] =
    "CREATE TABLE tournament(id INTEGER PRIMARY KEY CHECK(id = 1), document TEXT NOT NULL, digest TEXT NOT NULL);"
    "CREATE TABLE bot(number INTEGER PRIMARY KEY, document TEXT NOT NULL, gone INTEGER NOT NULL DEFAULT 0);"
    "CREATE TABLE match(number INTEGER PRIMARY KEY, round INTEGER NOT NULL, pairing INTEGER NOT NULL,"
    " 'set' INTEGER NOT NULL, game INTEGER NOT NULL, pool INTEGER NOT NULL, seed INTEGER NOT NULL,"
    " bots TEXT NOT NULL, state TEXT NOT NULL, ranks TEXT, faults TEXT, attempts INTEGER NOT NULL DEFAULT 0,"
    " match_us INTEGER, why TEXT);"
    "PRAGMA application_id = " VALUE(APPLICATION) ";"
    "PRAGMA user_version = " VALUE(STORE_VERSION) ";";

/* --- statements */

static int
fail(struct store *store)
{
	store->code = sqlite3_errcode(store->db) & 0xff;
	snprintf(store->wrong, sizeof(store->wrong), "%s: %s", store->path, sqlite3_errmsg(store->db));
	return -1;
}

static int
execute(struct store *store, const char *sql)
{
	return sqlite3_exec(store->db, sql, NULL, NULL, NULL) == SQLITE_OK ? 0 : fail(store);
}

/* Binds values by the letters of `kinds`: i an int64_t, t a text, which may be NULL. NULL, and the failure is noted. */
static sqlite3_stmt *
prepare(struct store *store, const char *sql, const char *kinds, ...)
{
	sqlite3_stmt *statement;
	va_list values;

	if (sqlite3_prepare_v2(store->db, sql, -1, &statement, NULL) != SQLITE_OK) {
		(void)fail(store);
		return NULL;
	}
	va_start(values, kinds);
	for (int i = 0; kinds[i]; i++)
		if (kinds[i] == 'i')
			sqlite3_bind_int64(statement, i + 1, va_arg(values, int64_t));
		else
			sqlite3_bind_text(statement, i + 1, va_arg(values, const char *), -1, SQLITE_TRANSIENT);
	va_end(values);
	return statement;
}

/* 1: there is a row; 0: the end; -1. */
static int
next(struct store *store, sqlite3_stmt *statement)
{
	int code = statement ? sqlite3_step(statement) : SQLITE_ERROR;

	if (code == SQLITE_ROW || code == SQLITE_DONE)
		return code == SQLITE_ROW;
	return statement ? fail(store) : -1;
}

static int
finish(struct store *store, sqlite3_stmt *statement)
{
	int result = next(store, statement);

	sqlite3_finalize(statement);
	return result < 0 ? -1 : 0;
}

static int64_t
number_of(struct store *store, const char *sql)
{
	sqlite3_stmt *statement = prepare(store, sql, "");
	int64_t number = next(store, statement) == 1 ? sqlite3_column_int64(statement, 0) : -1;

	sqlite3_finalize(statement);
	return number;
}

static const char *
text_at(sqlite3_stmt *statement, int column)
{
	const char *text = (const char *)sqlite3_column_text(statement, column);

	return text ? text : "";
}

/* Ends a transaction: all of it, or nothing. */
static int
end(struct store *store, int error)
{
	if (error == 0 && execute(store, "COMMIT") == 0)
		return 0;
	(void)sqlite3_exec(store->db, "ROLLBACK", NULL, NULL, NULL);	/* what went wrong is noted already */
	return -1;
}

/* --- opening */

static int
refuse(struct store *store, const char *why)
{
	store->code = SQLITE_NOTADB;
	snprintf(store->wrong, sizeof(store->wrong), "%s: %s", store->path, why);
	return -1;
}

/* Is it whole, and ours? Looking changes nothing. */
static int
inspect(struct store *store)
{
	const char *foreign = "SELECT count(*) FROM sqlite_master WHERE type IN ('view', 'trigger') OR"
	    " (type = 'table' AND name NOT IN ('tournament', 'bot', 'match'))";
	int64_t application = number_of(store, "PRAGMA application_id");
	int64_t version = number_of(store, "PRAGMA user_version"), tables = number_of(store,
	    "SELECT count(*) FROM sqlite_master");
	char why[96];

	if (application < 0 || version < 0 || tables < 0)
		return -1;
	if (application == 0 && tables == 0)
		return 0;
	if (application != APPLICATION || number_of(store, foreign) != 0)
		return refuse(store, "this is no tournament's");
	if (version > STORE_VERSION) {
		snprintf(why, sizeof(why), "made by a newer match-tournament (version %d, this one knows %d)",
		    (int)version, STORE_VERSION);
		return refuse(store, why);
	}
	sqlite3_stmt *statement = prepare(store, "PRAGMA quick_check(1)", "");
	int row = next(store, statement);
	bool whole = row == 1 && strcmp(text_at(statement, 0), "ok") == 0;
	sqlite3_finalize(statement);
	return row < 0 ? -1 : whole ? 0 : refuse(store, DAMAGED);
}

static int
open_database(struct store *store, enum store_mode mode)
{
	int flags = mode == STORE_MAKE ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READWRITE;

	char uri[4200];

	/* Who may only look needs no lock, and could not have one. */
	snprintf(uri, sizeof(uri), "file:%s%s", store->path, mode == STORE_LOOK && access(store->path, W_OK)
	    ? "?immutable=1" : "");
	if (sqlite3_open_v2(strpbrk(store->path, "?#%") ? store->path : uri, &store->db,
		flags | SQLITE_OPEN_URI, NULL) != SQLITE_OK)
		return fail(store);
	/* The file may be anybody's: nothing in it is executed. */
	sqlite3_db_config(store->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	sqlite3_db_config(store->db, SQLITE_DBCONFIG_ENABLE_VIEW, 0, NULL);
	sqlite3_db_config(store->db, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, NULL);
	sqlite3_db_config(store->db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
	sqlite3_busy_timeout(store->db, BUSY_MS);
	if (inspect(store))
		return -1;
	return mode == STORE_LOOK ? 0 : execute(store, "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL");
}

struct store *
store_open(const char *dir, enum store_mode mode, char wrong[512], bool *absent)
{
	struct store *store = calloc(1, sizeof(*store));

	if (!store) {
		snprintf(wrong, 512, "out of memory");
		return NULL;
	}
	snprintf(store->path, sizeof(store->path), "%s/" STORE_NAME, dir);
	*absent = access(store->path, F_OK) != 0;
	if (*absent && mode != STORE_MAKE)
		snprintf(store->wrong, sizeof(store->wrong), "%s: there is no tournament", dir);
	if (!*store->wrong && open_database(store, mode) == 0)
		return store;
	snprintf(wrong, 512, "%s", store->wrong);
	store_close(store);
	return NULL;
}

void
store_close(struct store *store)
{
	if (!store)
		return;
	sqlite3_close(store->db);
	free(store);
}

const char *
store_wrong(const struct store *store)
{
	return store->wrong;
}

bool
store_may_recover(const struct store *store)
{
	return store->code == SQLITE_FULL || store->code == SQLITE_IOERR || store->code == SQLITE_BUSY ||
	    store->code == SQLITE_LOCKED || store->code == SQLITE_CANTOPEN || store->code == SQLITE_NOMEM;
}

/* --- the tournament */

/* Behind those that there are. */
static int
put_bot(struct store *store, const struct js *object)
{
	cleanup_free char *text = js_print(object);

	return finish(store,
	    prepare(store, "INSERT INTO bot(number, document) VALUES((SELECT count(*) FROM bot), ?)", "t", text));
}

int
store_begin(struct store *store, const struct js *document, const char *digest, const struct js *bots)
{
	cleanup_free char *text = js_print(document);
	int error = execute(store, "BEGIN IMMEDIATE");

	if (error)
		return -1;
	error = execute(store, schema);
	if (!error)
		error = finish(store, prepare(store, "INSERT INTO tournament VALUES(1, ?, ?)", "tt", text, digest));
	for (size_t i = 0; i < js_count(bots) && !error; i++)
		error = put_bot(store, js_at(bots, i));
	return end(store, error);
}

bool
store_has_begun(struct store *store)
{
	return number_of(store, "SELECT count(*) FROM sqlite_master WHERE name = 'tournament'") > 0;
}

static struct js *
parse(struct store *store, const char *text)
{
	char why[JS_ERROR_BYTES];
	struct js *value = js_parse(text, strlen(text), why);

	if (!value)
		(void)refuse(store, DAMAGED);
	return value;
}

struct js *
store_document(struct store *store)
{
	sqlite3_stmt *statement = prepare(store, "SELECT document FROM tournament", "");
	struct js *document = next(store, statement) == 1 ? parse(store, text_at(statement, 0)) : NULL,
	    *bots = js_new_array();
	int row;

	sqlite3_finalize(statement);
	statement = prepare(store, "SELECT document FROM bot ORDER BY number", "");
	while ((row = next(store, statement)) == 1)
		js_add(bots, parse(store, text_at(statement, 0)));
	sqlite3_finalize(statement);
	if (document && row == 0) {
		js_set(document, "bots", bots);
		return document;
	}
	js_free(document);
	js_free(bots);
	return NULL;
}

int
store_digest(struct store *store, char digest[65])
{
	sqlite3_stmt *statement = prepare(store, "SELECT digest FROM tournament", "");
	int row = next(store, statement);

	snprintf(digest, 65, "%s", row == 1 ? text_at(statement, 0) : "");
	sqlite3_finalize(statement);
	return row == 1 ? 0 : -1;
}

int
store_gone(struct store *store, bool *gone, int bots)
{
	sqlite3_stmt *statement = prepare(store, "SELECT number, gone FROM bot", "");
	int row;

	while ((row = next(store, statement)) == 1)
		if (sqlite3_column_int(statement, 0) >= 0 && sqlite3_column_int(statement, 0) < bots)
			gone[sqlite3_column_int(statement, 0)] = sqlite3_column_int(statement, 1) != 0;
	sqlite3_finalize(statement);
	return row;
}

int
store_add(struct store *store, const struct js *object)
{
	return put_bot(store, object);
}

/* What he has not played yet is dropped with him. */
int
store_withdraw(struct store *store, int bot)
{
	if (execute(store, "BEGIN IMMEDIATE"))
		return -1;
	int error = finish(store, prepare(store, "UPDATE bot SET gone = 1 WHERE number = ?", "i", (int64_t)bot));
	if (!error)
		error = finish(store, prepare(store, "UPDATE match SET state = 'dropped' WHERE state = 'planned' AND"
		    " ',' || bots || ',' LIKE '%,' || ? || ',%'",
		    "i", (int64_t)bot));
	return end(store, error);
}

int
store_again(struct store *store, bool last)
{
	if (execute(store, last ? "UPDATE match SET state = 'planned', attempts = 0 WHERE state = 'failed' AND"
	    " round = (SELECT max(round) FROM match)"
	    : "UPDATE match SET state = 'planned', attempts = 0 WHERE state = 'failed'"))
		return -1;
	return sqlite3_changes(store->db);
}

int
store_redo(struct store *store, int bot)
{
	int error = finish(store, prepare(store, "UPDATE match SET state = 'planned', attempts = 0, why = '' WHERE"
	    " state IN ('played', 'failed') AND bots LIKE '%,%' AND ',' || bots || ',' LIKE '%,' || ? || ',%'", "i",
	    (int64_t)bot));

	return error ? -1 : sqlite3_changes(store->db);
}

int64_t
store_version(struct store *store)
{
	return number_of(store, "PRAGMA data_version");
}

/* --- the plan: lists of numbers and words are kept as "0,3" */

static const char *
join_numbers(const int *numbers, int count, char text[PLAYERS_MAX * 8])
{
	size_t used = 0;

	for (int i = 0; i < count; i++)
		used += (size_t)snprintf(text + used, PLAYERS_MAX * 8 - used, i ? ",%d" : "%d", numbers[i]);
	return text;
}

static int
split_numbers(const char *text, int *numbers, int most)
{
	int count = 0;
	char *end_of;

	for (; *text && count < PLAYERS_MAX; text = *end_of ? end_of + 1 : end_of) {
		long number = strtol(text, &end_of, 10);

		if (end_of == text || number < 0 || number > most)
			return -1;
		numbers[count++] = (int)number;
	}
	return count;
}

int
store_append(struct store *store, const struct entry *entries, size_t count, int64_t version)
{
	char bots[PLAYERS_MAX * 8], ranks[PLAYERS_MAX * 8];

	if (execute(store, "BEGIN IMMEDIATE"))
		return -1;
	if (store_version(store) != version)
		return execute(store, "ROLLBACK") ? -1 : 1;
	sqlite3_stmt *statement = prepare(store,
	    "INSERT INTO match(number, round, pairing, 'set', game, pool, seed, bots,"
	    " state, ranks, faults) VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, '')",
	    "");
	int error = statement ? 0 : -1;
	for (size_t i = 0; i < count && !error; i++) {
		const struct entry *entry = &entries[i];
		const int64_t values[] = { entry->number, entry->round, entry->pairing, entry->set, entry->game,
			entry->pool, entry->seed };

		sqlite3_reset(statement);
		for (int j = 0; j < (int)COUNT(values); j++)
			sqlite3_bind_int64(statement, j + 1, values[j]);
		sqlite3_bind_text(statement, 8, join_numbers(entry->bot, entry->players, bots), -1, SQLITE_TRANSIENT);
		sqlite3_bind_text(statement, 9, entry_states[entry->state], -1, SQLITE_STATIC);
		sqlite3_bind_text(
		    statement, 10, join_numbers(entry->rank, entry->players, ranks), -1, SQLITE_TRANSIENT);
		error = next(store, statement) < 0 ? -1 : 0;
	}
	sqlite3_finalize(statement);
	return end(store, error);
}

static int
put_state(struct store *store, const struct entry *entry)
{
	char ranks[PLAYERS_MAX * 8], faults[PLAYERS_MAX * 8];
	int numbers[PLAYERS_MAX];

	for (int seat = 0; seat < entry->players; seat++)
		numbers[seat] = (int)entry->fault[seat];
	return finish(store,
	    prepare(store, "UPDATE match SET state = ?, ranks = ?, faults = ? WHERE number = ?", "ttti",
		entry_states[entry->state], join_numbers(entry->rank, entry->players, ranks),
		join_numbers(numbers, entry->players, faults), (int64_t)entry->number));
}

int
store_settle(struct store *store, const struct entry *const *entries, size_t count, const struct note *note)
{
	if (execute(store, "BEGIN IMMEDIATE"))
		return -1;
	int error = finish(store,
	    prepare(store, "UPDATE match SET attempts = ?, match_us = ?, why = ? WHERE number = ?", "iiti",
		(int64_t)note->attempts, note->match_us, note->why, (int64_t)entries[0]->number));
	for (size_t i = 0; i < count && !error; i++)
		error = put_state(store, entries[i]);
	return end(store, error);
}

/* Columns 0 to 6, within what the program itself would write. */
static bool
read_numbers(sqlite3_stmt *row, struct entry *entry)
{
	static const int64_t most[] = { MATCHES_MAX, MATCHES_MAX, MATCHES_MAX, MATCHES_MAX, GAMES_MAX - 1, MATCHES_MAX,
		INT64_C(1) << 53 };
	int64_t value[COUNT(most)];

	for (int i = 0; i < (int)COUNT(most); i++) {
		value[i] = sqlite3_column_int64(row, i);
		if (value[i] < (i < 3 ? 1 : 0) || value[i] > most[i])
			return false;
	}
	*entry = (struct entry){ .number = (int)value[0], .round = (int)value[1], .pairing = (int)value[2],
		.set = (int)value[3], .game = (int)value[4], .pool = (int)value[5], .seed = value[6] };
	return true;
}

static bool
read_note(sqlite3_stmt *row, struct note *note)
{
	int64_t attempts = sqlite3_column_int64(row, 11), us = sqlite3_column_int64(row, 12);

	*note = (struct note){ .attempts = (int)attempts, .match_us = us };
	snprintf(note->why, sizeof(note->why), "%s", text_at(row, 13));
	return attempts >= 0 && attempts < 1000000 && us >= 0 && us < INT64_C(1) << 53;
}

static bool
read_entry(sqlite3_stmt *row, struct entry *entry, struct note *note)
{
	int numbers[PLAYERS_MAX] = { 0 }, state = name_index(entry_states, ENTRY_STATES, text_at(row, 8));

	if (!read_numbers(row, entry) || !read_note(row, note) || state < 0)
		return false;
	entry->state = (enum entry_state)state;
	entry->players = split_numbers(text_at(row, 7), entry->bot, BOTS_MAX - 1);
	if (entry->players < 1 || split_numbers(text_at(row, 9), entry->rank, PLAYERS_MAX) < 0 ||
	    split_numbers(text_at(row, 10), numbers, FAULTS - 1) < 0)
		return false;
	for (int seat = 0; seat < entry->players; seat++)
		entry->fault[seat] = (enum fault)numbers[seat];
	return true;
}

int
store_load(struct store *store, struct entry **entries, struct note **notes, size_t *count)
{
	int64_t most = number_of(store, "SELECT count(*) FROM match");
	int row = -1;

	*count = 0;
	*entries = calloc((size_t)(most < 0 ? 0 : most) + 1, sizeof(**entries));
	*notes = calloc((size_t)(most < 0 ? 0 : most) + 1, sizeof(**notes));
	if (most < 0 || !*entries || !*notes)
		return -1;
	sqlite3_stmt *statement = prepare(store,
	    "SELECT number, round, pairing, \"set\", game, pool, seed, bots, state, ranks,"
	    " faults, attempts, match_us, why FROM match ORDER BY number",
	    "");
	while (*count < (size_t)most && (row = next(store, statement)) == 1) {
		if (!read_entry(statement, &(*entries)[*count], &(*notes)[*count]) ||
		    (*entries)[*count].number != (int)*count + 1) {
			row = refuse(store, DAMAGED);
			break;
		}
		++*count;
	}
	sqlite3_finalize(statement);
	return row < 0 && most > 0 ? -1 : 0;
}
