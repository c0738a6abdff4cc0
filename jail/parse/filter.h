/* From rules to a seccomp filter: classic BPF as seccomp(2) loads it. Pure. */
#ifndef FILTER_H
#define FILTER_H

#include "answers.h"

#include <linux/filter.h>

/*
 * Writes the filter for this architecture: a binary tree over runs of equal answers, so that its
 * cost does not grow with its rules. Numbers from `count` up, and -1, are ENOSYS; foreign
 * architectures and x32 kill. Returns the number of instructions, or -1 when they do not fit
 * `most`.
 */
int filter_make(const struct rule *rules, int count, struct sock_filter *program, int most);

#endif
