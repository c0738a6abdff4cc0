/*
 * Files that something hostile left in a folder become files of ours: regular files and folders only, by
 * descriptor, with every limit counted on what is read. match-build(1), SUBMISSIONS.
 */
#ifndef GATHER_H
#define GATHER_H

#include "submission.h"

#define GATHER_WHY_BYTES (SUBMISSION_PATH_BYTES + 128)

struct gather {
	const char *list;		/* patterns of what is to be left out; NULL: none */
	bool built;			/* made by a compiler: names may have other characters, links are left out */
	int files, folders;
	int64_t bytes;
	int dropped;			/* by the list, or links */
	char why[GATHER_WHY_BYTES];	/* it was refused; "" when it is ours */
};

/* Copies what is in `from` into `to`, both open folders. 0; 1: gather->why; -errno. */
int gather_copy(struct gather *gather, int from, int to);

/* The only thing in a folder, if that is a folder: its name. false. */
bool gather_top(int dir, char name[256]);

/* Reads a small regular file that somebody hostile may have put there. To be freed; NULL. */
char *gather_text(int dir, const char *name, size_t most, size_t *length);

#endif
