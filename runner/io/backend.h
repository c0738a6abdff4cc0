/*
 * Telling a web application what becomes of a job: HTTP PATCH, beside the loop, tried again for a while, and then
 * given up, because the queue's own result is what counts. match-worker(8), BACKEND.
 */
#ifndef BACKEND_H
#define BACKEND_H

#include <stdbool.h>

struct backend;

/*
 * `url` is where: "{kind}" and "{id}" in it are filled in; without them "/matches/ID" or "/builds/ID" is added.
 * `token` (NULL: none) is sent as "Authorization: Bearer". NULL, when libcurl cannot be used.
 */
struct backend *backend_new(const char *url, const char *token);
void backend_free(struct backend *backend);

/* Sends a JSON text some time soon. false: too many wait already, and this one is dropped. */
bool backend_send(struct backend *backend, const char *kind, const char *id, const char *text);

/* Goes on with what is under way; returns soon. How many are left. */
int backend_turn(struct backend *backend);

/* Waits up to so many milliseconds for the rest. */
void backend_flush(struct backend *backend, int ms);

#endif
