/* A job of a stranger: one that is taken has an id, names and sources within their alphabets; then a name in an archive. */
#include "fuzz.h"
#include "job.h"
#include "submission.h"

#include <stdlib.h>
#include <string.h>

static void
check_job(const struct job *job)
{
	PROMISE(job_is_id(job->id));
	PROMISE(job->bots >= 0 && job->bots <= PLAYERS_MAX);
	for (int i = 0; i < job->bots; i++) {
		PROMISE(job_is_id(job->bot[i].id) && job->bot[i].text);
		PROMISE(memchr(job->bot[i].name, '\0', sizeof(job->bot[i].name)) && !strchr(job->bot[i].name, '/'));
		PROMISE(job->bot[i].source != SOURCE_STORE || job_is_id(job->bot[i].text));
		for (int j = 0; j < i; j++)
			PROMISE(strcmp(job->bot[i].name, job->bot[j].name) != 0);
	}
	PROMISE(!strchr(job->game, '/') && *job->game != '.');
	PROMISE(!job->reply || !strchr(job->reply, '/'));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct job_bounds bounds = { 60000, 600000 };
	static struct job job;
	char why[JOB_WHY_BYTES] = "", path[SUBMISSION_PATH_BYTES];
	char *text = malloc(size + 1);

	if (!text)
		return 0;
	memcpy(text, data, size);
	text[size] = '\0';
	if (job_read(&job, text, size, &bounds, why) == 0)
		check_job(&job);
	else
		PROMISE(*why);
	job_free(&job);
	if (!submission_path(text, path) && !submission_check(path))
		PROMISE(*path != '/' && strncmp(path, "../", 3) != 0 && !strstr(path, "/../") && !strstr(path, "//"));
	(void)submission_matches(text, "agent.py");
	free(text);
	return 0;
}
