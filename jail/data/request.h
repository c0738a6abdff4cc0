/*
 * What the caller asks for, parsed once. Written by request_parse() alone; every pointer is into
 * argv.
 */
#ifndef REQUEST_H
#define REQUEST_H

#include "limits.h"
#include "record.h"

#include <stdbool.h>

struct request {
	const char *policy;
	uint64_t limit[LIMITS];		/* LIMIT_NONE: not asked for */
	struct request_slot {
		char name[NAME_BYTES];
		const char *dir;
	} slot[SLOTS_MAX];
	int slots;
	const char *env[ENVS_MAX];	/* NAME=VALUE */
	int envs;
	int status_fd, control_fd;	/* -1: none */
	bool dry, help, version;
	char *const *argv;		/* PROGRAM and its arguments; empty only with -n */
};

#endif
