/*
 * match-build build: one submission, step by step. What reads or runs a stranger's bytes does so in a jail under
 * policy build; what it leaves there is copied out by gather.c, which believes nothing.
 */
#include "builds.h"

#include "capture.h"
#include "common.h"
#include "gather.h"
#include "language.h"
#include "nearest.h"
#include "oneshot.h"
#include "plan.h"
#include "raw.h"
#include "tree.h"
#include "utf8.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#define CHECK_WALL "wall=30s"
#define BUILD_WALL "wall=300s"
#define HOOK_MS 60000
#define SAID_MAX 65536		/* of what a compiler says */
#define SAID_TOLD 4000		/* of that, to people */
#define LIST_MAX 65536		/* bytes of an own list */
#define MANIFEST_MAX 65536	/* bytes of a bot.json */
#define NAMES_TOLD 300
#define NO_ENTRY \
	"No agent entry file found. Expected 'agent.py' or a file ending with '_agent.py' at the root of the ZIP"

enum { STORE, OWNER, NAME, LANGUAGE, POLICY, HOOK, LANGUAGE_DIR_, AS_JSON, QUIET };

const struct option_text build_options[] = {
	[STORE] = { "store", 's', "DIR", "the store; $MATCH_STORE, or ~/.local/share/match-bots, if nothing is said" },
	[OWNER] = { "owner", 'o', "NAME", "whose it is" },
	[NAME] = { "name", 'n', "NAME", "let this name stand for it from now on" },
	[LANGUAGE] = { "language", 'l', "NAME", "ARCHIVE is one source file in that language, - standard input" },
	[POLICY] = { "policy", 'p', "NAME", "the policy that it will play under, instead of its language's" },
	[HOOK] = { "hook", 0, "PROGRAM", "what may refuse it, once it is built" },
	[LANGUAGE_DIR_] = { "languages", 0, "DIR", "files of languages, instead of those installed" },
	[AS_JSON] = { "json", 'j', NULL, "print one JSON object, also about a refusal" },
	[QUIET] = { "quiet", 'q', NULL, "print nothing but the bot's folder" },
	{ NULL, 0, NULL, NULL },
};

struct wishes {
	const char *store, *owner, *name, *language, *policy, *hook, *languages, *archive;
	bool json, quiet;
};

struct build {
	struct wishes wishes;
	const char *helper;
	struct languages languages;
	char work[PATH_BYTES];		/* our folder: archive in src/, its files in tree/ */
	char source[DIGEST_BYTES];	/* the digest of the files, which is its name in the store */
	char top[256];			/* the folder that was taken away around it; "" */
	char entry[NAME_MAX_BYTES];
	const struct language *language;
	struct js *given;		/* its own bot.json, or NULL */
	struct js *manifest;		/* of the store */
	struct js *report;		/* of match-unpack, or NULL */
	int64_t archive_bytes, bytes;
	int files, dropped_by_list;
	struct buffer said;
	bool fresh;			/* it was not in the store */
	char why[SETUP_ERROR_BYTES + SAID_TOLD];
};

/* --- what goes wrong: the submission's fault is EXIT_CLIENT_ERROR, ours EXIT_OURS */

static int __attribute__((format(printf, 3, 4)))
stop(struct build *build, int status, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(build->why, sizeof(build->why), format, args);
	va_end(args);
	return status;
}

static int
failed(struct build *build, const char *what, int error)
{
	return stop(build, EXIT_OURS, "%s: %s", what, strerror(error < 0 ? -error : error));
}

static void
path_in(const struct build *build, const char *name, char path[PATH_BYTES + 32])
{
	snprintf(path, PATH_BYTES + 32, "%s/%s", build->work, name);
}

/* --- in a jail */

static void
hear(void *owner, enum oneshot_stream stream, const char *bytes, size_t length)
{
	struct build *build = owner;

	(void)stream;
	(void)buffer_append(&build->said, bytes, length);	/* the beginning says what is wrong */
}

/* What a compiler said, cut and plain. */
static const char *
said(struct build *build)
{
	char *text = (char *)buffer_text(&build->said);

	if (!text || !*text)
		return "";
	if (strlen(text) > SAID_TOLD - 8)
		strcpy(text + SAID_TOLD - 8, "\n...");
	for (char *line = text; line; line = strchr(line, '\n') ? strchr(line, '\n') + 1 : NULL) {
		size_t length = strcspn(line, "\n");
		char kept = line[length];

		line[length] = '\0';
		utf8_make_plain(line);
		line[length] = kept;
	}
	return text;
}

/*
 * Runs a command under policy build, its folder in slot bot and `slot` besides. What is left in slot out is
 * copied to `to`, a folder that is there. `what` is for messages: "checking", "compiling".
 */
static int
run_jailed(struct build *build, const char *dir, const char *slot, const char *wall, const struct js *command,
    const char *what, struct gather *gather, int to)
{
	struct program program = { .name = "build", .policy = "build", .limits = { wall }, .slots = { slot } };
	struct oneshot shot = { .take = hear, .owner = build };
	int status = 0;

	snprintf(program.dir, sizeof(program.dir), "%s", dir);
	for (size_t i = 0; i < js_count(command) && i < ARGS_MAX; i++)
		program.command[i] = js_string(js_at(command, i));
	buffer_clear(&build->said);
	int error = oneshot_start(&shot, build->helper, &program, 0, NULL);
	if (!error)
		oneshot_wait(&shot);
	struct js *jail = oneshot_status(&shot);
	const char *reason = js_string(js_get(jail, "reason")), *message = js_string(js_get(jail, "message"));
	const struct ending_words *words = ending_words(reason);
	if (error)
		status = failed(build, what, error);
	else if (words->ours)
		status = stop(build, EXIT_OURS, "%s: %s", what,
		    message ? message : words->error ? words->error : "no jail");
	else if (words->error)
		status = stop(build, EXIT_CLIENT_ERROR, "%s: %s\n%s", what, words->error, said(build));
	else if (js_member_number(jail, "exit") != 0)
		status = stop(build, EXIT_CLIENT_ERROR, "%s failed:\n%s", what, said(build));
	else if (gather && shot.slot < 0)
		status = stop(build, EXIT_OURS, "%s: policy build has no 'slot tmp out'", what);
	js_free(jail);
	if (!status && gather)
		status = gather_copy(gather, shot.slot, to);
	oneshot_free(&shot);
	return status < 0 ? failed(build, what, status) : status && gather && *gather->why
	    ? stop(build, EXIT_CLIENT_ERROR, "%s", gather->why) : status;
}

/* --- 1: the archive becomes a file of ours, no larger than is allowed */

static int
copy_archive(struct build *build, int in)
{
	char path[PATH_BYTES + 32], bytes[65536];
	ssize_t length;

	path_in(build, "src", path);
	if (mkdir(path, 0755))
		return failed(build, path, errno);
	path_in(build, "src/archive", path);
	cleanup_close int out = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
	if (out < 0)
		return failed(build, path, errno);
	while ((length = read(in, bytes, sizeof(bytes))) > 0) {
		build->archive_bytes += length;
		if (build->archive_bytes > SUBMISSION_ARCHIVE_MAX)
			return stop(build, EXIT_CLIENT_ERROR, "it is larger than 50 MiB");
		if (write(out, bytes, (size_t)length) != length)
			return failed(build, path, errno ? errno : ENOSPC);
	}
	return length == 0 ? 0 : errno == EISDIR ? stop(build, EXIT_USAGE, "%s is a folder", build->wishes.archive)
	    : failed(build, build->wishes.archive, errno);
}

static int
take_archive(struct build *build)
{
	bool is_input = strcmp(build->wishes.archive, "-") == 0;
	cleanup_close int in = is_input ? dup(STDIN_FILENO) : open(build->wishes.archive, O_RDONLY | O_CLOEXEC);

	if (in < 0)
		return stop(build, EXIT_USAGE, "%s: %s", build->wishes.archive, strerror(errno));
	if (tree_temporary(build->work, sizeof(build->work), 0700))
		return failed(build, "a temporary folder", errno);
	return copy_archive(build, in);
}

/* --- 2: its files */

static int
make_tree(struct build *build, const char *name, char path[PATH_BYTES + 32])
{
	path_in(build, name, path);
	int fd = mkdir(path, 0755) ? -1 : open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	return fd < 0 ? -errno : fd;
}

/* Not an archive, but one source file: it is the entry. */
static int
take_source(struct build *build)
{
	char from[PATH_BYTES + 32], tree[PATH_BYTES + 32], to[2 * PATH_BYTES];

	build->language = language_find(&build->languages, build->wishes.language);
	if (!build->language || !language_first_entry(build->language))
		return stop(build, EXIT_USAGE, "language %s not supported", build->wishes.language);
	cleanup_close int fd = make_tree(build, "tree", tree);
	if (fd < 0)
		return failed(build, tree, fd);
	path_in(build, "src/archive", from);
	snprintf(to, sizeof(to), "%s/%s", tree, language_first_entry(build->language));
	build->files = 1;
	build->bytes = build->archive_bytes;
	return rename(from, to) ? failed(build, to, errno) : 0;
}

/* From the jail's leavings to tree/: without the only folder around it, and what its own list names. */
static int
sort_out(struct build *build, const char *raw, int raw_fd)
{
	char tree[PATH_BYTES + 32];
	cleanup_close int inner = -1, fd = make_tree(build, "tree", tree);
	struct gather gather = { .built = false };

	if (fd < 0)
		return failed(build, tree, fd);
	if (gather_top(raw_fd, build->top))
		inner = openat(raw_fd, build->top, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	else
		*build->top = '\0';
	int from = inner >= 0 ? inner : raw_fd;
	size_t length;
	cleanup_free char *list = gather_text(from, SUBMISSION_IGNORE_FILE, LIST_MAX, &length);
	if (!list && faccessat(from, SUBMISSION_IGNORE_FILE, F_OK, AT_SYMLINK_NOFOLLOW) == 0)
		return stop(build, EXIT_CLIENT_ERROR, SUBMISSION_IGNORE_FILE " is no file, or larger than 64 KiB");
	gather.list = list;
	int wrong = gather_copy(&gather, from, fd);
	build->dropped_by_list = gather.dropped;
	build->files = gather.files;
	build->bytes = gather.bytes;
	return wrong > 0 ? stop(build, EXIT_CLIENT_ERROR, "%s", gather.why) : wrong ? failed(build, raw, wrong) : 0;
}

/* match-unpack says in one line of JSON why it refused; as it was in the jail, anybody may have said it. */
static int
read_report(struct build *build, int status)
{
	char error[JS_ERROR_BYTES];
	const char *text = buffer_text(&build->said);
	size_t length = text ? strlen(text) : 0;

	build->report = text && !raw_check(text, length) ? js_parse(text, length, error) : NULL;
	const char *refused = js_string(js_get(build->report, "refused"));
	if (status != EXIT_CLIENT_ERROR || !refused)
		return status;
	(void)stop(build, 0, "%.500s", refused);
	utf8_make_plain(build->why);
	return EXIT_CLIENT_ERROR;
}

static int
unpack(struct build *build)
{
	static const char *const words[] = { "/bot/match-unpack", "/src/archive", "/out" };
	char slot[PATH_BYTES + 40] = "src=", raw[PATH_BYTES + 32];
	struct js *command = js_new_array();
	struct gather gather = { .built = false };

	if (build->wishes.language) {
		js_free(command);
		return take_source(build);
	}
	for (size_t i = 0; i < COUNT(words); i++)
		js_add(command, js_new_string(words[i]));
	path_in(build, "src", slot + strlen(slot));
	cleanup_close int fd = make_tree(build, "raw", raw);
	int wrong = fd < 0 ? failed(build, raw, fd)
	    : run_jailed(build, LIBEXEC_DIR, slot, CHECK_WALL, command, "unpacking", &gather, fd);
	js_free(command);
	wrong = read_report(build, wrong);
	return wrong ? wrong : sort_out(build, raw, fd);
}

/* --- 3: what it is */

static int
read_given(struct build *build)
{
	static const char *const known[] = { "command", "policy", "language", "entry", "protocol", "ready", "prefix",
		"vars", "final", "limits", "name", NULL };
	char path[PATH_BYTES + 32], error[JS_ERROR_BYTES];
	size_t length;

	path_in(build, "tree", path);
	cleanup_close int dir = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (faccessat(dir, "bot.json", F_OK, 0))
		return 0;
	cleanup_free char *text = gather_text(dir, "bot.json", MANIFEST_MAX, &length);
	const char *why = text ? raw_check(text, length) : "it is no file, or larger than 64 KiB";
	if (!why && !(build->given = js_parse(text, length, error)))
		why = error;
	if (why)
		return stop(build, EXIT_CLIENT_ERROR, "bot.json: %s", why);
	const char *key = js_is_object(build->given) ? js_unknown_key(build->given, known) : NULL;
	const char *nearest = key ? nearest_word(key, known) : NULL;
	if (key)
		return stop(build, EXIT_CLIENT_ERROR, nearest ? "bot.json: unknown key '%.40s'; did you mean '%s'?"
		    : "bot.json: unknown key '%.40s'", key, nearest);
	return js_is_object(build->given) ? 0 : stop(build, EXIT_CLIENT_ERROR, "bot.json: it is no object");
}

static int
is_visible(const struct dirent *entry)
{
	return entry->d_name[0] != '.' && is_name(entry->d_name);
}

/* Files at the root that may be entries: their names as a list, and the last one. */
static int
find_entries(struct build *build, char list[NAMES_TOLD])
{
	char path[PATH_BYTES + 32];
	struct dirent **files = NULL;
	int found = 0;

	path_in(build, "tree", path);
	int count = scandir(path, &files, is_visible, alphasort);
	*list = '\0';
	for (int i = 0; i < count; i++) {
		const struct language *language = language_of_entry(&build->languages, files[i]->d_name);

		if (language) {
			size_t used = strlen(list);

			snprintf(list + used, NAMES_TOLD - used, "%s%s", found++ ? ", " : "", files[i]->d_name);
			snprintf(build->entry, sizeof(build->entry), "%s", files[i]->d_name);
			build->language = language;
		}
		free(files[i]);
	}
	free(files);
	return found;
}

static int
detect_entry(struct build *build)
{
	char list[NAMES_TOLD];
	int found = find_entries(build, list);

	if (found == 0)
		return stop(build, EXIT_CLIENT_ERROR, NO_ENTRY);
	return found == 1 ? 0 : stop(build, EXIT_CLIENT_ERROR,
	    "Multiple agent entry files found: %s. Provide exactly one file.", list);
}

/* Is there a file with that language's ending at the root? */
static bool
has_sources(const struct build *build, const struct language *language)
{
	char path[PATH_BYTES + 32];
	const char *first = language_first_entry(language), *ending = first ? strrchr(first, '.') : NULL;
	struct dirent **files = NULL;
	bool found = false;

	path_in(build, "tree", path);
	int count = scandir(path, &files, is_visible, NULL);
	for (int i = 0; i < count; i++) {
		const char *its = strrchr(files[i]->d_name, '.');

		found |= ending && its && strcmp(its, ending) == 0;
		free(files[i]);
	}
	free(files);
	return found;
}

/* The language that a bot.json names, or means by its policy and its files. NULL. */
static const struct language *
given_language(const struct build *build)
{
	const char *name = js_string(js_get(build->given, "language")),
	    *policy = js_string(js_get(build->given, "policy"));

	if (name)
		return language_find(&build->languages, name);
	for (int i = 0; i < build->languages.count; i++) {
		const struct language *language = &build->languages.language[i];
		const char *its = js_string(js_get(language_part(language, "bot"), "policy"));

		if (its && (!policy || strcmp(its, policy) == 0) && has_sources(build, language))
			return language;
	}
	return NULL;
}

static bool
is_in_tree(const struct build *build, const char *name)
{
	char path[2 * PATH_BYTES];
	struct stat st;

	snprintf(path, sizeof(path), "%s/tree/%s", build->work, name);
	return lstat(path, &st) == 0 && S_ISREG(st.st_mode);
}

/* bot.json decides: language and command, or an entry. */
static int
take_given(struct build *build)
{
	const char *entry = js_string(js_get(build->given, "entry")),
	    *name = js_string(js_get(build->given, "language"));
	char list[NAMES_TOLD];

	build->language = given_language(build);
	if (!build->language || !language_part(build->language, "bot")) {
		languages_list(&build->languages, list, sizeof(list));
		return stop(build, EXIT_CLIENT_ERROR, name ? "bot.json: language %.40s not supported; there are %s"
		    : "bot.json: it needs a language%.0s: one of %s", name ? name : "", list);
	}
	const char *policy = js_string(js_get(build->given, "policy")),
	    *its = js_string(js_get(language_part(build->language, "bot"), "policy"));
	if (policy && strcmp(policy, its) != 0)
		return stop(build, EXIT_CLIENT_ERROR, "bot.json: policy %.40s is not that of %s, which is %s", policy,
		    build->language->name, its);
	if (entry && (!is_name(entry) || !is_in_tree(build, entry)))
		return stop(build, EXIT_CLIENT_ERROR, "bot.json: entry '%.60s' is no file at the root", entry);
	if (entry)
		snprintf(build->entry, sizeof(build->entry), "%s", entry);
	else if (!js_get(build->given, "command")) {
		const struct language *language = build->language;
		int wrong = detect_entry(build);

		build->language = language;
		return wrong;
	}
	return 0;
}

static int
identify(struct build *build)
{
	int wrong = read_given(build);

	if (wrong)
		return wrong;
	if (build->given)
		return take_given(build);
	if (!build->wishes.language)
		return detect_entry(build);
	snprintf(build->entry, sizeof(build->entry), "%s", language_first_entry(build->language));
	return 0;
}

/* --- 4: checked, and compiled */

/* "sh -c 'copy, then run it' sh COMMAND...": compilers write where their sources are. */
static struct js *
in_a_copy(struct js *command)
{
	static const char *const words[] = { "sh", "-c", "cp -r /bot/. /out && cd /out && exec \"$@\"", "sh" };
	struct js *whole = js_new_array();

	for (size_t i = 0; i < COUNT(words); i++)
		js_add(whole, js_new_string(words[i]));
	for (size_t i = 0; i < js_count(command); i++)
		js_add(whole, js_copy(js_at(command, i)));
	js_free(command);
	return whole;
}

static int
compile(struct build *build, struct js *command)
{
	char tree[PATH_BYTES + 32], built[PATH_BYTES + 32];
	struct gather gather = { .built = true };
	struct js *whole = in_a_copy(command);

	path_in(build, "tree", tree);
	cleanup_close int fd = make_tree(build, "built", built);
	int wrong = fd < 0 ? failed(build, built, fd)
	    : run_jailed(build, tree, NULL, BUILD_WALL, whole, "compiling", &gather, fd);
	js_free(whole);
	return wrong;
}

static int
try_out(struct build *build)
{
	const struct js *part = language_part(build->language, "bot");
	struct js *checking = *build->entry ? language_command(part, "check", build->entry) : NULL,
	    *building = language_command(part, "build", build->entry);
	char tree[PATH_BYTES + 32];
	int wrong = 0;

	path_in(build, "tree", tree);
	if (checking)
		wrong = run_jailed(build, tree, NULL, CHECK_WALL, checking, "the syntax check", NULL, -1);
	js_free(checking);
	if (!building || wrong) {
		js_free(building);
		return wrong;
	}
	return compile(build, building);
}

/* --- 5: its place in the store */

static struct js *
command_of(const struct build *build)
{
	const struct js *given = js_get(build->given, "command");

	return given ? js_copy(given)
	    : language_command(language_part(build->language, "bot"), "command", build->entry);
}

static bool
is_limited(const struct js *limits, const char *limit)
{
	size_t length = strcspn(limit, "=");

	for (size_t i = 0; i < js_count(limits); i++)
		if (strncmp(js_string(js_at(limits, i)), limit, length) == 0 &&
		    js_string(js_at(limits, i))[length] == '=')
			return true;
	return false;
}

/* Those of the language, and of the submission those that the language says nothing about. */
static struct js *
new_limits(const struct build *build)
{
	const struct js *site = js_get(language_part(build->language, "bot"), "limits"),
	    *given = js_get(build->given, "limits");
	struct js *limits = js_new_array();

	for (size_t i = 0; i < js_count(site); i++)
		js_add(limits, js_copy(js_at(site, i)));
	for (size_t i = 0; i < js_count(given); i++)
		if (!js_string(js_at(given, i)) || !is_limited(site, js_string(js_at(given, i))))
			js_add(limits, js_copy(js_at(given, i)));
	return limits;
}

/* What match-run reads in its folder. */
static struct js *
new_bot_json(const struct build *build, const char *policy)
{
	static const char *const kept[] = { "protocol", "ready", "prefix", "vars", "final" };
	struct js *bot = js_new_object();

	js_set(bot, "command", command_of(build));
	js_set(bot, "policy", js_new_string(policy));
	js_set(bot, "limits", new_limits(build));
	for (size_t i = 0; i < COUNT(kept); i++)
		if (js_get(build->given, kept[i]))
			js_set(bot, kept[i], js_copy(js_get(build->given, kept[i])));
	return bot;
}

/* Limits that bot-jail refuses, or that end a jail before its match, are refused now: no match would have a verdict. */
static int
try_limits(struct build *build, const struct program *program)
{
	const struct js *given = js_get(build->given, "limits");
	char plan[PLAN_BYTES];

	for (size_t i = 0; i < js_count(given); i++)
		if (strncmp(js_string(js_at(given, i)), "wall=", 5) == 0)
			return stop(build, EXIT_CLIENT_ERROR, "bot.json: limits: wall is its match's to say");
	if (js_count(given) == 0 || plan_read(build->helper, program, plan) == 0)
		return 0;
	const char *words = strncmp(plan, "bot-jail: ", 10) == 0 ? plan + 10 : plan;
	(void)stop(build, 0, "bot.json: limits: %.*s", (int)strcspn(words, "\n"), words);
	utf8_make_plain(build->why);
	return EXIT_CLIENT_ERROR;
}

/* What match-run says of it, without the path of a folder that is ours. */
static int
stop_reading(struct build *build, const char *words)
{
	for (const char *at; (at = strstr(words, "bot.json: ")); )
		words = at + strlen("bot.json: ");
	return stop(build, EXIT_CLIENT_ERROR, "bot.json: %s", words);
}

/* A bot.json that match-run would not take is the submission's fault, and found now. */
static int
try_reading(struct build *build, const char *dir)
{
	char error[SETUP_ERROR_BYTES] = "";
	struct reader reader = { .path = "bot.json", .base = "/", .error = error };
	struct program program = { .manifest = NULL };
	struct js *object = js_new_object();

	js_set(object, "dir", js_new_string(dir));
	js_set(object, "name", js_new_string("bot"));
	int wrong = program_read(&reader, object, "it", "bot.json", &program) ? stop_reading(build, error)
	    : try_limits(build, &program);
	program_free(&program);
	js_free(object);
	return wrong;
}

static struct js *
new_manifest(const struct build *build, const char *policy, const char *bot_digest)
{
	struct js *manifest = js_new_object(), *owners = js_new_array();
	char when[32];
	time_t now = time(NULL);

	strftime(when, sizeof(when), "%FT%TZ", gmtime(&now));
	if (build->wishes.owner)
		js_add(owners, js_new_string(build->wishes.owner));
	js_set(manifest, "sha256", js_new_string(build->source));
	js_set(manifest, "entry", *build->entry ? js_new_string(build->entry) : NULL);
	js_set(manifest, "language", js_new_string(build->language->name));
	js_set(manifest, "command", command_of(build));
	js_set(manifest, "policy", js_new_string(policy));
	js_set(manifest, "owner", build->wishes.owner ? js_new_string(build->wishes.owner) : NULL);
	js_set(manifest, "owners", owners);
	js_set(manifest, "size", js_new_integer(build->bytes));
	js_set(manifest, "files", js_new_integer(build->files));
	js_set(manifest, "archive_size", js_new_integer(build->archive_bytes));
	js_set(manifest, "bot_digest", js_new_string(bot_digest));
	js_set(manifest, "built", js_new_string(when));
	js_set(manifest, "builder", js_new_string("match-build " VERSION));
	return manifest;
}

static const char *
tree_name(const struct build *build)
{
	return js_get(language_part(build->language, "bot"), "build") ? "built" : "tree";
}

/* Fills the folder that will be its place. */
static int
fill(struct build *build, struct folder *folder)
{
	char from[PATH_BYTES + 32], to[2 * PATH_BYTES], trouble[4096], digest[DIGEST_BYTES];
	const char *policy = build->wishes.policy ? build->wishes.policy
	    : js_string(js_get(language_part(build->language, "bot"), "policy"));

	path_in(build, tree_name(build), from);
	snprintf(to, sizeof(to), "%s/bot", folder->work);
	int error = tree_copy(from, to, trouble);
	if (error < 0)
		return failed(build, trouble, error);
	cleanup_close int fd = open(to, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (unlinkat(fd, "bot.json", 0) && errno == EISDIR)
		return stop(build, EXIT_CLIENT_ERROR, "bot.json: what was built is a folder");
	struct js *bot = new_bot_json(build, policy);
	error = folder_write(fd, "bot.json", bot);
	js_free(bot);
	if (!error)
		error = digest_dir(to, digest);
	if (error)
		return failed(build, to, error);
	int wrong = try_reading(build, to);
	if (wrong)
		return wrong;
	build->manifest = new_manifest(build, policy, digest);
	error = folder_write(folder->fd, "manifest.json", build->manifest);
	return error || syncfs(folder->fd) ? failed(build, to, error ? error : errno) : 0;
}

/* A scanner of the site's: it gets the bot's folder, and may refuse it. */
static int
ask_hook(struct build *build, const char *folder)
{
	char dir[2 * PATH_BYTES];
	const char *const command[] = { build->wishes.hook, dir, build->source,
		build->wishes.owner ? build->wishes.owner : "", NULL };
	struct buffer out;

	if (!build->wishes.hook)
		return 0;
	snprintf(dir, sizeof(dir), "%s/bot", folder);
	buffer_init(&out, 4096);
	int status = capture_run(command, NULL, 0, HOOK_MS, &out, NULL);
	const char *text = buffer_text(&out);
	char why[400];
	snprintf(why, sizeof(why), "%.*s", text ? (int)strcspn(text, "\n") : 0, text ? text : "");
	buffer_free(&out);
	utf8_make_plain(why);
	if (status == 0)
		return 0;
	if (status == CAPTURE_LATE || status < 0 || status >= 126)
		return stop(build, EXIT_OURS, "the hook %s %s", build->wishes.hook,
		    status == CAPTURE_LATE ? "took more than a minute" : "could not be run");
	return stop(build, EXIT_CLIENT_ERROR, "refused by the site: %s", *why ? why : "no reason was given");
}

/* It is there already: one owner more, perhaps. */
static int
join(struct build *build, struct depot *depot)
{
	struct js *owners = js_copy(js_get(build->manifest, "owners"));
	bool known = !build->wishes.owner;

	for (size_t i = 0; i < js_count(owners); i++)
		known |= build->wishes.owner && strcmp(js_string(js_at(owners, i)), build->wishes.owner) == 0;
	if (known) {
		js_free(owners);
		return 0;
	}
	js_add(owners, js_new_string(build->wishes.owner));
	js_set(build->manifest, "owners", owners);
	if (!js_string(js_get(build->manifest, "owner")))
		js_set(build->manifest, "owner", js_new_string(build->wishes.owner));
	int error = depot_rewrite(depot, build->source, build->manifest);
	return error ? failed(build, depot->dir, error) : 0;
}

static int
make_entry(struct build *build, const struct depot *depot)
{
	struct folder folder = { .fd = -1 };

	int error = depot_begin(depot, build->source, &folder);
	int wrong = error == -EEXIST ? 0 : error ? failed(build, depot->dir, error) : fill(build, &folder);
	if (!wrong && !error)
		wrong = ask_hook(build, folder.work);
	if (!wrong && !error) {
		error = folder_commit(&folder);
		build->fresh = error == 0;
		if (error && error != -EEXIST)
			wrong = failed(build, depot->dir, error);
	}
	folder_abandon(&folder);
	return wrong;
}

/* The lock on the store is held for names and owners only: builds run side by side. */
static int
settle(struct build *build)
{
	char wrong[SETUP_ERROR_BYTES];
	struct depot depot;

	if (depot_open(&depot, build->wishes.store, true, wrong))
		return stop(build, EXIT_OURS, "%s", wrong);
	struct js *there = depot_manifest(&depot, build->source);
	int status = there ? 0 : EXIT_OURS, error = 0;
	if (there) {
		js_free(build->manifest);
		build->manifest = there;
		status = join(build, &depot);
	} else
		(void)stop(build, EXIT_OURS, "%s: it was removed meanwhile", build->wishes.store);
	if (!status && build->wishes.name)
		error = depot_name(&depot, build->wishes.name, build->source);
	depot_close(&depot);
	return error ? failed(build, build->wishes.store, error) : status;
}

/* --- all of it */

static int
measure(struct build *build)
{
	char path[PATH_BYTES + 32];

	path_in(build, "tree", path);
	int error = digest_dir(path, build->source);
	return error ? failed(build, path, error) : 0;
}

static bool
is_stored(struct build *build, struct depot *depot)
{
	char path[PATH_BYTES];

	depot_path(depot, build->source, path);
	return access(path, F_OK) == 0;
}

static int
work(struct build *build)
{
	char wrong[SETUP_ERROR_BYTES];
	struct depot depot;

	if (languages_read(&build->languages, build->wishes.languages, wrong))
		return stop(build, EXIT_USAGE, "%s", wrong);
	int status = take_archive(build);
	if (!status)
		status = unpack(build);
	if (!status)
		status = measure(build);
	if (status)
		return status;
	if (depot_open(&depot, build->wishes.store, true, wrong))
		return stop(build, EXIT_OURS, "%s", wrong);
	depot_close(&depot);
	depot_share();
	if (is_stored(build, &depot)) {
		char path[PATH_BYTES];

		depot_path(&depot, build->source, path);
		status = ask_hook(build, path);
	} else {
		status = identify(build);
		if (!status)
			status = try_out(build);
		if (!status)
			status = make_entry(build, &depot);
	}
	return status ? status : settle(build);
}

/* --- what is printed */

static int
print_json(const struct build *build, int status, const char *dir)
{
	struct js *line = build->manifest && !status ? js_copy(build->manifest) : js_new_object();

	js_set(line, "status",
	    js_new_string(status == 0 ? "built" : status == EXIT_CLIENT_ERROR ? "refused" : "failed"));
	js_set(line, "error", status ? js_new_string(build->why) : NULL);
	if (!status) {
		js_set(line, "new", js_new_bool(build->fresh));
		js_set(line, "dir", js_new_string(dir));
		js_set(line, "flattened", *build->top ? js_new_string(build->top) : NULL);
		js_set(line, "dropped", js_copy(js_get(build->report, "dropped")));
	}
	cleanup_free char *text = js_print(line);
	js_free(line);
	return !text || puts(text) < 0 || fflush(stdout) ? EXIT_OURS : status;
}

static void
print_dropped(const struct build *build)
{
	const struct js *dropped = js_get(build->report, "dropped");
	double count = js_member_number(build->report, "dropped_count");

	if (*build->top)
		printf("taken out of its folder %s\n", build->top);
	if (js_count(dropped)) {
		printf("left out:");
		for (size_t i = 0; i < js_count(dropped) && i < 5; i++) {
			printf(" ");
			command_print_plain(js_string(js_at(dropped, i)) ? js_string(js_at(dropped, i)) : "?");
		}
		printf(count > 5 ? " and %.0f more\n" : "\n", count - 5);
	}
	if (build->dropped_by_list)
		printf("left out by its " SUBMISSION_IGNORE_FILE ": %d\n", build->dropped_by_list);
}

static int
print_end(struct build *build, int status)
{
	char path[PATH_BYTES] = "", dir[PATH_BYTES + 8] = "";
	struct depot depot;
	char wrong[SETUP_ERROR_BYTES];

	if (!status && depot_open(&depot, build->wishes.store, false, wrong) == 0) {
		depot_path(&depot, build->source, path);
		snprintf(dir, sizeof(dir), "%s/bot", path);
	}
	if (build->wishes.json)
		return print_json(build, status, dir);
	if (status) {
		fprintf(stderr, "match-build: ");
		command_put_plain(stderr, build->why, strlen(build->why));
		fputc('\n', stderr);
		return status;
	}
	if (!build->wishes.quiet) {
		print_dropped(build);
		printf("%s, %s%s%s\n", js_string(js_get(build->manifest, "language")),
		    js_string(js_get(build->manifest, "entry")) ? "entry " : "by its bot.json",
		    js_string(js_get(build->manifest, "entry")) ? js_string(js_get(build->manifest, "entry")) : "",
		    build->fresh ? "" : "; it was in the store already");
	}
	return printf("%s\n", dir) < 0 || fflush(stdout) ? EXIT_OURS : 0;
}

static int
take_wish(struct wishes *wishes, int option)
{
	const char **const texts[] = { [STORE] = &wishes->store, [OWNER] = &wishes->owner, [NAME] = &wishes->name,
		[LANGUAGE] = &wishes->language, [POLICY] = &wishes->policy, [HOOK] = &wishes->hook,
		[LANGUAGE_DIR_] = &wishes->languages };

	if (option < 0)
		return EXIT_USAGE;
	if (option < AS_JSON)
		*texts[option] = optarg;
	wishes->json |= option == AS_JSON;
	wishes->quiet |= option == QUIET;
	if ((option == OWNER || option == NAME) && (!depot_is_id(optarg) || digest_is(optarg)))
		return command_usage("owners and names are letters, digits and . _ -, "
		    "begin with one of the first two, and are no digest");
	if (option == POLICY && !is_name(optarg))
		return command_usage("--policy needs the name of a policy");
	return 0;
}

int
build_run(int argc, char *argv[])
{
	static struct build build;
	char store[PATH_BYTES];
	int option;

	depot_default(store);
	build.wishes = (struct wishes){ .store = store, .languages = LANGUAGE_DIR };
	while ((option = command_option(build_options, argc, argv)) != -1)
		if (take_wish(&build.wishes, option))
			return EXIT_USAGE;
	if (optind + 1 != argc)
		return command_usage("one archive is wanted");
	build.wishes.archive = argv[optind];
	build.helper = command_helper();
	if (!build.helper)
		return EXIT_USAGE;
	(void)signal(SIGPIPE, SIG_IGN);
	buffer_init(&build.said, SAID_MAX);
	int status = print_end(&build, work(&build));
	if (*build.work)
		tree_remove(build.work);
	languages_free(&build.languages);
	buffer_free(&build.said);
	js_free(build.given);
	js_free(build.manifest);
	js_free(build.report);
	return status;
}
