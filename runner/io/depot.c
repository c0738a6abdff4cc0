/* Owns the folder of bots that were built. */
#include "depot.h"

#include "common.h"
#include "tree.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>

#define PREFIX_LEAST 8
#define NAMES "names"

void
depot_default(char dir[PATH_BYTES])
{
	const char *store = getenv("MATCH_STORE"), *home = getenv("HOME");

	if (store && *store)
		snprintf(dir, PATH_BYTES, "%s", store);
	else
		snprintf(dir, PATH_BYTES, "%s/.local/share/match-bots", home ? home : ".");
}

/* In the store. */
static int
make_folder(const struct depot *depot, const char *name, int length)
{
	char path[PATH_BYTES + 16];

	snprintf(path, sizeof(path), "%s/%.*s", depot->dir, length, name);
	if (mkdir(path, 0755))
		return errno == EEXIST ? 0 : -errno;
	return chmod(path, 0755 | depot->share) ? -errno : 0;
}

static int
open_to_change(struct depot *depot)
{
	struct stat st;

	depot->lock = open(depot->dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (depot->lock < 0 || flock(depot->lock, LOCK_EX) || fstat(depot->lock, &st))
		return -errno;
	depot->share = st.st_mode & (S_ISGID | S_IWGRP);
	return make_folder(depot, NAMES, (int)strlen(NAMES));
}

int
depot_open(struct depot *depot, const char *dir, bool make, char wrong[SETUP_ERROR_BYTES])
{
	char path[PATH_BYTES + 16];

	*depot = (struct depot){ .lock = -1 };
	if (make) {
		snprintf(path, sizeof(path), "%s/", dir);
		folder_parents(path);
	}
	cleanup_free char *real = realpath(dir, NULL);
	if (!real || strlen(real) > PATH_BYTES - 100) {
		snprintf(wrong, SETUP_ERROR_BYTES, "%s: %s", dir, real ? "too long" : strerror(errno));
		return -1;
	}
	strcpy(depot->dir, real);
	int error = make ? open_to_change(depot) : 0;
	if (!error)
		return 0;
	snprintf(wrong, SETUP_ERROR_BYTES, "%s: %s", dir, strerror(-error));
	close_fd(&depot->lock);
	return -1;
}

void
depot_share(void)
{
	(void)umask(022);
}

void
depot_close(struct depot *depot)
{
	close_fd(&depot->lock);
}

bool
depot_is_id(const char *text)
{
	return text && *text != '_' && strlen(text) <= 64 && *text && *text != '.' && *text != '-' &&
	    strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-") == strlen(text);
}

void
depot_path(const struct depot *depot, const char *digest, char path[PATH_BYTES])
{
	snprintf(path, PATH_BYTES, "%.4000s/%.2s/%s", depot->dir, digest, digest);
}

int
depot_begin(const struct depot *depot, const char *digest, struct folder *folder)
{
	char path[PATH_BYTES];
	int error = make_folder(depot, digest, 2);

	depot_path(depot, digest, path);
	if (!error)
		error = folder_begin(folder, path);
	return !error && fchmod(folder->fd, 0755 | depot->share) ? -errno : error;
}

static bool
is_there(const struct depot *depot, const char *digest)
{
	char path[PATH_BYTES];

	depot_path(depot, digest, path);
	return access(path, F_OK) == 0;
}

/* What a name stands for. */
static bool
read_name(const struct depot *depot, const char *name, char digest[DIGEST_BYTES])
{
	char path[PATH_BYTES + 80];

	snprintf(path, sizeof(path), "%s/" NAMES "/%s", depot->dir, name);
	ssize_t length = readlink(path, digest, DIGEST_BYTES);
	if (length != DIGEST_BYTES - 1)
		return false;
	digest[length] = '\0';
	return digest_is(digest);
}

/* The only entry whose digest begins with these digits. */
static bool
find_prefix(const struct depot *depot, const char *word, char digest[DIGEST_BYTES])
{
	char path[PATH_BYTES];
	int found = 0;

	snprintf(path, sizeof(path), "%.4000s/%.2s", depot->dir, word);
	DIR *dir = opendir(path);
	struct dirent *entry;
	while (dir && (entry = readdir(dir)))
		if (digest_is(entry->d_name) && strncmp(entry->d_name, word, strlen(word)) == 0) {
			found++;
			strcpy(digest, entry->d_name);
		}
	if (dir)
		closedir(dir);
	return found == 1;
}

bool
depot_find(const struct depot *depot, const char *word, char digest[DIGEST_BYTES])
{
	if (!depot_is_id(word))
		return false;
	if (digest_is(word)) {
		strcpy(digest, word);
		return is_there(depot, digest);
	}
	if (read_name(depot, word, digest))
		return is_there(depot, digest);
	return strlen(word) >= PREFIX_LEAST && strspn(word, "0123456789abcdef") == strlen(word) &&
	    find_prefix(depot, word, digest);
}

struct js *
depot_manifest(const struct depot *depot, const char *digest)
{
	char path[PATH_BYTES + 16], folder[PATH_BYTES], wrong[SETUP_ERROR_BYTES];
	cleanup_free char *text = NULL;

	depot_path(depot, digest, folder);
	snprintf(path, sizeof(path), "%s/manifest.json", folder);
	return document_read(path, &text, wrong);
}

int
depot_rewrite(const struct depot *depot, const char *digest, const struct js *manifest)
{
	char path[PATH_BYTES];

	depot_path(depot, digest, path);
	cleanup_close int dir = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (dir < 0)
		return -errno;
	(void)unlinkat(dir, "manifest.new", 0);	/* of who was killed */
	int error = folder_write(dir, "manifest.new", manifest);
	if (!error && renameat(dir, "manifest.new", dir, "manifest.json"))
		error = -errno;
	return error;
}

int
depot_name(const struct depot *depot, const char *name, const char *digest)
{
	char path[PATH_BYTES + 80], fresh[PATH_BYTES + 80];

	snprintf(path, sizeof(path), "%s/" NAMES "/%s", depot->dir, name);
	snprintf(fresh, sizeof(fresh), "%s/" NAMES "/.new-%d", depot->dir, (int)getpid());
	(void)unlink(fresh);	/* of who was killed */
	return symlink(digest, fresh) || rename(fresh, path) ? -errno : 0;
}

/* Removes the names that stand for this entry; NULL: for any that is not there. How many. */
static int
drop_names(const struct depot *depot, const char *digest)
{
	char path[PATH_BYTES + 8], stands[DIGEST_BYTES];
	int dropped = 0;

	snprintf(path, sizeof(path), "%s/" NAMES, depot->dir);
	DIR *dir = opendir(path);
	struct dirent *entry;
	while (dir && (entry = readdir(dir))) {
		bool named = entry->d_name[0] != '.' && read_name(depot, entry->d_name, stands);

		if (strncmp(entry->d_name, ".new-", 5) == 0 ||
		    (named && (digest ? strcmp(stands, digest) == 0 : !is_there(depot, stands))))
			dropped += unlinkat(dirfd(dir), entry->d_name, 0) == 0;
	}
	if (dir)
		closedir(dir);
	return dropped;
}

/* Renamed first: nobody sees half of it. */
int
depot_remove(const struct depot *depot, const char *digest)
{
	char path[PATH_BYTES], gone[PATH_BYTES + 32];

	depot_path(depot, digest, path);
	snprintf(gone, sizeof(gone), "%s/bot", path);
	if (access(gone, W_OK) && errno == EACCES)
		return -EACCES;
	snprintf(gone, sizeof(gone), "%s.part-removed", path);
	tree_remove(gone);
	(void)drop_names(depot, digest);
	if (rename(path, gone))
		return -errno;
	tree_remove(gone);
	return 0;
}

static int
each_of(const struct depot *depot, const char *shard, int (*look)(void *, const char *, struct js *), void *self)
{
	char path[PATH_BYTES + 8];
	struct dirent **entries = NULL;
	int result = 0;

	snprintf(path, sizeof(path), "%s/%s", depot->dir, shard);
	int count = scandir(path, &entries, NULL, alphasort);
	for (int i = 0; i < count; i++) {
		if (result == 0 && digest_is(entries[i]->d_name)) {
			struct js *manifest = depot_manifest(depot, entries[i]->d_name);

			result = look(self, entries[i]->d_name, manifest);
			js_free(manifest);
		}
		free(entries[i]);
	}
	free(entries);
	return result;
}

int
depot_each(const struct depot *depot, int (*look)(void *, const char *, struct js *), void *self)
{
	int result = 0;

	for (int shard = 0; shard < 256 && result == 0; shard++) {
		char name[3];

		snprintf(name, sizeof(name), "%02x", shard);
		result = each_of(depot, name, look, self);
	}
	return result;
}

/* A folder that is being made is locked by who makes it. */
static int
sweep_shard(const struct depot *depot, int shard)
{
	char path[PATH_BYTES + 8];
	int swept = 0;

	snprintf(path, sizeof(path), "%s/%02x", depot->dir, shard);
	DIR *dir = opendir(path);
	struct dirent *entry;
	while (dir && (entry = readdir(dir))) {
		char part[2 * PATH_BYTES];

		if (!strstr(entry->d_name, ".part-"))
			continue;
		snprintf(part, sizeof(part), "%s/%s", path, entry->d_name);
		cleanup_close int fd = open(part, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
		if (fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) == 0) {
			tree_remove(part);
			swept++;
		}
	}
	if (dir)
		closedir(dir);
	return swept;
}

int
depot_sweep(const struct depot *depot)
{
	int swept = drop_names(depot, NULL);

	for (int shard = 0; shard < 256; shard++)
		swept += sweep_shard(depot, shard);
	return swept;
}
