/* match-run explain: one paragraph why the loser lost, with the numbers. */
#include "command.h"
#include "common.h"
#include "evidence.h"

#include <string.h>

/* The ask in which a player failed, as far as there was one. */
struct last_turn {
	struct usage usage;
	int64_t limit_us;
	bool known;
};

static double
ms(int64_t us)
{
	return (double)us / 1000;
}

static void
explain_time(const struct last_turn *turn, const struct match_rules *rules, int player)
{
	const struct usage *used = &turn->usage;

	printf(" It had %.1f ms, by the %s clock, and after %.1f ms of real time there was no answer:"
	    " its programs had run for %.1f ms, one of them was kept from running by others for %.1f ms,"
	    " and its own cpu-rate held it back for %.1f ms.",
	    ms(turn->limit_us), clock_names[rules->clock.kind], ms(used->wall_us), ms(used->cpu_us),
	    ms(used->delay_us), ms(used->throttled_us));
	int64_t fair = clock_charge(CLOCK_FAIR, used, rules->cpus_milli[player]);
	if (rules->clock.kind != CLOCK_FAIR)
		printf(fair >= turn->limit_us ? " By the fair clock that is %.1f ms: too long, too."
		    : " By the fair clock that is %.1f ms, and %.1f ms more were left to it.", ms(fair),
		    ms(turn->limit_us - fair));
	else if (used->cpu_us < turn->limit_us / 10)
		printf(" It was waiting, not working.");
}

static void
explain_jail(const struct js *player)
{
	const struct js *jail = js_get(player, "jail");
	const char *reason = js_string(js_get(jail, "reason")),
	    *call = js_string(js_get(js_get(jail, "syscall"), "name"));

	if (!reason)
		return;
	printf(" Its jail ended as '");
	command_print_plain(reason);
	printf("'");
	if (call) {
		printf(" for the system call ");
		command_print_plain(call);
	}
	if (js_member_number(jail, "memory_peak") > 0)
		printf(", having used %.1f MiB at most of the %.0f MiB that it could have",
		    js_member_number(jail, "memory_peak") / (1 << 20),
		    js_member_number(js_get(jail, "limits"), "memory") / (1 << 20));
	printf(" and %.1f ms of CPU time.", js_member_number(jail, "cpu_us") / 1000);
}

static void
explain_player(const struct match *match, const struct records *records, const struct js *result,
    int player, const struct last_turn *turn)
{
	const struct seat *seat = &match->seat[player];
	const struct js *told = js_at(js_get(result, "players"), (size_t)player);
	const char *why = js_string(js_get(told, "why"));

	if (!seat->fault)
		return;
	printf(" %s lost by %s: %s", records->name[player], fault_names[seat->fault],
	    fault_whats[seat->fault]);
	if (why)
		printf(" (");
	if (why)
		command_print_plain(why);
	printf(why ? ")," : ",");
	printf(" after %d answers that took %.1f ms in all.", seat->turns, ms(seat->total_us));
	if (seat->fault == FAULT_timeout && turn->known)
		explain_time(turn, &match->rules, player);
	explain_jail(told);
}

static void
explain_end(const struct match *match, const struct records *records, const struct js *result)
{
	const char *why = js_string(js_get(result, "why"));
	int64_t winner;

	printf("%s, %d players, %.1f s.", records->game, match->rules.players,
	    js_member_number(result, "match_us") / 1e6);
	if (js_integer(js_get(result, "winner"), &winner) && winner >= 0 && winner < match->rules.players)
		printf(" %s won", records->name[winner]);
	else
		printf(match->outcome == OUTCOME_FAILED ? " The match failed, so nobody won"
		    : " Nobody won alone");
	if (why && *why) {
		printf(": ");
		command_print_plain(why);
	}
	printf(".");
}

static int
explain(struct evidence *evidence)
{
	static struct match match;
	struct last_turn turns[PLAYERS_MAX] = { { { 0 }, 0, false } };
	struct records *records = &evidence->records;
	struct record record;
	int read;

	match_init(&match, &records->rules);
	for (;;) {
		struct match before = match;

		if ((read = evidence_step(records, &match, &record)) <= 0)
			break;
		int player = record.event.player;
		if (record.kind == RECORD_EVENT && event_has_player(record.event.kind) && player >= 0 &&
		    match_waits_for(&before, player))
			turns[player] = (struct last_turn){ record.event.usage, before.seat[player].limit_us,
				!before.starting };
	}
	if (read < 0) {
		fprintf(stderr, "match-run: %s\n", records->wrong);
		return EXIT_USAGE;
	}
	explain_end(&match, records, evidence->result);
	for (int i = 0; i < match.rules.players; i++)
		explain_player(&match, records, evidence->result, i, &turns[i]);
	printf("\n");
	return fflush(stdout) ? EXIT_OURS : 0;
}

int
explain_run(int argc, char *argv[])
{
	struct evidence evidence;

	if (argc != 2)
		return command_usage("explain needs one result");
	int status = evidence_open(&evidence, argv[1]) ? EXIT_USAGE : explain(&evidence);
	evidence_close(&evidence);
	return status;
}
