/*
 * xstate.so, preloaded into user-mode-linux: writes back extended state on a CPU that has more of
 * it than fits.
 *
 * User-mode-linux 6.1 keeps 2,696 bytes of a process's extended state, which is all up to AVX-512.
 * On a CPU with AMX the state is 11,008 bytes: reading a part is allowed, but PTRACE_SETREGSET
 * takes all or nothing (EFAULT), and the machine dies at its first process. The rest is zeros here:
 * no process has AMX that did not ask for it (arch_prctl(2)). Refusing it the extended state
 * altogether was tried: it then keeps FXSAVE's part, and every page fault loses the upper halves of
 * AVX registers, which libc's memcmp compares with.
 */
#define _GNU_SOURCE
#include <cpuid.h>
#include <dlfcn.h>
#include <elf.h>
#include <stdarg.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/uio.h>

static size_t
state_size(void)
{
	unsigned enabled = 0, other;

	__cpuid_count(0xd, 0, other, enabled, other, other);
	return enabled;
}

long
ptrace(enum __ptrace_request request, ...)
{
	static char whole[65536] __attribute__((aligned(64)));
	static long (*next)(enum __ptrace_request, ...);
	struct iovec *part, all = { whole, state_size() };
	va_list list;

	va_start(list, request);
	pid_t pid = va_arg(list, pid_t);
	void *address = va_arg(list, void *), *data = va_arg(list, void *);
	va_end(list);
	if (!next)
		next = (long (*)(enum __ptrace_request, ...))dlsym(RTLD_NEXT, "ptrace");
	part = data;
	if (request != PTRACE_SETREGSET || address != (void *)NT_X86_XSTATE ||
	    part->iov_len >= all.iov_len)
		return next(request, pid, address, data);
	memcpy(whole, part->iov_base, part->iov_len);
	return next(request, pid, address, &all);
}
