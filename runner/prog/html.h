/*
 * Writing pages: everything of strangers goes through one of these, and comes out as text. Each page is one
 * file that loads nothing; its policy (Content-Security-Policy, level 2) admits the one style and the one
 * script of ours by their digests.
 */
#ifndef HTML_H
#define HTML_H

#include "raw.h"

#include <stdio.h>

/* What pages are made with: runner/pages. */
struct assets {
	char *style, *script;
};

/* -1, and errno; `path` is what could not be read. assets_free() is due in both cases. */
int assets_read(struct assets *assets, char path[4096]);
void assets_free(struct assets *assets);

/* The beginning of a page up to <body>, and its end with the script. */
void html_begin(FILE *out, const struct assets *assets, bool with_script, const char *title);
void html_end(FILE *out, const struct assets *assets, bool with_script);

/* Text: for elements and for attributes in double quotes. */
void html_text(FILE *out, const char *text);
void html_bytes(FILE *out, const char *bytes, size_t length);

/* A section with its heading, and a table in a frame that scrolls; columns end with NULL, a bit of `numbers`
 * says which are. */
void html_section(FILE *out, const char *id, const char *title);
void html_table(FILE *out, const char *class, const char *label, const char *const *columns, unsigned numbers);
void html_table_end(FILE *out);

/* JSON within <script type="application/json">: a document as it stands, and any bytes as a string. */
void html_json(FILE *out, struct raw value);
void html_json_string(FILE *out, const char *bytes, size_t length);

#endif
