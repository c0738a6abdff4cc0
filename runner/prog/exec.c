/*
 * match-run exec: one job of one agent. Its input is in INPUT_DATA, on standard input and in a file;
 * its answer is one JSON document on standard output; its exit status says whether it is one.
 */
#include "command.h"
#include "common.h"
#include "dialect.h"
#include "log.h"
#include "oneshot.h"
#include "plan.h"
#include "tree.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>

#define INPUT_MAX (16 << 20)
#define OUTPUT_MAX (1 << 20)
#define PRETTY_MAX (64 << 10)	/* indenting what is nested deeply makes much of little */
#define LOG_MAX (5 << 20)
#define ENV_MAX (128 * 1024 - 16)	/* MAX_ARG_STRLEN of execve(2), less the name */

enum { INPUT, TIMEOUT, POLICY, LOG_FILE };

const struct option_text exec_options[] = {
	[INPUT] = { "input", 'i', "JSON", "the input; @FILE reads it from there, - from standard input" },
	[TIMEOUT] = { "timeout", 't', "MS", "tighten the policy's wall limit" },
	[POLICY] = { "policy", 'p', "POLICY", "instead of bot.json's" },
	[LOG_FILE] = { "log", 'l', "FILE", "its standard error goes there, not to ours" },
	{ NULL, 0, NULL, NULL },
};

struct job {
	struct program program;
	char *input;
	size_t input_length;
	char wall[32], slot[PATH_BYTES + 8], work[PATH_BYTES];
	const char *log_path, *note;
	struct buffer output;
	struct log log;
	struct oneshot shot;
	bool too_long;		/* more output than is taken */
};

/* --- what it gets */

static int
take_input(struct job *job, const char *text)
{
	bool from_stdin = strcmp(text, "-") == 0;
	const char *path = *text == '@' ? text + 1 : from_stdin ? "standard input" : NULL;

	if (!path) {
		job->input = strdup(text);
		job->input_length = strlen(text);
		return job->input ? 0 : -1;
	}
	cleanup_file FILE *file = from_stdin ? fdopen(dup(STDIN_FILENO), "r") : fopen(path, "re");
	job->input = file ? malloc(INPUT_MAX + 1) : NULL;
	if (!job->input) {
		fprintf(stderr, "match-run: %s: %s\n", path, strerror(errno));
		return -1;
	}
	job->input_length = fread(job->input, 1, INPUT_MAX, file);
	job->input[job->input_length] = '\0';
	if (!ferror(file) && feof(file))
		return 0;
	fprintf(stderr, "match-run: %s: cannot be read, or is larger than 16 MiB\n", path);
	return -1;
}

/* A folder with input.json in it, where the jail has a place for one. */
static int
make_file(struct job *job, const char *helper)
{
	char plan[PLAN_BYTES], path[PATH_BYTES + 16];

	if (!job->input || plan_read(helper, &job->program, plan) || !plan_has_slot(plan, "/in"))
		return 0;
	if (tree_temporary(job->work, sizeof(job->work), 0755))
		return -1;
	snprintf(path, sizeof(path), "%s/input.json", job->work);
	cleanup_file FILE *file = fopen(path, "we");
	if (!file || fwrite(job->input, 1, job->input_length, file) != job->input_length ||
	    fflush(file))
		return -1;
	snprintf(job->slot, sizeof(job->slot), "in=%s", job->work);
	job->program.slots[0] = job->slot;
	return 0;
}

static void
take(void *owner, enum oneshot_stream stream, const char *bytes, size_t length)
{
	struct job *job = owner;

	if (stream == ONESHOT_OUT)
		job->too_long |= buffer_append(&job->output, bytes, length) != 0;
	else if (job->log_path)
		log_write(&job->log, bytes, length);
	else
		(void)!write(STDERR_FILENO, bytes, length);	/* nobody may read it */
}

static int
start(struct job *job, const char *helper)
{
	cleanup_free char *data = job->input ? malloc(job->input_length + 16) : NULL;
	const char *variables[3] = { NULL };
	int count = 0;

	if (data && job->input_length <= ENV_MAX && !memchr(job->input, '\0', job->input_length)) {
		sprintf(data, "INPUT_DATA=%s", job->input);
		variables[count++] = data;
	} else if (data) {
		job->note = "INPUT_DATA is left out of the environment, which holds 128 KiB:"
		    " the input is on standard input";
	}
	if (job->program.slots[0])
		variables[count] = "BOT_INPUT=/in/input.json";
	job->shot.take = take;
	job->shot.owner = job;
	job->shot.input = job->input;
	job->shot.input_length = job->input_length;
	return oneshot_start(&job->shot, helper, &job->program, 0, variables);
}

/* --- what came of it */

/* Its answer, or why there is none in *why. */
static struct js *
answer_of(struct job *job, char why[JS_ERROR_BYTES])
{
	const char *text = buffer_text(&job->output), *wrong = text ? raw_check(text, job->output.length)
	    : "no memory";

	if (job->too_long)
		snprintf(why, JS_ERROR_BYTES, "its output is longer than 1 MiB");
	else if (job->output.length == 0)
		snprintf(why, JS_ERROR_BYTES, "it printed nothing on standard output");
	else if (wrong)
		snprintf(why, JS_ERROR_BYTES, "its output is not one JSON document: %s", wrong);
	else
		return js_parse(text, job->output.length, why);
	return NULL;
}

static int
print_result(struct job *job)
{
	char why[JS_ERROR_BYTES] = "";
	struct js *jail = oneshot_status(&job->shot), *result = js_new_object();
	const char *reason = js_string(js_get(jail, "reason")), *message = js_string(js_get(jail, "message"));
	const struct ending_words *words = ending_words(reason);
	const char *status = words->status;
	struct js *answer = answer_of(job, why);
	bool refused = reason && strcmp(reason, "refused") == 0;
	int code = refused ? EXIT_USAGE : words->ours ? EXIT_OURS
	    : reason && strcmp(reason, "exited") == 0 ? 0 : EXIT_CLIENT_ERROR;

	message = message ? message : words->error;
	if (code == 0 && (js_member_number(jail, "exit") != 0 || !answer)) {
		status = "error";
		code = EXIT_CLIENT_ERROR;
		if (js_member_number(jail, "exit") != 0)
			snprintf(why, sizeof(why), "it exited with status %.0f", js_member_number(jail, "exit"));
	}
	js_set(result, "status", js_new_string(status));
	js_set(result, "exit", js_copy(js_get(jail, "exit")));
	js_set(result, "signal", js_copy(js_get(jail, "signal")));
	js_set(result, "output", answer);
	js_set(result, "error", message ? js_new_string(message) : *why ? js_new_string(why) : NULL);
	js_set(result, "note", job->note ? js_new_string(job->note) : NULL);
	js_set(result, "wall_ms", js_new_real(js_member_number(jail, "wall_us") / 1000));
	js_set(result, "cpu_ms", js_new_real(js_member_number(jail, "cpu_us") / 1000));
	js_set(result, "memory_peak", js_copy(js_get(jail, "memory_peak")));
	js_set(result, "jail", js_copy(jail));
	cleanup_free char *text = job->output.length < PRETTY_MAX ? js_print_pretty(result)
	    : js_print(result);
	js_free(result);
	js_free(jail);
	return !text || puts(text) < 0 || fflush(stdout) ? EXIT_OURS : code;
}

/* --- */

static int
take_bot(struct job *job, const char *dir, const char *policy)
{
	char error[SETUP_ERROR_BYTES];
	struct reader reader = { .path = dir, .base = ".", .error = error };
	struct js *object = js_new_object();
	size_t limits = 0;

	js_set(object, "dir", js_new_string(dir));
	if (policy)
		js_set(object, "policy", js_new_string(policy));
	int wrong = program_read(&reader, object, "the agent", "bot.json", &job->program);
	if (wrong)
		fprintf(stderr, "match-run: %s\n", error);
	while (job->program.limits[limits])
		limits++;
	if (*job->wall && limits < ARGS_MAX)
		job->program.limits[limits] = job->wall;
	js_free(object);
	return wrong;
}

static int
take_option(struct job *job, int option, const char **policy)
{
	switch (option) {
	case INPUT:	return take_input(job, optarg);
	case POLICY:	*policy = optarg; return 0;
	case LOG_FILE:	job->log_path = optarg; return 0;
	case TIMEOUT:
		if (*optarg && strspn(optarg, "0123456789") == strlen(optarg)) {
			snprintf(job->wall, sizeof(job->wall), "wall=%.20sms", optarg);
			return 0;
		}
		return command_usage("--timeout needs a number of milliseconds");
	default:	return -1;
	}
}

static int
work(struct job *job, const char *helper)
{
	int error = job->log_path ? log_open(&job->log, AT_FDCWD, job->log_path, LOG_MAX) : 0;

	if (error) {
		fprintf(stderr, "match-run: %s: %s\n", job->log_path, strerror(-error));
		return EXIT_USAGE;
	}
	if (make_file(job, helper) || start(job, helper)) {
		fprintf(stderr, "match-run: exec: %s\n", strerror(errno));
		return EXIT_OURS;
	}
	oneshot_wait(&job->shot);
	int status = print_result(job);
	oneshot_free(&job->shot);
	log_close(&job->log);
	return status;
}

int
exec_run(int argc, char *argv[])
{
	static struct job job;
	const char *policy = NULL, *helper = command_helper();
	int option, status;

	job.log.fd = -1;
	buffer_init(&job.output, OUTPUT_MAX);
	while ((option = command_option(exec_options, argc, argv)) != -1)
		if (take_option(&job, option, &policy))
			return EXIT_USAGE;
	if (optind + 1 != argc)
		return command_usage("exec needs the folder of one agent");
	(void)signal(SIGPIPE, SIG_IGN);	/* an agent need not read its input */
	status = !helper || take_bot(&job, argv[optind], policy) ? EXIT_USAGE : work(&job, helper);
	if (*job.work)
		tree_remove(job.work);
	program_free(&job.program);
	buffer_free(&job.output);
	free(job.input);
	return status;
}
