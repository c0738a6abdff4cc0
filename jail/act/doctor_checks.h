/* What the checks of bot-jail-setup --check share. Only doctor*.c include it. */
#ifndef DOCTOR_CHECKS_H
#define DOCTOR_CHECKS_H

#include "hierarchy.h"

#include <jansson.h>
#include <stdbool.h>

#define TEXT_BYTES 512

enum state { STATE_OK, STATE_WARN, STATE_FAIL };

struct doctor {
	bool json;
	json_t *facts;
	int fails;
	struct hierarchies found;
};

/* Tells one fact. `cure` can be pasted into a root shell; NULL where there is nothing to do. */
void tell(struct doctor *doctor, enum state state, const char *fact, const char *cure,
    const char *format, ...) __attribute__((format(printf, 5, 6)));

/* Each looks at one thing and tells what it found. */
void check_kernel(struct doctor *doctor);
void check_sandbox(struct doctor *doctor);
void check_capabilities(struct doctor *doctor);
void check_v2(struct doctor *doctor);
void check_controllers(struct doctor *doctor);
void check_swap(struct doctor *doctor);
void check_userns(struct doctor *doctor);
void check_seccomp(struct doctor *doctor);
void check_runtime(struct doctor *doctor);
void check_parents(struct doctor *doctor);
void check_helper(struct doctor *doctor);
void check_group(struct doctor *doctor);
void check_uids(struct doctor *doctor);
void check_policies(struct doctor *doctor);
void check_jail(struct doctor *doctor);

#endif
