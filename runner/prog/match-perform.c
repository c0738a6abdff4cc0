/*
 * match-perform OPTIONS --result DIR [JOB]: does one job, for match-worker and match-gate, as a child of theirs: builds
 * what is to be built, plays what is to be played, and prints what came of it as one JSON object: match-job(7). The
 * job is read from descriptor 3 if no file is named; what happens meanwhile is told on descriptor 4 if that is open.
 */
#include "capture.h"
#include "command.h"
#include "common.h"
#include "depot.h"
#include "job.h"
#include "language.h"
#include "site.h"
#include "tree.h"
#include "utf8.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#define JOB_PATH "/dev/fd/3"
#define MATCH_INPUT "/dev/fd/0"
#define EVENTS_FD 4
#define ANSWER_MAX (1 << 20)
#define ARCHIVE_MAX (52 << 20)
#define FILES_MAX (8 << 20)		/* as JSON, of a result that travels with its replay */
#define BUILD_MS 700000			/* check, compile and hook have bounds of their own */
#define FETCH_MS 120000
#define MATCH_EXTRA_MS 120000		/* start, readiness, and the writing down */

static const struct setting table[] = {
#define SETTING(id, name, environment, fallback, least, most, value, what) { name, environment, fallback, least, most },
#include "site.def"
#undef SETTING
	{ NULL, NULL, NULL, 0, 0 },
};

enum { RESULT = SITE_SETTINGS };

static const struct option_text perform_options[] = {
#define SETTING(id, name, environment, fallback, least, most, value, what) { name, 0, value, what },
#include "site.def"
#undef SETTING
	[RESULT] = { "result", 'r', "DIR", "the folder that the match will be in, which must not exist yet" },
	{ NULL, 0, NULL, NULL },
};

static int perform_run(int argc, char *argv[]);

static const struct command commands[] = {
	{ "do", "[JOB]", "do one job, and print what came of it", perform_options, perform_run },
	{ NULL, NULL, NULL, NULL, NULL },
};

const struct cli cli = {
	.name = "match-perform",
	.usage = "usage: match-perform [OPTION]... --result DIR [JOB.json]\n\n",
	.commands = commands,
	.status = "0 an outcome was printed; 2 wrong usage; 75 ours, try again.",
};

struct performance {
	struct settings settings;
	const char *result;
	struct job job;
	struct depot depot;
	char dir[PLAYERS_MAX][PATH_BYTES];	/* of each bot */
	char fault[PLAYERS_MAX][400];		/* why it could not be built; "" */
	struct js *outcome;
	char why[600];
};

static const char *
site(const struct performance *work, enum site_setting setting)
{
	return settings_text(&work->settings, (int)setting);
}

/* The end of a job that came to nothing by our fault. -1. */
static int __attribute__((format(printf, 2, 3)))
fail(struct performance *work, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(work->why, sizeof(work->why), format, args);
	va_end(args);
	utf8_make_plain(work->why);
	return -1;
}

/* --- where bots come from */

static int
base64_value(char character)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	const char *found = character ? strchr(digits, character) : NULL;

	return found ? (int)(found - digits) : -1;
}

/* RFC 4648; line breaks are skipped. false when it is none. */
static bool
decode(const char *text, struct buffer *out)
{
	unsigned bits = 0;
	int count = 0;

	for (; *text && *text != '='; text++) {
		int value = base64_value(*text);

		if (value < 0 && !strchr("\r\n", *text))
			return false;
		if (value < 0)
			continue;
		bits = bits << 6 | (unsigned)value;
		if (++count % 4 != 1) {
			char byte = (char)(bits >> (count % 4 == 2 ? 4 : count % 4 == 3 ? 2 : 0));

			if (buffer_append(out, &byte, 1))
				return false;
		}
	}
	return strspn(text, "=\r\n") == strlen(text);
}

/* Is a path in one of the folders that the site allows, links resolved? Then its real name is in `real`. */
static bool
is_allowed(const struct performance *work, const char *path, char real[PATH_BYTES])
{
	cleanup_free char *resolved = realpath(path, NULL), *roots = strdup(site(work, SITE_ROOTS));
	char *rest = roots;

	if (!resolved || !roots || *path != '/' || strlen(resolved) >= PATH_BYTES)
		return false;
	strcpy(real, resolved);
	for (char *root; (root = strsep(&rest, ":")); ) {
		cleanup_free char *its = *root == '/' ? realpath(root, NULL) : NULL;
		size_t length = its ? strlen(its) : 0;

		if (its && strncmp(resolved, its, length) == 0 && (resolved[length] == '/' || !resolved[length]))
			return true;
	}
	return false;
}

/* The bytes of what is to be built. -1: ours; 1: theirs, and why in `fault`. */
static int
fetch(struct performance *work, const struct job_bot *bot, struct buffer *bytes, char fault[400])
{
	const char *const command[] = { site(work, SITE_FETCH), bot->text, NULL };
	char path[PATH_BYTES];

	switch (bot->source) {
	case SOURCE_CODE:
		return buffer_append(bytes, bot->text, strlen(bot->text)) ? fail(work, "out of memory") : 0;
	case SOURCE_ARCHIVE:
		if (decode(bot->text, bytes))
			return 0;
		snprintf(fault, 400, "archive is no base64 of at most 50 MiB");
		return 1;
	case SOURCE_PATH:
		if (is_allowed(work, bot->text, path))
			return 2;
		snprintf(fault, 400, "path is in none of the folders that this site allows");
		return 1;
	default:
		if (!*command[0]) {
			snprintf(fault, 400, "this site fetches no URLs");
			return 1;
		}
		if (strncmp(bot->text, "http://", 7) != 0 && strncmp(bot->text, "https://", 8) != 0) {
			snprintf(fault, 400, "only http:// and https:// are fetched");
			return 1;
		}
		if (capture_run(command, NULL, 0, FETCH_MS, bytes, NULL) == 0)
			return 0;
		return fail(work, "%.200s could not be fetched", bot->text);
	}
}

/* match-build's command line for it. */
static void
build_words(const struct performance *work, const struct job_bot *bot, const char *path, const char *words[32])
{
	const struct {
		const char *option, *value;
	} more[] = { { "--store", site(work, SITE_STORE) }, { "--languages", site(work, SITE_LANGUAGES) },
		{ "--language", bot->source == SOURCE_CODE ? bot->language : NULL },
		{ "--hook", site(work, SITE_HOOK) }, { "--policy", site(work, SITE_POLICY) },
		{ "--owner", work->job.owner }, { "--name", work->job.agent } };
	int count = 0;

	words[count++] = BIN_DIR "/match-build";
	words[count++] = "--json";
	for (size_t i = 0; i < COUNT(more); i++)
		if (more[i].value && *more[i].value) {
			words[count++] = more[i].option;
			words[count++] = more[i].value;
		}
	words[count++] = path ? path : "-";
	words[count] = NULL;
}

/* Runs match-build. Its answer, or NULL: fail() was called. */
static struct js *
build(struct performance *work, const struct job_bot *bot, const struct buffer *bytes, const char *path)
{
	const char *words[32], *input = path ? NULL : buffer_bytes(bytes) ? buffer_bytes(bytes) : "";
	char error[JS_ERROR_BYTES];
	struct buffer answer;

	build_words(work, bot, path, words);
	buffer_init(&answer, ANSWER_MAX);
	int status = capture_run(words, input, bytes->length, BUILD_MS, &answer, NULL);
	const char *text = buffer_text(&answer);
	struct js *said = text ? js_parse(text, strlen(text), error) : NULL;
	const char *why = js_string(js_get(said, "error"));
	if (!said)
		(void)fail(work, "match-build ended with status %d", status);
	else if (status != 0 && status != EXIT_CLIENT_ERROR && status != EXIT_USAGE) {
		(void)fail(work, "match-build: %.400s", why ? why : "?");
		js_free(said);
		said = NULL;
	}
	buffer_free(&answer);
	return said;
}

/* 0: *said is match-build's answer; 1: the submission's fault, told in `fault`; -1. */
static int
make(struct performance *work, const struct job_bot *bot, char fault[400], struct js **said)
{
	char path[PATH_BYTES];
	struct buffer bytes;

	buffer_init(&bytes, ARCHIVE_MAX);
	int wrong = fetch(work, bot, &bytes, fault);
	bool is_path = wrong == 2 && is_allowed(work, bot->text, path);
	*said = wrong == 0 || is_path ? build(work, bot, &bytes, is_path ? path : NULL) : NULL;
	buffer_free(&bytes);
	if (wrong == 1 || wrong < 0)
		return wrong;
	if (!*said)
		return -1;
	const char *error = js_string(js_get(*said, "error"));
	if (!error)
		return 0;
	snprintf(fault, 400, "%s", error);
	return 1;
}

/* The folder of one bot of a match. 0; 1: its fault; -1. */
static int
find_bot(struct performance *work, int seat)
{
	const struct job_bot *bot = &work->job.bot[seat];
	char digest[DIGEST_BYTES], path[PATH_BYTES];
	struct js *said = NULL;

	if (bot->source == SOURCE_STORE) {
		if (!depot_find(&work->depot, bot->text, digest)) {
			snprintf(work->fault[seat], 400, "there is no bot %s in the store", bot->text);
			return 1;
		}
		depot_path(&work->depot, digest, path);
		snprintf(work->dir[seat], PATH_BYTES, "%.4080s/bot", path);
		return 0;
	}
	int wrong = make(work, bot, work->fault[seat], &said);
	if (wrong == 0)
		snprintf(work->dir[seat], PATH_BYTES, "%s", js_string(js_get(said, "dir")));
	js_free(said);
	return wrong;
}

/* --- the match */

/* A match file that stands for itself may only name folders of the site's. */
static int
check_whole(struct performance *work)
{
	const struct js *bots = js_get(work->job.whole, "bots"), *game = js_get(work->job.whole, "game");
	char real[PATH_BYTES];

	for (size_t i = 0; i <= js_count(bots); i++) {
		const struct js *one = i < js_count(bots) ? js_at(bots, i) : game;
		const char *dir = js_string(one) ? js_string(one) : js_string(js_get(one, "dir"));
		const char *protocol = js_string(js_get(one, "protocol"));

		if (!dir || !is_allowed(work, dir, real))
			return fail(work, "%.200s is in none of the folders that this site allows",
			    dir ? dir : "a program");
		if (protocol && strchr(protocol, '/') && !is_allowed(work, protocol, real))
			return fail(work, "protocol %.200s is in none of the folders that this site allows", protocol);
	}
	return 0;
}

static struct js *
new_match(struct performance *work)
{
	const struct job *job = &work->job;
	struct js *match = js_copy(job->match), *bots = js_new_array(), *game = js_new_object();
	char path[2 * PATH_BYTES];

	if (js_get(match, "options")) {
		js_set(game, "options", js_copy(js_get(match, "options")));
		js_drop(match, "options");
	}
	snprintf(path, sizeof(path), "%s/%s", site(work, SITE_GAMES), *job->game ? job->game : site(work, SITE_GAME));
	js_set(game, "dir", js_new_string(path));
	for (int seat = 0; seat < job->bots; seat++) {
		struct js *bot = js_new_object();

		js_set(bot, "name", js_new_string(job->bot[seat].name));
		js_set(bot, "dir", js_new_string(work->dir[seat]));
		if (*site(work, SITE_POLICY))
			js_set(bot, "policy", js_new_string(site(work, SITE_POLICY)));
		js_add(bots, bot);
	}
	js_set(match, "game", game);
	js_set(match, "bots", bots);
	return match;
}

/* Plays. 0; 2: the match file is wrong; -1. */
static int
play(struct performance *work, const struct js *match)
{
	const char *words[] = { BIN_DIR "/match-run", "-q", "-o", work->result, MATCH_INPUT, NULL, NULL, NULL };
	cleanup_free char *text = js_print(match);
	struct buffer out, err;
	struct stat st;

	if (fstat(EVENTS_FD, &st) == 0) {
		words[4] = "--events";
		words[5] = "4";
		words[6] = MATCH_INPUT;
	}
	buffer_init(&out, 4096);
	buffer_init(&err, 65536);
	int status = capture_run(words, text, text ? strlen(text) : 0,
	    settings_number(&work->settings, SITE_MATCH_MS) + MATCH_EXTRA_MS, &out, &err);
	const char *said = buffer_text(&err);
	if (status != 0 && status != EXIT_CLIENT_ERROR) {
		const char *words_of = said && *said ? said : "no word";

		words_of += strncmp(words_of, "match-run: ", 11) == 0 ? 11 : 0;
		words_of += strncmp(words_of, MATCH_INPUT ": ", strlen(MATCH_INPUT) + 2) == 0
		    ? strlen(MATCH_INPUT) + 2 : 0;
		(void)fail(work, "%.*s", (int)strcspn(words_of, "\n"), words_of);
	}
	buffer_free(&out);
	buffer_free(&err);
	return status == 0 || status == EXIT_CLIENT_ERROR ? 0 : status == EXIT_USAGE ? EXIT_USAGE : -1;
}

/* --- what came of it */

static struct js *
new_time(void)
{
	char when[32];
	time_t now = time(NULL);

	strftime(when, sizeof(when), "%FT%TZ", gmtime(&now));
	return js_new_string(when);
}

static void
begin_outcome(struct performance *work)
{
	struct js *outcome = work->outcome = js_new_object();

	js_set(outcome, "type", js_new_string("result"));
	js_set(outcome, "kind", js_new_string(work->job.kind == JOB_BUILD ? "build" : "match"));
	js_set(outcome, "id", js_new_string(work->job.id));
	if (js_get(work->job.document, "match_id"))
		js_set(outcome, "match_id", js_copy(js_get(work->job.document, "match_id")));
	if (js_get(work->job.document, "job_id"))
		js_set(outcome, "job_id", js_copy(js_get(work->job.document, "job_id")));
	js_set(outcome, "status", NULL);
	js_set(outcome, "why", NULL);
}

static void
end_outcome(struct performance *work, const char *status, const char *why)
{
	js_set(work->outcome, "status", js_new_string(status));
	js_set(work->outcome, "why", why && *why ? js_new_string(why) : NULL);
	js_set(work->outcome, "finished_at", new_time());
}

static const char *
id_of(const struct job *job, const struct js *player, size_t seat)
{
	return seat < (size_t)job->bots ? job->bot[seat].id : js_string(js_get(player, "name"));
}

static struct js *
new_player(const struct performance *work, const struct js *its, size_t seat)
{
	static const char *const kept[] = { "name", "rank", "status", "fault", "why", "turns", "turn_us", "strikes" };
	struct js *player = js_new_object();

	js_set(player, "seat", js_new_integer((int64_t)seat));
	js_set(player, "id", js_new_string(id_of(&work->job, its, seat)));
	for (size_t i = 0; i < COUNT(kept); i++)
		js_set(player, kept[i], js_copy(js_get(its, kept[i])));
	return player;
}

/* What a text takes as JSON. */
static size_t
encoded(const char *text, size_t length)
{
	size_t total = 2;

	for (size_t i = 0; i < length; i++)
		total += (unsigned char)text[i] < ' ' ? 6 : strchr("\"\\", text[i]) ? 2
		    : (unsigned char)text[i] < 128 ? 1 : 3;
	return total;
}

/* If it is there already, or there is no room for it, it is left out. */
static void
add_file(struct js *files, int dir, const char *name, size_t *total)
{
	cleanup_close int fd = openat(dir, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	struct stat st;

	if (fd < 0 || js_get(files, name) || fstat(fd, &st) || !S_ISREG(st.st_mode) || st.st_size > FILES_MAX)
		return;
	cleanup_free char *text = malloc((size_t)st.st_size + 1);
	ssize_t length = text ? read(fd, text, (size_t)st.st_size) : -1;
	size_t room = length == st.st_size ? encoded(text, (size_t)length) : FILES_MAX + 1;
	if (*total + room > FILES_MAX)
		return;
	*total += room;
	js_set(files, name, js_new_text(text, (size_t)length));
}

/* Text files of the match, by name: whoever asked has the whole folder. What bots may have filled comes last. */
static void
add_files(struct performance *work)
{
	static const char *const first[] = { "result.json", "replay.jsonl", "match.log" };
	struct js *files = js_new_object();
	DIR *dir = opendir(work->result);
	struct dirent *entry;
	size_t total = 0;

	for (size_t i = 0; dir && i < COUNT(first); i++)
		add_file(files, dirfd(dir), first[i], &total);
	while (dir && (entry = readdir(dir)))
		add_file(files, dirfd(dir), entry->d_name, &total);
	if (dir)
		closedir(dir);
	js_set(work->outcome, "files", files);
}

static int
take_result(struct performance *work)
{
	char path[PATH_BYTES + 16], wrong[SETUP_ERROR_BYTES];
	cleanup_free char *text = NULL;
	int64_t winner;

	snprintf(path, sizeof(path), "%s/result.json", work->result);
	struct js *result = document_read(path, &text, wrong);
	if (!result)
		return fail(work, "%.500s", wrong);
	const char *outcome = js_string(js_get(result, "outcome"));
	const struct js *its = js_get(result, "players");
	struct js *players = js_new_array();
	for (size_t seat = 0; seat < js_count(its); seat++)
		js_add(players, new_player(work, js_at(its, seat), seat));
	bool won = js_integer(js_get(result, "winner"), &winner);
	js_set(work->outcome, "winner",
	    won ? js_new_string(id_of(&work->job, js_at(its, (size_t)winner), (size_t)winner)) : NULL);
	js_set(work->outcome, "winner_seat", js_copy(js_get(result, "winner")));
	js_set(work->outcome, "ranks", js_copy(js_get(result, "ranks")));
	js_set(work->outcome, "scores", js_copy(js_get(result, "scores")));
	js_set(work->outcome, "players", players);
	js_set(work->outcome, "duration_ms", js_new_real(js_member_number(result, "match_us") / 1000));
	js_set(work->outcome, "result", js_copy(result));
	end_outcome(work, outcome && strcmp(outcome, "finished") == 0 ? "completed" : outcome ? outcome : "failed",
	    js_string(js_get(result, "why")));
	js_free(result);
	if (work->job.wants_files)
		add_files(work);
	return 0;
}

/* Bots that could not be built lose to those that could, if there is one. */
static void
forfeit(struct performance *work)
{
	const struct job *job = &work->job;
	struct js *players = js_new_array(), *ranks = js_new_array();
	int good = 0, winner = -1;
	char why[600] = "";

	for (int seat = 0; seat < job->bots; seat++)
		if (!*work->fault[seat]) {
			good++;
			winner = seat;
		} else if (!*why)
			snprintf(why, sizeof(why), "%s: %s", job->bot[seat].id, work->fault[seat]);
	for (int seat = 0; seat < job->bots; seat++) {
		struct js *player = js_new_object();
		bool bad = *work->fault[seat];

		js_set(player, "seat", js_new_integer(seat));
		js_set(player, "id", js_new_string(job->bot[seat].id));
		js_set(player, "name", js_new_string(job->bot[seat].name));
		js_set(player, "rank", js_new_integer(bad ? good + 1 : 1));
		js_set(player, "status", js_new_string(bad ? "disqualified" : "finished"));
		js_set(player, "fault", bad ? js_new_string("build") : NULL);
		js_set(player, "why", bad ? js_new_string(work->fault[seat]) : NULL);
		js_add(players, player);
		js_add(ranks, js_new_integer(bad ? good + 1 : 1));
	}
	js_set(work->outcome, "winner", good == 1 ? js_new_string(job->bot[winner].id) : NULL);
	js_set(work->outcome, "winner_seat", good == 1 ? js_new_integer(winner) : NULL);
	js_set(work->outcome, "ranks", ranks);
	js_set(work->outcome, "players", players);
	js_set(work->outcome, "result", NULL);
	end_outcome(work, "client_error", why);
}

/* --- the two kinds */

static int
do_match(struct performance *work)
{
	bool bad = false;

	for (int seat = 0; seat < work->job.bots; seat++) {
		int wrong = find_bot(work, seat);

		if (wrong < 0)
			return -1;
		bad |= wrong > 0;
	}
	if (bad) {
		forfeit(work);
		return 0;
	}
	if (work->job.whole && check_whole(work))
		return EXIT_USAGE;
	struct js *match = work->job.whole ? js_copy(work->job.whole) : new_match(work);
	int status = play(work, match);
	js_free(match);
	/* A match that failed has a result, too, which says why; so has one whose jails were refused. */
	return status && access(work->result, F_OK) ? status : take_result(work);
}

static int
do_build(struct performance *work)
{
	static const char *const kept[] = { "sha256", "entry", "language", "policy", "size", "owner", "flattened",
		"dropped", "new" };
	char fault[400] = "";
	struct js *said = NULL;
	int wrong = make(work, &work->job.archive, fault, &said);

	js_set(work->outcome, "agent_id", *work->job.agent ? js_new_string(work->job.agent) : NULL);
	for (size_t i = 0; i < COUNT(kept) && wrong == 0; i++)
		js_set(work->outcome, kept[i], js_copy(js_get(said, kept[i])));
	js_free(said);
	if (wrong >= 0)
		end_outcome(work, wrong ? "client_error" : "completed", fault);
	return wrong < 0 ? -1 : 0;
}

static int
work_on(struct performance *work, const char *path)
{
	const struct job_bounds bounds = { (double)settings_number(&work->settings, SITE_TURN_MS),
		(double)settings_number(&work->settings, SITE_MATCH_MS) };
	char wrong[SETUP_ERROR_BYTES];
	struct buffer text;
	char bytes[65536];
	ssize_t length;

	/* All that is written on the way lies beside the result, and goes when whoever started us clears that away. */
	char beside[PATH_BYTES];
	snprintf(beside, sizeof(beside), "%s", work->result);
	char *slash = strrchr(beside, '/');
	if (slash && slash > beside) {
		*slash = '\0';
		(void)setenv("TMPDIR", beside, 1);
	}
	cleanup_close int fd = open(path, O_RDONLY | O_CLOEXEC);
	buffer_init(&text, ARCHIVE_MAX * 2);
	while (fd >= 0 && (length = read(fd, bytes, sizeof(bytes))) > 0)
		if (buffer_append(&text, bytes, (size_t)length))
			break;
	int status = job_read(&work->job, buffer_bytes(&text) ? buffer_bytes(&text) : "", text.length, &bounds,
	    work->why);
	buffer_free(&text);
	begin_outcome(work);
	if (status)
		return EXIT_USAGE;
	if (depot_open(&work->depot, site(work, SITE_STORE), true, wrong))
		return fail(work, "%.500s", wrong);
	depot_close(&work->depot);	/* its lock is for changes, which match-build makes */
	return work->job.kind == JOB_BUILD ? do_build(work) : do_match(work);
}

static int
perform_run(int argc, char *argv[])
{
	static struct performance work;
	char wrong[SETTINGS_WRONG_BYTES];
	int option;

	work.depot.lock = -1;
	if (settings_read(&work.settings, table, NULL, wrong))
		return command_usage(wrong);
	while ((option = command_option(perform_options, argc, argv)) != -1) {
		if (option < 0)
			return EXIT_USAGE;
		if (option == RESULT)
			work.result = optarg;
		else if (settings_set(&work.settings, option, optarg, wrong))
			return command_usage(wrong);
	}
	if (!work.result || optind + 1 < argc)
		return command_usage("--result is wanted, and one job at the most");
	int status = work_on(&work, optind < argc ? argv[optind] : JOB_PATH);
	/* A job that cannot be done is its sender's fault, whoever tries. */
	if (status)
		end_outcome(&work, status == EXIT_USAGE ? "client_error" : "failed", work.why);
	cleanup_free char *text = js_print(work.outcome);
	js_free(work.outcome);
	job_free(&work.job);
	settings_free(&work.settings);
	return !text || puts(text) < 0 || fflush(stdout) ? EXIT_OURS : 0;
}

int
main(int argc, char *argv[])
{
	return command_main(argc, argv, perform_run);
}
