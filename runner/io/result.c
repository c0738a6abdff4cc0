/* Owns the form of result.json. */
#include "result.h"

#include "common.h"
#include "digest.h"

#include <errno.h>
#include <fcntl.h>
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
	js_set(object, "policy", js_new_string(program->policy));
	js_set(object, "digest", new_digest(program->dir));
	js_set(object, "jail", js_copy(party->status));
}

static struct js *
new_player(const struct loop *loop, int index)
{
	const struct seat *seat = &loop->match.seat[index];
	struct js *player = js_new_object();

	set_program(player, &loop->setup->bot[index], &loop->party[index]);
	js_set(player, "rank", seat->rank ? js_new_integer(seat->rank) : NULL);
	js_set(player, "fault", seat->fault ? js_new_string(fault_names[seat->fault]) : NULL);
	js_set(player, "why", *loop->party[index].why ? js_new_string(loop->party[index].why)
	    : NULL);
	js_set(player, "turns", js_new_integer(seat->turns));
	js_set(player, "turn_us", js_new_integer(seat->total_us));
	return player;
}

static struct js *
new_result(const struct loop *loop, const char *path)
{
	struct js *result = js_new_object(), *players = js_new_array(), *ranks = js_new_array(),
	    *game = js_new_object();
	int winner = result_winner(&loop->match);
	char replay[8192], digest[DIGEST_BYTES];

	for (int i = 0; i < loop->match.rules.players; i++) {
		js_add(players, new_player(loop, i));
		js_add(ranks, loop->match.seat[i].rank ? js_new_integer(loop->match.seat[i].rank)
		    : NULL);
	}
	set_program(game, &loop->setup->game, &loop->party[loop->match.rules.players]);
	snprintf(replay, sizeof(replay), "%s/replay.jsonl", path);
	js_set(result, "v", js_new_integer(1));
	js_set(result, "outcome", js_new_string(outcome_names[loop->match.outcome]));
	js_set(result, "winner", winner >= 0 ? js_new_integer(winner) : NULL);
	js_set(result, "ranks", ranks);
	js_set(result, "scores", js_copy(loop->scores));
	js_set(result, "why", js_new_string(loop->why));
	js_set(result, "seed", js_new_integer((int64_t)loop->seed));
	js_set(result, "match_us", js_new_integer(loop->finish_us - loop->start_us));
	js_set(result, "players", players);
	js_set(result, "game", game);
	js_set(result, "replay", digest_file(replay, digest) ? NULL : js_new_string(digest));
	return result;
}

int
result_write(const struct loop *loop, int dir, const char *path)
{
	struct js *result = new_result(loop, path);
	cleanup_free char *text = js_print(result);
	int fd = openat(dir, "result.json", O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
	cleanup_file FILE *file = fd >= 0 ? fdopen(fd, "w") : NULL;

	js_free(result);
	if (!text || !file)
		return -errno;
	return fprintf(file, "%s\n", text) < 0 || fflush(file) || fsync(fd) ? -EIO : 0;
}
