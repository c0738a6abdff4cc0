/* Policies as text for people: show, diff, explain, list. */
#ifndef POLICY_SHOW_H
#define POLICY_SHOW_H

#include "policy.h"

/* Every resolved line, with its origin and its comment. */
void policy_show(const struct policy *policy);

/* One line: the name, the limits that people ask for first, and the policy's own first comment. */
void policy_print_line(const struct policy *policy);

/* Lines that only one of them has, behind '-' and '+'. 0 when they grant the same, else 1. */
int policy_diff(const struct policy *a, const struct policy *b);

/* What the policy answers to a system call and why. 0, or 1 when there is no such call. */
int policy_explain(const struct policy *policy, const char *call);

#endif
