/*
 * Owns RUN_DIR. Whatever is there already must be root's and of the right kind, or nothing is
 * touched.
 */
#include "runtime.h"

#include "config.h"
#include "file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysinfo.h>
#include <unistd.h>

#define CONF_FILE "/etc/bot-jail/setup.conf"
#define CONF_BYTES 65536

static const struct {
	const char *path;
	mode_t mode;
} dirs[] = {
	{ RUN_DIR,     0711 },	/* callers pass through, and see nothing */
	{ MOUNT_POINT, 0700 },
	{ CGROUP_DIR,  0755 },
	{ CALLER_DIR,  0755 },
};

int
runtime_conf(struct setup_conf *conf, struct complaint *complaint)
{
	static char text[CONF_BYTES];
	struct complaint why;
	struct sysinfo host;

	if (sysinfo(&host))
		return complain(complaint, "sysinfo: %s", strerror(errno));
	uint64_t memory = (uint64_t)host.totalram * host.mem_unit;
	setup_conf_default(conf, memory);
	ssize_t length = file_read(AT_FDCWD, CONF_FILE, text, sizeof(text));
	if (length < 0)
		return errno == ENOENT ? 0 : complain(complaint, CONF_FILE ": %s", strerror(errno));
	if (setup_conf_parse(conf, text, (size_t)length, memory, &why))
		return complain(complaint, CONF_FILE ":%s", why.text);
	return 0;
}

static int
make_dir(const char *path, mode_t mode, struct complaint *complaint)
{
	struct stat st;

	if (mkdir(path, mode) && errno != EEXIST)
		return complain(complaint, "%s: %s", path, strerror(errno));
	if (lstat(path, &st) || !S_ISDIR(st.st_mode) || st.st_uid != 0)
		return complain(complaint, "%s is not a directory of root's: rm -rf %s", path,
		    path);
	if (chmod(path, mode) || chown(path, 0, 0))
		return complain(complaint, "%s: %s", path, strerror(errno));
	return 0;
}

/* Words that are already there stay: they name the holders of live jails. */
static int
make_uids(struct complaint *complaint)
{
	int fd = open(UIDS_FILE, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	off_t size = UID_COUNT * (off_t)sizeof(uint32_t);

	if (fd < 0)
		return complain(complaint, UIDS_FILE ": %s", strerror(errno));
	int wrong = fchown(fd, 0, 0) || fchmod(fd, 0600) || ftruncate(fd, size) || close(fd);
	return wrong ? complain(complaint, UIDS_FILE ": %s", strerror(errno)) : 0;
}

int
runtime_make(struct complaint *complaint)
{
	for (size_t i = 0; i < sizeof(dirs) / sizeof(*dirs); i++)
		if (make_dir(dirs[i].path, dirs[i].mode, complaint))
			return -1;
	return make_uids(complaint);
}
