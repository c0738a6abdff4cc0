/*
 * Claim: for every shipped policy, every architecture, every system call number and the arguments that matter, with
 * garbage in the upper half of registers, the compiled filter decides what the policy says. The filter is run by an
 * interpreter of classic BPF of our own, and the policy is asked by another path than the one that compiled it.
 */
#include "answers.h"
#include "filter.h"
#include "policy_compile.h"
#include "policy_files.h"
#include "record.h"
#include "tap.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>

#define MOST 4096
#define DIRTY 0xdeadbeef00000000ull
#define X32_BIT 0x40000000u

/* seccomp(2): what a filter may do; anything else, and running off its end, is -1. */
static int64_t
simulate(const struct sock_filter *program, int length, const struct seccomp_data *data)
{
	uint32_t a = 0, word;

	for (int at = 0; at < length; at++) {
		const struct sock_filter *op = &program[at];

		switch (op->code) {
		case BPF_LD | BPF_W | BPF_ABS:
			if (op->k % 4 || op->k + 4 > sizeof(*data))
				return -1;
			memcpy(&word, (const char *)data + op->k, 4);
			a = word;
			break;
		case BPF_ALU | BPF_AND | BPF_K: a &= op->k; break;
		case BPF_JMP | BPF_JA: at += (int)op->k; break;
		case BPF_JMP | BPF_JEQ | BPF_K: at += a == op->k ? op->jt : op->jf; break;
		case BPF_JMP | BPF_JGE | BPF_K: at += a >= op->k ? op->jt : op->jf; break;
		case BPF_RET | BPF_K: return op->k;
		default: return -1;
		}
	}
	return -1;
}

static const char *
name_of(int64_t answer)
{
	switch (answer) {
	case SECCOMP_RET_ALLOW: return "allow";
	case SECCOMP_RET_USER_NOTIF: return "kill";
	case SECCOMP_RET_ERRNO | ENOSYS: return "ENOSYS";
	case SECCOMP_RET_ERRNO | EPERM: return "EPERM";
	case SECCOMP_RET_ERRNO | EACCES: return "EACCES";
	case SECCOMP_RET_ERRNO | EOPNOTSUPP: return "EOPNOTSUPP";
	default: return "?";
	}
}

/* Values of arguments at which something may change. */
static const uint32_t values[] = {
	0, 1, 2, 3, 0x7f, 0xff, 0644, 0755, 01000, 02000, 04000, 06000, 06755, 04755, 02755, 0x80000000u, 0xffffffffu,
	O_CREAT, O_CREAT | O_WRONLY, O_TMPFILE, O_TMPFILE & ~O_DIRECTORY, O_DIRECTORY, O_RDONLY | O_CLOEXEC,
	TIOCSTI, TIOCLINUX, TIOCSETD, TCGETS, TIOCGWINSZ, FIONREAD, CLONE_NEWUSER, CLONE_NEWNS, CLONE_NEWNET,
	CLONE_NEWPID, CLONE_NEWIPC, CLONE_NEWUTS, CLONE_NEWCGROUP, CLONE_VM | CLONE_VFORK, 0x3d0f00, 15, 16,
	RLIMIT_CORE, RLIMIT_NOFILE, MAP_HUGETLB, MAP_HUGETLB | MAP_PRIVATE, MFD_HUGETLB, MADV_MERGEABLE, MADV_FREE, AF_UNIX, AF_INET,
	AF_NETLINK, SOCK_STREAM, SOCK_DGRAM, SOCK_STREAM | SOCK_CLOEXEC, F_GETFD, F_SETLK, F_GETLK, F_NOTIFY, F_SETLEASE,
};
#define VALUES ((int)(sizeof(values) / sizeof(*values)))

struct check {
	const struct policy *policy;
	const struct sock_filter *program;
	int length;
	long decisions, wrong;
};

static void
check_call(struct check *check, int number, const struct rule *rule, const uint64_t args[6])
{
	struct seccomp_data data = { .nr = number, .arch = NATIVE_ARCH };
	const char *wanted = answer_names[answers_decide(rule, args)], *got;

	memcpy(data.args, args, sizeof(data.args));
	got = name_of(simulate(check->program, check->length, &data));
	check->decisions++;
	if (strcmp(got, wanted) == 0)
		return;
	if (check->wrong++ < 5)
		printf("# %s %d (%#llx, %#llx, %#llx, %#llx): %s, wanted %s\n", check->policy->name, number,
		    (unsigned long long)args[0], (unsigned long long)args[1], (unsigned long long)args[2],
		    (unsigned long long)args[3], got, wanted);
}

static void
check_args(struct check *check, int number, const struct rule *rule)
{
	uint64_t args[6];

	for (int arg = 0; arg < 6; arg++)
		for (int i = 0; i < VALUES; i++)
			for (int j = 0; j < VALUES; j++) {
				for (int k = 0; k < 6; k++)
					args[k] = values[j];
				args[arg] = values[i];
				check_call(check, number, rule, args);
				for (int k = 0; k < 6; k++)
					args[k] |= DIRTY;
				check_call(check, number, rule, args);
			}
}

static void
check_foreign(struct check *check)
{
	static const uint32_t foreign[] = { AUDIT_ARCH_I386, AUDIT_ARCH_ARM, AUDIT_ARCH_PPC64, 0, 0xffffffff, NATIVE_ARCH ^ 1 };
	long wrong = 0;

	for (size_t i = 0; i < sizeof(foreign) / sizeof(*foreign); i++)
		for (int number = -2; number < CALLS_MAX; number++) {
			struct seccomp_data data = { .nr = number, .arch = foreign[i] };

			wrong += simulate(check->program, check->length, &data) != SECCOMP_RET_USER_NOTIF;
		}
	ok(wrong == 0, "%s: every call of a foreign architecture kills", check->policy->name);
#ifdef __x86_64__
	wrong = 0;
	for (uint32_t number = X32_BIT; number < X32_BIT + CALLS_MAX; number++) {
		struct seccomp_data data = { .nr = (int)number, .arch = NATIVE_ARCH };

		wrong += simulate(check->program, check->length, &data) != SECCOMP_RET_USER_NOTIF;
	}
	ok(wrong == 0, "%s: every x32 number kills", check->policy->name);
#endif
}

/* Numbers that nobody knows, among them the largest ones and -1. */
static void
check_unknown(struct check *check)
{
	static const int unknown[] = { 600, 1000, 1023, 1024, 4096, 0x3fffffff, -1 };
	long wrong = 0;

	for (size_t i = 0; i < sizeof(unknown) / sizeof(*unknown); i++) {
		struct seccomp_data data = { .nr = unknown[i], .arch = NATIVE_ARCH };

		wrong += simulate(check->program, check->length, &data) != (SECCOMP_RET_ERRNO | ENOSYS);
	}
	ok(wrong == 0, "%s: unknown numbers are ENOSYS", check->policy->name);
}

/* The policy said in other words than the compiler's: straight from the listing, for calls without built-in rules. */
static void
check_listing(struct check *check)
{
	static const char *const built_in[] = { "setrlimit", "prlimit64", "madvise", "memfd_create", "socket", "socketpair",
	    "clone", "ioctl", "open", "openat", "creat", "mkdir", "mkdirat", "mknod",
		"mknodat", "chmod", "fchmod", "fchmodat", "fchmodat2", "clone3", "openat2", "io_uring_setup", "io_uring_enter",
		"io_uring_register", "pkey_alloc", "pkey_free", "pkey_mprotect" };
	long wrong = 0;

	for (int number = 0; number < CALLS_MAX; number++) {
		const struct listing *listing = &check->policy->call[number].listing;
		struct seccomp_data data = { .nr = number, .arch = NATIVE_ARCH };
		const char *name = call_of_number(number);
		bool special = !name || answers_family(name);

		for (size_t i = 0; name && i < sizeof(built_in) / sizeof(*built_in); i++)
			special |= strcmp(name, built_in[i]) == 0;
		if (special)
			continue;
		for (int value = 0; value < 200; value++) {
			bool works = listing->listed && listing->count == 0;

			data.args[listing->arg] = DIRTY | (uint64_t)value;
			for (int i = 0; listing->listed && i < listing->count; i++)
				works |= listing->values[i] == (uint32_t)value;
			bool allowed = simulate(check->program, check->length, &data) == SECCOMP_RET_ALLOW;
			wrong += allowed != works;
		}
	}
	ok(wrong == 0, "%s: what is listed works, and nothing else does", check->policy->name);
}

/* Every way to make an object that reaches out of the jail is closed: by name, so that a gap in a table shows. */
static void
check_families(struct check *check)
{
	static const char *const creators[] = { "ptrace", "process_vm_readv", "process_vm_writev", "pidfd_getfd", "bpf",
		"perf_event_open", "userfaultfd", "mount", "umount2", "pivot_root", "chroot", "open_tree", "move_mount", "fsopen",
		"fsconfig", "fsmount", "fspick", "mount_setattr", "unshare", "setns", "add_key", "request_key", "keyctl",
		"kexec_load", "kexec_file_load", "init_module", "finit_module", "delete_module", "open_by_handle_at" };
	long wrong = 0;

	for (size_t i = 0; i < sizeof(creators) / sizeof(*creators); i++) {
		struct seccomp_data data = { .nr = call_number(creators[i]), .arch = NATIVE_ARCH };

		if (data.nr >= 0 && simulate(check->program, check->length, &data) != SECCOMP_RET_USER_NOTIF) {
			printf("# %s does not kill\n", creators[i]);
			wrong++;
		}
	}
	ok(wrong == 0, "%s: no creator of a dangerous family remains", check->policy->name);
}

static void
check_policy(const struct policy_dirs *dirs, const char *name)
{
	static struct rule rules[CALLS_MAX];
	static struct sock_filter program[MOST];
	struct findings findings = { .say = policy_say, .quiet = true };
	const struct policy *policy = policy_load(dirs, name, &findings);

	if (!ok(policy != NULL, "%s: can be read", name))
		return;
	int count = policy_rules(policy, rules);
	struct check check = { policy, program, filter_make(rules, count, program, MOST), 0, 0 };
	ok(check.length > 0 && check.length <= BPF_MAXINSNS, "%s: %d instructions", name, check.length);
	for (int number = 0; number < CALLS_MAX; number++) {
		uint64_t none[6] = { 0 };

		/* Calls whose answer depends on no argument are asked once with clean and once with dirty registers. */
		if (rules[number].tests > 0) {
			check_args(&check, number, &rules[number]);
			continue;
		}
		check_call(&check, number, &rules[number], none);
		memset(none, 0xff, sizeof(none));
		check_call(&check, number, &rules[number], none);
	}
	ok(check.wrong == 0, "%s: %ld decisions are the policy's", name, check.decisions);
	check_foreign(&check);
	check_unknown(&check);
	check_listing(&check);
	check_families(&check);
}

/* Random rules: the generator must be right for policies that nobody has written yet. */
static void
check_random(void)
{
	static struct rule rules[CALLS_MAX];
	static struct sock_filter program[MOST * 4];
	struct policy policy = { .name = "random" };
	unsigned seed = 1;
	long decisions = 0, wrong = 0;

	for (int round = 0; round < 20; round++) {
		for (int i = 0; i < CALLS_MAX; i++) {
			rules[i] = (struct rule){ .otherwise = rand_r(&seed) % ANSWERS };
			for (int j = rand_r(&seed) % 8 ? 0 : rand_r(&seed) % 4; j > 0; j--)
				rules[i].test[rules[i].tests++] = (struct test){ (uint8_t)(rand_r(&seed) % 6), rand_r(&seed) % 2,
					rand_r(&seed) % 2 ? ~0u : 06000u, rand_r(&seed) % 2 ? 0 : 2, rand_r(&seed) % ANSWERS };
		}
		struct check check = { &policy, program, filter_make(rules, CALLS_MAX, program, MOST * 4), 0, 0 };
		for (int i = 0; i < CALLS_MAX; i++)
			for (int j = 0; j < 8; j++) {
				uint64_t args[6];

				for (int k = 0; k < 6; k++)
					args[k] = DIRTY | values[rand_r(&seed) % VALUES];
				check_call(&check, i, &rules[i], args);
			}
		decisions += check.decisions;
		wrong += check.wrong;
	}
	ok(wrong == 0, "random rules: %ld decisions are right", decisions);
}

int
main(int argc, char *argv[])
{
	static char names[NAMES_MAX][NAME_BYTES];
	const struct policy_dirs dirs = { { argc > 1 ? argv[1] : "policies" }, 1, false };
	int n = policy_names(&dirs, names);

	ok(n >= 13, "there are %d policies", n);
	for (int i = 0; i < n; i++)
		check_policy(&dirs, names[i]);
	check_random();
	return done_testing();
}
