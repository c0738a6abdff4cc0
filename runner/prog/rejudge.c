/* match-run rejudge: which losses on time would stand by another clock? */
#include "command.h"
#include "common.h"
#include "evidence.h"

#include <string.h>

const struct option_text rejudge_options[] = {
	{ "clock", 0, "KIND", "wall, cpu or fair (the default)" },
	{ NULL, 0, NULL, NULL },
};

/* What each player would have had and used by the other clock. */
struct tally {
	enum clock_kind kind;
	int64_t bank_us[PLAYERS_MAX], used_us[PLAYERS_MAX], worst_us[PLAYERS_MAX];
	int turns[PLAYERS_MAX], over[PLAYERS_MAX];
	int changed;		/* verdicts that would be another */
};

static void
print_turn(const struct records *records, const struct record *record, const struct tally *tally,
    int64_t charge, int64_t limit, const char *verdict)
{
	const struct usage *used = &record->event.usage;

	printf("%s: line %ld: %s %.1f of %.1f ms (wall %.1f, cpu %.1f, delayed %.1f, throttled %.1f): %s\n",
	    records->name[record->event.player], records->line, clock_names[tally->kind],
	    (double)charge / 1000, (double)limit / 1000, (double)used->wall_us / 1000,
	    (double)used->cpu_us / 1000, (double)used->delay_us / 1000,
	    (double)used->throttled_us / 1000, verdict);
}

/* A turn has ended; `limit` is what the rules gave for it. */
static void
judge(struct tally *tally, const struct records *records, const struct match_rules *rules,
    const struct record *record, int64_t limit, bool lost)
{
	int player = record->event.player;
	int64_t charge = clock_charge(tally->kind, &record->event.usage, rules->cpus_milli[player]);

	if (rules->clock.bank_us && limit > tally->bank_us[player])
		limit = tally->bank_us[player];
	tally->bank_us[player] += rules->clock.increment_us - charge;
	tally->used_us[player] += charge;
	tally->turns[player]++;
	if (charge > tally->worst_us[player])
		tally->worst_us[player] = charge;
	/* At the very moment of its deadline a turn has used up its time. */
	bool over = lost ? charge >= limit : charge > limit;
	tally->over[player] += over;
	if (over == lost && !lost)
		return;
	tally->changed += over != lost;
	print_turn(records, record, tally, charge, limit, over && lost ? "out of time, by this clock, too"
	    : over ? "was in time, and would be out of time" : "was out of time, and would have had more");
}

static int
rejudge(struct records *records, enum clock_kind kind)
{
	static struct match match;
	struct tally tally = { .kind = kind };
	struct record record;
	int64_t limit[PLAYERS_MAX];
	bool waited[PLAYERS_MAX];
	int read;

	match_init(&match, &records->rules);
	for (int i = 0; i < records->rules.players; i++)
		tally.bank_us[i] = records->rules.clock.bank_us;
	for (;;) {
		for (int i = 0; i < records->rules.players; i++) {
			limit[i] = match.seat[i].limit_us;
			waited[i] = match_waits_for(&match, i) && !match.starting;
		}
		if ((read = evidence_step(records, &match, &record)) <= 0)
			break;
		int player = record.kind == RECORD_EVENT && event_has_player(record.event.kind)
		    ? record.event.player : -1;
		if (player >= 0 && waited[player] && !match_waits_for(&match, player))
			judge(&tally, records, &match.rules, &record, limit[player],
			    match.seat[player].ask_fault == FAULT_timeout);
	}
	if (read < 0)
		fprintf(stderr, "match-run: %s\n", records->wrong);
	for (int i = 0; read == 0 && i < records->rules.players; i++)
		printf("%-16s %4d turns, %.1f ms in all, %.1f ms the longest, %d out of time by the %s clock\n",
		    records->name[i], tally.turns[i], (double)tally.used_us[i] / 1000,
		    (double)tally.worst_us[i] / 1000, tally.over[i], clock_names[kind]);
	if (read == 0)
		printf(tally.changed ? "by the %s clock, %d of these verdicts would be another\n"
		    : "by the %s clock, the verdict stands\n", clock_names[kind], tally.changed);
	return read < 0 ? EXIT_USAGE : tally.changed > 0;
}

int
rejudge_run(int argc, char *argv[])
{
	struct records records;
	char path[PATH_BYTES];
	int option, kind = CLOCK_FAIR, status = EXIT_USAGE;

	while ((option = command_option(rejudge_options, argc, argv)) != -1)
		if (option < 0 || (kind = name_index(clock_names, CLOCKS, optarg)) < 0)
			return option < 0 ? EXIT_USAGE : command_usage("--clock is wall, cpu or fair");
	if (optind + 1 != argc)
		return command_usage("rejudge needs one replay");
	evidence_replay(argv[optind], path);
	if (records_open(&records, path))
		fprintf(stderr, "match-run: %s\n", records.wrong);
	else
		status = rejudge(&records, (enum clock_kind)kind);
	records_close(&records);
	return status;
}
