/* Sentences for people about what became of a jail: what failed, and the cure. */
#ifndef EXPLAIN_H
#define EXPLAIN_H

#include "outcome.h"
#include "plan.h"

/*
 * After a failed step: writes outcome->complaint, and turns what is a refusal by nature into one.
 */
void explain_failure(struct outcome *outcome, const struct plan *plan, const char *slot);

/* A word about a jail that did not end by itself, or that a limit ended; "" for one that did. */
void explain_end(const struct outcome *outcome, const struct plan *plan, struct complaint *words);

#endif
