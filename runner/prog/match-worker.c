/*
 * match-worker: takes jobs from a queue, has them done, and publishes what came of them: match-worker(8). It has no
 * privilege: bot-jail has.
 */
#include "work.h"

#include "common.h"
#include "service.h"

#include <errno.h>
#include <string.h>

enum { CONFIG = WORK_SETTINGS, ONCE };

#define SETTING(id, name, environment, fallback, least, most, value, what) { name, 0, value, what },
static const struct option_text run_options[] = {
#include "site.def"
#include "worker.def"
	[CONFIG] = { "config", 'c', "FILE", "a file with the same as 'key value' lines" },
	[ONCE] = { "once", '1', NULL, "end when the queue is empty" },
	{ NULL, 0, NULL, NULL },
};
static const struct option_text submit_options[] = {
#include "site.def"
#include "worker.def"
	[CONFIG] = { "config", 'c', "FILE", "the worker's" },
	{ NULL, 0, NULL, NULL },
};
#undef SETTING

static int run_run(int argc, char *argv[]);
static int submit_run(int argc, char *argv[]);

static const struct command commands[] = {
	{ "run", "", "take jobs and do them", run_options, run_run },
	{ "submit", "JOB.json...", "put jobs into the queue", submit_options, submit_run },
	{ NULL, NULL, NULL, NULL, NULL },
};

const struct cli cli = {
	.name = "match-worker",
	.usage = "usage: match-worker [OPTION]...              take jobs and do them\n"
	    "       match-worker submit [OPTION]... JOB.json...\n\n",
	.commands = commands,
	.status = "0 stopped, or with --once nothing is left; 2 wrong usage or file; 75 the queue cannot be reached.",
};

/* --- settings */

static void
take_once(void *self, int option)
{
	struct work *work = self;

	work->once = option == ONCE;
}

static int
read_settings(struct work *work, const struct option_text *options, int argc, char *argv[])
{
	return service_settings(&work->settings, work_table, options, CONFIG, take_once, work, argc, argv);
}

/* The queue that is meant: one that is named, or the only broker that is known, or files in our own folder. */
static int
choose_queue(struct work *work)
{
	static char spool[PATH_BYTES];
	const char *queue = settings_text(&work->settings, WORK_QUEUE),
	    *redis = settings_text(&work->settings, WORK_REDIS),
	    *rabbit = settings_text(&work->settings, WORK_RABBITMQ);

	if (!*queue && *redis && *rabbit)
		return command_fail(EXIT_USAGE, "both REDIS_URL and RABBITMQ_URL are there: say --queue, one of them");
	snprintf(spool, sizeof(spool), "spool:%.4000s/spool", settings_text(&work->settings, WORK_STATE));
	const char *url = *queue ? queue : *redis ? redis : *rabbit ? rabbit : spool;
	return work_queue_configure(&work->settings, url, &work->config) == 0 ? 0
	    : command_fail(EXIT_USAGE, "there is no queue '%s'; there are spool:DIR, redis://, unix:PATH, amqp://",
	    url);
}

/* host-pid-chance: a name that no other process has, ever. */
static int
take_name(struct work *work)
{
	const char *name = settings_text(&work->settings, WORK_NAME);
	char host[48] = "worker";

	if (*name && !job_is_id(name))
		return command_usage("--name takes letters, digits and . _ -");
	(void)gethostname(host, sizeof(host) - 1);	/* then it is called worker */
	snprintf(work->name, sizeof(work->name), "%.40s-%d-%04x", *name ? name : host, (int)getpid(),
	    (unsigned)(command_seed() & 0xffff));
	work->config.worker = work->name;
	return 0;
}

/* One job for each CPU that we may use, each on CPUs of its own. */
static void
count_jobs(struct work *work)
{
	struct room *room = &work->room;
	int cpus = service_cpus(room);

	work->jobs = (int)settings_number(&work->settings, WORK_JOBS);
	if (work->jobs == 0)
		work->jobs = cpus > WORK_MAX ? WORK_MAX : cpus;
	room->cpus_needed = cpus / work->jobs > 1 ? cpus / work->jobs : 1;
	work->config.prefetch = work->jobs;
	crew_init(&work->crew, "", room, work->jobs);
}

static int
open_backend(struct work *work)
{
	const char *url = settings_text(&work->settings, WORK_BACKEND),
	    *path = settings_text(&work->settings, WORK_BACKEND_TOKEN);
	size_t length;

	if (!*url)
		return 0;
	cleanup_free char *token = *path ? read_small(path, 0, &length) : NULL;
	if (*path && !token)
		return command_fail(EXIT_USAGE, "%s: %s", path, strerror(errno));
	if (token)
		token[strcspn(token, "\r\n")] = '\0';
	work->backend = backend_new(url, token);
	return work->backend ? 0 : command_fail(EXIT_OURS, "libcurl cannot be used");
}

static int
begin(struct work *work)
{
	int status = choose_queue(work);

	if (!status)
		status = take_name(work);
	if (status)
		return status;
	work->helper = command_helper();
	if (!work->helper)
		return EXIT_USAGE;
	int error = state_open(work);
	if (error)
		return command_fail(EXIT_USAGE, "%s: %s; --state says where it is",
		    settings_text(&work->settings, WORK_STATE), strerror(-error));
	count_jobs(work);
	work->signals = service_signals();
	return work->signals < 0 ? command_fail(EXIT_OURS, "signalfd: %s", strerror(errno)) : open_backend(work);
}

static int
run_run(int argc, char *argv[])
{
	static struct work work;
	int status = read_settings(&work, run_options, argc, argv);

	if (!status && optind < argc)
		status = command_usage("match-worker takes options only, or: submit");
	if (!status)
		status = begin(&work);
	if (!status)
		status = work_run(&work);
	if (work.queue)
		work.queue->driver->close(work.queue);
	backend_free(work.backend);
	settings_free(&work.settings);
	return status;
}

/* --- submit */

static int
submit_one(struct work *work, const char *path)
{
	const struct job_bounds bounds = { (double)settings_number(&work->settings, SITE_TURN_MS),
		(double)settings_number(&work->settings, SITE_MATCH_MS) };
	static struct job job;
	char why[JOB_WHY_BYTES];
	size_t length;
	cleanup_free char *text = read_whole(path, 0, (size_t)settings_number(&work->settings, WORK_JOB_BYTES),
	    &length);

	if (!text)
		return command_fail(EXIT_USAGE, "%s: %s", path, strerror(errno));
	int bad = job_read(&job, text, length, &bounds, why);
	if (bad)
		bad = command_fail(EXIT_USAGE, "%s: %s", path, why);
	else if (work->queue->driver->submit(work->queue, job.kind == JOB_BUILD ? QUEUE_BUILDS : QUEUE_MATCHES, job.id,
	    text))
		bad = command_fail(EXIT_OURS, "%s", work->queue->wrong);
	else
		printf("%s\n", job.id);
	job_free(&job);
	return bad;
}

static int
submit_run(int argc, char *argv[])
{
	static struct work work;
	int status = read_settings(&work, submit_options, argc, argv);

	if (!status && optind >= argc)
		status = command_usage("submit needs jobs");
	if (!status)
		status = choose_queue(&work);
	if (!status)
		status = take_name(&work);
	if (status)
		return status;
	work.queue = queue_open(&work.config, work.wrong);
	if (!work.queue)
		return command_fail(EXIT_OURS, "%s", work.wrong);
	for (; optind < argc && !status; optind++)
		status = submit_one(&work, argv[optind]);
	work.queue->driver->close(work.queue);
	settings_free(&work.settings);
	return status;
}

/* --- */

static int
other(int argc, char *argv[])
{
	if (argv[1][0] != '-')
		return command_usage("there are the commands run and submit");
	return run_run(argc, argv);
}

int
main(int argc, char *argv[])
{
	return argc < 2 ? run_run(argc, argv) : command_main(argc, argv, other);
}
