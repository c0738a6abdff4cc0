/* Owns the copying of strangers' files. It follows no link and believes no size. */
#include "gather.h"

#include "common.h"
#include "utf8.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#define BUILT_ENTRIES_MAX 10000

static int
refuse(struct gather *gather, const char *path, const char *why)
{
	snprintf(gather->why, sizeof(gather->why), *path ? "'%s' %s" : "%s%s", path, why);
	utf8_make_plain(gather->why);
	return 1;
}

static int
open_folder(int dir, const char *name)
{
	return openat(dir, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
}

static int
copy_bytes(struct gather *gather, const char *path, int in, int out)
{
	char bytes[65536];
	ssize_t length;

	while ((length = read(in, bytes, sizeof(bytes))) > 0) {
		gather->bytes += length;
		if (gather->bytes > SUBMISSION_BYTES_MAX)
			return refuse(gather, "", gather->built ? "what was built is larger than 256 MiB"
			    : "it is larger than 256 MiB when it is unpacked");
		if (write(out, bytes, (size_t)length) != length)
			return -EIO;
	}
	return length < 0 ? refuse(gather, path, "cannot be read") : 0;
}

static int
copy_file(struct gather *gather, const char *path, const char *name, int from, int to)
{
	cleanup_close int in = openat(from, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC), out = -1;
	struct stat st;
	char head[4] = "";

	if (in < 0 || fstat(in, &st) || !S_ISREG(st.st_mode))
		return refuse(gather, path, "cannot be read");
	/* By what is in it: two submissions of the same bytes are one entry, whatever modes their archives have. */
	bool runs = pread(in, head, sizeof(head), 0) > 1 &&
	    (memcmp(head, "#!", 2) == 0 || memcmp(head, "\177ELF", 4) == 0);
	out = openat(to, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, runs ? 0755 : 0644);
	if (out < 0)
		return -errno;
	gather->files++;
	return copy_bytes(gather, path, in, out);
}

static const char *
name_wrong(const struct gather *gather, const char *path)
{
	if (!gather->built)
		return submission_check(path);
	for (const char *at = path; *at; at++)
		if ((unsigned char)*at < ' ' || *at == 127)
			return "has control characters in its name";
	return NULL;
}

static int copy_folder(struct gather *gather, const char *path, int depth, int from, int to);

static int
copy_inner(struct gather *gather, const char *path, const char *name, int depth, int from, int to)
{
	cleanup_close int in = open_folder(from, name), out = -1;

	if (in < 0)
		return refuse(gather, path, "cannot be read");
	if (depth > SUBMISSION_DEPTH_MAX)
		return refuse(gather, path, "is in more than 16 folders");
	if (mkdirat(to, name, 0755) || (out = open_folder(to, name)) < 0)
		return -errno;
	gather->folders++;
	return copy_folder(gather, path, depth + 1, in, out);
}

static int
copy_entry(struct gather *gather, const char *path, const char *name, int depth, int from, int to)
{
	struct stat st;
	const char *why = name_wrong(gather, path);
	int most = gather->built ? BUILT_ENTRIES_MAX : SUBMISSION_ENTRIES_MAX;

	if (gather->list && submission_matches(gather->list, path)) {
		gather->dropped++;
		return 0;
	}
	if (why || fstatat(from, name, &st, AT_SYMLINK_NOFOLLOW))
		return refuse(gather, path, why ? why : "cannot be read");
	if (gather->files + gather->folders >= most)
		return refuse(gather, "", "it has too many files and folders");
	if (S_ISDIR(st.st_mode))
		return copy_inner(gather, path, name, depth, from, to);
	if (S_ISREG(st.st_mode))
		return copy_file(gather, path, name, from, to);
	if (!gather->built)
		return refuse(gather, path, "is neither file nor folder");
	gather->dropped++;
	return 0;
}

static int
copy_folder(struct gather *gather, const char *path, int depth, int from, int to)
{
	int fd = dup(from), wrong = 0;
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *entry;

	if (!dir) {
		wrong = -errno;
		common_close(&fd);
		return wrong;
	}
	rewinddir(dir);
	while (!wrong && (entry = readdir(dir))) {
		char inner[SUBMISSION_PATH_BYTES];

		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
			continue;
		int length = snprintf(inner, sizeof(inner), "%s%s%s", path, *path ? "/" : "", entry->d_name);
		if ((size_t)length >= sizeof(inner))
			wrong = refuse(gather, path, "has too long a path in it");
		else
			wrong = copy_entry(gather, inner, entry->d_name, depth, from, to);
	}
	closedir(dir);
	return wrong;
}

int
gather_copy(struct gather *gather, int from, int to)
{
	gather->files = gather->folders = gather->dropped = 0;
	gather->bytes = 0;
	*gather->why = '\0';
	return copy_folder(gather, "", 1, from, to);
}

bool
gather_top(int dir, char name[256])
{
	int fd = dup(dir), count = 0;
	DIR *folder = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *entry;
	struct stat st;

	if (!folder)
		common_close(&fd);
	while (folder && (entry = readdir(folder)))
		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0) {
			count++;
			snprintf(name, 256, "%s", entry->d_name);
		}
	if (folder)
		closedir(folder);
	return count == 1 && fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) == 0 && S_ISDIR(st.st_mode);
}

char *
gather_text(int dir, const char *name, size_t most, size_t *length)
{
	cleanup_close int fd = openat(dir, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	struct stat st;

	if (fd < 0 || fstat(fd, &st) || !S_ISREG(st.st_mode) || st.st_size > (off_t)most)
		return NULL;
	char *text = malloc(most + 1);
	ssize_t got = 0, used = 0;
	while (text && (got = read(fd, text + used, most - (size_t)used)) > 0)
		used += got;
	if (text)
		text[used] = '\0';
	*length = (size_t)used;
	return text;
}
