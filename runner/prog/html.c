/* Owns the form of pages, and that nothing of strangers becomes more than text in them. */
#include "html.h"

#include "buffer.h"
#include "common.h"
#include "digest.h"
#include "program.h"
#include "utf8.h"

#include <string.h>

/* --- style and script */

static char *
read_asset(const char *name, char path[4096])
{
	size_t length;

	snprintf(path, 4096, PAGE_DIR "/%s", name);
	return read_small(path, 0, &length);
}

int
assets_read(struct assets *assets, char path[4096])
{
	assets->script = NULL;
	assets->style = read_asset("page.css", path);
	if (assets->style)
		assets->script = read_asset("match.js", path);
	return assets->script ? 0 : -1;
}

void
assets_free(struct assets *assets)
{
	free(assets->style);
	free(assets->script);
}

static int
hex_digit(char digit)
{
	return digit <= '9' ? digit - '0' : digit - 'a' + 10;
}

/* "sha256-" and the digest in base64, as the policy has it. RFC 4648, 4. */
static void
put_hash(FILE *out, const char *text)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	char hex[DIGEST_BYTES];
	unsigned bits = 0;
	int have = 0;

	digest_text(text, strlen(text), hex);
	(void)fputs("'sha256-", out);
	for (const char *at = hex; *at; at++) {
		bits = bits << 4 | (unsigned)hex_digit(*at);
		for (have += 4; have >= 6; have -= 6)
			putc(digits[bits >> (have - 6) & 63], out);
	}
	/* 256 bits are 42 digits and 4 bits more. */
	fprintf(out, "%c='", digits[bits << (6 - have) & 63]);
}

void
html_begin(FILE *out, const struct assets *assets, bool with_script, const char *title)
{
	(void)fputs("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
		    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; base-uri "
		    "'none'; form-action 'none'; style-src ",
	    out);
	put_hash(out, assets->style);
	if (with_script) {
		(void)fputs("; script-src ", out);
		put_hash(out, assets->script);
	}
	(void)fputs("\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
	    "<meta name=\"referrer\" content=\"no-referrer\">\n<title>", out);
	html_text(out, title);
	fprintf(out, "</title>\n<style>%s</style>\n</head>\n<body>\n", assets->style);
}

void
html_end(FILE *out, const struct assets *assets, bool with_script)
{
	if (with_script)
		fprintf(out, "<script>%s</script>\n", assets->script);
	(void)fputs("</body>\n</html>\n", out);
}

/* --- text */

static const char *
entity_of(char letter)
{
	switch (letter) {
	case '&':	return "&amp;";
	case '<':	return "&lt;";
	case '>':	return "&gt;";
	case '"':	return "&quot;";
	case '\'':	return "&#39;";
	default:	return NULL;
	}
}

void
html_bytes(FILE *out, const char *bytes, size_t length)
{
	while (length > 0) {
		size_t character = utf8_length(bytes, length);

		if (entity_of(*bytes))
			(void)fputs(entity_of(*bytes), out);
		else if (*bytes == '\n' || *bytes == '\t' || utf8_is_shown(bytes, length))
			(void)fwrite(bytes, 1, character, out);
		else	/* no character, or one that controls */
			(void)fputs("\xef\xbf\xbd", out);
		character = character ? character : 1;
		bytes += character;
		length -= character;
	}
}

void
html_text(FILE *out, const char *text)
{
	html_bytes(out, text, strlen(text));
}

/* --- parts of a page */

void
html_section(FILE *out, const char *id, const char *title)
{
	fprintf(out, "<section id=\"%s\" aria-labelledby=\"h-%s\"><h2 id=\"h-%s\">%s</h2>\n", id, id, id, title);
}

void
html_table(FILE *out, const char *class, const char *label, const char *const *columns, unsigned numbers)
{
	fprintf(out,
	    "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"%s\"><table "
	    "class=\"%s\"><thead><tr>",
	    label, class);
	for (int i = 0; columns[i]; i++)
		fprintf(out, "<th scope=\"col\"%s>%s</th>", numbers >> i & 1 ? " class=\"num\"" : "", columns[i]);
	(void)fputs("</tr></thead>\n<tbody>\n", out);
}

void
html_table_end(FILE *out)
{
	(void)fputs("</tbody></table></div>\n", out);
}

/* --- data */

/* No tag begins without one, whatever is in the strings. */
void
html_json(FILE *out, struct raw value)
{
	for (size_t i = 0; i < value.length; i++)
		if (value.bytes[i] == '<')
			(void)fputs("\\u003c", out);
		else
			putc(value.bytes[i], out);
}

void
html_json_string(FILE *out, const char *bytes, size_t length)
{
	struct buffer text;

	buffer_init(&text, 6 * length + 16);
	buffer_put_string(&text, bytes, length);
	const char *quoted = buffer_text(&text);
	if (quoted)
		html_json(out, (struct raw){ quoted, strlen(quoted) });
	else
		(void)fputs("null", out);
	buffer_free(&text);
}
