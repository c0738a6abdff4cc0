/* What a line of a dialect becomes: its fields filled in. match-dialect(5), FIELDS OF LINES. */
#ifndef TALK_H
#define TALK_H

#include "party.h"

/*
 * Appends the line of a STEP_SEND to `out`, if its condition holds. -EMSGSIZE or -ENOMEM when it
 * does not fit.
 */
int talk_send(const struct step *step, const struct dialog *dialog, const struct facts *facts,
    struct buffer *out);

#endif
