/*
 * What a hostile program tries inside a jail, one way a call: `attack NAME` tries and says what the kernel answered:
 * "allowed", or the name of the errno. Whatever should kill the jail never comes back. `attack list` names them all.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/keyctl.h>
#include <linux/sched.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define DIRTY 0xdeadbeef00000000ul	/* garbage in the half of a register that the kernel ignores */

static long
sys(long number, long a, long b, long c, long d, long e, long f)
{
	return syscall(number, a, b, c, d, e, f);
}

#define CALL(number, ...) sys(number, ARGS(__VA_ARGS__, 0, 0, 0, 0, 0, 0))
#define ARGS(a, b, c, d, e, f, ...) (long)(a), (long)(b), (long)(c), (long)(d), (long)(e), (long)(f)

static long do_ptrace(void) { return CALL(SYS_ptrace, PTRACE_TRACEME); }
static long do_attach_init(void) { return CALL(SYS_ptrace, PTRACE_ATTACH, 1); }
static long do_process_vm_readv(void) { return CALL(SYS_process_vm_readv, 1); }
static long do_pidfd_getfd(void) { return CALL(SYS_pidfd_getfd, 0, 0); }
static long do_bpf(void) { return CALL(SYS_bpf, 0, 0, 0); }
static long do_perf_event_open(void) { return CALL(SYS_perf_event_open, 0, 0, -1, -1, 0); }
static long do_userfaultfd(void) { return CALL(SYS_userfaultfd, 0); }
static long do_mount(void) { return CALL(SYS_mount, "none", "/tmp", "tmpfs", 0, 0); }
static long do_remount(void) { return CALL(SYS_mount, 0, "/", 0, MS_REMOUNT | MS_BIND, 0); }
static long do_umount(void) { return CALL(SYS_umount2, "/proc", MNT_DETACH); }
static long do_pivot_root(void) { return CALL(SYS_pivot_root, "/", "/"); }
static long do_chroot(void) { return CALL(SYS_chroot, "/tmp"); }
static long do_open_tree(void) { return CALL(SYS_open_tree, -100, "/", 1); }
static long do_move_mount(void) { return CALL(SYS_move_mount, -100, "/", -100, "/tmp", 0); }
static long do_fsopen(void) { return CALL(SYS_fsopen, "tmpfs", 0); }
static long do_mount_setattr(void) { return CALL(442, -100, "/", 0, 0, 0); }
static long do_unshare_user(void) { return CALL(SYS_unshare, CLONE_NEWUSER); }
static long do_unshare_nothing(void) { return CALL(SYS_unshare, 0); }
static long do_setns(void) { return CALL(SYS_setns, 0, 0); }
static long do_clone_user(void) { return CALL(SYS_clone, CLONE_NEWUSER | SIGCHLD); }
static long do_clone_net(void) { return CALL(SYS_clone, CLONE_NEWNET | SIGCHLD); }
static long do_clone_ns_dirty(void) { return CALL(SYS_clone, DIRTY | CLONE_NEWNS | SIGCHLD); }
static long do_clone3(void) { return CALL(SYS_clone3, 0, 0); }
static long do_add_key(void) { return CALL(SYS_add_key, "user", "x", "y", 1, KEY_SPEC_SESSION_KEYRING); }
static long do_request_key(void) { return CALL(SYS_request_key, "user", "x", 0, 0); }
static long do_keyctl(void) { return CALL(SYS_keyctl, KEYCTL_GET_KEYRING_ID, KEY_SPEC_USER_KEYRING, 0); }
static long do_kexec_load(void) { return CALL(SYS_kexec_load, 0, 0, 0, 0); }
static long do_init_module(void) { return CALL(SYS_init_module, 0, 0, ""); }
static long do_finit_module(void) { return CALL(SYS_finit_module, 0, "", 0); }
static long do_open_by_handle(void) { return CALL(SYS_open_by_handle_at, -100, 0, 0); }
static long do_tiocsti(void) { return CALL(SYS_ioctl, 0, TIOCSTI, "x"); }
static long do_tiocsti_dirty(void) { return CALL(SYS_ioctl, 0, DIRTY | TIOCSTI, "x"); }
static long do_tioclinux(void) { return CALL(SYS_ioctl, 0, TIOCLINUX, "x"); }
static long do_tioclinux_dirty(void) { return CALL(SYS_ioctl, 0, DIRTY | TIOCLINUX, "x"); }
static long do_tiocsetd(void) { int n = 0; return CALL(SYS_ioctl, 0, TIOCSETD, &n); }
static long do_io_uring(void) { return CALL(SYS_io_uring_setup, 1, 0); }
static long do_openat2(void) { return CALL(SYS_openat2, -100, "/", 0, 0); }
static long do_pkey_alloc(void) { return CALL(SYS_pkey_alloc, 0, 0); }
static long do_newest(void) { return CALL(900, 0); }
static long do_minus_one(void) { return CALL(-1, 0); }
static long do_seccomp(void) { return CALL(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, 0); }
static long do_memfd(void) { return CALL(SYS_memfd_create, "x", 0); }
static long do_socket_inet(void) { return socket(AF_INET, SOCK_STREAM, 0); }
static long do_socket_unix(void) { return socket(AF_UNIX, SOCK_STREAM, 0); }
static long do_socket_netlink(void) { return socket(AF_NETLINK, SOCK_RAW, 0); }
static long do_socket_packet(void) { return socket(AF_PACKET, SOCK_RAW, 0); }
static long do_socket_alg(void) { return socket(38, SOCK_SEQPACKET, 0); }
static long do_socket_vsock(void) { return socket(40, SOCK_STREAM, 0); }
static long do_socket_dirty(void) { return CALL(SYS_socket, DIRTY | AF_INET, SOCK_STREAM, 0); }
static long do_personality(void) { return CALL(SYS_personality, ADDR_NO_RANDOMIZE); }
static long do_modify_ldt(void) { return CALL(SYS_modify_ldt, 0, 0, 0); }
static long do_set_dumpable(void) { return CALL(SYS_prctl, PR_SET_DUMPABLE, 1); }
static long do_set_ptracer(void) { return CALL(SYS_prctl, PR_SET_PTRACER, -1); }
static long do_set_mm(void) { return CALL(SYS_prctl, PR_SET_MM, 1, 0, 0, 0); }
static long do_set_tsc(void) { return CALL(SYS_prctl, PR_SET_TSC, PR_TSC_SIGSEGV); }
static long do_set_name(void) { return CALL(SYS_prctl, PR_SET_NAME, "x"); }
static long do_set_name_dirty(void) { return CALL(SYS_prctl, DIRTY | PR_SET_NAME, "x"); }
static long do_set_seccomp(void) { return CALL(SYS_prctl, PR_SET_SECCOMP, 1); }
static long do_ambient(void) { return CALL(SYS_prctl, PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, 0, 0, 0); }
static long do_setuid0(void) { return CALL(SYS_setuid, 0); }
static long do_setgid0(void) { return CALL(SYS_setgid, 0); }
static long do_setgroups(void) { return CALL(SYS_setgroups, 0, 0); }
static long do_capset(void) { return CALL(SYS_capset, 0, 0); }
static long do_reboot(void) { return CALL(SYS_reboot, 0, 0, 0, 0); }
static long do_sethostname(void) { return CALL(SYS_sethostname, "x", 1); }
static long do_settime(void) { return CALL(SYS_clock_settime, 0, 0); }
static long do_mknod_disk(void) { return CALL(SYS_mknod, "/tmp/disk", S_IFBLK | 0600, 8 << 8); }
static long do_chmod_setuid(void) { close(creat("/tmp/s", 0600)); return chmod("/tmp/s", 04755); }
static long do_chmod_setgid(void) { close(creat("/tmp/s", 0600)); return chmod("/tmp/s", 02755); }
static long do_chmod_dirty(void) { close(creat("/tmp/s", 0600)); return CALL(SYS_chmod, "/tmp/s", DIRTY | 04755); }
static long do_fchmod_setuid(void) { return fchmod(creat("/tmp/s", 0600), 04755); }
static long do_fchmodat_setuid(void) { close(creat("/tmp/s", 0600)); return CALL(SYS_fchmodat, -100, "/tmp/s", 06755); }
static long do_open_setuid(void) { return CALL(SYS_open, "/tmp/t", O_CREAT | O_WRONLY, 04755); }
static long do_openat_setuid(void) { return CALL(SYS_openat, -100, "/tmp/t", O_CREAT | O_WRONLY, 04755); }
static long do_openat_tmpfile_setuid(void) { return CALL(SYS_openat, -100, "/tmp", O_TMPFILE | O_RDWR, 04755); }
static long do_openat_garbage_mode(void) { return CALL(SYS_openat, -100, "/tmp", O_RDONLY, 04755); }
static long do_creat_setuid(void) { return CALL(SYS_creat, "/tmp/t", 04755); }
static long do_mkdir_setgid(void) { return CALL(SYS_mkdir, "/tmp/d", 02755); }
static long do_mkdirat_setgid(void) { return CALL(SYS_mkdirat, -100, "/tmp/d", 02755); }
static long do_mknodat_setuid(void) { return CALL(SYS_mknodat, -100, "/tmp/n", S_IFREG | 04755, 0); }
static long do_chmod_plain(void) { close(creat("/tmp/s", 0600)); return chmod("/tmp/s", 0755); }
static long do_write_root(void) { return open("/new", O_CREAT | O_WRONLY, 0600); }
static long do_write_usr(void) { return open("/usr/new", O_CREAT | O_WRONLY, 0600); }
static long do_write_bot(void) { return open("/bot/new", O_CREAT | O_WRONLY, 0600); }
static long do_write_dev(void) { return open("/dev/new", O_CREAT | O_WRONLY, 0600); }
static long do_write_proc(void) { return open("/proc/self/comm", O_WRONLY); }
static long do_mem_init(void) { return open("/proc/1/mem", O_RDWR); }
static long do_proc_init(void) { return open("/proc/1/status", O_RDONLY); }
static long do_sysrq(void) { return open("/proc/sysrq-trigger", O_WRONLY); }
static long do_proc_keys(void) { return open("/proc/keys", O_RDONLY); }
static long do_kallsyms(void) { return open("/proc/kallsyms", O_RDONLY); }
static long do_loadavg(void) { return open("/proc/loadavg", O_RDONLY); }
static long do_boot_id(void) { return open("/proc/sys/kernel/random/boot_id", O_RDONLY); }
static long do_sysfs(void) { return open("/sys/fs/cgroup", O_RDONLY); }
static long do_kill_init(void) { return kill(1, SIGKILL); }
static long do_kill_all(void) { return kill(-1, 0); }
static long do_rlimit_init(void) { struct rlimit zero = { 0, 0 }; return CALL(SYS_prlimit64, 1, RLIMIT_CPU, &zero, 0); }
static long do_rlimit_raise(void) { struct rlimit r = { 1 << 20, 1 << 20 }; return setrlimit(RLIMIT_NOFILE, &r); }
static long do_setpriority(void) { return CALL(SYS_setpriority, PRIO_PROCESS, 0, -5); }
static long do_core_zero(void) { struct rlimit r = { 0, 0 }; return setrlimit(RLIMIT_CORE, &r); }
static long do_core_zero_prlimit(void) { struct rlimit r = { 0, 0 }; return prlimit(0, RLIMIT_CORE, &r, NULL); }
static long do_rlimit_lower(void) { struct rlimit r = { 64, 64 }; return setrlimit(RLIMIT_NOFILE, &r); }
static long do_hugepages(void) { return mmap(0, 1 << 21, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_HUGETLB, -1, 0) == MAP_FAILED ? -1 : 0; }
static long do_merge_pages(void) { return madvise(mmap(0, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), 4096, MADV_MERGEABLE); }
static long do_mbind(void) { return CALL(SYS_mbind, 0, 4096, 0, 0, 0, 0); }
static long
lock(int command, const char *path, int flags)
{
	struct flock range = { .l_type = F_RDLCK, .l_start = 1, .l_len = 1 };

	return fcntl(open(path, flags), command, &range);
}
static long do_lock(void) { return lock(F_SETLK, "/usr/bin/env", O_RDONLY); }
static long do_lock_query(void) { return lock(F_GETLK, "/usr/bin/env", O_RDONLY); }
static long do_lock_own(void) { return lock(F_OFD_SETLK, "/tmp/l", O_RDONLY | O_CREAT); }
static long do_flock(void) { return CALL(SYS_flock, open("/usr/bin/env", O_RDONLY), 2); }
static long do_lease(void) { return fcntl(open("attack", O_RDONLY), F_SETLEASE, F_RDLCK); }
static long do_notify(void) { return fcntl(open("/usr/bin", O_RDONLY), F_NOTIFY, DN_ACCESS | DN_MULTISHOT); }
static long do_pipe_size(void) { int ends[2]; return pipe(ends) ? -1 : fcntl(ends[0], F_SETPIPE_SZ, 1 << 20); }
static long do_socketpair_inet(void) { int ends[2]; return socketpair(AF_INET, SOCK_STREAM, 0, ends); }
static long do_socketpair_sctp(void) { int ends[2]; return CALL(SYS_socketpair, DIRTY | AF_INET, SOCK_STREAM, 132, ends); }
static long do_socketpair_datagram(void) { int ends[2]; return socketpair(AF_UNIX, SOCK_DGRAM, 0, ends); }
static long do_socketpair_stream(void) { int ends[2]; return socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends); }
static long do_whiteout(void) { close(creat("/tmp/w", 0600)); return CALL(SYS_renameat2, AT_FDCWD, "/tmp/w", AT_FDCWD, "/tmp/w2", 4); }
static long do_set_attribute(void) { close(creat("/tmp/x", 0600)); return CALL(SYS_setxattr, "/tmp/x", "user.a", "b", 1, 0); }
static long do_realtime(void) { struct sched_param p = { 1 }; return CALL(SYS_sched_setscheduler, 0, SCHED_FIFO, &p); }
static long do_shmget(void) { return CALL(SYS_shmget, 1, 4096, 01666); }
static long do_mq_open(void) { return CALL(SYS_mq_open, "x", O_CREAT | O_RDWR, 0666, 0); }
static long do_inotify(void) { return CALL(SYS_inotify_init1, 0); }
static long do_fanotify(void) { return CALL(SYS_fanotify_init, 0, 0); }
static long do_kcmp(void) { return CALL(SYS_kcmp, 1, 2, 0, 0, 0); }
static long do_quotactl(void) { return CALL(SYS_quotactl, 0, 0, 0, 0); }
static long do_syslog(void) { return CALL(SYS_syslog, 3, 0, 0); }
static long do_swapon(void) { return CALL(SYS_swapon, "/tmp/x", 0); }
static long do_null_path(void) { return open("/tmp/a\0b", O_CREAT | O_RDWR, 0600) < 0 ? -1 : access("/tmp/a", F_OK); }
static long do_long_path(void) { static char p[9000]; memset(p, 'a', 8999); return open(p, O_RDONLY); }

#ifdef __x86_64__
static long do_x32(void) { return CALL(0x40000000 | SYS_getpid, 0); }
static long
do_int80(void)
{
	long answer;

	__asm__ volatile("int $0x80" : "=a"(answer) : "a"(20L) : "memory", "r8", "r9", "r10", "r11");	/* getpid of i386 */
	return answer;
}
#endif

/* Both slots of a fork bomb that setsid()s away: the caller counts who is left. */
static long
do_forkbomb(void)
{
	for (;;) {
		if (fork() < 0 && errno != EAGAIN)
			return -1;
		setsid();
	}
}

static void *
spin(void *unused)
{
	for (;;)
		;
	return unused;
}

#include <pthread.h>
static long
do_threadbomb(void)
{
	pthread_t thread;
	int made = 0;

	while (pthread_create(&thread, NULL, spin, NULL) == 0)
		made++;
	printf("%d threads\n", made);
	fflush(stdout);
	_exit(0);
}

static long
do_fdbomb(void)
{
	int fds = 0;

	while (dup(0) >= 0)
		fds++;
	printf("%d descriptors\n", fds + 3);
	return 0;
}

/* Each POSIX timer holds a queued signal. */
static long
do_timerbomb(void)
{
	timer_t timer;
	int made = 0;

	while (made < 100000 && timer_create(CLOCK_MONOTONIC, NULL, &timer) == 0)
		made++;
	printf("%d timers\n", made);
	return 0;
}

static long
do_stop_self(void)
{
	return kill(getpid(), SIGSTOP);
}

/* A vfork child that never execs keeps its parent in an uninterruptible wait. */
static long
do_vfork_hang(void)
{
	if (vfork() == 0)
		for (;;)
			pause();
	return 0;
}

static long
do_ignore_all(void)
{
	for (int i = 1; i < 65; i++)
		signal(i, SIG_IGN);
	printf("ready\n");
	fflush(stdout);
	while (pause())
		;
	return 0;
}

static long
do_hog(void)
{
	/* By one call each: page faults one by one are slow in a virtual machine. */
	while (mmap(NULL, 1 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0) != MAP_FAILED)
		;
	return -1;
}

static long
do_hog_child(void)
{
	if (fork() == 0)
		do_hog();
	wait(NULL);
	return 0;
}

static const struct attack {
	const char *name;
	long (*run)(void);
} attacks[] = {
#define A(name) { #name, do_##name }
	A(ptrace), A(attach_init), A(process_vm_readv), A(pidfd_getfd), A(bpf), A(perf_event_open), A(userfaultfd), A(mount),
	A(remount), A(umount), A(pivot_root), A(chroot), A(open_tree), A(move_mount), A(fsopen), A(mount_setattr),
	A(unshare_user), A(unshare_nothing), A(setns), A(clone_user), A(clone_net), A(clone_ns_dirty), A(clone3), A(add_key),
	A(request_key), A(keyctl), A(kexec_load), A(init_module), A(finit_module), A(open_by_handle), A(tiocsti),
	A(tiocsti_dirty), A(tioclinux), A(tioclinux_dirty), A(tiocsetd), A(io_uring), A(openat2), A(pkey_alloc), A(newest),
	A(minus_one), A(seccomp), A(memfd), A(socket_inet), A(socket_unix), A(socket_netlink), A(socket_packet), A(socket_alg),
	A(socket_vsock), A(socket_dirty), A(personality), A(modify_ldt), A(set_dumpable), A(set_ptracer), A(set_mm), A(set_tsc),
	A(set_name), A(set_name_dirty), A(set_seccomp), A(ambient), A(setuid0), A(setgid0), A(setgroups), A(capset), A(reboot),
	A(sethostname), A(settime), A(mknod_disk), A(chmod_setuid), A(chmod_setgid), A(chmod_dirty), A(fchmod_setuid),
	A(fchmodat_setuid), A(open_setuid), A(openat_setuid), A(openat_tmpfile_setuid), A(openat_garbage_mode),
	A(creat_setuid), A(mkdir_setgid), A(mkdirat_setgid), A(mknodat_setuid), A(chmod_plain), A(write_root), A(write_usr),
	A(write_bot), A(write_dev), A(write_proc), A(mem_init), A(proc_init), A(sysrq), A(proc_keys), A(kallsyms), A(loadavg),
	A(boot_id), A(sysfs), A(kill_init), A(kill_all), A(rlimit_init), A(rlimit_raise), A(setpriority), A(realtime), A(shmget),
	A(mq_open), A(inotify), A(fanotify), A(kcmp), A(quotactl), A(syslog), A(swapon), A(null_path), A(long_path),
#ifdef __x86_64__
	A(x32), A(int80), A(core_zero), A(core_zero_prlimit), A(rlimit_lower), A(hugepages), A(merge_pages), A(mbind), A(lock),
	A(lock_query), A(lock_own), A(flock), A(lease), A(notify), A(pipe_size), A(socketpair_inet), A(socketpair_sctp),
	A(socketpair_datagram), A(socketpair_stream), A(whiteout), A(set_attribute),
#endif
	A(forkbomb), A(threadbomb), A(fdbomb), A(timerbomb), A(stop_self), A(vfork_hang), A(ignore_all), A(hog), A(hog_child),
};

int
main(int argc, char *argv[])
{
	const char *wanted = argc > 1 ? argv[1] : "list";

	for (size_t i = 0; i < sizeof(attacks) / sizeof(*attacks); i++) {
		if (strcmp(wanted, "list") == 0)
			puts(attacks[i].name);
		if (strcmp(wanted, attacks[i].name) != 0)
			continue;
		errno = 0;
		long answer = attacks[i].run();
		puts(answer < 0 ? (answer == -1 ? strerrorname_np(errno) : "allowed") : "allowed");
		return 0;
	}
	return strcmp(wanted, "list") == 0 ? 0 : 2;
}
