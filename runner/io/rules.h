/* Clocks and fault policies, as the match file has them and as a replay keeps them. */
#ifndef RULES_H
#define RULES_H

#include "js.h"
#include "match.h"
#include "program.h"

/* From a match file: clock, faults, pause. -1. rules->players is set already. */
int rules_take(const struct reader *reader, const struct js *document, struct match_rules *rules);

/* As a JSON object, and back; false when it is no such object. */
struct js *rules_new(const struct match_rules *rules);
bool rules_of(const struct js *object, struct match_rules *rules);

#endif
