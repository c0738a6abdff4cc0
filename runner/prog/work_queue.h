/* The settings of match-worker, and what of them a queue is told; match-tournament sends its plan by the same. */
#ifndef WORK_QUEUE_H
#define WORK_QUEUE_H

#include "queue.h"
#include "settings.h"
#include "site.h"

enum work_setting {
	WORK_BEGIN = SITE_SETTINGS - 1,
#define SETTING(id, name, environment, fallback, least, most, value, what) WORK_##id,
#include "worker.def"
#undef SETTING
	WORK_SETTINGS
};

extern const struct setting work_table[];

/* Fills in everything but the worker's name and how many jobs it takes. -1: there is no such queue. */
int work_queue_configure(const struct settings *settings, const char *url, struct queue_config *config);

#endif
