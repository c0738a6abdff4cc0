/* Owns the reading of settings. */
#include "settings.h"

#include "common.h"
#include "nearest.h"

#include <errno.h>
#include <string.h>

#define LINE_BYTES 4096

int
settings_set(struct settings *settings, int index, const char *value, char wrong[SETTINGS_WRONG_BYTES])
{
	const struct setting *setting = &settings->table[index];

	if (setting->most) {
		char *end;

		errno = 0;
		long long number = strtoll(value, &end, 10);
		if (errno || end == value || *end || number < setting->least || number > setting->most) {
			snprintf(wrong, SETTINGS_WRONG_BYTES, "%s needs a number from %lld to %lld", setting->name,
			    (long long)setting->least, (long long)setting->most);
			return -1;
		}
	}
	char *copy = strdup(value);
	if (!copy) {
		snprintf(wrong, SETTINGS_WRONG_BYTES, "out of memory");
		return -1;
	}
	free(settings->value[index]);
	settings->value[index] = copy;
	return 0;
}

static int
find(const struct setting *table, const char *name)
{
	for (int i = 0; table[i].name; i++)
		if (strcmp(table[i].name, name) == 0)
			return i;
	return -1;
}

static const char *
nearest(const struct setting *table, const char *name)
{
	const char *names[SETTINGS_MAX + 1] = { NULL };

	for (int i = 0; i < SETTINGS_MAX && table[i].name; i++)
		names[i] = table[i].name;
	return nearest_word(name, names);
}

/* "key value"; blank lines and '#' are nothing. */
static int
take_line(struct settings *settings, char *line, char wrong[SETTINGS_WRONG_BYTES])
{
	line += strspn(line, " \t");
	size_t length = strcspn(line, "\n");
	while (length > 0 && strchr(" \t\r", line[length - 1]))
		length--;
	line[length] = '\0';
	if (!*line || *line == '#')
		return 0;
	char *value = line + strcspn(line, " \t=");
	if (*value)
		*value++ = '\0';
	value += strspn(value, " \t=");
	int index = find(settings->table, line);
	if (index >= 0)
		return settings_set(settings, index, value, wrong);
	const char *meant = nearest(settings->table, line);
	snprintf(wrong, SETTINGS_WRONG_BYTES, meant ? "unknown key '%s'; did you mean '%s'?" : "unknown key '%s'", line,
	    meant);
	return -1;
}

static int
take_file(struct settings *settings, const char *path, char wrong[SETTINGS_WRONG_BYTES])
{
	cleanup_file FILE *file = fopen(path, "re");
	char line[LINE_BYTES], why[SETTINGS_WRONG_BYTES];

	if (!file) {
		snprintf(wrong, SETTINGS_WRONG_BYTES, "%s: %s", path, strerror(errno));
		return -1;
	}
	for (int number = 1; fgets(line, sizeof(line), file); number++)
		if (take_line(settings, line, why)) {
			snprintf(wrong, SETTINGS_WRONG_BYTES, "%.200s:%d: %.250s", path, number, why);
			return -1;
		}
	return 0;
}

int
settings_read(struct settings *settings, const struct setting *table, const char *path,
    char wrong[SETTINGS_WRONG_BYTES])
{
	*settings = (struct settings){ .table = table };
	for (int i = 0; table[i].name; i++)
		if (settings_set(settings, i, table[i].fallback, wrong))
			return -1;
	if (path && take_file(settings, path, wrong))
		return -1;
	for (int i = 0; table[i].name; i++) {
		const char *value = table[i].environment ? getenv(table[i].environment) : NULL;
		char why[SETTINGS_WRONG_BYTES];

		if (value && *value && settings_set(settings, i, value, why)) {
			snprintf(wrong, SETTINGS_WRONG_BYTES, "%s: %.400s", table[i].environment, why);
			return -1;
		}
	}
	return 0;
}

void
settings_free(struct settings *settings)
{
	for (int i = 0; i < SETTINGS_MAX; i++)
		free(settings->value[i]);
	*settings = (struct settings){ .table = settings->table };
}

const char *
settings_text(const struct settings *settings, int index)
{
	return settings->value[index];
}

int64_t
settings_number(const struct settings *settings, int index)
{
	return strtoll(settings->value[index], NULL, 10);
}
