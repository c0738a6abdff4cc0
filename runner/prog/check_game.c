/* match-run check-game: plays a game with scripted players, and looks for what would spoil a match. */
#include "command.h"
#include "common.h"
#include "digest.h"
#include "drive.h"
#include "game.h"
#include "match.h"
#include "report.h"
#include "seed.h"

#include <string.h>

#define WAIT_MS 10000
#define LEAVE_MS 2000
#define STAYS_MS 100		/* for one that has been waited for in vain */
#define ASKS_MAX 20000
#define ROUNDS 20

/* How a scripted player answers. */
enum manner { LEGAL, DEFAULTS, JUNK, SILENT, RANDOM_JUNK };

struct script {
	enum manner manner;
	uint64_t seed;			/* of the players' choices */
	uint64_t game_seed;
	int players, watched;		/* watched: whose views are digested; -1: everything said is */
	int asks_most;			/* then the input ends: 0: never */
	bool other_names;
	const struct js *options;	/* over the game's own; may be NULL */
};

/* What came of one game. */
struct played {
	bool ready, ended, left;	/* said ready; said end; exited 0 at the end of input */
	int asks, frames, bads, rank[PLAYERS_MAX];
	bool legal_missing, one_at_a_time, crashed;
	char scores_text[256], digest[DIGEST_BYTES], wrong[320];
};

static struct program game;
static const char *helper;

/* --- one game */

static char *
init_text(const struct script *script)
{
	struct setup setup = { .rules.players = script->players };
	struct js *options = js_merge(js_get(game.manifest, "options"), script->options);

	for (int i = 0; i < script->players; i++)
		snprintf(setup.bot[i].name, NAME_MAX_BYTES, "%s%d", script->other_names ? "zoe" : "ann",
		    script->other_names ? script->players - i : i);
	setup.options = options;
	char *text = game_init_text(&setup, script->game_seed);
	js_free(options);
	return text;
}

static const char *
junk(uint64_t dice)
{
	static const char *const junks[] = { "null", "{}", "[]", "\"\"", "-1", "1e300", "true",
	    "{\"a\":[[[[{\"b\":null}]]]]}", "\"\\u0000\"", "123456789012345678901234567890",
	    "\"no such move\"", "[1,2,3]", "0.5", "{\"move\":{}}", "\"\\ud83d\\ude00\"" };

	return junks[dice % COUNT(junks)];
}

/* Appends the player's action; false: he gives none. */
static bool
put_action(const struct script *script, struct played *played, int player, struct raw view,
    struct raw fallback, struct buffer *out)
{
	uint64_t dice = seed_of(script->seed, (unsigned)(played->asks * PLAYERS_MAX + player));
	struct raw legal = raw_get(view, "legal"), one, chosen = fallback;
	size_t at = 0, count = 0;

	if (script->manner == SILENT)
		return false;
	if (script->manner == JUNK || (script->manner == RANDOM_JUNK && dice % 3 == 0)) {
		buffer_put(out, junk(dice >> 8));
		return true;
	}
	while (raw_next(legal, &at, NULL).bytes)
		count++;
	at = 0;
	if (count > 0 && script->manner != DEFAULTS)
		for (size_t i = 0; i <= dice % count && (one = raw_next(legal, &at, NULL)).bytes; i++)
			chosen = one;
	played->legal_missing |= !chosen.bytes;
	buffer_put_bytes(out, chosen.bytes ? chosen.bytes : "null", chosen.bytes ? chosen.length : 4);
	return true;
}

static void
put_key(struct buffer *out, int player, bool first)
{
	buffer_putf(out, "%s\"%d\":", first ? "" : ",", player);
}

/* The answer to an ask. */
static void
put_acts(const struct script *script, struct played *played, const struct message *ask,
    struct buffer *out)
{
	struct buffer fail;
	bool first = true;

	buffer_init(&fail, 4096);
	buffer_putf(out, "{\"t\":\"acts\",\"id\":%lld,\"acts\":{", (long long)ask->event.id);
	for (int i = 0; i < script->players; i++) {
		struct buffer action;

		if (!(ask->event.mask >> i & 1))
			continue;
		buffer_init(&action, 1 << 20);
		if (put_action(script, played, i, ask->part[i], ask->fallback[i], &action)) {
			put_key(out, i, first);
			buffer_put_bytes(out, buffer_bytes(&action), action.length);
			first = false;
		} else {
			put_key(&fail, i, fail.length == 0);
			buffer_put(&fail, "\"timeout\"");
		}
		buffer_free(&action);
	}
	buffer_put(out, "},\"fail\":{");
	buffer_put_bytes(out, fail.length ? buffer_bytes(&fail) : "", fail.length);
	buffer_put(out, "},\"ms\":{}}");
	buffer_free(&fail);
}

/* A ruling: the players gave nothing better, so they have no action. */
static void
put_ruling(int64_t id, uint32_t mask, struct buffer *out)
{
	bool first = true;

	buffer_putf(out, "{\"t\":\"acts\",\"id\":%lld,\"acts\":{},\"fail\":{", (long long)id);
	for (int i = 0; i < PLAYERS_MAX; i++)
		if (mask >> i & 1) {
			put_key(out, i, first);
			buffer_put(out, "\"bad-action\"");
			first = false;
		}
	buffer_put(out, "},\"ms\":{}}");
}

static void
note_end(struct played *played, const struct message *message, int players)
{
	played->ended = true;
	for (int i = 0; i < players; i++)
		played->rank[i] = message->event.rank[i];
	if (message->scores.bytes)
		snprintf(played->scores_text, sizeof(played->scores_text), "%.*s",
		    (int)message->scores.length, message->scores.bytes);
}

/* What the watched player sees, or, if none is, everything. */
static void
watch(const struct script *script, struct digest *digest, const struct message *message,
    const char *line, size_t length)
{
	if (script->watched < 0) {
		digest_add(digest, line, length);
		return;
	}
	struct raw part = message->part[script->watched];
	if (part.bytes)
		digest_add(digest, part.bytes, part.length);
}

/* One message. false: the game is over. */
static bool
take_message(const struct script *script, struct drive *drive, struct played *played,
    const struct message *message, int64_t *id)
{
	struct buffer out;
	bool ask = message->kind == MESSAGE_EVENT && message->event.kind == EVENT_ASK,
	    bad = message->kind == MESSAGE_EVENT && message->event.kind == EVENT_BAD;

	played->frames += message->kind == MESSAGE_FRAME;
	if (message->kind == MESSAGE_EVENT && message->event.kind == EVENT_END)
		note_end(played, message, script->players);
	if (played->ended || (script->asks_most && played->asks >= script->asks_most && (ask || bad)))
		return false;
	if (!ask && !bad)
		return true;
	buffer_init(&out, 32 << 20);
	if (ask) {
		*id = message->event.id;
		played->one_at_a_time &= (message->event.mask & (message->event.mask - 1)) == 0;
		put_acts(script, played, message, &out);
		played->asks++;
	} else {
		put_ruling(*id, message->event.mask, &out);
		played->bads++;
	}
	bool sent = drive_send(drive, buffer_bytes(&out), out.length);
	buffer_free(&out);
	if (!sent)
		snprintf(played->wrong, sizeof(played->wrong), "it does not read what it is sent");
	return sent;
}

static void
talk(const struct script *script, struct drive *drive, struct played *played, struct digest *digest)
{
	const char *line;
	size_t length;
	int64_t id = 0;

	while ((line = drive_line(drive, WAIT_MS, &length))) {
		struct message message;

		game_parse(line, length, script->players, &message);
		if (message.kind == MESSAGE_WRONG) {
			snprintf(played->wrong, sizeof(played->wrong), "%s: %.60s", message.why, line);
			return;
		}
		played->ready |= message.kind == MESSAGE_EVENT && message.event.kind == EVENT_GAME_READY;
		watch(script, digest, &message, line, length);
		if (!take_message(script, drive, played, &message, &id))
			return;
		if (played->asks > ASKS_MAX || played->bads > ASKS_MAX) {
			snprintf(played->wrong, sizeof(played->wrong), "no end after %d asks", ASKS_MAX);
			return;
		}
	}
	played->crashed = drive->ended;
	snprintf(played->wrong, sizeof(played->wrong), drive->ended
	    ? "its program ended in the middle: %.200s" : "it said nothing for 10 s %.200s",
	    drive->log.length && buffer_text(&drive->log) ? buffer_bytes(&drive->log) +
	    (drive->log.length > 200 ? drive->log.length - 200 : 0) : "");
}

static void
leave(struct drive *drive, struct played *played)
{
	static bool stays;
	int64_t status = -1;

	drive_close(drive);
	struct js *jail = drive_wait(drive, stays ? STAYS_MS : LEAVE_MS);
	stays |= !jail;
	played->left = js_integer(js_get(jail, "exit"), &status) && status == 0;
	js_free(jail);
}

static void
play(const struct script *script, struct played *played)
{
	struct drive drive;
	struct digest digest;
	cleanup_free char *init = init_text(script);

	*played = (struct played){ .one_at_a_time = true };
	digest_begin(&digest);
	if (drive_start(&drive, helper, &game, 0) || !init || !drive_send(&drive, init, strlen(init)))
		snprintf(played->wrong, sizeof(played->wrong), "it cannot be started");
	else
		talk(script, &drive, played, &digest);
	leave(&drive, played);
	drive_end(&drive);
	digest_end(&digest, played->digest);
}

/* --- the checks */

static bool
same_ranks(const struct played *a, const struct played *b, int players)
{
	return memcmp(a->rank, b->rank, (size_t)players * sizeof(*a->rank)) == 0 &&
	    strcmp(a->scores_text, b->scores_text) == 0;
}

/* A program that died has one thing to mend before all others. */
static const char *
fix_of(const struct played *played, const char *fix)
{
	return played->crashed ? "it crashed: its last words are above" : fix;
}

/* false: there is no sense in looking further. */
static bool
check_basics(struct report *report, const struct script *script)
{
	struct played played, again;
	char claim[96];

	play(script, &played);
	snprintf(claim, sizeof(claim), "%d players: it says that it is ready", script->players);
	report_claim(report, played.ready, claim, played.wrong,
	    fix_of(&played, "answer the init line with {\"t\":\"ready\"}, and flush"));
	snprintf(claim, sizeof(claim), "%d players: it comes to its end, with ranks", script->players);
	report_claim(report, played.ended, claim, played.wrong,
	    fix_of(&played, "every game needs a bound on its turns, and a last line {\"t\":\"end\",\"ranks\":[...]}"));
	if (!played.ended) {
		report_note("the rest is not looked at until a game can be played");
		return false;
	}
	report_claim(report, !played.legal_missing, "every view has a list \"legal\", or the ask a default",
	    "", "generic bots, this check and people need one of them");
	report_claim(report, played.left, "it exits with 0 at the end of its input", "",
	    "read standard input to its end after \"end\"");
	report_claim(report, played.frames > 0, "it draws frames", "",
	    "send {\"t\":\"frame\",\"view\":{\"text\":\"...\"}} for replays and onlookers");
	play(script, &again);
	report_claim(report, strcmp(played.digest, again.digest) == 0, "the same seed gives the same game", "",
	    "take all chance from init.seed; no clock, no address, no unordered set");
	const char *turns = js_string(js_get(game.manifest, "turns"));
	if (turns)
		report_claim(report, (strcmp(turns, "one") == 0) == played.one_at_a_time,
		    "it asks as game.json says (turns)", "",
		    "\"turns\": \"one\" if each ask goes to one player, else \"all\"");
	else
		report_note("game.json has no \"turns\": with \"one\", a match shares one CPU and is faster");
	return true;
}

static void
check_names(struct report *report, struct script script)
{
	struct played played, renamed;

	play(&script, &played);
	script.other_names = true;
	play(&script, &renamed);
	report_claim(report, same_ranks(&played, &renamed, script.players),
	    "the names of the players make no difference", "", "use player numbers only");
}

static void
check_manner(struct report *report, struct script script, enum manner manner, const char *claim,
    const char *fix)
{
	struct played played;

	script.manner = manner;
	play(&script, &played);
	report_claim(report, played.ended && played.left, claim, played.wrong, fix_of(&played, fix));
}

static void
check_stops(struct report *report, struct script script)
{
	struct played played;
	bool leaves = true;

	for (int asks = 1; asks <= 3; asks++) {
		script.asks_most = asks;
		play(&script, &played);
		leaves &= played.left || played.ended;
	}
	report_claim(report, leaves, "it exits with 0 when its input ends in the middle", "",
	    "the end of input means that the match is over: exit at once");
}

/* Two worlds that differ in what one player cannot see. */
static void
check_worlds(struct report *report, struct script script)
{
	const struct js *worlds = js_get(game.manifest, "worlds"), *options = js_get(worlds, "options");
	struct played one, other;
	int64_t player = 0;

	if (!worlds) {
		report_note("game.json declares no \"worlds\": that a player sees only what he may is not checked");
		return;
	}
	(void)js_integer(js_get(worlds, "player"), &player);	/* 0, if it says nothing */
	script.watched = (int)player;
	bool same = true, differ = false;
	for (int round = 0; round < ROUNDS; round++) {
		script.seed = (uint64_t)round;
		script.options = js_at(options, 0);
		play(&script, &one);
		script.options = js_at(options, 1);
		play(&script, &other);
		same &= strcmp(one.digest, other.digest) == 0;
		differ |= !same_ranks(&one, &other, script.players);
	}
	report_claim(report, same, "what a player cannot see does not change what he sees", "",
	    "compare his views in the two worlds of game.json: one of them tells too much");
	report_claim(report, differ, "and the two worlds do differ: some game ends otherwise", "",
	    "choose worlds whose hidden part decides some game");
}

static void
note_seats(struct script script)
{
	int firsts[PLAYERS_MAX] = { 0 }, draws = 0;

	for (int round = 0; round < ROUNDS; round++) {
		struct played played;
		int best = 0, winner = -1;

		script.seed = script.game_seed = (uint64_t)round + 100;
		play(&script, &played);
		for (int i = 0; i < script.players; i++)
			if (played.rank[i] == 1) {
				winner = i;
				best++;
			}
		if (best == 1)
			firsts[winner]++;
		else
			draws++;
	}
	for (int i = 0; i < script.players; i++)
		report_note("seat %d won %d of %d games between players of equal strength", i, firsts[i], ROUNDS);
	report_note("%d had no single winner; a seat with an advantage calls for matches in all rotations",
	    draws);
}

static int
check(struct report *report)
{
	const struct js *counts = js_get(game.manifest, "players");
	int64_t least = 2, most = 2;

	(void)js_integer(js_at(counts, 0), &least);	/* it may say nothing */
	(void)js_integer(js_at(counts, 1), &most);
	if (least < 1 || most > PLAYERS_MAX || least > most)
		return command_usage("game.json: players must be two numbers from 1 to 16");
	report_claim(report, counts != NULL, "game.json tells for how many players it is", "",
	    "\"players\": [2, 2]");
	for (int64_t players = least; players <= most; players++)
		if (!check_basics(report, &(struct script){ LEGAL, 7, 77, (int)players, -1, 0, false, NULL }))
			return report_end(report);
	struct script script = { LEGAL, 7, 77, (int)least, -1, 0, false, NULL };
	check_names(report, script);
	check_manner(report, script, RANDOM_JUNK, "it takes any JSON for an action, and goes on",
	    "check type and value of every action; answer {\"t\":\"bad\",...}, then read acts again");
	check_manner(report, script, JUNK, "it comes to its end when every action is illegal",
	    "after bad, acts may hold no action for the player: pass for him, or play a default");
	check_manner(report, script, SILENT, "it comes to its end when nobody ever answers",
	    "a player in fail and not in acts has no action: pass for him, or play a default");
	check_manner(report, script, DEFAULTS, "it comes to its end by its own defaults",
	    "a default must be legal");
	check_stops(report, script);
	check_worlds(report, script);
	note_seats(script);
	return report_end(report);
}

int
check_game_run(int argc, char *argv[])
{
	char error[SETUP_ERROR_BYTES];
	struct reader reader = { .path = "check-game", .base = ".", .error = error };
	struct report report = { 0, 0 };

	if (argc != 2)
		return command_usage("check-game needs the folder of one game");
	helper = command_helper();
	if (!helper)
		return EXIT_USAGE;
	struct js *object = js_new_string(argv[1]);
	int wrong = program_read(&reader, object, "game", "game.json", &game);
	if (wrong)
		fprintf(stderr, "match-run: %s\n", error);
	int status = wrong ? EXIT_USAGE : check(&report);
	js_free(object);
	program_free(&game);
	return status;
}
