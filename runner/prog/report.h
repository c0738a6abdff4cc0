/* What a check found: one line each, and for what is wrong how to mend it. */
#ifndef REPORT_H
#define REPORT_H

#include <stdbool.h>

struct report {
	int checks, wrong;
};

/* "ok - claim", or "not ok - claim", the words and "fix: ...". */
void report_claim(struct report *report, bool holds, const char *claim, const char *words,
    const char *fix);
void report_note(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* The last line, and the exit status. */
int report_end(const struct report *report);

#endif
