/* Owns the form of what checks print. */
#include "report.h"

#include "command.h"
#include "common.h"

#include <stdarg.h>

void
report_claim(struct report *report, bool holds, const char *claim, const char *words,
    const char *fix)
{
	report->checks++;
	report->wrong += !holds;
	printf("%s %d - %s\n", holds ? "ok" : "not ok", report->checks, claim);
	if (holds)
		return;
	if (words && *words) {
		printf("    ");
		command_print_plain(words);
		printf("\n");
	}
	if (fix)
		printf("    fix: %s\n", fix);
}

void
report_note(const char *format, ...)
{
	va_list args;

	printf("# ");
	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	printf("\n");
}

int
report_end(const struct report *report)
{
	if (report->wrong == 0)
		printf("all %d checks passed\n", report->checks);
	else
		printf("%d of %d checks failed\n", report->wrong, report->checks);
	return fflush(stdout) ? EXIT_OURS : report->wrong > 0;
}
