/*
 * Owns the little language of setup.conf: "all LIMIT VALUE", "caller LIMIT VALUE", "caller jails
 * NUMBER".
 */
#include "setup_conf.h"

#include "value.h"
#include "words.h"

#include <stdbool.h>
#include <string.h>

#define PERCENT_ALL 80		/* of the host's memory: the rest is for whoever watches */
#define PERCENT_CALLER 60
#define PROCESSES_ALL 16384
#define PROCESSES_CALLER 8192
#define JAILS_CALLER 256

static uint64_t
percent_of(uint64_t whole, uint64_t percent)
{
	return whole / 100 * percent;
}

void
setup_conf_default(struct setup_conf *conf, uint64_t host_memory)
{
	for (int i = 0; i < LIMITS; i++)
		conf->all[i] = conf->caller[i] = LIMIT_NONE;
	conf->all[LIMIT_memory] = percent_of(host_memory, PERCENT_ALL);
	conf->caller[LIMIT_memory] = percent_of(host_memory, PERCENT_CALLER);
	conf->all[LIMIT_processes] = PROCESSES_ALL;
	conf->caller[LIMIT_processes] = PROCESSES_CALLER;
	conf->jails = JAILS_CALLER;
}

static bool
is_ceiling(enum limit limit)
{
	return limit == LIMIT_memory || limit == LIMIT_swap || limit == LIMIT_processes ||
	    limit == LIMIT_cpu_rate;
}

/* A value as policies have it; memory also as percent of the host's. */
static const char *
take_value(enum limit limit, const char *text, uint64_t host_memory, uint64_t *value)
{
	uint64_t percent;

	if (limit == LIMIT_memory && !value_parse(text, UNIT_PERCENT, &percent) &&
	    strchr(text, '%')) {
		*value = percent_of(host_memory, percent);
		return percent > 100 ? "is more than there is" : NULL;
	}
	return value_parse(text, limit_rows[limit].unit, value);
}

static int
take_line(struct setup_conf *conf, const struct words *words, uint64_t host_memory, int line,
    struct complaint *complaint)
{
	bool all = strcmp(words->word[0], "all") == 0;

	if (words->count != 3 || (!all && strcmp(words->word[0], "caller") != 0))
		return complain(complaint,
		    "%d: want 'all LIMIT VALUE', 'caller LIMIT VALUE' or 'caller jails NUMBER'",
		    line);
	const char *name = words->word[1], *text = words->word[2];
	if (!all && strcmp(name, "jails") == 0)
		return number_parse(text, 1000000, &conf->jails)
		    ? complain(complaint, "%d: jails '%s' is no number", line, text) : 0;
	enum limit limit = limit_find(name);
	if (limit == LIMITS || !is_ceiling(limit))
		return complain(complaint, "%d: '%s' is none of memory, swap, processes, cpu-rate",
		    line, name);
	const char *why = take_value(limit, text, host_memory, all ? &conf->all[limit]
	    : &conf->caller[limit]);
	return why ? complain(complaint, "%d: %s '%s' %s", line, name, text, why) : 0;
}

int
setup_conf_parse(struct setup_conf *conf, const char *text, size_t length, uint64_t host_memory,
    struct complaint *complaint)
{
	int line = 0;

	for (size_t at = 0; at < length;) {
		const char *end = memchr(text + at, '\n', length - at);
		size_t this = end ? (size_t)(end - text) - at : length - at;
		struct words words;
		const char *wrong = words_split(text + at, this, &words);

		line++;
		if (wrong)
			return complain(complaint, "%d: the line %s", line, wrong);
		if (words.count && take_line(conf, &words, host_memory, line, complaint))
			return -1;
		at += this + 1;
	}
	return 0;
}
