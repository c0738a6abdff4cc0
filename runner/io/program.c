/* Owns what describes one program, in the match file and in its own folder. */
#include "program.h"

#include "common.h"
#include "nearest.h"
#include "utf8.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <string.h>
#include <sys/stat.h>

#define FILE_MAX (1 << 20)

static int
wrong_at(const struct reader *reader, int line, const char *format, va_list args)
{
	int length = snprintf(reader->error, SETUP_ERROR_BYTES, line ? "%s:%d: " : "%s: ", reader->path, line);

	if (length > 0 && length < SETUP_ERROR_BYTES)
		vsnprintf(reader->error + length, SETUP_ERROR_BYTES - (size_t)length, format, args);
	utf8_make_plain(reader->error);
	return -1;
}

int
reader_wrong(const struct reader *reader, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	(void)wrong_at(reader, 0, format, args);
	va_end(args);
	return -1;
}

/* The line of the first member with that key; 0: not known. */
static int
line_of(const char *text, const char *key)
{
	size_t length = strlen(key);
	int line = 1;

	for (; text && *text; text++) {
		line += *text == '\n';
		if (*text == '"' && strncmp(text + 1, key, length) == 0 && text[length + 1] == '"' &&
		    text[length + 2 + strspn(text + length + 2, " \t\r\n")] == ':')
			return line;
	}
	return 0;
}

int
reader_wrong_key(const struct reader *reader, const char *key, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	(void)wrong_at(reader, line_of(reader->text, key), format, args);
	va_end(args);
	return -1;
}

int
reader_keys(const struct reader *reader, const struct js *object, const char *where,
    const char *const *known)
{
	if (!js_is_object(object))
		return reader_wrong(reader, "%s is missing, or no object", where);
	const char *key = js_unknown_key(object, known);
	if (!key)
		return 0;
	const char *nearest = nearest_word(key, known);
	if (nearest)
		return reader_wrong_key(reader, key, "unknown key '%s' in %s; did you mean '%s'?", key, where, nearest);
	char list[384] = "";
	for (; *known; known++) {
		strncat(list, *known, sizeof(list) - strlen(list) - 1);
		strncat(list, known[1] ? ", " : "", sizeof(list) - strlen(list) - 1);
	}
	return reader_wrong_key(reader, key, "unknown key '%s' in %s; there are %s", key, where, list);
}

void
reader_path(const struct reader *reader, const char *path, char joined[2 * PATH_BYTES])
{
	bool absolute = path[0] == '/';

	snprintf(joined, 2 * PATH_BYTES, "%s%s%s", absolute ? "" : reader->base,
	    absolute ? "" : "/", path);
}

int
reader_dir(const struct reader *reader, const char *dir, const char *where,
    char absolute[PATH_BYTES])
{
	char joined[2 * PATH_BYTES];
	struct stat st;

	reader_path(reader, dir, joined);
	cleanup_free char *real = realpath(joined, NULL);
	if (!real)
		return reader_wrong(reader, "%s: dir '%s': %s", where, dir, strerror(errno));
	snprintf(absolute, PATH_BYTES, "%s", real);
	if (stat(absolute, &st) || !S_ISDIR(st.st_mode))
		return reader_wrong(reader, "%s: dir '%s' is no folder", where, dir);
	return 0;
}

bool
is_name(const char *name)
{
	return name && *name && strlen(name) < NAME_MAX_BYTES &&
	    strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-") == strlen(name) &&
	    name[0] != '.' && name[0] != '-';
}

char *
read_whole(const char *path, int flags, size_t most, size_t *length)
{
	cleanup_close int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | flags);
	struct stat st;

	if (fd < 0 || fstat(fd, &st))
		return NULL;
	if (!S_ISREG(st.st_mode) || (size_t)st.st_size > most) {
		errno = S_ISREG(st.st_mode) ? EFBIG : EINVAL;
		return NULL;
	}
	/* Some files of /proc and /sys are longer than they say. */
	size_t room = st.st_size ? (size_t)st.st_size : most;
	char *text = malloc(room + 1);
	ssize_t got = 0, used = 0;
	while (text && (got = read(fd, text + used, room - (size_t)used)) > 0)
		used += got;
	if (text && got < 0) {
		free(text);
		return NULL;
	}
	if (text)
		text[used] = '\0';
	*length = (size_t)used;
	return text;
}

char *
read_small(const char *path, int flags, size_t *length)
{
	return read_whole(path, flags, FILE_MAX - 1, length);
}

struct js *
document_read(const char *path, char **text, char wrong[SETUP_ERROR_BYTES])
{
	char why[JS_ERROR_BYTES];
	size_t length;
	struct js *document = NULL;

	*text = read_small(path, 0, &length);
	if (!*text)
		snprintf(wrong, SETUP_ERROR_BYTES, "%s: %s", path, strerror(errno));
	else if (!(document = js_parse(*text, length, why)))
		snprintf(wrong, SETUP_ERROR_BYTES, "%s:%s", path, why);
	return document;
}

const struct js *
program_setting(const struct program *program, const struct js *object, const char *key)
{
	const struct js *value = js_get(object, key);

	return value ? value : js_get(program->manifest, key);
}

/* Copies an array of strings of at most `most`; the pointers are the document's. */
static int
take_strings(const struct reader *reader, const struct js *array, const char *where,
    const char **strings, size_t most)
{
	if (!js_is_array(array) || js_count(array) > most)
		return reader_wrong(reader, "%s must be an array of at most %zu strings", where, most);
	for (size_t i = 0; i < js_count(array); i++)
		if (!(strings[i] = js_string(js_at(array, i))))
			return reader_wrong(reader, "%s must hold strings only", where);
	strings[js_count(array)] = NULL;
	return 0;
}

static int
check_manifest(const struct reader *reader, const struct program *program, const char *path)
{
	static const char *const known[] = { "command", "policy", "protocol", "ready", "prefix", "vars",
	    "limits", "final", "players", "turns", "options", "moves", "worlds", "language", "entry",
	    NULL };
	struct reader manifest = *reader;

	manifest.path = path;
	manifest.text = NULL;
	return reader_keys(&manifest, program->manifest, "it", known);
}

static int
read_manifest(const struct reader *reader, const char *name, struct program *program)
{
	char path[PATH_BYTES + 16], why[JS_ERROR_BYTES];
	size_t length;

	snprintf(path, sizeof(path), "%s/%s", program->dir, name);
	cleanup_free char *text = read_small(path, O_NOFOLLOW, &length);
	if (!text && errno == ENOENT)
		return 0;
	if (!text)
		return reader_wrong(reader, "%s: %s", path, strerror(errno));
	program->manifest = js_parse(text, length, why);
	if (program->manifest)
		return check_manifest(reader, program, path);
	snprintf(reader->error, SETUP_ERROR_BYTES, "%s:%s", path, why);
	return -1;
}

static bool
is_installed(const char *protocol)
{
	return is_name(protocol) && !strchr(protocol, '.');
}

/* Its name: of a dialect that is installed, or the path of a file. */
static void
dialect_path(const struct reader *reader, const char *protocol, char path[2 * PATH_BYTES])
{
	if (is_installed(protocol))
		snprintf(path, 2 * PATH_BYTES, "%s/%s.dialect", DIALECT_DIR, protocol);
	else
		reader_path(reader, protocol, path);
}

static int
read_dialect(const struct reader *reader, const char *protocol, struct program *program)
{
	char path[2 * PATH_BYTES];
	size_t length;
	int line;

	if (js_string(js_get(program->manifest, "protocol")) == protocol && !is_installed(protocol))
		return reader_wrong(reader, "protocol '%s': a bot.json can name what is installed in %s;"
		    " a file, only the match file can", protocol, DIALECT_DIR);
	dialect_path(reader, protocol, path);
	char *text = read_small(path, 0, &length);
	if (!text)
		return reader_wrong(reader, "protocol '%s': %s: %s", protocol, path, strerror(errno));
	digest_text(text, length, program->dialect_digest);
	const char *why = dialect_parse(&program->dialect, text, &line);
	if (why)
		snprintf(reader->error, SETUP_ERROR_BYTES, "%s:%d: %s", path, line, why);
	return why ? -1 : 0;
}

static int
take_protocol(const struct reader *reader, const struct js *object, const char *where,
    struct program *program)
{
	const char *protocol = js_string(program_setting(program, object, "protocol")),
	    *prefix = js_string(program_setting(program, object, "prefix"));
	const struct js *ready = program_setting(program, object, "ready");
	bool json = !protocol || strcmp(protocol, "json") == 0;

	snprintf(program->protocol, sizeof(program->protocol), "%s", protocol ? protocol : "json");
	if (!ready && json)
		ready = reader->ready;
	if (ready && take_strings(reader, ready, "ready", program->ready, READY_MAX))
		return -1;
	if (!ready && json)
		program->ready[0] = "__READY__";
	if (prefix && !json)
		return reader_wrong(reader, "%s: prefix is for protocol json", where);
	if (json) {
		dialect_json(&program->dialect, program->ready, prefix ? prefix : "",
		    js_is_true(program_setting(program, object, "final")));
		return 0;
	}
	if (read_dialect(reader, protocol, program))
		return -1;
	dialect_add_ready(&program->dialect, program->ready);
	return 0;
}

/* The last part of its folder's path, when the match file gives none. */
static int
take_name(const struct reader *reader, const struct js *object, const char *where,
    struct program *program)
{
	const char *name = js_string(js_get(object, "name")), *slash = strrchr(program->dir, '/');

	if (!name && !js_get(object, "name"))
		name = slash ? slash + 1 : program->dir;
	if (!is_name(name))
		return reader_wrong(reader, "%s needs a name of letters, digits, . _ -", where);
	snprintf(program->name, sizeof(program->name), "%s", name);
	return 0;
}

static int
take_rest(const struct reader *reader, const struct js *object, const char *where,
    struct program *program)
{
	const char *policy = js_string(program_setting(program, object, "policy"));
	const struct js *command = program_setting(program, object, "command"),
	    *limits = program_setting(program, object, "limits");

	if (!policy && !program_setting(program, object, "policy"))
		policy = "agent";
	if (!is_name(policy))
		return reader_wrong(reader, "%s needs a policy (see bot-policy list)", where);
	snprintf(program->policy, sizeof(program->policy), "%s", policy);
	if (!command)
		return reader_wrong(reader, "%s: no command, here or in its folder's %s", where,
		    strcmp(where, "game") == 0 ? "game.json" : "bot.json");
	if (take_strings(reader, command, "command", program->command, ARGS_MAX))
		return -1;
	if (!program->command[0])
		return reader_wrong(reader, "%s: command is empty", where);
	if (limits && take_strings(reader, limits, "limits", program->limits, ARGS_MAX))
		return -1;
	program->own_jail = (!js_get(object, "policy") && js_get(program->manifest, "policy")) ||
	    (!js_get(object, "limits") && js_get(program->manifest, "limits"));
	program->vars = program_setting(program, object, "vars");
	return take_protocol(reader, object, where, program);
}

int
program_read(const struct reader *reader, const struct js *object, const char *where,
    const char *manifest, struct program *program)
{
	static const char *const known[] = { "name", "dir", "command", "policy", "limits", "options",
	    "protocol", "ready", "prefix", "vars", "final", "turns", NULL };
	const char *dir = js_string(object) ? js_string(object) : js_string(js_get(object, "dir"));

	if (!js_string(object) && reader_keys(reader, object, where, known))
		return -1;
	if (!dir)
		return reader_wrong(reader, "%s needs a dir", where);
	if (reader_dir(reader, dir, where, program->dir) ||
	    take_name(reader, object, where, program) ||
	    read_manifest(reader, manifest, program))
		return -1;
	return take_rest(reader, object, where, program);
}

void
program_free(struct program *program)
{
	js_free(program->manifest);
	free(program->dialect.text);
	program->manifest = NULL;
	program->dialect.text = NULL;
}
