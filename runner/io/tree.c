/* Owns the copying and removing of folders. It follows no link. */
#include "tree.h"

#include "common.h"

#include <errno.h>
#include <fcntl.h>
#include <fts.h>
#include <string.h>
#include <sys/stat.h>

#define FILE_BYTES_MAX (256 << 20)	/* holes of strangers' files would become real */

int
tree_copy_file(const char *from, const char *to)
{
	cleanup_close int in = open(from, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK), out = -1;
	char bytes[65536];
	struct stat st;
	ssize_t length;

	if (in < 0 || fstat(in, &st))
		return -errno;
	if (!S_ISREG(st.st_mode) || st.st_size > FILE_BYTES_MAX)
		return S_ISREG(st.st_mode) ? -EFBIG : -EINVAL;
	out = open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, st.st_mode & 0111 ? 0755 : 0644);
	if (out < 0)
		return errno == EEXIST ? 0 : -errno;
	while ((length = read(in, bytes, sizeof(bytes))) > 0)
		if (write(out, bytes, (size_t)length) != length)
			return -EIO;
	return length < 0 ? -errno : 1;
}

static int
make_folder(const char *path)
{
	if (mkdir(path, 0755) == 0)
		return 1;
	return errno == EEXIST ? 0 : -errno;
}

int
tree_copy(const char *from, const char *to, char trouble[4096])
{
	char *const roots[] = { (char *)from, NULL };
	FTS *tree = fts_open(roots, FTS_PHYSICAL | FTS_NOCHDIR, NULL);
	FTSENT *entry;
	int made = 0, error = tree ? 0 : -errno;

	snprintf(trouble, 4096, "%s", from);
	while (error >= 0 && (entry = fts_read(tree))) {
		char path[4096];

		snprintf(path, sizeof(path), "%s%s", to, entry->fts_path + strlen(from));
		if (entry->fts_info == FTS_DNR || entry->fts_info == FTS_ERR || entry->fts_info == FTS_NS)
			error = -entry->fts_errno;
		else if (entry->fts_info == FTS_D)
			error = make_folder(path);
		else if (entry->fts_info == FTS_F)
			error = tree_copy_file(entry->fts_path, path);
		else
			continue;
		snprintf(trouble, 4096, "%s", error < 0 ? path : from);
		made += error > 0;
	}
	if (tree)
		fts_close(tree);
	return error < 0 ? error : made;
}

int
tree_temporary(char *path, size_t size, mode_t mode)
{
	const char *dir = getenv("TMPDIR");

	errno = ENAMETOOLONG;
	int length = snprintf(path, size, "%s/match-run.XXXXXX", dir ? dir : "/tmp");
	if (length > 0 && (size_t)length < size && mkdtemp(path) && chmod(path, mode) == 0)
		return 0;
	path[0] = '\0';
	return -1;
}

void
tree_remove(const char *path)
{
	char *const roots[] = { (char *)path, NULL };
	FTS *tree = fts_open(roots, FTS_PHYSICAL | FTS_NOCHDIR, NULL);
	FTSENT *entry;

	while (tree && (entry = fts_read(tree)))
		if (entry->fts_info == FTS_DP)
			(void)rmdir(entry->fts_accpath);	/* what stays shows, and harms nobody */
		else if (entry->fts_info != FTS_D)
			(void)unlink(entry->fts_accpath);
	if (tree)
		fts_close(tree);
}
