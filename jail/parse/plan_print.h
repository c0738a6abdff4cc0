/* What bot-jail -n shows. */
#ifndef PLAN_PRINT_H
#define PLAN_PRINT_H

#include "outcome.h"
#include "plan.h"

/* Prints the plan, with the cgroup limits as the kernel read them back, and the steps. */
void plan_print(const struct plan *plan, const struct outcome *outcome);

#endif
