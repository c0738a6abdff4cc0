/* Owns the table of match-worker's settings. */
#include "work_queue.h"

#include "common.h"

const struct setting work_table[] = {
#define SETTING(id, name, environment, fallback, least, most, value, what) { name, environment, fallback, least, most },
#include "site.def"
#include "worker.def"
#undef SETTING
	{ NULL, NULL, NULL, 0, 0 },
};

int
work_queue_configure(const struct settings *settings, const char *url, struct queue_config *config)
{
	static const int names[][2] = { { WORK_REDIS_MATCHES, WORK_RABBIT_MATCHES },
		{ WORK_REDIS_BUILDS, WORK_RABBIT_BUILDS },
		{ WORK_REDIS_RESULTS, WORK_RABBIT_RESULTS }, { WORK_REDIS_STATES, WORK_RABBIT_STATES },
		{ WORK_REDIS_DEAD, WORK_RABBIT_DEAD } };
	const char **const places[] = { &config->source[QUEUE_MATCHES], &config->source[QUEUE_BUILDS], &config->results,
		&config->states, &config->dead };
	const struct queue_driver *driver = queue_driver(url);

	for (size_t i = 0; i < COUNT(places); i++)
		*places[i] = settings_text(settings, names[i][driver == &rabbit_driver]);
	config->url = url;
	config->exchange = settings_text(settings, WORK_EXCHANGE);
	config->key = settings_text(settings, WORK_KEY);
	config->lease_ms = (int)settings_number(settings, WORK_LEASE) * 1000;
	return driver ? 0 : -1;
}
