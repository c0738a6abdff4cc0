/* The names of the steps of a launch: for -n, the status line and the man page. */
#ifndef STEPS_H
#define STEPS_H

enum step {
#define STEP(ident, name, where, what) STEP_##ident,
#include "steps.def"
#undef STEP
	STEPS
};

struct step_row {
	const char *name, *where, *what;
};

extern const struct step_row step_rows[STEPS];

#endif
