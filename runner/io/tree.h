/* Copying folders: what starts as somebody's files becomes files of ours. */
#ifndef TREE_H
#define TREE_H

#include <sys/types.h>

/*
 * Copies regular files and folders below `from` into the folder `to`, which is made if it is missing;
 * what is there already stays as it is. Links and other kinds are left out. How many files and folders
 * were made, or -errno; `trouble` has the path then.
 */
int tree_copy(const char *from, const char *to, char trouble[4096]);

/* Copies one regular file to a path that does not exist yet. 1; 0 it was there; -errno. */
int tree_copy_file(const char *from, const char *to);

/*
 * Makes a new folder of ours below TMPDIR, or /tmp: its path in `path`, of `size` bytes. -1, and
 * errno; the path is "" then.
 */
int tree_temporary(char *path, size_t size, mode_t mode);

/* Removes a folder and all that is in it, as far as that goes. */
void tree_remove(const char *path);

#endif
