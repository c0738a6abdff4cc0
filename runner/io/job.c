/* Owns the forms of jobs. */
#include "job.h"

#include "common.h"
#include "digest.h"
#include "nearest.h"
#include "program.h"
#include "raw.h"
#include "utf8.h"

#include <stdarg.h>
#include <string.h>

#define VALUES_MOST 100000
#define REPLY_PREFIX "match-results:"

static int __attribute__((format(printf, 2, 3)))
wrong(char why[JOB_WHY_BYTES], const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(why, JOB_WHY_BYTES, format, args);
	va_end(args);
	utf8_make_plain(why);
	return -1;
}

bool
job_is_id(const char *text)
{
	static const char characters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-";

	return text && *text && !strchr("._-", *text) && strlen(text) < JOB_ID_BYTES &&
	    strspn(text, characters) == strlen(text);
}

static const char *
member(const struct job *job, const char *key)
{
	return js_string(js_get(job->document, key));
}

/* An identifier that may be a string or a number: databases count. */
static bool
take_id(const struct js *value, char id[JOB_ID_BYTES])
{
	int64_t number;

	if (js_integer(value, &number) && number >= 0) {
		snprintf(id, JOB_ID_BYTES, "%lld", (long long)number);
		return true;
	}
	if (!job_is_id(js_string(value)))
		return false;
	snprintf(id, JOB_ID_BYTES, "%s", js_string(value));
	return true;
}

/* --- bots */

/* Names of a match differ, and are shorter than identifiers. If those are not so, all get their seat behind them. */
static void
name_bots(struct job *job)
{
	bool good = true;

	for (int i = 0; i < job->bots; i++) {
		good &= is_name(job->bot[i].id);
		for (int j = 0; j < i; j++)
			good &= strcmp(job->bot[j].id, job->bot[i].id) != 0;
	}
	for (int i = 0; i < job->bots; i++) {
		struct job_bot *bot = &job->bot[i];

		if (good)
			memcpy(bot->name, bot->id, strlen(bot->id) + 1);	/* is_name() has counted */
		else {
			char id[JOB_ID_BYTES];

			memcpy(id, bot->id, sizeof(id));
			snprintf(bot->name, sizeof(bot->name), "%.50s-%d", id, i);
		}
	}
}

static const struct {
	const char *key;
	enum job_source source;
	bool build;		/* can it be built from, too? */
} sources[] = {
	{ "sha256", SOURCE_STORE, false }, { "agent", SOURCE_STORE, false }, { "agent_id", SOURCE_STORE, false },
	{ "code", SOURCE_CODE, true }, { "archive", SOURCE_ARCHIVE, true }, { "path", SOURCE_PATH, true },
	{ "url", SOURCE_URL, true } };

static int
take_source(struct job_bot *bot, const struct js *object, bool build, char why[JOB_WHY_BYTES])
{
	int found = 0;

	for (size_t i = 0; i < COUNT(sources); i++) {
		const char *text = js_string(js_get(object, sources[i].key));

		if (!text || (build && !sources[i].build))
			continue;
		bot->source = sources[i].source;
		bot->text = text;
		found++;
	}
	if (found != 1)
		return wrong(why, build ? "what is built is one of archive, code, path, url"
		    : "a bot is one of sha256, agent, code, archive, path, url");
	if (bot->source == SOURCE_STORE && !job_is_id(bot->text))
		return wrong(why, "'%.80s' is no digest and no name of a bot", bot->text);
	if (bot->source == SOURCE_CODE && strlen(bot->text) > JOB_CODE_MAX)
		return wrong(why, "code is longer than 1 MiB");
	bot->language = js_string(js_get(object, "language"));
	if (bot->source == SOURCE_CODE && !bot->language)
		bot->language = "python";
	return 0;
}

static int
take_bot(struct job *job, const struct js *object, char why[JOB_WHY_BYTES])
{
	static const char *const known[] = { "name", "id", "sha256", "agent", "agent_id", "code", "language", "archive",
		"path", "url", NULL };
	struct job_bot *bot = &job->bot[job->bots];
	const struct js *name = js_get(object, "name") ? js_get(object, "name") : js_get(object, "id");

	if (js_string(object) && job_is_id(js_string(object))) {
		*bot = (struct job_bot){ .source = SOURCE_STORE, .text = js_string(object) };
		snprintf(bot->id, sizeof(bot->id), "%s", bot->text);
		return job->bots++, 0;
	}
	if (!js_is_object(object))
		return wrong(why, "bots are objects, or names of bots in the store");
	const char *key = js_unknown_key(object, known);
	if (key)
		return wrong(why, "unknown key '%.60s' of a bot", key);
	if (take_source(bot, object, false, why))
		return -1;
	if (name ? !take_id(name, bot->id) : (snprintf(bot->id, sizeof(bot->id), "%.*s", 12,
	    bot->source == SOURCE_STORE ? bot->text : "bot"), false))
		return wrong(why, "a bot's name is of letters, digits and . _ -");
	job->bots++;
	return 0;
}

static int
take_bots(struct job *job, const struct js *array, char why[JOB_WHY_BYTES])
{
	if (!js_is_array(array) || js_count(array) < 1 || js_count(array) > PLAYERS_MAX)
		return wrong(why, "bots must be a list of 1 to %d", PLAYERS_MAX);
	for (size_t i = 0; i < js_count(array); i++)
		if (take_bot(job, js_at(array, i), why))
			return -1;
	return 0;
}

/* --- what a match is like */

/* Copies what is a match file's own. */
static void
copy_members(struct job *job, const char *const *keys)
{
	for (; *keys; keys++)
		if (js_get(job->document, *keys))
			js_set(job->match, *keys, js_copy(js_get(job->document, *keys)));
}

/* Times are what others wait for: a site has bounds. */
static int
bound_clock(struct job *job, const struct job_bounds *bounds, char why[JOB_WHY_BYTES])
{
	struct js *clock = js_get(job->match, "clock") ? js_copy(js_get(job->match, "clock")) : js_new_object();
	static const char *const turns[] = { "turn_ms", "first_ms" };
	double ms;

	for (size_t i = 0; i < COUNT(turns); i++)
		if (js_number(js_get(clock, turns[i]), &ms) && !(ms > 0 && ms <= bounds->turn_ms)) {
			js_free(clock);
			return wrong(why, "%s must be more than 0 and at most %.0f here", turns[i], bounds->turn_ms);
		}
	bool given = js_number(js_get(clock, "match_ms"), &ms);
	if (given && !(ms > 0 && ms <= bounds->match_ms)) {
		js_free(clock);
		return wrong(why, "match_ms must be more than 0 and at most %.0f here", bounds->match_ms);
	}
	if (!given)
		js_set(clock, "match_ms", js_new_real(bounds->match_ms));
	js_set(job->match, "clock", clock);
	return 0;
}

/* What bots print is kept: no more of it than a match file without a word allows. */
static int
bound_caps(const struct job *job, char why[JOB_WHY_BYTES])
{
	static const struct {
		const char *key;
		double most;
	} caps[] = { { "line", 1 << 20 }, { "turn", 4 << 20 }, { "match", 64 << 20 }, { "log", 5 << 20 },
		{ "game", 1 << 30 } };
	double bytes;

	for (size_t i = 0; i < COUNT(caps); i++)
		if (js_number(js_get(js_get(job->match, "caps"), caps[i].key), &bytes) && bytes > caps[i].most)
			return wrong(why, "caps.%s must be at most %.0f here", caps[i].key, caps[i].most);
	return 0;
}

/* Being asked again costs a bot nothing and is written down each time: it must come to an end. */
static int
bound_faults(const struct job *job, char why[JOB_WHY_BYTES])
{
	static const char *const names[] = {
#define FAULT(ident, name, fatal, standing, what) name,
#include "faults.def"
#undef FAULT
	};

	for (size_t i = 0; i < COUNT(names); i++) {
		const struct js *rule = js_get(js_get(job->match, "faults"), names[i]);
		const char *remedy = js_string(js_get(rule, "do")) ? js_string(js_get(rule, "do")) : js_string(rule);
		int64_t strikes = 0;

		(void)js_integer(js_get(rule, "strikes"), &strikes);
		if (remedy && strcmp(remedy, "again") == 0 && !(strikes > 0 && strikes <= JOB_STRIKES_MAX))
			return wrong(why, "faults.%s: again needs strikes here, at most %d", names[i], JOB_STRIKES_MAX);
	}
	return 0;
}

/* Seconds in "config" become milliseconds of a clock. */
static int
take_config(struct job *job, const struct js *config, char why[JOB_WHY_BYTES])
{
	static const struct {
		const char *key, *clock;
		double factor;
	} times[] = { { "turn_time_limit", "turn_ms", 1000 }, { "turn_time_limit_ms", "turn_ms", 1 },
		{ "first_turn_time_limit", "first_ms", 1000 }, { "match_time_limit", "match_ms", 1000 } };
	struct js *clock = js_new_object();
	double number;
	int64_t seed;

	for (size_t i = 0; i < COUNT(times); i++)
		if (js_number(js_get(config, times[i].key), &number))
			js_set(clock, times[i].clock, js_new_real(number * times[i].factor));
	js_set(job->match, "clock", clock);
	if (js_integer(js_get(config, "seed"), &seed))
		js_set(job->match, "seed", js_new_integer(seed));
	if (js_is_object(js_get(config, "options")))
		js_set(job->match, "options", js_copy(js_get(config, "options")));
	const char *game = js_string(js_get(config, "game"));
	if (game && !is_name(game))
		return wrong(why, "'%.60s' is no name of a game", game);
	snprintf(job->game, sizeof(job->game), "%s", game ? game : "");
	return 0;
}

/* --- the three forms of a match */

static int
take_own(struct job *job, char why[JOB_WHY_BYTES])
{
	static const char *const known[] = { "type", "id", "match_id", "job_id", "game", "bots", "clock", "faults",
		"caps", "pause", "seed", "options", "ready", "match", "reply_to", "files", NULL },
	    *const kept[] = { "clock", "faults", "caps", "pause", "seed", "options", "ready", NULL };
	const char *game = member(job, "game"), *key = js_unknown_key(job->document, known);
	const char *nearest = key ? nearest_word(key, known) : NULL;

	if (key)
		return wrong(why, nearest ? "unknown key '%.60s'; did you mean '%s'?" : "unknown key '%.60s'", key,
		    nearest);
	job->whole = js_get(job->document, "match");
	if (job->whole)
		return js_is_object(job->whole) ? 0 : wrong(why, "match must be a match file");
	if (js_get(job->document, "game") && !is_name(game))
		return wrong(why, "game must be the name of a game");
	snprintf(job->game, sizeof(job->game), "%s", game ? game : "");
	copy_members(job, kept);
	return take_bots(job, js_get(job->document, "bots"), why);
}

/* {"type":"match","match_id","job_id","config":{...},"agent_ids":[...]} */
static int
take_club(struct job *job, char why[JOB_WHY_BYTES])
{
	if (take_config(job, js_get(job->document, "config"), why))
		return -1;
	const struct js *ids = js_get(job->document, "agent_ids");
	for (size_t i = 0; i < js_count(ids) && i < PLAYERS_MAX; i++) {
		struct job_bot *bot = &job->bot[job->bots++];

		if (!take_id(js_at(ids, i), bot->id))
			return wrong(why, "an agent's id is of letters, digits and . _ -");
		bot->source = SOURCE_STORE;
		bot->text = bot->id;
	}
	return js_count(ids) >= 1 && js_count(ids) <= PLAYERS_MAX ? 0
	    : wrong(why, "agent_ids must be a list of 1 to %d", PLAYERS_MAX);
}

/* {"id","p1","p2","p1_code","p2_code"} */
static int
take_duel(struct job *job, char why[JOB_WHY_BYTES])
{
	static const char *const names[] = { "p1", "p2" }, *const codes[] = { "p1_code", "p2_code" };

	for (int i = 0; i < 2; i++) {
		struct job_bot *bot = &job->bot[i];

		*bot = (struct job_bot){ .source = SOURCE_CODE,
			.text = member(job, codes[i]),
			.language = member(job, "language") };
		if (!bot->text || strlen(bot->text) > JOB_CODE_MAX)
			return wrong(why, "%s must be code, up to 1 MiB", codes[i]);
		if (!bot->language)
			bot->language = "python";
		if (!take_id(js_get(job->document, names[i]), bot->id))
			return wrong(why, "%s must be a name of letters, digits and . _ -", names[i]);
		job->bots++;
	}
	return 0;
}

static int
take_match(struct job *job, const struct job_bounds *bounds, char why[JOB_WHY_BYTES])
{
	job->match = js_new_object();
	int bad = js_get(job->document, "agent_ids") ? take_club(job, why)
	    : js_get(job->document, "p1_code") ? take_duel(job, why) : take_own(job, why);
	if (bad || job->whole)
		return bad;
	name_bots(job);
	return bound_clock(job, bounds, why) || bound_caps(job, why) || bound_faults(job, why) ? -1 : 0;
}

/* A name that is no digest: match-build takes those for bots of a store. */
static bool
take_name(const struct js *value, char name[JOB_ID_BYTES])
{
	return take_id(value, name) && !digest_is(name);
}

/* {"type":"build","job_id","agent_id","owner","archive"|"code"|"path"|"url","language"} */
static int
take_build(struct job *job, char why[JOB_WHY_BYTES])
{
	const struct js *agent = js_get(job->document, "agent_id");

	if (take_source(&job->archive, job->document, true, why))
		return -1;
	if (agent && !take_name(agent, job->agent))
		return wrong(why, "an agent's id is of letters, digits and . _ -, and no SHA-256");
	const struct js *owner = js_get(job->document, "owner") ? js_get(job->document, "owner")
	    : js_get(job->document, "user_id");
	if (owner && !take_name(owner, job->owner))
		return wrong(why, "an owner's name is of letters, digits and . _ -, and no SHA-256");
	return 0;
}

/* --- */

static int
take_identity(struct job *job, char why[JOB_WHY_BYTES])
{
	static const char *const keys[] = { "match_id", "id", "build_id", "job_id" };

	for (size_t i = 0; i < COUNT(keys); i++)
		if (js_get(job->document, keys[i]))
			return take_id(js_get(job->document, keys[i]), job->id) ? 0
			    : wrong(why, "%s must be of 1 to 64 letters, digits and . _ -", keys[i]);
	return wrong(why, "a job needs an id");
}

bool
job_is_small(const char *text, size_t length)
{
	bool quoted = false;
	int values = 0;

	for (size_t i = 0; i < length && values <= VALUES_MOST; i++)
		if (quoted && text[i] == '\\')
			i++;
		else if (text[i] == '"')
			quoted = !quoted;
		else if (!quoted)
			values += text[i] == ',' || text[i] == '[' || text[i] == '{';
	return values <= VALUES_MOST;
}

int
job_read(struct job *job, const char *text, size_t length, const struct job_bounds *bounds,
    char why[JOB_WHY_BYTES])
{
	char error[JS_ERROR_BYTES];

	*job = (struct job){ .kind = JOB_MATCH };
	if (!job_is_small(text, length))
		return wrong(why, "it has more than %d values", VALUES_MOST);
	job->document = js_parse(text, length, error);
	if (!job->document || !js_is_object(job->document))
		return wrong(why, "it is no JSON object: %s", job->document ? "it is of another kind" : error);
	if (take_identity(job, why))
		return -1;
	const char *type = member(job, "type"), *reply = member(job, "reply_to");
	job->wants_files = js_is_true(js_get(job->document, "files"));
	if (reply && (strncmp(reply, REPLY_PREFIX, strlen(REPLY_PREFIX)) != 0 ||
	    !job_is_id(reply + strlen(REPLY_PREFIX))))
		return wrong(why, "reply_to must begin with " REPLY_PREFIX);
	job->reply = reply;		/* only now: of a job that is refused, too, the result goes there */
	if (type && strcmp(type, "build") == 0) {
		job->kind = JOB_BUILD;
		return take_build(job, why);
	}
	if (type && strcmp(type, "match") != 0)
		return wrong(why, "type must be match or build, not '%.40s'", type);
	return take_match(job, bounds, why);
}

void
job_free(struct job *job)
{
	js_free(job->match);
	js_free(job->document);
	*job = (struct job){ .document = NULL };
}
