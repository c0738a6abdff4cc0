/* What a fault costs, and who has won: the verdicts of match.c. Nobody else includes this. */
#ifndef JUDGE_H
#define JUDGE_H

#include "match.h"

void judge_act(struct actions *actions, enum action_kind kind, int player, int64_t at_us);

/* The player did something wrong; match_waits_for() says whether instead of an answer. */
void judge_fault(struct match *match, int player, enum fault fault, const struct usage *usage,
    int64_t at_us, struct actions *actions);

/* Books what the present ask has cost a player so far. */
void judge_charge(struct match *match, int player, const struct usage *usage);

/* Asks a player, in the present ask, for at most `limit_us`. */
void judge_ask(struct match *match, int player, int64_t limit_us, int64_t at_us,
    struct actions *actions);

/* Takes out everybody whose fault is due; ends the match when at most one is left. */
void judge_due(struct match *match, struct actions *actions);

void judge_finish(struct match *match, enum outcome outcome, struct actions *actions);

/* Those who are still in share the first place. */
void judge_forfeit(struct match *match, struct actions *actions);

#endif
