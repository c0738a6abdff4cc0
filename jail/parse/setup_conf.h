/*
 * /etc/bot-jail/setup.conf: the ceilings that bot-jail-setup puts over all jails and over those of
 * one caller.
 */
#ifndef SETUP_CONF_H
#define SETUP_CONF_H

#include "complaint.h"
#include "limits.h"

#include <stddef.h>

struct setup_conf {
	uint64_t all[LIMITS],
	    caller[LIMITS];	/* only memory, swap, processes and cpu-rate; LIMIT_NONE: none */
	uint64_t jails;				/* of one caller at one time */
};

/* The defaults for a host with that much memory. */
void setup_conf_default(struct setup_conf *conf, uint64_t host_memory);

/* Reads the text over what is in `conf`. -1 with a complaint that begins with the line number. */
int setup_conf_parse(struct setup_conf *conf, const char *text, size_t length, uint64_t host_memory,
    struct complaint *complaint);

#endif
