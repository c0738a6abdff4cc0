/*
 * Owns what Debian's libcap-ng.a asks of glibc and musl does not have: the checking variants of five functions, to
 * which fortified headers turned its calls. Everything else that it calls is the same in both on the kernel's ABI.
 */
#include <stdarg.h>
#include <stdio.h>
#include <syslog.h>

int __snprintf_chk(char *to, size_t size, int flag, size_t room, const char *format, ...);
int __sprintf_chk(char *to, int flag, size_t room, const char *format, ...);
int __asprintf_chk(char **to, int flag, const char *format, ...);
int __printf_chk(int flag, const char *format, ...);
void __syslog_chk(int priority, int flag, const char *format, ...);

#define PASS_ON(call) \
	va_list args; \
	va_start(args, format); \
	int length = call; \
	va_end(args); \
	return length

int
__snprintf_chk(char *to, size_t size, int flag, size_t room, const char *format, ...)
{
	(void)flag;
	PASS_ON(vsnprintf(to, size < room ? size : room, format, args));
}

int
__sprintf_chk(char *to, int flag, size_t room, const char *format, ...)
{
	(void)flag;
	PASS_ON(vsnprintf(to, room, format, args));
}

int
__asprintf_chk(char **to, int flag, const char *format, ...)
{
	(void)flag;
	PASS_ON(vasprintf(to, format, args));
}

int
__printf_chk(int flag, const char *format, ...)
{
	(void)flag;
	PASS_ON(vprintf(format, args));
}

void
__syslog_chk(int priority, int flag, const char *format, ...)
{
	(void)priority, (void)flag, (void)format;	/* libcap-ng logs only in functions that we do not call */
}
