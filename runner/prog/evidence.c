/* Owns the finding and replaying of a result that is there. */
#include "evidence.h"

#include "common.h"
#include "replay.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

static bool
is_folder(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

void
evidence_replay(const char *path, char replay[PATH_BYTES])
{
	const char *name = strrchr(path, '/') ? strrchr(path, '/') + 1 : path;

	if (strcmp(name, "result.json") == 0)
		snprintf(replay, PATH_BYTES, "%.*sreplay.jsonl", (int)(name - path), path);
	else
		snprintf(replay, PATH_BYTES, is_folder(path) ? "%s/replay.jsonl" : "%s", path);
}

/* The replay beside the result; its own word for the name would be anybody's. */
static void
find(const char *path, char result[PATH_BYTES], char replay[PATH_BYTES])
{
	const char *slash = strrchr(path, '/');

	if (is_folder(path)) {
		snprintf(result, PATH_BYTES, "%s/result.json", path);
		snprintf(replay, PATH_BYTES, "%s/replay.jsonl", path);
		return;
	}
	if (strcmp(slash ? slash + 1 : path, "replay.jsonl") == 0)
		snprintf(result, PATH_BYTES, "%.*sresult.json", slash ? (int)(slash - path) + 1 : 0, path);
	else
		snprintf(result, PATH_BYTES, "%s", path);
	snprintf(replay, PATH_BYTES, "%.*sreplay.jsonl", slash ? (int)(slash - path) + 1 : 0, path);
}

int
evidence_open(struct evidence *evidence, const char *path)
{
	char result[PATH_BYTES], why[JS_ERROR_BYTES];
	size_t length;

	*evidence = (struct evidence){ .result = NULL };
	find(path, result, evidence->replay_path);
	cleanup_free char *text = read_small(result, 0, &length);
	if (!text) {
		fprintf(stderr, "match-run: %s: %s\n", result, strerror(errno));
		return -1;
	}
	evidence->result = js_parse(text, length, why);
	if (!js_is_object(evidence->result)) {
		fprintf(stderr, "match-run: %s:%s\n", result, evidence->result ? "1: no object" : why);
		return -1;
	}
	if (records_open(&evidence->records, evidence->replay_path) == 0)
		return 0;
	fprintf(stderr, "match-run: %s\n", evidence->records.wrong);
	return -1;
}

void
evidence_close(struct evidence *evidence)
{
	js_free(evidence->result);
	evidence->result = NULL;
	records_close(&evidence->records);
}

/* As the replay has it. */
static void
put_actions(const struct actions *actions, struct buffer *out)
{
	buffer_put(out, actions->count ? "[" : "");
	for (int i = 0; i < actions->count; i++) {
		buffer_put(out, i ? ",\"" : "\"");
		replay_put_action(out, &actions->action[i], 0);
		buffer_put(out, "\"");
	}
	buffer_put(out, actions->count ? "]" : "");
}

int
evidence_step(struct records *records, struct match *match, struct record *record)
{
	struct actions actions;
	struct buffer done;
	int read = records_next(records, record);

	if (read <= 0 || record->kind != RECORD_EVENT)
		return read;
	match_step(match, &record->event, &actions);
	buffer_init(&done, 1 << 16);
	put_actions(&actions, &done);
	const char *text = buffer_text(&done);
	bool same = text && done.length == record->done.length &&
	    memcmp(text, record->done.bytes ? record->done.bytes : "", done.length) == 0;
	if (!same)
		snprintf(records->wrong, sizeof(records->wrong),
		    "%.100s:%ld: by the rules this event leads to %.60s, and the file says %.*s", records->path,
		    records->line, text && *text ? text : "nothing",
		    (int)(record->done.length < 60 ? record->done.length : 60),
		    record->done.bytes ? record->done.bytes : "");
	buffer_free(&done);
	return same ? 1 : -1;
}
