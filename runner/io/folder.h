/* The folder of a match: written beside its final place, and there whole or not at all. */
#ifndef FOLDER_H
#define FOLDER_H

struct folder {
	char final[4096], work[4096 + 16];
	int fd;			/* of work */
};

/* Makes the folders that a path is in, as mkdir -p does; what cannot be made shows when it is opened. */
void folder_parents(const char *path);

/* Makes the working folder. `path` must not exist yet. -errno. */
int folder_begin(struct folder *folder, const char *path);

/* Writes a document into a folder that is being made, as a new file that is on the disk. -errno. */
struct js;
int folder_write(int dir, const char *name, const struct js *document);

/* Puts it in its place. -errno. */
int folder_commit(struct folder *folder);

/* Removes what was begun, if it was not committed. */
void folder_abandon(struct folder *folder);

#endif
