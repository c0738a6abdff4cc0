/* Owns the form of result.json: match-result(5). */
#include "result.h"

#include "common.h"
#include "digest.h"
#include "folder.h"

#include <string.h>

int
result_winner(const struct match *match)
{
	int winner = -1, firsts = 0;

	for (int i = 0; i < match->rules.players; i++)
		if (match->seat[i].rank == 1) {
			winner = i;
			firsts++;
		}
	return firsts == 1 && match->outcome != OUTCOME_FAILED ? winner : -1;
}

static struct js *
new_digest(const char *path)
{
	char digest[DIGEST_BYTES];

	return digest_dir(path, digest) ? NULL : js_new_string(digest);
}

/* What the jail reported, and which program in which folder under which policy that was. */
static void
set_program(struct js *object, const struct program *program, const struct party *party)
{
	js_set(object, "name", js_new_string(program->name));
	js_set(object, "policy", program->person ? NULL : js_new_string(program->policy));
	js_set(object, "protocol", js_new_string(program->person ? "person" : program->protocol));
	js_set(object, "protocol_digest", *program->dialect_digest
	    ? js_new_string(program->dialect_digest) : NULL);
	js_set(object, "digest", program->person ? NULL : new_digest(program->dir));
	js_set(object, "jail", js_copy(party->status));
}

static struct js *
new_player(const struct loop *loop, int index)
{
	const struct seat *seat = &loop->match.seat[index];
	struct js *player = js_new_object();

	set_program(player, &loop->setup->bot[index], &loop->party[index]);
	js_set(player, "rank", seat->rank ? js_new_integer(seat->rank) : NULL);
	js_set(player, "status", js_new_string(match_standing(&loop->match, index)));
	js_set(player, "fault", seat->fault ? js_new_string(fault_names[seat->fault]) : NULL);
	js_set(player, "why", seat->fault && *loop->party[index].why ? js_new_string(loop->party[index].why)
	    : NULL);
	js_set(player, "turns", js_new_integer(seat->turns));
	js_set(player, "turn_us", js_new_integer(seat->total_us));
	js_set(player, "strikes", js_new_integer(seat->strikes));
	js_set(player, "log_bytes", js_new_integer((int64_t)loop->party[index].log.length));
	return player;
}

static struct js *
new_replay(const struct loop *loop)
{
	struct js *replay = js_new_object();

	js_set(replay, "file", js_new_string("replay.jsonl"));
	js_set(replay, "lines", js_new_integer(loop->replay.lines));
	js_set(replay, "digest", js_new_string(loop->replay_digest));
	return replay;
}

static struct js *
new_result(const struct loop *loop)
{
	struct js *result = js_new_object(), *players = js_new_array(), *ranks = js_new_array(),
	    *game = js_new_object();
	int winner = result_winner(&loop->match);
	char error[JS_ERROR_BYTES];

	for (int i = 0; i < loop->match.rules.players; i++) {
		js_add(players, new_player(loop, i));
		js_add(ranks, loop->match.seat[i].rank ? js_new_integer(loop->match.seat[i].rank)
		    : NULL);
	}
	set_program(game, &loop->setup->game, &loop->party[loop->match.rules.players]);
	js_set(game, "options", js_copy(loop->setup->options));
	js_set(result, "v", js_new_integer(2));
	js_set(result, "outcome", js_new_string(outcome_names[loop->match.outcome]));
	js_set(result, "winner", winner >= 0 ? js_new_integer(winner) : NULL);
	js_set(result, "ranks", ranks);
	js_set(result, "scores", loop->scores ? js_parse(loop->scores, strlen(loop->scores), error)
	    : NULL);
	js_set(result, "why", js_new_string(loop->why));
	js_set(result, "seed", js_new_integer((int64_t)loop->seed));
	js_set(result, "clock", js_new_string(clock_names[loop->match.rules.clock.kind]));
	js_set(result, "cpu", loop->setup->cpu >= 0 ? js_new_integer(loop->setup->cpu) : NULL);
	js_set(result, "match_us", js_new_integer(loop->finish_us - loop->start_us));
	js_set(result, "players", players);
	js_set(result, "game", game);
	js_set(result, "replay", new_replay(loop));
	js_set(result, "runner", js_new_string("match-run " VERSION));
	return result;
}

int
result_write(const struct loop *loop, int dir)
{
	struct js *result = new_result(loop);
	int error = folder_write(dir, "result.json", result);

	js_free(result);
	return error;
}
