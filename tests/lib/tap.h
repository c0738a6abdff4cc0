/* TAP for unit tests in C: ok(), is(), and at the end return done_testing(). */
#ifndef TAP_H
#define TAP_H

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static int tap_count, tap_failed;

static inline int __attribute__((format(printf, 2, 3)))
ok(int right, const char *format, ...)
{
	va_list args;

	tap_count++;
	tap_failed += !right;
	printf("%sok %d - ", right ? "" : "not ", tap_count);
	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	printf("\n");
	return right;
}

static inline int
is_text(const char *got, const char *wanted, const char *name)
{
	if (ok(strcmp(got, wanted) == 0, "%s", name))
		return 1;
	printf("#   got:    %s\n#   wanted: %s\n", got, wanted);
	return 0;
}

static inline int
done_testing(void)
{
	printf("1..%d\n", tap_count);
	return tap_failed ? 1 : 0;
}

#endif
