/* What the services share before they begin: settings, CPUs, signals. */
#ifndef SERVICE_H
#define SERVICE_H

#include "command.h"
#include "crew.h"
#include "room.h"
#include "settings.h"

/*
 * The file that option `config` names first, then the environment, then what was said here. Options from `config` on
 * are no settings: `other` gets them (NULL: there are none besides config). An exit status; optind is behind the
 * options.
 */
int service_settings(struct settings *settings, const struct setting *table, const struct option_text *options,
    int config, void (*other)(void *self, int option), void *self, int argc, char *argv[]);

/* The CPUs that this process may use, for its children; how many, at least 1. */
int service_cpus(struct room *room);

/*
 * Starts match-perform for the text of a job, as the site's settings, with which the table begins, have it; `result`
 * will be the folder of its match. -errno.
 */
int service_perform(struct crew *crew, int worker, size_t entry, const struct settings *settings, const char *job,
    const char *result);

/* From now on INT and TERM are read from the descriptor that is returned. -1. */
int service_signals(void);

#endif
