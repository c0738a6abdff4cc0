/* Owns the checks of the host: kernel, sandboxes around us, cgroup controllers, what root may. */
#include "config.h"
#include "doctor_checks.h"
#include "file.h"

#include <cap-ng.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

void
check_kernel(struct doctor *doctor)
{
	struct utsname host;
	int major = 0, minor = 0;

	if (uname(&host) || sscanf(host.release, "%d.%d", &major, &minor) != 2)
		major = 0;
	bool enough = major > 5 || (major == 5 && minor >= 14);
	tell(doctor, enough ? STATE_OK : STATE_FAIL, "kernel", enough ? NULL
	    : "install a kernel of 5.14 or later and reboot",
	    "Linux %s (5.14 is needed for cgroup.kill)", host.release);
}

void
check_sandbox(struct doctor *doctor)
{
	struct stat ns;
	bool inside = stat("/proc/self/ns/user", &ns) || ns.st_ino != 0xEFFFFFFDu;

	if (inside)
		tell(doctor, STATE_FAIL, "sandbox", "leave the container, or use a virtual machine",
		    "this is inside a user namespace, where setuid programs are not root's");
	else if (prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1)
		tell(doctor, STATE_FAIL, "sandbox",
		    "start the shell anew from outside the sandbox that set it",
		    "no_new_privs is set in this shell, so setuid programs do not work in it");
	else if (access("/.dockerenv", F_OK) == 0 || access("/run/.containerenv", F_OK) == 0)
		tell(doctor, STATE_WARN, "sandbox", NULL,
		    "this is a container: jails need it privileged, and share its fate; a virtual machine is safer");
	else
		tell(doctor, STATE_OK, "sandbox", NULL, "none around us");
}

/*
 * Containers take capabilities from root's bounding set: what the helper needs must be in it. CAP_CHOWN gives a bot its
 * folders in memory where tmpfs maps no owners, before Linux 6.3.
 */
void
check_capabilities(struct doctor *doctor)
{
	static const int needed[] = { CAP_SYS_ADMIN, CAP_SETUID, CAP_SETGID, CAP_MKNOD, CAP_KILL,
	    CAP_SYS_PTRACE, CAP_CHOWN };
	char missing[TEXT_BYTES] = "";

	if (capng_get_caps_process())
		strcpy(missing, " unknown");
	for (size_t i = 0; i < sizeof(needed) / sizeof(*needed); i++)
		if (!capng_have_capability(CAPNG_BOUNDING_SET, (unsigned)needed[i])) {
			strcat(missing, " cap_");
			strcat(missing, capng_capability_to_name((unsigned)needed[i]));
		}
	if (*missing)
		tell(doctor, STATE_FAIL, "capabilities",
		    "start this shell, or its container, with these capabilities",
		    "setuid programs cannot get%s here", missing);
	else
		tell(doctor, STATE_OK, "capabilities", NULL,
		    "all that the helper needs can be had");
}

void
check_v2(struct doctor *doctor)
{
	const struct hierarchy *v2 = &doctor->found.at[HIERARCHY_UNIFIED];

	if (hierarchies_find(&doctor->found) == 0)
		tell(doctor, STATE_OK, "cgroup2", NULL, "mounted at %s, controllers: %s", v2->mount,
		    doctor->found.v2_controllers[0] ? doctor->found.v2_controllers
		    : "none (hybrid host)");
	else
		tell(doctor, STATE_FAIL, "cgroup2", "mount -t cgroup2 none /sys/fs/cgroup",
		    "no cgroup v2 is mounted");
}

void
check_controllers(struct doctor *doctor)
{
	static const char *const needed[] = { "memory", "pids", "cpu", "io" };

	for (size_t i = 0; i < sizeof(needed) / sizeof(*needed); i++) {
		const char *name = needed[i];
		bool optional = strcmp(name, "io") == 0,
		    v2 = hierarchies_in_v2(&doctor->found, name);

		if (hierarchies_have(&doctor->found, name))
			tell(doctor, STATE_OK, name, NULL, "controller in cgroup %s", v2 ? "v2"
			    : "v1");
		else
			tell(doctor, optional ? STATE_WARN : STATE_FAIL, name, optional ? NULL
			    : !doctor->found.at[HIERARCHY_UNIFIED].present ? "see cgroup2 above"
			    : "enable it on the kernel command line (cgroup_enable=memory) and reboot",
			    "no %s controller%s", name, optional
			    ? ": policies with io limits are refused" : "");
	}
}

static bool
has_swap(void)
{
	char text[4096];

	return file_read(AT_FDCWD, "/proc/swaps", text, sizeof(text)) > 0 && strchr(text, '/');
}

void
check_swap(struct doctor *doctor)
{
	bool counted = access(CGROUP_DIR "/unified/memory.swap.max", F_OK) == 0 ||
	    access(CGROUP_DIR "/memory/memory.memsw.limit_in_bytes", F_OK) == 0;

	if (counted || access(CGROUP_DIR "/unified", F_OK))
		tell(doctor, STATE_OK, "swap", NULL, "%s", has_swap()
		    ? "on, and bounded by limit swap" : "none on this host");
	else
		tell(doctor, STATE_FAIL, "swap",
		    "put swapaccount=1 on the kernel command line and reboot",
		    "the kernel does not count it, so limit swap cannot be set");
}

void
check_userns(struct doctor *doctor)
{
	char text[32] = "";

	/* "" is told as missing */
	(void)file_read(AT_FDCWD, "/proc/sys/user/max_user_namespaces", text, sizeof(text));
	if (strtoul(text, NULL, 10) > 0)
		tell(doctor, STATE_OK, "userns", NULL, "user namespaces can be made");
	else
		tell(doctor, STATE_FAIL, "userns", "sysctl -w user.max_user_namespaces=15000",
		    "user.max_user_namespaces is 0: no user namespace can be made, not even by root");
}

void
check_seccomp(struct doctor *doctor)
{
	char text[256] = "";

	/* as above */
	(void)file_read(AT_FDCWD, "/proc/sys/kernel/seccomp/actions_avail", text, sizeof(text));
	if (strstr(text, "user_notif"))
		tell(doctor, STATE_OK, "seccomp", NULL, "filters and notifications");
	else
		tell(doctor, STATE_FAIL, "seccomp",
		    "install a kernel with CONFIG_SECCOMP_FILTER and reboot",
		    "the kernel has no seccomp notifications");
}
