/*
 * Owns the checks of what was installed: helper, group, uids, policies; and whether a jail starts.
 */
#include "config.h"
#include "doctor_checks.h"
#include "file.h"
#include "policy_files.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/wait.h>
#include <unistd.h>

#define GROUP "bot-jail"
#define HELPER BIN_DIR "/bot-jail"
#define HELPER_CURE "groupadd -f -r " GROUP " && chown root:" GROUP " " HELPER " && chmod 4750 " HELPER

/* A directory of ours must be root's, and its parents too. */
static bool
is_ours(const char *path, mode_t mode)
{
	struct stat st;

	return lstat(path, &st) == 0 && st.st_uid == 0 && (st.st_mode & 07777) == mode;
}

void
check_runtime(struct doctor *doctor)
{
	bool made = is_ours(RUN_DIR, 0711) && is_ours(MOUNT_POINT, 0700) &&
	    is_ours(UIDS_FILE, 0600) &&
	    is_ours(CALLER_DIR, 0755) && is_ours(CGROUP_DIR, 0755);

	if (made)
		tell(doctor, STATE_OK, "runtime", NULL, RUN_DIR " is set up");
	else
		tell(doctor, STATE_FAIL, "runtime", "bot-jail-setup",
		    RUN_DIR " is not set up, or not root's alone");
}

void
check_parents(struct doctor *doctor)
{
	for (int i = 0; i < HIERARCHIES; i++) {
		char link[128], group[HIERARCHY_PATH];
		struct stat st;

		if (!doctor->found.at[i].present)
			continue;
		snprintf(link, sizeof(link), CGROUP_DIR "/%s", hierarchy_names[i]);
		ssize_t length = readlink(link, group, sizeof(group) - 1);
		group[length > 0 ? length : 0] = '\0';
		bool good = length > 0 && stat(group, &st) == 0 && S_ISDIR(st.st_mode) &&
		    st.st_uid == 0;
		tell(doctor, good ? STATE_OK : STATE_FAIL, "parent", good ? NULL : "bot-jail-setup",
		    "%s: %s",
		    hierarchy_names[i], good ? group : "no parent cgroup");
	}
}

/*
 * The mount that `path` lies on, from the kernel's own list (proc_pid_mountinfo(5)); "/" if that
 * cannot be had.
 */
static void
mount_of(const char *path, char mount[TEXT_BYTES])
{
	FILE *list = fopen("/proc/self/mountinfo", "re");
	struct statx of = { 0 };
	char line[4096], point[TEXT_BYTES];
	unsigned long long id;

	strcpy(mount, "/");
	if (statx(AT_FDCWD, path, 0, STATX_MNT_ID, &of))
		of.stx_mnt_id = 0;
	while (list && fgets(line, sizeof(line), list))
		if (sscanf(line, "%llu %*s %*s %*s %511s", &id, point) == 2 && id == of.stx_mnt_id)
			strcpy(mount, point);
	if (list)
		(void)fclose(list);	/* read only */
}

void
check_helper(struct doctor *doctor)
{
	static const char helper[] = HELPER;
	const struct group *group = getgrnam(GROUP);
	struct statvfs fs;
	struct stat st;
	char mount[TEXT_BYTES], cure[2 * TEXT_BYTES];

	if (stat(helper, &st)) {
		tell(doctor, STATE_FAIL, "helper", INSTALL_CURE, "%s: %s", helper,
		    strerror(errno));
		return;
	}
	if (st.st_uid != 0 || !group || st.st_gid != group->gr_gid || (st.st_mode & 07777) != 04750)
		tell(doctor, STATE_FAIL, "helper", HELPER_CURE, "%s is %o, not 4750 root:" GROUP,
		    helper, st.st_mode & 07777);
	else
		tell(doctor, STATE_OK, "helper", NULL, "%s is 4750 root:" GROUP, helper);
	if (statvfs(helper, &fs) == 0 && (fs.f_flag & ST_NOSUID)) {
		mount_of(helper, mount);
		snprintf(cure, sizeof(cure), "mount -o remount,suid %s", mount);
		tell(doctor, STATE_FAIL, "nosuid", cure,
		    "%s is mounted nosuid, so setuid has no effect there", mount);
	} else {
		tell(doctor, STATE_OK, "nosuid", NULL, "setuid works where the helper lies");
	}
}

static bool
is_listed(const struct group *group, const char *user)
{
	for (char **member = group->gr_mem; *member; member++)
		if (strcmp(*member, user) == 0)
			return true;
	return false;
}

static bool
is_in_process(gid_t gid)
{
	gid_t groups[1024];
	int n = getgroups(1024, groups);

	for (int i = 0; i < n; i++)
		if (groups[i] == gid)
			return true;
	return getegid() == gid;
}

/*
 * The person at the keyboard: who used sudo, or who this shell belongs to. NULL: root without sudo.
 */
static const char *
person(void)
{
	const char *sudo = getuid() == 0 ? getenv("SUDO_USER") : NULL;
	const struct passwd *user = getuid() != 0 ? getpwuid(getuid()) : sudo ? getpwnam(sudo)
	    : NULL;

	return user && user->pw_uid != 0 ? user->pw_name : NULL;
}

void
check_group(struct doctor *doctor)
{
	const struct group *group = getgrnam(GROUP);
	const char *user = person();
	char cure[TEXT_BYTES];

	if (!group) {
		tell(doctor, STATE_FAIL, "group", HELPER_CURE, "there is no group " GROUP);
		return;
	}
	if (!user) {
		tell(doctor, STATE_OK, "group", NULL,
		    "members of " GROUP " may start jails (usermod -aG " GROUP " USER)");
	} else if (!is_listed(group, user)) {
		snprintf(cure, sizeof(cure), "usermod -aG " GROUP " %s", user);
		tell(doctor, getuid() == 0 ? STATE_WARN : STATE_FAIL, "group", cure,
		    "%s is not in group " GROUP "; once he is, a new login or 'sg " GROUP "' shows it", user);
	} else if (getuid() != 0 && !is_in_process(group->gr_gid)) {
		tell(doctor, STATE_FAIL, "group", "sg " GROUP,
		    "%s is in group " GROUP ", but this login is older than that: log in anew, or",
		    user);
	} else {
		tell(doctor, STATE_OK, "group", NULL, "%s is in group " GROUP, user);
	}
}

static bool
overlaps(unsigned long first, unsigned long count)
{
	return first < UID_FIRST + UID_COUNT && first + count > UID_FIRST;
}

/* A free uid for somebody who has one of ours. */
static uid_t
free_uid(void)
{
	uid_t uid = 1000;

	while (getpwuid(uid))
		uid++;
	return uid;
}

static int
check_passwd(struct doctor *doctor)
{
	char name[64] = "", cure[TEXT_BYTES];
	const struct passwd *user;

	setpwent();
	while ((user = getpwent()) && !*name)
		if (overlaps(user->pw_uid, 1))
			snprintf(name, sizeof(name), "%s", user->pw_name);
	endpwent();
	if (!*name)
		return 0;
	snprintf(cure, sizeof(cure), "usermod -u %u %s", free_uid(), name);
	tell(doctor, STATE_FAIL, "uids", cure, "user %s has a uid of ours (%u to %u)", name,
	    UID_FIRST,
	    UID_FIRST + UID_COUNT - 1);
	return 1;
}

/* /etc/subuid, subgid: "user:first:count" (subuid(5)) */
static int
check_subordinate(struct doctor *doctor, const char *path, const char *option)
{
	FILE *file = fopen(path, "r");
	char line[256], cure[TEXT_BYTES];
	int clashes = 0;

	while (file && fgets(line, sizeof(line), file)) {
		char user[64];
		unsigned long first, count;

		if (sscanf(line, "%63[^:]:%lu:%lu", user, &first, &count) != 3 ||
		    !overlaps(first, count))
			continue;
		snprintf(cure, sizeof(cure), "usermod --del-%ss %lu-%lu %s", option, first,
		    first + count - 1, user);
		tell(doctor, STATE_FAIL, "uids", cure, "%s gives %s ids of ours (%u to %u)", path,
		    user, UID_FIRST,
		    UID_FIRST + UID_COUNT - 1);
		clashes++;
	}
	if (file)
		(void)fclose(file);	/* read only */
	return clashes;
}

void
check_uids(struct doctor *doctor)
{
	if (check_passwd(doctor) + check_subordinate(doctor, "/etc/subuid", "subuid") +
	    check_subordinate(doctor, "/etc/subgid", "subgid") == 0)
		tell(doctor, STATE_OK, "uids", NULL, "%u to %u are nobody else's", UID_FIRST,
		    UID_FIRST + UID_COUNT - 1);
}

static void
check_state_dir(struct doctor *doctor)
{
	char prefix[sizeof(STATE_DIR)] = "", cure[TEXT_BYTES];
	struct stat st;

	for (size_t length = strcspn(STATE_DIR + 1, "/") + 1; length < sizeof(STATE_DIR);
	    length += 1 + (STATE_DIR[length] ? strcspn(STATE_DIR + length + 1, "/") : 0)) {
		memcpy(prefix, STATE_DIR, length);
		prefix[length] = '\0';
		if (stat(prefix, &st) == 0 &&
		    (st.st_uid != 0 || (st.st_mode & (S_IWGRP | S_IWOTH)))) {
			snprintf(cure, sizeof(cure), "chown root %s && chmod go-w %s", prefix,
			    prefix);
			tell(doctor, STATE_FAIL, "policies", cure,
			    "%s can be changed by others than root", prefix);
		}
	}
}

void
check_policies(struct doctor *doctor)
{
	static char names[NAMES_MAX][NAME_BYTES];
	int n = policy_names(&policy_standard_dirs, names), good = 0;

	check_state_dir(doctor);
	for (int i = 0; i < n; i++) {
		struct complaint why;

		if (record_load(names[i], &why))
			good++;
		else
			tell(doctor, STATE_FAIL, "policies", "bot-policy compile", "%s", why.text);
	}
	if (n == 0)
		tell(doctor, STATE_FAIL, "policies", INSTALL_CURE,
		    "there are none in " VENDOR_DIR);
	else if (good == n)
		tell(doctor, STATE_OK, "policies", NULL, "%d, compiled and fresh", n);
}

/* Starts a jail and keeps the first line that it complains with. */
static int
try_jail(char complaint[TEXT_BYTES])
{
	int out[2], status = -1;

	if (pipe2(out, O_CLOEXEC))
		return -1;
	pid_t pid = fork();
	if (pid == 0) {
		(void)dup2(out[1], 2);	/* if it fails, there is no complaint to show */
		execl(BIN_DIR "/bot-jail", "bot-jail", "-p", "shell", "--", "true", (char *)NULL);
		dprintf(2, BIN_DIR "/bot-jail: %s", strerror(errno));
		_exit(125);
	}
	(void)close(out[1]);
	ssize_t length = read(out[0], complaint, TEXT_BYTES - 1);
	complaint[length > 0 ? length : 0] = '\0';
	complaint[strcspn(complaint, "\n")] = '\0';
	(void)close(out[0]);
	return pid > 0 && waitpid(pid, &status, 0) == pid ? status : -1;
}

void
check_jail(struct doctor *doctor)
{
	char complaint[TEXT_BYTES];

	if (try_jail(complaint) == 0)
		tell(doctor, STATE_OK, "jail", NULL, "started one, and it ended well");
	else
		tell(doctor, STATE_FAIL, "jail", NULL, "cannot start one: %s", complaint);
}
