/* Owns the list of drivers. */
#include "queue.h"

#include "common.h"

#include <string.h>

static const struct queue_driver *const drivers[] = { &spool_driver, &redis_driver, &rabbit_driver };

const struct queue_driver *
queue_driver(const char *url)
{
	for (size_t i = 0; i < COUNT(drivers); i++)
		for (const char *const *scheme = drivers[i]->schemes; *scheme; scheme++) {
			size_t length = strlen(*scheme);

			if (strncmp(url, *scheme, length) == 0 && url[length] == ':')
				return drivers[i];
		}
	return NULL;
}

struct queue *
queue_open(const struct queue_config *config, char wrong[QUEUE_WRONG_BYTES])
{
	const struct queue_driver *driver = queue_driver(config->url);

	if (driver)
		return driver->open(config, wrong);
	snprintf(wrong, QUEUE_WRONG_BYTES, "there is no queue of that kind; there are spool:DIR, redis://, amqp://");
	return NULL;
}
