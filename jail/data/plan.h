/*
 * The meet of policy, request and inherited limits: what the jail will be. Const once plan_meet()
 * made it.
 */
#ifndef PLAN_H
#define PLAN_H

#include "complaint.h"
#include "record.h"
#include "request.h"

struct plan {
	const struct record *record;
	const struct request *request;
	uint64_t limit[LIMITS];
	bool inherited[LIMITS];			/* a hard resource limit of the caller was the lowest */
	const char *slot_dir[SLOTS_MAX];	/* for each slot of the record; NULL: not filled */
	char *envp[2 * ENVS_MAX + 1];		/* as execve(2) wants it */
	const char *path;			/* the record's PATH, "" if it sets none */
};

/*
 * Each limit becomes the least of the three, slots and environment those that the record and the
 * request both name. -1 with a complaint when the request is looser than the record: by a limit, an
 * undeclared slot, or a variable that the record does not list. No clock, no descriptor, no
 * allocation.
 */
int plan_meet(const struct record *record, const struct request *request,
    const uint64_t inherited[LIMITS], struct plan *plan, struct complaint *complaint);

/* Is it one of the record's slots, and part of the jail: filled by the caller, or a tmp slot? */
bool plan_has_slot(const struct plan *plan, uint32_t index);

#endif
