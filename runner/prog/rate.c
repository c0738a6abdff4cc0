/* match-tournament show and rate: standings and ratings as text, or as JSON. */
#include "contests.h"

#include "common.h"
#include "standings.h"

#include <string.h>

#define SHOWN_MOST 8	/* columns of a table of chances: 80 characters */

enum { SYSTEM, FORMAT };
enum { SHOW_FORMAT };

const struct option_text rate_options[] = {
	[SYSTEM] = { "system", 's', "NAME", "elo, bt, glicko2 or openskill, instead of the tournament's" },
	[FORMAT] = { "format", 0, "text|json", "how it is printed" },
	{ NULL, 0, NULL, NULL },
};
const struct option_text status_options[] = {
	[SHOW_FORMAT] = { "format", 0, "text|json", "how it is printed" },
	{ NULL, 0, NULL, NULL },
};

static int
take_format(bool *json)
{
	*json = strcmp(optarg, "json") == 0;
	return *json || strcmp(optarg, "text") == 0 ? 0 : command_usage("--format is text or json");
}

/* --- ratings */

static void
print_chances(const struct cup *cup, const struct board *board)
{
	int shown = board->bots < SHOWN_MOST ? board->bots : SHOWN_MOST;

	printf("\nLikelihood that the bot of a line is stronger than that of a column, in percent%s:\n\n%30s",
	    shown < board->bots ? " (--format json has all bots)" : "", "");
	for (int i = 0; i < shown; i++)
		printf("%6d", board->standing[i].place);
	putchar('\n');
	for (int i = 0; i < shown; i++) {
		int a = board->standing[i].bot;

		printf("%4d  ", board->standing[i].place);
		put_column(stdout, cup->tourney.lineup.bot[a].title, 24);
		for (int j = 0; j < shown; j++)
			if (i == j)
				printf("%6s", "-");
			else
				printf("%6.1f",
				    100 * board->rates.superiority[a * board->bots + board->standing[j].bot]);
		putchar('\n');
	}
}

static int
print_json(struct js *object)
{
	cleanup_free char *text = js_print_pretty(object);

	js_free(object);
	return text && puts(text) >= 0 && fflush(stdout) == 0 ? 0 : EXIT_OURS;
}

static int
rate(struct cup *cup, enum system system, bool json, bool chances)
{
	struct board board;
	int status = board_make(cup, system, &board) ? command_fail(EXIT_OURS, "out of memory") : 0;

	if (!status && chances)
		board_by_rating(&board);
	if (!status && json)
		status = print_json(board_new(cup, &board, system));
	else if (!status) {
		board_print(cup, &board, system, 0, "\n", stdout);
		tests_print(cup, stdout);
		if (chances)
			print_chances(cup, &board);
	}
	board_free(&board);
	return status ? status : fflush(stdout) ? EXIT_OURS : 0;
}

int
rate_run(int argc, char *argv[])
{
	static struct cup cup;
	int option, system = -1;
	bool json = false;

	while ((option = command_option(rate_options, argc, argv)) != -1) {
		if (option < 0 || (option == FORMAT && take_format(&json)))
			return EXIT_USAGE;
		if (option == SYSTEM && (system = name_index(system_names, SYSTEMS, optarg)) < 0)
			return command_usage("--system is elo, bt, glicko2 or openskill");
	}
	if (optind + 1 != argc)
		return command_usage("rate needs the folder of a tournament");
	int status = cup_open(&cup, argv[optind], NULL, CUP_LOOK) ? contest_failed(&cup)
	    : rate(&cup, system < 0 ? cup.tourney.system : (enum system)system, json, true);
	cup_close(&cup);
	return status;
}

/* --- how far it is */

static void
print_progress(const struct cup *cup)
{
	size_t states[ENTRY_STATES] = { 0 };

	for (size_t i = 0; i < cup->count; i++)
		states[cup->entry[i].state]++;
	printf("%s, %s of %d bots: %zu matches, %zu left, %zu failed, %zu not needed\n\n", cup->tourney.title,
	    format_names[cup->tourney.rules.format], cup->tourney.lineup.bots, cup->count, states[ENTRY_PLANNED],
	    states[ENTRY_FAILED], states[ENTRY_DROPPED]);
}

static int
show_match(const struct cup *cup, const char *text)
{
	char folder[PATH_BYTES];
	uint64_t number;

	if (!command_number(text, cup->count, &number) || number < 1)
		return command_fail(EXIT_USAGE, "there is no match %s", text);
	const struct entry *entry = &cup->entry[number - 1];
	printf("match %d, round %d, %s: %s", entry->number, entry->round, cup->tourney.lineup.game[entry->game].name,
	    entry_states[entry->state]);
	if (*cup->note[number - 1].why)
		printf(" (");
	command_print_plain(cup->note[number - 1].why);
	printf(*cup->note[number - 1].why ? ")\n" : "\n");
	for (int seat = 0; seat < entry->players; seat++) {
		printf("  ");
		put_column(stdout, cup_title(cup, entry, seat), 24);
		if (entry->state == ENTRY_PLAYED)
			printf(" %2d. %s", entry->rank[seat],
			    entry->fault[seat] ? fault_names[entry->fault[seat]] : "");
		putchar('\n');
	}
	cup_folder(cup, entry, folder);
	if (access(folder, F_OK) == 0)
		printf("%s\n", folder);
	return fflush(stdout) ? EXIT_OURS : 0;
}

int
status_run(int argc, char *argv[])
{
	static struct cup cup;
	bool json = false;
	int option;

	while ((option = command_option(status_options, argc, argv)) != -1)
		if (option < 0 || take_format(&json))
			return EXIT_USAGE;
	if (optind + 1 != argc && optind + 2 != argc)
		return command_usage("show needs the folder of a tournament, and may have the number of a match");
	int status = cup_open(&cup, argv[optind], NULL, CUP_LOOK) ? contest_failed(&cup) : 0;
	if (!status && optind + 2 == argc)
		status = show_match(&cup, argv[optind + 1]);
	else if (!status) {
		if (!json)
			print_progress(&cup);
		status = rate(&cup, cup.tourney.system, json, false);
	}
	cup_close(&cup);
	return status;
}
