/* Owns where policies are kept. Nothing of it runs in bot-jail. */
#include "policy_files.h"

#include "config.h"
#include "policy_compile.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <sha256.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define SOURCE_BYTES_MAX (256 * 1024)
#define PATH_BYTES 512

const struct policy_dirs policy_standard_dirs = { { ADMIN_DIR, VENDOR_DIR }, 2, true };

void
policy_say(const char *text)
{
	fprintf(stderr, "%s\n", text);
}

static bool
is_roots(const struct stat *st)
{
	return st->st_uid == 0 && !(st->st_mode & (S_IWGRP | S_IWOTH));
}

/* Opens DIR/NAME.policy or DIR/NAME.set, and says which it was. */
static int
open_source(const char *dir, const char *name, struct policy_source *source)
{
	static const char *const suffixes[] = { "policy", "set" };
	char path[PATH_BYTES];
	int fd = -1;

	for (int i = 0; i < 2 && fd < 0; i++) {
		snprintf(source->name, sizeof(source->name), "%s.%s", name, suffixes[i]);
		snprintf(path, sizeof(path), "%s/%s", dir, source->name);
		fd = open(path, O_RDONLY | O_CLOEXEC);
	}
	return fd;
}

static const char *
read_source(int fd, struct policy_source *source, size_t *length)
{
	static char text[SOURCE_BYTES_MAX];
	struct stat st;

	if (fstat(fd, &st) || !S_ISREG(st.st_mode) || (geteuid() == 0 && !is_roots(&st))) {
		fprintf(stderr, "%s: not a regular file that only root can change\n", source->name);
		return NULL;
	}
	ssize_t bytes = read(fd, text, sizeof(text));
	if (bytes < 0 || bytes == sizeof(text)) {
		fprintf(stderr, "%s: cannot be read, or is larger than 256K\n", source->name);
		return NULL;
	}
	source->mtime_s = st.st_mtim.tv_sec;
	source->mtime_ns = st.st_mtim.tv_nsec;
	source->size = st.st_size;
	*length = (size_t)bytes;
	return text;
}

static const char *
fetch(const void *where, const char *name, struct policy_source *source, size_t *length)
{
	const struct policy_dirs *dirs = where;

	for (int i = 0; i < dirs->dirs; i++) {
		int fd = open_source(dirs->dir[i], name, source);
		if (fd < 0)
			continue;
		const char *text = read_source(fd, source, length);
		(void)close(fd);	/* read only */
		source->vendor = i == dirs->dirs - 1;
		return text;
	}
	return NULL;
}

const struct policy *
policy_load(const struct policy_dirs *dirs, const char *name, struct findings *findings)
{
	static struct policy both[2];
	static int turn;
	struct policy *policy = &both[turn ^= 1];
	struct stat st;

	if (policy_read(policy, name, fetch, dirs, findings) || policy_lint(policy, findings))
		return NULL;
	if (stat(ADMIN_DIR, &st) == 0) {
		policy->admin_mtime_s = st.st_mtim.tv_sec;
		policy->admin_mtime_ns = st.st_mtim.tv_nsec;
	}
	return policy;
}

/* "DIR/NAME.policy" into its parts; false when it is called otherwise. */
static bool
split_path(const char *path, char dir[PATH_BYTES], char name[NAME_BYTES], bool *is_set)
{
	const char *base = strrchr(path, '/') ? strrchr(path, '/') + 1 : path,
	    *dot = strrchr(base, '.');

	if (!dot || dot == base || dot - base >= NAME_BYTES || strlen(path) >= PATH_BYTES)
		return false;
	snprintf(name, NAME_BYTES, "%.*s", (int)(dot - base), base);
	snprintf(dir, PATH_BYTES, "%.*s", base == path ? 1 : (int)(base - path), base == path ? "."
	    : path);
	*is_set = strcmp(dot, ".set") == 0;
	return *is_set || strcmp(dot, ".policy") == 0;
}

int
policy_check_file(const char *path, struct findings *findings)
{
	static struct policy policy;
	char dir[PATH_BYTES], name[NAME_BYTES];
	struct policy_dirs dirs = { { dir, ADMIN_DIR, VENDOR_DIR }, 3, true };
	bool is_set;

	if (!split_path(path, dir, name, &is_set) || access(path, R_OK)) {
		fprintf(stderr, "%s: want a file NAME.policy or NAME.set that can be read, such as "
		    VENDOR_DIR "/agent.policy\n", path);
		findings->errors++;
		return -1;
	}
	if (policy_read(&policy, name, fetch, &dirs, findings))
		return -1;
	return is_set ? 0 : policy_lint(&policy, findings);
}

static int
compare_names(const void *a, const void *b)
{
	return strcmp(a, b);
}

static int
add_names(const char *path, char names[NAMES_MAX][NAME_BYTES], int n)
{
	DIR *dir = opendir(path);
	struct dirent *entry;

	while (dir && (entry = readdir(dir)) && n < NAMES_MAX) {
		char unused[PATH_BYTES], name[NAME_BYTES];
		bool is_set;
		int i = 0;

		if (entry->d_name[0] == '.' || !split_path(entry->d_name, unused, name, &is_set) ||
		    is_set)
			continue;
		while (i < n && strcmp(names[i], name) != 0)
			i++;
		if (i == n)
			strcpy(names[n++], name);
	}
	if (dir)
		(void)closedir(dir);	/* read only */
	return n;
}

int
policy_names(const struct policy_dirs *dirs, char names[NAMES_MAX][NAME_BYTES])
{
	int n = 0;

	for (int i = 0; i < dirs->dirs; i++)
		n = add_names(dirs->dir[i], names, n);
	qsort(names, (size_t)n, NAME_BYTES, compare_names);
	return n;
}

static char
host_kind(const char *path)
{
	struct stat st;

	if (stat(path, &st) || !is_roots(&st))
		return 0;
	return S_ISDIR(st.st_mode) ? 'd' : 'f';
}

static int
host_expand(const char *pattern, char found[][POLICY_PLACE_MAX], int most)
{
	glob_t matches;
	int n = 0;

	if (glob(pattern, 0, NULL, &matches))
		return 0;
	for (size_t i = 0; i < matches.gl_pathc && n < most; i++)
		if (strlen(matches.gl_pathv[i]) < POLICY_PLACE_MAX)
			strcpy(found[n++], matches.gl_pathv[i]);
	globfree(&matches);
	return n;
}

static void
hash(const void *data, size_t bytes, uint8_t digest[32])
{
	SHA2_CTX context;

	SHA256Init(&context);
	SHA256Update(&context, data, bytes);
	SHA256Final(digest, &context);
}

/* A reader sees the old record or the new one, never a part. */
static int
write_record(const char *dir, const struct record *record)
{
	char path[PATH_BYTES], next[PATH_BYTES + 4];

	snprintf(path, sizeof(path), "%s/%s" RECORD_SUFFIX, dir, record->name);
	snprintf(next, sizeof(next), "%s.new", path);
	(void)unlink(next);	/* of a compiler that was killed */
	int fd = open(next, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
	if (fd < 0)
		return -1;
	bool whole = write(fd, record, record->bytes) == (ssize_t)record->bytes &&
	    fchmod(fd, 0644) == 0 && fsync(fd) == 0;
	if (close(fd) == 0 && whole)
		return rename(next, path);
	return -1;
}

static int
compile_one(const struct policy_dirs *dirs, const char *dir, const char *name,
    struct findings *findings)
{
	static const struct host host = { host_kind, host_expand };
	static union {
		struct record record;
		char bytes[RECORD_BYTES_MAX];
	} room;
	struct complaint complaint;
	const struct policy *policy = policy_load(dirs, name, findings);

	if (!policy || policy_compile(policy, &host, &room.record, sizeof(room), findings) < 0)
		return -1;
	policy_seal(&room.record, hash);
	if (record_check(&room.record, room.record.bytes, &complaint)) {
		fprintf(stderr, "%s: compiled record is %s: a bug\n", name, complaint.text);
		findings->errors++;
		return -1;
	}
	if (write_record(dir, &room.record) == 0)
		return 0;
	fprintf(stderr, "%s/%s" RECORD_SUFFIX ": %s\n", dir, name, strerror(errno));
	findings->errors++;
	return -1;
}

/* A record whose source is gone must not be used any more. */
static void
remove_orphans(const char *path, char names[NAMES_MAX][NAME_BYTES], int n)
{
	DIR *dir = opendir(path);
	struct dirent *entry;

	while (dir && (entry = readdir(dir))) {
		char *dot = strrchr(entry->d_name, '.');
		bool known = false;

		if (!dot || strcmp(dot, RECORD_SUFFIX) != 0)
			continue;
		for (int i = 0; i < n; i++)
			known |= strlen(names[i]) == (size_t)(dot - entry->d_name) &&
			    strncmp(names[i], entry->d_name, strlen(names[i])) == 0;
		if (!known)
			/* the helper refuses it anyway */
			(void)unlinkat(dirfd(dir), entry->d_name, 0);
	}
	if (dir)
		(void)closedir(dir);	/* read only */
}

int
policy_compile_into(const struct policy_dirs *dirs, const char *dir, char *const names[],
    struct findings *findings)
{
	static char all[NAMES_MAX][NAME_BYTES];
	int n, good = 0;

	(void)mkdir(dir, 0755);	/* if it cannot be made, writing into it tells */
	if (names[0]) {
		for (; *names; names++)
			(void)compile_one(dirs, dir, *names, findings);	/* findings counts */
		return findings->errors ? 1 : 0;
	}
	n = policy_names(dirs, all);
	for (int i = 0; i < n; i++)
		good += compile_one(dirs, dir, all[i], findings) == 0;
	remove_orphans(dir, all, n);
	printf("compiled %d of %d policies into %s\n", good, n, dir);
	return findings->errors ? 1 : 0;
}
