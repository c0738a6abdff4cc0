/*
 * Owns what is answered to each system call, whatever a policy says. libseccomp knows the names and
 * numbers.
 */
#include "answers.h"

#include <fcntl.h>
#include <linux/sched.h>
#include <seccomp.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/stat.h>

#define NAMESPACE_FLAGS (CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWUSER | CLONE_NEWPID | \
    CLONE_NEWNET)
#ifndef PR_SET_MEMORY_MERGE
#define PR_SET_MEMORY_MERGE 67	/* include/uapi/linux/prctl.h, since Linux 6.4 */
#endif
#define CREATES (O_CREAT | (O_TMPFILE & ~O_DIRECTORY))

const char *const answer_names[ANSWERS] = {
	[ANSWER_ENOSYS] = "ENOSYS", [ANSWER_EPERM] = "EPERM", [ANSWER_EACCES] = "EACCES",
	[ANSWER_EOPNOTSUPP] = "EOPNOTSUPP", [ANSWER_ALLOW] = "allow", [ANSWER_KILL] = "kill",
};

static const struct {
	const char *family, *name;
} families[] = {
#define CALL(family, name) { family, name },
#include "families.def"
#undef CALL
};

static const char *const networks[] = {
#define NETWORK(name) name,
#include "networks.def"
#undef NETWORK
};

/*
 * New ways to do old things, with arguments behind pointers that no filter can read: libraries fall
 * back.
 */
static const char *const missing[] = {
	"clone3", "openat2", "io_uring_setup", "io_uring_enter", "io_uring_register",
	"pkey_alloc", "pkey_free", "pkey_mprotect",
};

/*
 * A writable slot belongs to the caller on the host, so no file of the bot's may become setuid.
 * Each call that takes a mode: in which argument, and in which the flags that make it count (-1: it
 * always does).
 */
static const struct moded {
	const char *name;
	int mode, flags;
} moded[] = {
	{ "chmod", 1, -1 }, { "fchmod", 1, -1 }, { "fchmodat", 2, -1 }, { "fchmodat2", 2, -1 },
	{ "creat", 1, -1 },
	{ "mkdir", 1, -1 }, { "mkdirat", 2, -1 }, { "mknod", 1, -1 }, { "mknodat", 2, -1 },
	{ "open", 2, 1 }, { "openat", 3, 2 },
};

/* What cp(1) and install(1) do without where a file system has no such attributes. */
static const char *const attributes[] = {
	"setxattr", "lsetxattr", "fsetxattr", "removexattr", "lremovexattr", "fremovexattr",
};

/*
 * Arguments that no listing opens. Typing into a terminal. A resource limit that a piped
 * core_pattern obeys only while it is 1 (core(5)). Pages that no cgroup counts, or that are shared
 * with whoever has the same. Making a socket of another family loads its module before it fails.
 */
static const struct closed {
	const char *name;
	struct test test;
} closed[] = {
	{ "ioctl",        { 1, false, ~0u, TIOCSTI, ANSWER_KILL } },
	{ "ioctl",        { 1, false, ~0u, TIOCLINUX, ANSWER_KILL } },
	{ "clone",        { 0, true, NAMESPACE_FLAGS, 0, ANSWER_KILL } },
	{ "setrlimit",    { 0, false, ~0u, RLIMIT_CORE, ANSWER_EPERM } },
	{ "prlimit64",    { 1, false, ~0u, RLIMIT_CORE, ANSWER_EPERM } },
	{ "mmap",         { 3, false, MAP_HUGETLB, MAP_HUGETLB, ANSWER_EPERM } },
	{ "memfd_create", { 1, false, MFD_HUGETLB, MFD_HUGETLB, ANSWER_EPERM } },
	{ "shmget",       { 2, false, SHM_HUGETLB, SHM_HUGETLB, ANSWER_EPERM } },
	{ "prctl",        { 0, false, ~0u, PR_SET_MEMORY_MERGE, ANSWER_EPERM } },
	{ "madvise",      { 2, false, ~0u, MADV_MERGEABLE, ANSWER_EPERM } },
	{ "socketpair",   { 0, true, ~0u, AF_UNIX, ANSWER_EACCES } },
	{ "socket",       { 0, true, ~0u, AF_UNIX, ANSWER_EACCES } },
};

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

static bool
is_in(const char *const *list, size_t count, const char *name)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(list[i], name) == 0)
			return true;
	return false;
}

const char *
answers_family(const char *name)
{
	for (size_t i = 0; i < COUNT(families); i++)
		if (strcmp(families[i].name, name) == 0)
			return families[i].family;
	return NULL;
}

const char *
answers_forbidden(const char *name)
{
	if (answers_family(name))
		return "belongs to a family that is always closed";
	if (is_in(missing, COUNT(missing), name))
		return "is always answered with ENOSYS: its arguments are out of a filter's sight";
	return NULL;
}

static const struct moded *
find_moded(const char *name)
{
	for (size_t i = 0; i < COUNT(moded); i++)
		if (strcmp(moded[i].name, name) == 0)
			return &moded[i];
	return NULL;
}

bool
answers_has_mode(const char *name)
{
	return find_moded(name) != NULL;
}

int
call_number(const char *name)
{
	int number = seccomp_syscall_resolve_name_arch(SCMP_ARCH_NATIVE, name);

	return number >= 0 && number < CALLS_MAX ? number : -1;
}

const char *
call_of_number(int number)
{
	/* libseccomp's strings are the caller's to free: keep each once */
	static char *names[CALLS_MAX];

	if (!names[number])
		names[number] = seccomp_syscall_resolve_num_arch(SCMP_ARCH_NATIVE, number);
	return names[number];
}

static void
add_test(struct rule *rule, int arg, uint32_t mask, uint32_t value, enum answer answer)
{
	rule->test[rule->tests++] = (struct test){ (uint8_t)arg, false, mask, value, answer };
}

/* The answer to a known call that is not listed. */
static enum answer
unlisted(const char *name)
{
	if (is_in(attributes, COUNT(attributes), name))
		return ANSWER_EOPNOTSUPP;
	return is_in(networks, COUNT(networks), name) ? ANSWER_EACCES : ANSWER_EPERM;
}

static void
rule_listed(const char *name, const struct listing *listing, struct rule *rule)
{
	enum answer yes = listing->listed ? ANSWER_ALLOW : unlisted(name);

	rule->otherwise = listing->count ? unlisted(name) : yes;
	for (int i = 0; i < listing->count; i++)
		add_test(rule, listing->arg, ~0u, listing->values[i], yes);
}

static void
rule_moded(const struct moded *call, struct rule *rule)
{
	if (call->flags >= 0)
		add_test(rule, call->flags, CREATES, 0, ANSWER_ALLOW);
	add_test(rule, call->mode, S_ISUID | S_ISGID, 0, ANSWER_ALLOW);
	rule->otherwise = ANSWER_EPERM;
}

void
answers_rule(int number, const struct listing *listing, struct rule *rule)
{
	const char *name = call_of_number(number);

	*rule = (struct rule){ .otherwise = ANSWER_ENOSYS };
	if (!name || is_in(missing, COUNT(missing), name))
		return;
	rule->otherwise = ANSWER_KILL;
	if (answers_family(name))
		return;
	for (size_t i = 0; i < COUNT(closed); i++)
		if (strcmp(closed[i].name, name) == 0)
			rule->test[rule->tests++] = closed[i].test;
	rule_listed(name, listing, rule);
	if (listing->listed && find_moded(name))
		rule_moded(find_moded(name), rule);
}

enum answer
answers_decide(const struct rule *rule, const uint64_t args[6])
{
	for (int i = 0; i < rule->tests; i++) {
		const struct test *test = &rule->test[i];

		if ((((uint32_t)args[test->arg] & test->mask) == test->value) != test->unless)
			return test->answer;
	}
	return rule->otherwise;
}
