/* Owns how a compiled policy gets from the disk into memory, and why it is believed. */
#include "config.h"
#include "file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define COMPILE "run: bot-policy compile"

static bool
is_roots(const struct stat *st, mode_t type)
{
	return (st->st_mode & S_IFMT) == type && st->st_uid == 0 &&
	    !(st->st_mode & (S_IWGRP | S_IWOTH));
}

/* Once every directory of the path is root's alone, nobody else can change where the path leads. */
static int
check_path(struct complaint *complaint)
{
	char dir[sizeof(STATE_DIR)] = "/";
	struct stat st;

	for (size_t length = 0;; length += 1 + strcspn(STATE_DIR + length + 1, "/")) {
		memcpy(dir, STATE_DIR, length);
		if (lstat(dir, &st))
			return complain(complaint, "%s: %s; %s", dir, strerror(errno), COMPILE);
		if (!is_roots(&st, S_IFDIR))
			return complain(complaint,
			    "%s can be changed by others than root: chown root %s; "
			    "chmod go-w %s", dir, dir, dir);
		if (!STATE_DIR[length])
			return 0;
	}
}

static ssize_t
load(const char *name, struct record *record, struct complaint *complaint)
{
	char path[sizeof(STATE_DIR) + NAME_BYTES + sizeof(RECORD_SUFFIX)];
	struct stat st = { 0 };

	snprintf(path, sizeof(path), STATE_DIR "/%s" RECORD_SUFFIX, name);
	int fd = openat(AT_FDCWD, path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	if (fd < 0 && errno == ENOENT)
		return complain(complaint, "no policy is called %s; see bot-policy list, or %s",
		    name,
		    COMPILE);
	if (fd < 0 || fstat(fd, &st))
		return complain(complaint, "%s: %s", path, strerror(errno));
	if (!is_roots(&st, S_IFREG))
		return complain(complaint, "%s can be changed by others than root; %s", path,
		    COMPILE);
	ssize_t bytes = read(fd, record, RECORD_BYTES_MAX);
	(void)file_close(fd);
	return bytes >= 0 ? bytes : complain(complaint, "%s: %s", path, strerror(errno));
}

static bool
same_time(const struct stat *st, int64_t s, int64_t ns)
{
	return st->st_mtim.tv_sec == s && st->st_mtim.tv_nsec == ns;
}

/* A vendor's file counts as changed, too, when the administrator now has one of that name. */
static bool
is_changed(const struct record *record, const struct record_source *source, bool admin_changed)
{
	const char *name = record_string(record, source->name);
	char path[512];
	struct stat st;

	snprintf(path, sizeof(path), ADMIN_DIR "/%s", name);
	if (source->vendor && admin_changed && (lstat(path, &st) == 0 || errno != ENOENT))
		return true;
	if (source->vendor)
		snprintf(path, sizeof(path), VENDOR_DIR "/%s", name);
	return stat(path, &st) || st.st_size != source->size ||
	    !same_time(&st, source->mtime_s, source->mtime_ns);
}

static int
check_sources(const struct record *record, struct complaint *complaint)
{
	const struct record_source *source = record_part(record, PART_SOURCES);
	struct stat st = { 0 };
	/* While the directory is as it was, no file in it can have come to override one of ours. */
	bool changed = (stat(ADMIN_DIR, &st) && errno != ENOENT) ||
	    !same_time(&st, record->admin_mtime_s, record->admin_mtime_ns);

	for (uint32_t i = 0; i < record->part[PART_SOURCES].count; i++)
		if (is_changed(record, &source[i], changed))
			return complain(complaint,
			    "policy %s: %s has changed since it was compiled; %s",
			    record->name, record_string(record, source[i].name), COMPILE);
	return 0;
}

const struct record *
record_load(const char *name, struct complaint *complaint)
{
	static union {
		struct record record;
		char bytes[RECORD_BYTES_MAX];
	} buffer;
	struct complaint why;

	if (check_path(complaint))
		return NULL;
	ssize_t bytes = load(name, &buffer.record, complaint);
	if (bytes < 0)
		return NULL;
	if (record_check(&buffer.record, (size_t)bytes, &why) ||
	    strcmp(buffer.record.name, name) != 0) {
		(void)complain(complaint, "compiled policy %s: %s; %s", name, why.text, COMPILE);
		return NULL;
	}
	return check_sources(&buffer.record, complaint) ? NULL : &buffer.record;
}
