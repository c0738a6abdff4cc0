/*
 * Who meets whom: tournament formats. Given the plan so far, all of it settled, a format says which pairings come
 * next. The same plan gives the same pairings. tournament.json(5), FORMATS.
 */
#ifndef FORMAT_H
#define FORMAT_H

#include "elo.h"
#include "entry.h"
#include "sprt.h"

enum format {
	FORMAT_ROUND_ROBIN, FORMAT_GAUNTLET, FORMAT_SWISS, FORMAT_SINGLE, FORMAT_DOUBLE, FORMAT_GROUPS, FORMAT_LADDER,
	FORMAT_TABLES, FORMATS
};
extern const char *const format_names[FORMATS];

struct format_rules {
	enum format format;
	int rounds;		/* cycles of a round robin and gauntlet; rounds of swiss, ladder, tables */
	int sets;		/* of each pairing: its seat rotations are played so often */
	int best_of;		/* games of an elimination pairing; 0: by sets */
	int knockout;		/* rounds from this one on are elimination; 0: none is */
	int groups, advance;	/* FORMAT_GROUPS: how many groups, and how many of each go on */
	int pairs;		/* FORMAT_LADDER: in a round; 0: as many as there are */
	int starve; /* FORMAT_LADDER: in every so many rounds each bot plays, if pairs * starve >= bots */
	int seats;		/* FORMAT_TABLES: players of a match; else 2 */
	bool rotate;		/* play all seat rotations of a set; else one */
	bool hero[BOTS_MAX];	/* FORMAT_GAUNTLET: who meets all that are none */
	bool has_sprt;
	struct sprt_rules sprt;
	int games;		/* each pairing plays all of them */
	int pool[GAMES_MAX];	/* positions to begin with; 1: only the game's own */
	int64_t seed;
};

struct pairing {
	int round, players;	/* 1: a bye */
	int bot[PLAYERS_MAX];
	bool extra;		/* a tie is to be broken: one set more */
};

/* The plan so far, and memory that the caller lends. */
struct contest {
	const struct format_rules *rules;
	const struct entry *entry;
	size_t count;
	int bots;
	const bool *gone;	/* by bot: withdrawn */
	int *met;		/* CONTEST_MET(bots) */
	double *work;		/* CONTEST_WORK(bots) */
	struct bout *bouts;	/* count */
};
#define CONTEST_MET(bots) ((size_t)(bots) * (size_t)(bots) + 8 * (size_t)(bots) + 16)
#define CONTEST_WORK(bots) (4 * (size_t)(bots) + (size_t)(bots) * (size_t)(bots) + ELO_WORK(bots))

/* Where pairings go. */
struct draw {
	void (*take)(struct draw *draw, const struct pairing *pairing);
	int count;		/* so many were given */
};

/* Why a tournament is impossible. */
struct misfit {
	const char *what;	/* for printf, with two %d; NULL: it is possible */
	int asked, possible;
};

/* Completes rules for so many bots. */
struct misfit format_begin(struct format_rules *rules, int bots);

/* Do later rounds depend on the results of earlier ones? */
bool format_rests(const struct format_rules *rules);

/* Gives the next pairings; draw->count stays 0 when the tournament is over. */
void format_next(const struct contest *contest, struct draw *draw);

/* How many entries a pairing makes. */
int format_entries(const struct format_rules *rules, const struct pairing *pairing);

/* The entry number `index` of a pairing, itself the `number`th of the plan, of pairing number `pairing_number`. */
struct entry format_entry(const struct format_rules *rules, const struct pairing *pairing, int pairing_number,
    int index, int number);

/*
 * Drops what a pairing need not play any more, because it is decided by what stands before: best of N, or a
 * sequential test. `entry` are all entries of one pairing in plan order. How many were dropped.
 */
int format_settle(const struct format_rules *rules, struct entry *entry, size_t count);

/*
 * The sequential test of a pairing's entries, as far as they are settled: fills what it has seen. How many entries
 * it took to decide; 0: it has not.
 */
size_t format_test(const struct format_rules *rules, const struct entry *entry, size_t count, struct sprt *sprt);

/* --- for the files of single formats */

void draw_pair(struct draw *draw, int round, int a, int b);
void draw_in_turn(struct draw *draw, int round, int turn, int a, int b);	/* odd turns: b has the first seat */
void draw_bye(struct draw *draw, int round, int bot);
void contest_seats(const struct contest *contest, int *a, int *b);	/* a: who has had the first seat less often */
int contest_round(const struct contest *contest);		/* of the last entry; 0: there is none */
void contest_met(const struct contest *contest);		/* fills met[a * bots + b]: pairings of the two */
void contest_points(
    const struct contest *contest, int before, double *points); /* by bot, of rounds before that */
int contest_list(const struct contest *contest, int *bots);	/* who is not withdrawn, in order; how many */

void robin_next(const struct contest *contest, struct draw *draw);
void gauntlet_next(const struct contest *contest, struct draw *draw);
void swiss_next(const struct contest *contest, struct draw *draw);
void single_next(const struct contest *contest, struct draw *draw);
void double_next(const struct contest *contest, struct draw *draw);
void groups_next(const struct contest *contest, struct draw *draw);
void ladder_next(const struct contest *contest, struct draw *draw);
void tables_next(const struct contest *contest, struct draw *draw);

void groups_begin(struct format_rules *rules, int bots);

/* Who of two goes on to the next round of a knockout; or that it is not known yet. */
#define BRACKET_OPEN (-2)
int bracket_winner(const struct contest *contest, int round, int a, int b);
int contest_last(const struct contest *contest, int bot);	/* the round of his last entry; 0: he has none */

/*
 * Puts `count` bots, the best first, in their places of a bracket, in which the best rest if any. Its size, below
 * 2 * count.
 */
int bracket_fill(const int *bot, int count, int *slot);

/*
 * One round: who goes on to the next is in the first half of slot[], BRACKET_OPEN for each pairing that was given.
 * Losers are listed behind each other if somebody wants them. How many losers.
 */
int bracket_round(const struct contest *contest, struct draw *draw, int round, int *slot, int size, int *loser);

/* As many rounds as it takes to find a pairing, beginning with this one. */
void bracket_next(const struct contest *contest, struct draw *draw, int round, int *slot, int size);

/* The pairs of one round, from 0, of a round robin of `count`: pair `index` in *a and *b. false: there are no more. */
bool circle_pair(int count, int round, int index, int *a, int *b);
int circle_rounds(int count);

#endif
