/* Owns the files of languages. */
#include "language.h"

#include "common.h"

#include <dirent.h>
#include <errno.h>
#include <fnmatch.h>
#include <string.h>

static int
is_json(const struct dirent *entry)
{
	size_t length = strlen(entry->d_name);

	return length > 5 && length < NAME_MAX_BYTES && strcmp(entry->d_name + length - 5, ".json") == 0 &&
	    is_name(entry->d_name);
}

static bool
is_strings(const struct js *array)
{
	for (size_t i = 0; i < js_count(array); i++)
		if (!js_string(js_at(array, i)))
			return false;
	return js_is_array(array) && js_count(array) <= ARGS_MAX;
}

/* NULL, or what is wrong with a part. */
static const char *
check_part(const struct js *part, const char *const *known, const char *const *arrays)
{
	static char why[96];

	if (!part)
		return NULL;
	const char *key = js_unknown_key(part, known);
	if (key) {
		snprintf(why, sizeof(why), "unknown key '%.60s'", key);
		return why;
	}
	if (!is_name(js_string(js_get(part, "policy"))))
		return "it needs a policy";
	for (; *arrays; arrays++)
		if (js_get(part, *arrays) && !is_strings(js_get(part, *arrays)))
			return "commands, entries and limits are arrays of strings";
	return js_count(js_get(part, "command")) ? NULL : "it needs a command";
}

static const char *
check(const struct js *document)
{
	static const char *const known[] = { "title", "aliases", "run", "bot", NULL },
	    *const run[] = { "policy", "file", "command", "limits", NULL },
	    *const bot[] = { "policy", "entries", "check", "build", "command", "limits", NULL },
	    *const arrays[] = { "command", "limits", "entries", "check", "build", NULL };
	const struct js *running = js_get(document, "run"), *playing = js_get(document, "bot");
	const char *why = js_unknown_key(document, known) ? "an unknown key" : check_part(running, run, arrays);

	if (!why && running && !is_name(js_string(js_get(running, "file"))))
		why = "run needs a file";
	if (!why)
		why = check_part(playing, bot, arrays);
	return !why && playing && !js_count(js_get(playing, "entries")) ? "bot needs entries" : why;
}

static int
read_one(struct language *language, const char *dir, const char *file, char wrong[SETUP_ERROR_BYTES])
{
	char path[PATH_BYTES];

	snprintf(path, sizeof(path), "%s/%s", dir, file);
	snprintf(language->name, sizeof(language->name), "%.*s", (int)strlen(file) - 5, file);
	cleanup_free char *text = NULL;
	language->document = document_read(path, &text, wrong);
	const char *why = language->document ? check(language->document) : NULL;
	if (why)
		snprintf(wrong, SETUP_ERROR_BYTES, "%s: %s", path, why);
	return language->document && !why ? 0 : -1;
}

int
languages_read(struct languages *languages, const char *dir, char wrong[SETUP_ERROR_BYTES])
{
	struct dirent **files = NULL;
	int count = scandir(dir, &files, is_json, alphasort), error = 0;

	languages->count = 0;
	if (count < 0)
		snprintf(wrong, SETUP_ERROR_BYTES, "%s: %s", dir, strerror(errno));
	for (int i = 0; i < count; i++) {
		if (!error && languages->count < LANGUAGES_MAX)
			error = read_one(&languages->language[languages->count++], dir, files[i]->d_name, wrong);
		free(files[i]);
	}
	free(files);
	return count < 0 ? -1 : error;
}

void
languages_free(struct languages *languages)
{
	while (languages->count > 0)
		js_free(languages->language[--languages->count].document);
}

static bool
has_string(const struct js *array, const char *text)
{
	for (size_t i = 0; i < js_count(array); i++) {
		const char *string = js_string(js_at(array, i));

		if (string && strcmp(string, text) == 0)
			return true;
	}
	return false;
}

const struct language *
language_find(const struct languages *languages, const char *name)
{
	for (int i = 0; i < languages->count; i++)
		if (strcmp(languages->language[i].name, name) == 0 ||
		    has_string(js_get(languages->language[i].document, "aliases"), name))
			return &languages->language[i];
	return NULL;
}

void
languages_list(const struct languages *languages, char *text, size_t size)
{
	size_t used = 0;

	*text = '\0';
	for (int i = 0; i < languages->count && used < size; i++)
		used += (size_t)snprintf(text + used, size - used, "%s%s", i ? ", " : "", languages->language[i].name);
}

const struct js *
language_part(const struct language *language, const char *part)
{
	return js_get(language->document, part);
}

/* One word with the fields that it begins with or is. */
static struct js *
fill(const char *word, const char *entry)
{
	int stem = (int)(strrchr(entry, '.') ? strrchr(entry, '.') - entry : (long)strlen(entry));
	char text[NAME_MAX_BYTES];

	if (strcmp(word, "{entry}") == 0)
		return js_new_string(entry);
	if (strcmp(word, "{name}") != 0)
		return js_new_string(word);
	snprintf(text, sizeof(text), "%.*s", stem, entry);
	return js_new_string(text);
}

struct js *
language_command(const struct js *part, const char *key, const char *entry)
{
	const struct js *words = js_get(part, key);
	struct js *command = words ? js_new_array() : NULL;

	for (size_t i = 0; i < js_count(words); i++)
		js_add(command, fill(js_string(js_at(words, i)), entry));
	return command;
}

const struct language *
language_of_entry(const struct languages *languages, const char *file)
{
	for (int i = 0; i < languages->count; i++) {
		const struct js *entries = js_get(language_part(&languages->language[i], "bot"), "entries");

		for (size_t j = 0; j < js_count(entries); j++)
			if (fnmatch(js_string(js_at(entries, j)), file, FNM_NOESCAPE) == 0)
				return &languages->language[i];
	}
	return NULL;
}

const char *
language_first_entry(const struct language *language)
{
	return js_string(js_at(js_get(language_part(language, "bot"), "entries"), 0));
}
