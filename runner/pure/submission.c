/* Owns the rules for names and sizes in submissions. */
#include "submission.h"

#include <fnmatch.h>
#include <string.h>

#define NAME_CHARACTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-"

static const char junk[] = "__MACOSX\n._*\n.DS_Store\nThumbs.db\ndesktop.ini\n",
    ignored[] =
    ".git\n.hg\n.svn\n.gitignore\n.gitattributes\n__pycache__\n*.pyc\n.pytest_cache\n.mypy_cache\n.ruff_cache\n"
    ".ipynb_checkpoints\n.env\n.env.*\n.venv\nvenv\nenv\nvirtualenv\n.tox\n.idea\n.vscode\nnode_modules\n"
    "*.swp\n*~\n.coverage\n*.egg-info\n.eggs\ntarget\n";

static bool
has_part(const char *path, const char *part)
{
	size_t length = strlen(part);

	for (const char *at = path; at; at = strchr(at, '/') ? strchr(at, '/') + 1 : NULL)
		if (strncmp(at, part, length) == 0 && (at[length] == '/' || !at[length]))
			return true;
	return false;
}

const char *
submission_path(const char *name, char path[SUBMISSION_PATH_BYTES])
{
	if (!name || !*name)
		return "has an entry without a name";
	if (*name == '/' || *name == '\\' || (name[1] == ':' && strchr("/\\", name[2])))
		return "is an absolute path";
	if (has_part(name, "..") || strstr(name, "..\\"))
		return "leads out of the archive";
	while (name[0] == '.' && (name[1] == '/' || !name[1]))
		name += name[1] ? 2 : 1;
	size_t length = strlen(name);
	while (length > 0 && name[length - 1] == '/')
		length--;
	if (length >= SUBMISSION_PATH_BYTES)
		return "is too long";
	memcpy(path, name, length);
	path[length] = '\0';
	return NULL;
}

const char *
submission_check(const char *path)
{
	int depth = 1;

	for (const char *part = path; *part; depth++) {
		size_t length = strcspn(part, "/");

		if (length == 0 || (length == 1 && *part == '.'))
			return "is no plain path";
		if (strspn(part, NAME_CHARACTERS) < length)
			return "has characters other than A-Z a-z 0-9 . _ -";
		if (*part == '-')
			return "begins with a hyphen";
		if (length > 255)
			return "is too long";
		if (depth > SUBMISSION_DEPTH_MAX)
			return "is in more than 16 folders";
		part += length + (part[length] == '/');
	}
	return NULL;
}

/* Does a pattern, without a slash, name one of the path's parts? */
static bool
names_a_part(const char *pattern, const char *path)
{
	char part[SUBMISSION_PATH_BYTES];

	while (*path) {
		size_t length = strcspn(path, "/");

		memcpy(part, path, length);
		part[length] = '\0';
		if (fnmatch(pattern, part, FNM_NOESCAPE) == 0)
			return true;
		path += length + (path[length] == '/');
	}
	return false;
}

static bool
names_it(char *pattern, const char *path)
{
	size_t length = strlen(pattern);

	while (length > 0 && strchr("/ \r\t", pattern[length - 1]))
		pattern[--length] = '\0';
	if (!length || *pattern == '#')
		return false;
	if (!strchr(pattern, '/'))
		return names_a_part(pattern, path);
	return fnmatch(pattern + (*pattern == '/'), path, FNM_NOESCAPE | FNM_PATHNAME | FNM_LEADING_DIR) == 0;
}

bool
submission_matches(const char *list, const char *path)
{
	char pattern[SUBMISSION_PATH_BYTES];

	while (*list) {
		size_t length = strcspn(list, "\n");

		if (length < sizeof(pattern)) {
			memcpy(pattern, list, length);
			pattern[length] = '\0';
			if (names_it(pattern, path))
				return true;
		}
		list += length + (list[length] == '\n');
	}
	return false;
}

bool
submission_is_junk(const char *path)
{
	return submission_matches(junk, path);
}

bool
submission_is_ignored(const char *path)
{
	return submission_matches(ignored, path);
}

bool
submission_is_list(const char *path)
{
	const char *slash = strchr(path, '/');

	return strcmp(path, SUBMISSION_IGNORE_FILE) == 0 || (slash && strcmp(slash + 1, SUBMISSION_IGNORE_FILE) == 0);
}

const char *
submission_growth(int64_t archive, int64_t bytes)
{
	if (bytes > SUBMISSION_BYTES_MAX)
		return "it is larger than 256 MiB when it is unpacked";
	if (bytes > SUBMISSION_RATIO_FREE && bytes / SUBMISSION_RATIO > archive)
		return "it grows more than a hundredfold: a bomb";
	return NULL;
}
