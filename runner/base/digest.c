/* Owns what a digest is taken of. */
#include "digest.h"

#include "common.h"

#include <errno.h>
#include <fts.h>
#include <sha256.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#define DIR_BYTES_MAX (INT64_C(1) << 30)	/* strangers' files may be as large as their holes */

_Static_assert(sizeof(SHA2_CTX) <= sizeof(((struct digest *)0)->state), "struct digest");

static SHA2_CTX *
in(struct digest *digest)
{
	return (SHA2_CTX *)(void *)digest->state;
}

void
digest_begin(struct digest *digest)
{
	SHA256Init(in(digest));
}

void
digest_add(struct digest *digest, const char *bytes, size_t length)
{
	SHA256Update(in(digest), (const unsigned char *)bytes, length);
}

void
digest_end(struct digest *digest, char text[DIGEST_BYTES])
{
	SHA256End(in(digest), text);
}

bool
digest_is(const char *text)
{
	return text && strlen(text) == DIGEST_BYTES - 1 && strspn(text, "0123456789abcdef") == DIGEST_BYTES - 1;
}

void
digest_text(const char *bytes, size_t length, char text[DIGEST_BYTES])
{
	struct digest digest;

	digest_begin(&digest);
	digest_add(&digest, bytes, length);
	digest_end(&digest, text);
}

int
digest_file(const char *path, char digest[DIGEST_BYTES])
{
	return SHA256File(path, digest) ? 0 : -errno;
}

static int
by_name(const FTSENT **a, const FTSENT **b)
{
	return strcmp((*a)->fts_name, (*b)->fts_name);
}

static int
add_file(SHA2_CTX *sum, const char *relative, const char *path)
{
	char digest[DIGEST_BYTES];
	int error = digest_file(path, digest);

	if (error)
		return error;
	SHA256Update(sum, (const unsigned char *)relative, strlen(relative) + 1);
	SHA256Update(sum, (const unsigned char *)digest, sizeof(digest));
	return 0;
}

int
digest_dir(const char *path, char digest[DIGEST_BYTES])
{
	char *const roots[] = { (char *)path, NULL };
	FTS *tree = fts_open(roots, FTS_PHYSICAL | FTS_NOCHDIR, by_name);
	FTSENT *entry;
	SHA2_CTX sum;
	int error = tree ? 0 : -errno;
	off_t total = 0;

	SHA256Init(&sum);
	while (!error && (entry = fts_read(tree))) {
		if (entry->fts_info == FTS_DNR || entry->fts_info == FTS_ERR)
			error = -entry->fts_errno;
		total += entry->fts_info == FTS_F ? entry->fts_statp->st_size : 0;
		if (total > DIR_BYTES_MAX)
			error = -EFBIG;
		if (!error && entry->fts_info == FTS_F)
			error = add_file(&sum, entry->fts_path + strlen(path), entry->fts_path);
	}
	if (tree)
		fts_close(tree);
	SHA256End(&sum, digest);
	return error;
}
