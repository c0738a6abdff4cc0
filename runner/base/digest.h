/* SHA-256, as hexadecimal text. libmd does the work. */
#ifndef DIGEST_H
#define DIGEST_H

#include <stdbool.h>
#include <stddef.h>

#define DIGEST_BYTES 65

/* Of bytes that come piece by piece. */
struct digest {
	_Alignas(16) char state[256];	/* libmd's; digest.c alone knows it */
};
void digest_begin(struct digest *digest);
void digest_add(struct digest *digest, const char *bytes, size_t length);
void digest_end(struct digest *digest, char text[DIGEST_BYTES]);

/* Is it the text of one? */
bool digest_is(const char *text);

/* Of a text. */
void digest_text(const char *bytes, size_t length, char text[DIGEST_BYTES]);

/* Of a file. -errno when it cannot be read. */
int digest_file(const char *path, char digest[DIGEST_BYTES]);

/*
 * Of a folder of at most 1 GiB (-EFBIG): over the sorted relative paths of its regular files, each
 * with its own digest, so that names, contents and nothing else count. Links and other kinds are
 * left out, as a jail would not follow them. -errno.
 */
int digest_dir(const char *path, char digest[DIGEST_BYTES]);

#endif
