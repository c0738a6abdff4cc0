/* Owns the form of game_config.json. */
#include "arena.h"

#include "common.h"
#include "evidence.h"
#include "tree.h"

#include <errno.h>
#include <stdarg.h>
#include <string.h>
#include <sys/stat.h>

static const struct {
	const char *key, *name;
} outputs[ARENA_OUTPUTS] = {
	[ARENA_ERROR] = { "error", "error.txt" }, [ARENA_DEBUG] = { "debug", "debug.txt" },
	[ARENA_REPLAY] = { "replay", "replay.json" }, [ARENA_MOVE] = { "move", "moves.json" },
};

/* By a file's ending: what runs it, and under which policy. */
static const struct {
	const char *ending, *interpreter, *argument, *policy;
} interpreters[] = {
	{ ".py", "python3", NULL, "python" }, { ".js", "node", NULL, "node" },
	{ ".sh", "sh", NULL, "shell" },	      { ".pl", "perl", NULL, "shell" },
	{ ".jar", "java", "-jar", "java" },
};

static void *
wrong(struct arena *arena, const char *format, ...)
{
	int length = snprintf(arena->wrong, sizeof(arena->wrong), "%.200s: ", arena->path);
	va_list args;

	va_start(args, format);
	if (length > 0 && (size_t)length < sizeof(arena->wrong))
		vsnprintf(arena->wrong + length, sizeof(arena->wrong) - (size_t)length, format, args);
	va_end(args);
	return NULL;
}

bool
arena_is(const struct js *document)
{
	return js_get(document, "arena") != NULL;
}

/* A path of the file: <NAME> stands for its folder, and so does nothing in front. */
static void
expand(const struct arena *arena, const char *path, char out[PATH_BYTES])
{
	const char *open = strchr(path, '<'), *close = open ? strchr(open, '>') : NULL;

	if (close)
		snprintf(out, PATH_BYTES, "%.*s%s%s", (int)(open - path), path, arena->base, close + 1);
	else
		snprintf(out, PATH_BYTES, "%s%s%s", path[0] == '/' ? "" : arena->base,
		    path[0] == '/' ? "" : "/", path);
}

static bool
is_there(const char *path, bool folder)
{
	struct stat st;

	return stat(path, &st) == 0 && (folder ? S_ISDIR(st.st_mode) : true);
}

/* "/home/x/bots/ann.py" is ann */
static void
name_of(const char *path, char name[NAME_MAX_BYTES])
{
	const char *slash = strrchr(path, '/'), *base = slash ? slash + 1 : path;

	snprintf(name, NAME_MAX_BYTES, "%.*s", (int)strcspn(base, "."), base);
}

static struct js *
new_words(const char *const *words)
{
	struct js *list = js_new_array();

	for (; *words; words++)
		js_add(list, js_new_string(*words));
	return list;
}

static bool
in_path(const char *program)
{
	char path[PATH_BYTES];

	if (*program == '/')
		return access(program, X_OK) == 0;
	snprintf(path, sizeof(path), "/usr/bin/%s", program);
	if (access(path, X_OK) == 0)
		return true;
	snprintf(path, sizeof(path), "/bin/%s", program);
	return access(path, X_OK) == 0;
}

/* The command for a file, by its ending. NULL: what would run it is not here. */
static struct js *
command_for(struct arena *arena, const char *where, const char *file, const char **policy)
{
	const char *slash = strrchr(file, '/'), *base = slash ? slash + 1 : file, *dot = strrchr(base, '.');
	char self[NAME_MAX_BYTES + 4];

	for (size_t i = 0; dot && i < COUNT(interpreters); i++) {
		const char *interpreter = interpreters[i].interpreter;

		if (strcmp(dot, interpreters[i].ending) != 0)
			continue;
		if (!in_path(interpreter))
			return wrong(arena, "%s: %s needs the interpreter %s, which is not in /usr/bin", where, base,
			    interpreter);
		*policy = interpreters[i].policy;
		if (interpreters[i].argument)
			return new_words((const char *const[]){ interpreter, interpreters[i].argument, base, NULL });
		return new_words((const char *const[]){ interpreter, base, NULL });
	}
	if (access(file, X_OK))
		return wrong(arena, "%s: %s cannot be executed, and nothing is known for its ending", where, file);
	*policy = "c";
	snprintf(self, sizeof(self), "./%s", base);
	return new_words((const char *const[]){ self, NULL });
}

/* A bot's files by themselves, with the API beside them: it must not see its rivals'. */
static int
stage(struct arena *arena, const char *name, const char *path, const char *api, char dir[PATH_BYTES])
{
	char trouble[4096], to[PATH_BYTES];
	const char *slash = strrchr(path, '/');
	int made;

	snprintf(dir, PATH_BYTES, "%s/%s", arena->stage, name);
	if (mkdir(dir, 0755))
		return wrong(arena, "%s: %s (two bots of one name?)", dir, strerror(errno)), -1;
	snprintf(to, sizeof(to), "%s/%s", dir, slash ? slash + 1 : path);
	made = is_there(path, true) ? tree_copy(path, dir, trouble) : tree_copy_file(path, to);
	if (made >= 0 && *api)
		made = tree_copy(api, dir, trouble);
	return made < 0 ? wrong(arena, "%s: %s", path, strerror(-made)), -1 : 0;
}

/* The words of a command, with each file among them staged and called by its name. */
static struct js *
stage_command(struct arena *arena, const struct js *words, const char *where, const char *name,
    const char *api, char dir[PATH_BYTES])
{
	struct js *command = js_new_array();
	const char *first = js_string(js_at(words, 0));
	char path[PATH_BYTES] = "";
	bool runs = first && in_path(first);

	for (size_t i = 0; i < js_count(words); i++) {
		const char *word = js_string(js_at(words, i));
		char file[PATH_BYTES];

		expand(arena, word ? word : "", file);
		if (word && (i > 0 || !in_path(word)) && (strchr(word, '<') || is_there(file, false))) {
			if (!is_there(file, false))
				return js_free(command), wrong(arena, "%s: there is no %s", where, file);
			snprintf(path, sizeof(path), "%s", file);
			word = strrchr(file, '/') + 1;
			runs |= i == 0;
		}
		js_add(command, js_new_string(word));
	}
	if (!runs)
		return js_free(command), wrong(arena, "%s: the interpreter %s is not in /usr/bin", where,
		    first ? first : "(nothing)");
	if (!*path)
		return js_free(command), wrong(arena, "%s: no file of its command is there", where);
	return stage(arena, name, path, api, dir) ? js_free(command), NULL : command;
}

/* A path, a command as a list, or an object with either and a name. */
static struct js *
new_program(struct arena *arena, const struct js *entry, const char *where, const char *api)
{
	const char *path = js_string(entry) ? js_string(entry) : js_string(js_get(entry, "path")),
	    *given = js_string(js_get(entry, "name")), *policy = "python";
	const struct js *words = js_is_array(entry) ? entry : js_get(entry, "command");
	char file[PATH_BYTES] = "", name[NAME_MAX_BYTES], dir[PATH_BYTES];
	struct js *program = js_new_object(), *command = NULL;

	if (path)
		expand(arena, path, file);
	if (!path && !js_is_array(words))
		return js_free(program), wrong(arena,
		    "%s is a path, a command as a list, or an object with path or command",
		    where);
	if (path && !is_there(file, false))
		return js_free(program), wrong(arena, "%s: there is no %s", where, file);
	name_of(path ? file : js_string(js_at(words, js_count(words) - 1)) ?
	    js_string(js_at(words, js_count(words) - 1)) : "", name);
	if (given)
		snprintf(name, sizeof(name), "%s", given);
	if (!is_name(name))
		return js_free(program), wrong(arena, "%s needs a name of letters, digits, . _ -", where);
	if (words)
		command = stage_command(arena, words, where, name, api, dir);
	else if (stage(arena, name, file, api, dir) == 0 && !is_there(file, true))
		command = command_for(arena, where, file, &policy);
	if (*arena->wrong)
		return js_free(program), NULL;
	js_set(program, "name", js_new_string(name));
	js_set(program, "dir", js_new_string(dir));
	if (command) {	/* else its folder's own manifest tells */
		js_set(program, "command", command);
		js_set(program, "ready", js_new_array());	/* such bots only answer */
		js_set(program, "policy", js_new_string(policy));
	}
	return program;
}

static struct js *
new_bots(struct arena *arena, const struct js *bots, const char *api)
{
	struct js *list = js_new_array();

	if (!js_is_array(bots) || js_count(bots) == 0)
		return js_free(list), wrong(arena, "bots must be a list");
	for (size_t i = 0; i < js_count(bots); i++) {
		char where[32];

		snprintf(where, sizeof(where), "bots[%zu]", i);
		struct js *bot = new_program(arena, js_at(bots, i), where, api);
		if (!bot)
			return js_free(list), NULL;
		js_add(list, bot);
	}
	return list;
}

/* The map's own text, or its JSON: a game sees no files but its own. */
static int
set_map(struct arena *arena, struct js *options, const struct js *map)
{
	char path[PATH_BYTES], why[JS_ERROR_BYTES];
	size_t length;

	if (!map)
		return 0;
	if (!js_string(map)) {
		js_set(options, "map", js_copy(map));
		return 0;
	}
	expand(arena, js_string(map), path);
	cleanup_free char *text = read_small(path, 0, &length);
	if (!text)
		return wrong(arena, "map: %s: %s", path, strerror(errno)), -1;
	struct js *parsed = js_parse(text, length, why);
	js_set(options, "map", parsed ? parsed : js_new_string(text));
	return 0;
}

static int
take_outputs(struct arena *arena, const struct js *document)
{
	const struct js *paths = js_get(document, "commit_paths"), *names = js_get(document, "filenames");

	for (int i = 0; i < ARENA_OUTPUTS; i++) {
		const char *path = js_string(paths) ? js_string(paths)
		    : js_string(js_get(paths, outputs[i].key)),
		    *name = js_string(js_get(names, outputs[i].key));

		if (name && !is_name(name))
			return wrong(arena, "filenames.%s is no name of a file", outputs[i].key), -1;
		snprintf(arena->name[i], NAME_MAX_BYTES, "%s", name ? name : outputs[i].name);
		if (!path)
			continue;
		expand(arena, path, arena->commit[i]);
		if (!is_there(arena->commit[i], true))
			return wrong(arena, "commit_paths.%s: there is no folder %s", outputs[i].key,
			    arena->commit[i]), -1;
	}
	return 0;
}

static struct js *
new_clock(struct arena *arena, const struct js *timeout)
{
	struct js *clock = js_new_object();
	double seconds = 0;

	if (timeout && (!js_number(timeout, &seconds) || !(seconds > 0)))
		return js_free(clock), wrong(arena, "timeout must be a number of seconds");
	if (timeout)
		js_set(clock, "turn_ms", js_new_real(seconds * 1000));
	return clock;
}

/* The map, and how many rounds: what the engine has to know. */
static struct js *
new_game(struct arena *arena, const struct js *document)
{
	struct js *game = new_program(arena, js_get(document, "arena"), "arena", ""),
	    *options = js_new_object();

	js_set(options, "max_iters", js_copy(js_get(document, "max_iters")));
	if (game)
		js_set(game, "options", options);
	else
		js_free(options);
	if (game && set_map(arena, options, js_get(document, "map")))
		return js_free(game), NULL;
	return game;
}

static bool
find_base(struct arena *arena, const char *path)
{
	const char *slash = strrchr(path, '/');
	char folder[PATH_BYTES];

	snprintf(folder, sizeof(folder), "%.*s", slash ? (int)(slash - path) : 1, slash ? path : ".");
	cleanup_free char *real = realpath(*folder ? folder : "/", NULL);
	snprintf(arena->base, sizeof(arena->base), "%s", real ? real : ".");
	if (tree_temporary(arena->stage, sizeof(arena->stage), 0755) == 0)
		return true;
	wrong(arena, "%s", strerror(errno));
	return false;
}

struct js *
arena_read(struct arena *arena, const struct js *document, const char *path)
{
	static const char *const known[] = { "bots", "map", "arena", "filenames", "commit_paths",
	    "max_iters", "timeout", "api_dir", "seed", NULL };
	const char *unknown = js_unknown_key(document, known), *dir = js_string(js_get(document, "api_dir"));
	char api[PATH_BYTES] = "";

	*arena = (struct arena){ .path = path };
	if (unknown)
		return wrong(arena, "unknown key '%s'; there are bots, map, arena, filenames, commit_paths,"
		    " max_iters, timeout, api_dir, seed",
		    unknown);
	if (!find_base(arena, path))
		return NULL;
	if (dir)
		expand(arena, dir, api);
	if (dir && !is_there(api, true))
		return wrong(arena, "api_dir: there is no folder %s", api);
	struct js *match = js_new_object(), *game = NULL, *bots = NULL, *clock = NULL;
	if (take_outputs(arena, document) == 0 && (game = new_game(arena, document)) &&
	    (bots = new_bots(arena, js_get(document, "bots"), api)))
		clock = new_clock(arena, js_get(document, "timeout"));
	js_set(match, "game", game);
	js_set(match, "bots", bots);
	js_set(match, "clock", clock);
	if (js_get(document, "seed"))
		js_set(match, "seed", js_copy(js_get(document, "seed")));
	if (clock)
		return match;
	js_free(match);
	return NULL;
}

void
arena_free(struct arena *arena)
{
	if (*arena->stage)
		tree_remove(arena->stage);
	arena->stage[0] = '\0';
}

/* --- what came of it */

/* Opens a file beside its place, to be put there by put_file(). */
static FILE *
open_file(const struct arena *arena, enum arena_output output, const char *prefix,
    char path[PATH_BYTES])
{
	const char *name = arena->name[output], *dot = strrchr(name, '.');
	bool javascript = arena->javascript && output >= ARENA_REPLAY && dot;
	char part[PATH_BYTES + 8];

	snprintf(path, PATH_BYTES, "%s/%s%s%.*s%s", arena->commit[output], prefix, *prefix ? "-" : "",
	    javascript ? (int)(dot - name) : (int)strlen(name), name, javascript ? ".js" : "");
	snprintf(part, sizeof(part), "%s.part", path);
	(void)unlink(part);	/* of a run that was killed */
	return fopen(part, "wxe");
}

static int
put_file(FILE *file, const char *path)
{
	char part[PATH_BYTES + 8];
	bool bad = ferror(file);

	snprintf(part, sizeof(part), "%s.part", path);
	return fclose(file) || bad || rename(part, path) ? -1 : 0;
}

static int
put_copy(struct arena *arena, enum arena_output output, const char *result, const char *from,
    const char *prefix)
{
	char source[PATH_BYTES], path[PATH_BYTES], bytes[65536];
	size_t length;

	if (!*arena->commit[output])
		return 0;
	snprintf(source, sizeof(source), "%s/%s", result, from);
	cleanup_file FILE *in = fopen(source, "re");
	FILE *out = in ? open_file(arena, output, prefix, path) : NULL;
	if (!out)
		return wrong(arena, "%s: %s", in ? path : source, strerror(errno)), -1;
	while ((length = fread(bytes, 1, sizeof(bytes), in)) > 0)
		(void)fwrite(bytes, 1, length, out);	/* put_file() tells */
	return put_file(out, path) ? wrong(arena, "%s: %s", path, strerror(errno)), -1 : 0;
}

static bool
is_wanted(const struct record *record, enum arena_output output)
{
	return output == ARENA_REPLAY ? record->kind == RECORD_FRAME
	    : record->kind == RECORD_EVENT && record->event.kind == EVENT_ANSWER;
}

static void
print_record(FILE *out, const struct records *records, const struct record *record, int turn)
{
	if (record->kind == RECORD_FRAME)
		fprintf(out, "%.*s", (int)record->value.length, record->value.bytes);
	else
		fprintf(out, "{\"turn\":%d,\"player\":%d,\"name\":\"%s\",\"move\":%.*s,\"ms\":%.3f}", turn,
		    record->event.player, records->name[record->event.player], (int)record->said.length,
		    record->said.bytes, (double)record->event.usage.wall_us / 1000);
}

/* A list: of the frames, or of the moves. */
static int
put_list(struct arena *arena, enum arena_output output, const char *result)
{
	struct records records;
	struct record record;
	char replay[PATH_BYTES], path[PATH_BYTES];
	int turn = 0, read;

	if (!*arena->commit[output])
		return 0;
	evidence_replay(result, replay);
	FILE *out = open_file(arena, output, "", path);
	if (!out)
		return wrong(arena, "%s: %s", path, strerror(errno)), -1;
	read = records_open(&records, replay) ? -1 : 1;
	(void)fputs(arena->javascript ? "var ob = [" : "[", out);
	while (read > 0 && (read = records_next(&records, &record)) > 0)
		if (is_wanted(&record, output)) {
			(void)fputs(turn ? ",\n" : "\n", out);
			print_record(out, &records, &record, turn++);
		}
	(void)fputs(arena->javascript ? "\n];\n" : "\n]\n", out);
	if (read < 0)
		wrong(arena, "%s", records.wrong);
	records_close(&records);
	if (put_file(out, path) && read == 0)
		return wrong(arena, "%s: %s", path, strerror(errno)), -1;
	return read;
}

int
arena_commit(struct arena *arena, const char *result)
{
	struct evidence evidence;
	int error = evidence_open(&evidence, result);
	const struct js *players = js_get(evidence.result, "players");

	for (size_t i = 0; !error && i < js_count(players); i++) {
		const char *name = js_string(js_get(js_at(players, i), "name"));
		char log[NAME_MAX_BYTES + 8];

		snprintf(log, sizeof(log), "%s.err", name ? name : "");
		error = put_copy(arena, ARENA_ERROR, result, log, name ? name : "");
	}
	evidence_close(&evidence);
	if (!error)
		error = put_copy(arena, ARENA_DEBUG, result, "match.log", "");
	if (!error)
		error = put_list(arena, ARENA_REPLAY, result);
	return error ? error : put_list(arena, ARENA_MOVE, result);
}
