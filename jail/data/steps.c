/* Owns the table of steps. */
#include "steps.h"

const struct step_row step_rows[STEPS] = {
#define STEP(ident, name, where, what) [STEP_##ident] = { name, where, what },
#include "steps.def"
#undef STEP
};
