/* From argv to a request. Runs before anything is raised; allocates nothing. */
#ifndef REQUEST_PARSE_H
#define REQUEST_PARSE_H

#include "complaint.h"
#include "request.h"

/*
 * argv ends with NULL; argc may be 0. -1 with a complaint about the first wrong word; even then
 * status_fd is set if any readable -s was given, so that the refusal can be reported there.
 */
int request_parse(int argc, char *const argv[], struct request *request,
    struct complaint *complaint);

/* Prints the help text: usage, options, limits. */
void request_help(void);

#endif
