/* match-run verify: does the replay lead to the result, and is it whole? */
#include "command.h"
#include "common.h"
#include "evidence.h"
#include "result.h"

#include <string.h>

static int
disagree(const char *what)
{
	fprintf(stderr, "match-run: result.json: %s is not what the replay leads to\n", what);
	return 1;
}

static bool
is_integer(const struct js *value, int64_t wanted)
{
	int64_t integer;

	return js_integer(value, &integer) && integer == wanted;
}

static bool
is_text(const struct js *value, const char *wanted)
{
	const char *text = js_string(value);

	return wanted ? text && strcmp(text, wanted) == 0 : !text;
}

static int
compare_player(const struct match *match, int player, const struct js *result)
{
	const struct seat *seat = &match->seat[player];

	if (seat->rank ? !is_integer(js_get(result, "rank"), seat->rank)
	    : !is_text(js_get(result, "rank"), NULL))
		return disagree("a rank");
	if (!is_text(js_get(result, "fault"), seat->fault ? fault_names[seat->fault] : NULL))
		return disagree("a fault");
	if (!is_integer(js_get(result, "turns"), seat->turns) ||
	    !is_integer(js_get(result, "turn_us"), seat->total_us))
		return disagree("the time that a player used");
	return 0;
}

static int
compare_head(const struct records *records, const struct js *result)
{
	for (int i = 0; i < records->rules.players; i++)
		if (!is_text(js_get(js_at(js_get(result, "players"), (size_t)i), "name"), records->name[i]))
			return disagree("a name");
	if (js_count(js_get(result, "players")) != (size_t)records->rules.players)
		return disagree("the number of players");
	return is_integer(js_get(result, "seed"), (int64_t)records->seed) ? 0 : disagree("the seed");
}

static int
compare(const struct match *match, const struct js *result)
{
	int winner = result_winner(match);

	if (!is_text(js_get(result, "outcome"), outcome_names[match->outcome]))
		return disagree("the outcome");
	for (int i = 0; i < match->rules.players; i++) {
		if (compare_player(match, i, js_at(js_get(result, "players"), (size_t)i)))
			return 1;
		if (match->seat[i].rank && !is_integer(js_at(js_get(result, "ranks"), (size_t)i),
		    match->seat[i].rank))
			return disagree("the list of ranks");
	}
	if (winner >= 0 ? !is_integer(js_get(result, "winner"), winner)
	    : js_integer(js_get(result, "winner"), &(int64_t){ 0 }))
		return disagree("the winner");
	return 0;
}

static void
keep_scores(struct raw end, char **scores)
{
	struct raw said = raw_get(end, "scores");

	free(*scores);
	*scores = said.bytes ? strndup(said.bytes, said.length) : NULL;
}

static int
compare_scores(const char *said, const struct js *result)
{
	char error[JS_ERROR_BYTES];
	struct js *parsed = said ? js_parse(said, strlen(said), error) : NULL;
	cleanup_free char *wanted = js_print(parsed), *got = js_print(js_get(result, "scores"));

	js_free(parsed);
	return strcmp(wanted ? wanted : "null", got ? got : "null") == 0 ? 0 : disagree("scores");
}

static int
verify(struct evidence *evidence)
{
	static struct match match;
	struct records *records = &evidence->records;
	struct record record;
	char digest[DIGEST_BYTES];
	cleanup_free char *scores = NULL;
	int read;

	match_init(&match, &records->rules);
	while ((read = evidence_step(records, &match, &record)) > 0)
		if (record.kind == RECORD_EVENT && record.event.kind == EVENT_END)
			keep_scores(record.said, &scores);
	if (read < 0) {
		fprintf(stderr, "match-run: %s\n", records->wrong);
		return 1;
	}
	records_digest(records, digest);
	if (!is_text(js_get(js_get(evidence->result, "replay"), "digest"), digest))
		return disagree("the replay's digest");
	if (compare_head(records, evidence->result) || compare(&match, evidence->result) ||
	    compare_scores(scores, evidence->result))
		return 1;
	printf("%ld lines, unbroken; the rules lead from them to this result: %s\n", records->line - 1,
	    outcome_names[match.outcome]);
	return fflush(stdout) ? EXIT_OURS : 0;
}

int
verify_run(int argc, char *argv[])
{
	struct evidence evidence;

	if (argc != 2)
		return command_usage("verify needs one result");
	int status = evidence_open(&evidence, argv[1]) ? EXIT_USAGE : verify(&evidence);
	evidence_close(&evidence);
	return status;
}
