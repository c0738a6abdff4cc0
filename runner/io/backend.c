/* Owns libcurl. */
#include "backend.h"

#include "common.h"
#include "now.h"
#include "utf8.h"

#include <curl/curl.h>
#include <string.h>

#define WAITING_MAX 1000
#define AT_ONCE 8
#define TRIES 5
#define TIMEOUT_S 10L
#define URL_BYTES 2048

struct letter {
	struct letter *next;
	char url[URL_BYTES];
	char *text;
	CURL *handle;		/* NULL: not under way */
	int tries;
	int64_t due_us;
};

struct backend {
	const char *url;
	CURLM *multi;
	struct curl_slist *headers;
	struct letter *first, **last;
	int waiting, running;
};

struct backend *
backend_new(const char *url, const char *token)
{
	struct backend *backend = calloc(1, sizeof(*backend));
	char line[1024];

	if (!backend || curl_global_init(CURL_GLOBAL_DEFAULT) || !(backend->multi = curl_multi_init())) {
		free(backend);
		return NULL;
	}
	backend->url = url;
	backend->last = &backend->first;
	backend->headers = curl_slist_append(NULL, "Content-Type: application/json");
	if (token && *token) {
		snprintf(line, sizeof(line), "Authorization: Bearer %.900s", token);
		backend->headers = curl_slist_append(backend->headers, line);
	}
	return backend;
}

static void
stop(struct backend *backend, struct letter *letter)
{
	if (!letter->handle)
		return;
	curl_multi_remove_handle(backend->multi, letter->handle);
	curl_easy_cleanup(letter->handle);
	letter->handle = NULL;
	backend->running--;
}

static void
drop(struct backend *backend, struct letter *letter)
{
	struct letter **at = &backend->first;

	while (*at != letter)
		at = &(*at)->next;
	*at = letter->next;
	if (!letter->next)
		backend->last = at;
	stop(backend, letter);
	free(letter->text);
	free(letter);
	backend->waiting--;
}

void
backend_free(struct backend *backend)
{
	if (!backend)
		return;
	while (backend->first)
		drop(backend, backend->first);
	curl_slist_free_all(backend->headers);
	curl_multi_cleanup(backend->multi);
	free(backend);
}

/* The URL with its two fields. Identifiers were checked: they need no escapes. */
static void
fill(const struct backend *backend, const char *kind, const char *id, char url[URL_BYTES])
{
	size_t used = 0;
	bool found = false;

	for (const char *at = backend->url; *at && used < URL_BYTES - 100; ) {
		const char *value = strncmp(at, "{id}", 4) == 0 ? id : strncmp(at, "{kind}", 6) == 0 ? kind : NULL;

		if (value) {
			used += (size_t)snprintf(url + used, URL_BYTES - used, "%s", value);
			at += at[1] == 'i' ? 4 : 6;
			found = true;
		} else
			url[used++] = *at++;
	}
	while (!found && used > 0 && url[used - 1] == '/')
		used--;
	url[used] = '\0';
	if (!found)
		snprintf(url + used, URL_BYTES - used, "/%s/%s", strcmp(kind, "build") == 0 ? "builds" : "matches", id);
}

bool
backend_send(struct backend *backend, const char *kind, const char *id, const char *text)
{
	struct letter *letter = backend->waiting < WAITING_MAX ? calloc(1, sizeof(*letter)) : NULL;

	if (!letter)
		return false;
	fill(backend, kind, id, letter->url);
	letter->text = strdup(text);
	*backend->last = letter;
	backend->last = &letter->next;
	backend->waiting++;
	(void)backend_turn(backend);
	return true;
}

/* What the application answers is nobody's business. */
static size_t
ignore(char *bytes, size_t size, size_t count, void *self)
{
	(void)bytes;
	(void)self;
	return size * count;
}

static void
start(struct backend *backend, struct letter *letter)
{
	CURL *handle = letter->handle = curl_easy_init();

	if (!handle)
		return;
	backend->running++;
	letter->tries++;
	curl_easy_setopt(handle, CURLOPT_URL, letter->url);
	curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(handle, CURLOPT_CUSTOMREQUEST, "PATCH");
	curl_easy_setopt(handle, CURLOPT_POSTFIELDS, letter->text ? letter->text : "{}");
	curl_easy_setopt(handle, CURLOPT_HTTPHEADER, backend->headers);
	curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, ignore);
	curl_easy_setopt(handle, CURLOPT_TIMEOUT, TIMEOUT_S);
	curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(handle, CURLOPT_USERAGENT, "match-worker/" VERSION);
	curl_easy_setopt(handle, CURLOPT_PRIVATE, letter);
	curl_multi_add_handle(backend->multi, handle);
}

static void
finish(struct backend *backend, CURLMsg *message)
{
	struct letter *letter;
	long code = 0;
	CURLcode result = message->data.result;

	curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &letter);
	curl_easy_getinfo(message->easy_handle, CURLINFO_RESPONSE_CODE, &code);
	stop(backend, letter);
	/* Whoever refuses a state will refuse it again; who is not there, or is troubled, may recover. */
	if ((result == CURLE_OK && code < 500 && code != 429) || letter->tries >= TRIES) {
		if (result != CURLE_OK || code >= 400)
			fprintf(stderr, "backend: %s: %s %ld\n", letter->url, curl_easy_strerror(result), code);
		drop(backend, letter);
	} else
		letter->due_us = now_us() + (INT64_C(250000) << letter->tries);
}

/* Is an earlier one of the same address still to be sent? States are told in their order. */
static bool
must_wait(const struct backend *backend, const struct letter *letter)
{
	for (const struct letter *other = backend->first; other != letter; other = other->next)
		if (strcmp(other->url, letter->url) == 0)
			return true;
	return false;
}

int
backend_turn(struct backend *backend)
{
	int left, running;
	CURLMsg *message;

	for (struct letter *letter = backend->first; letter && backend->running < AT_ONCE; letter = letter->next)
		if (!letter->handle && now_us() >= letter->due_us && !must_wait(backend, letter))
			start(backend, letter);
	(void)curl_multi_perform(backend->multi, &running);	/* failures come as messages */
	while ((message = curl_multi_info_read(backend->multi, &left)))
		if (message->msg == CURLMSG_DONE)
			finish(backend, message);
	return backend->waiting;
}

void
backend_flush(struct backend *backend, int ms)
{
	int64_t end_us = now_us() + ms * INT64_C(1000);

	while (backend_turn(backend) > 0 && now_us() < end_us)
		(void)curl_multi_poll(backend->multi, NULL, 0, 50, NULL);
}
