/* Owns how a complaint is written. It never prints: whoever owns the program does. */
#include "complaint.h"

#include <stdarg.h>
#include <stdio.h>

int
complain(struct complaint *complaint, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	/* cut is fine */
	(void)vsnprintf(complaint->text, sizeof(complaint->text), format, args);
	va_end(args);
	return -1;
}
