/* Claim: job.h takes the forms of jobs that people have, and of no job a path, a name or a time that a site did not allow. */
#include "job.h"
#include "tap.h"

static const struct job_bounds bounds = { 60000, 600000 };

/* Part of why it is refused; NULL: it is taken. */
static const struct {
	const char *text, *why;
} verdicts[] = {
	{ "{\"id\":\"m1\",\"bots\":[\"a\",\"b\"]}", NULL },
	{ "{\"type\":\"match\",\"match_id\":7,\"agent_ids\":[12,\"x\"]}", NULL },
	{ "{\"id\":\"d\",\"p1\":\"a\",\"p2\":\"b\",\"p1_code\":\"x\",\"p2_code\":\"y\"}", NULL },
	{ "{\"type\":\"build\",\"job_id\":\"b1\",\"agent_id\":\"a\",\"code\":\"x\"}", NULL },
	{ "{\"type\":\"build\",\"build_id\":\"b1\",\"archive\":\"UEs=\"}", NULL },
	{ "{\"id\":\"w\",\"match\":{\"game\":\"/g\",\"bots\":[]}}", NULL },
	{ "{\"id\":\"c\",\"bots\":[{\"name\":\"a\",\"code\":\"x\",\"language\":\"c\"}]}", NULL },
	{ "", "no JSON object" },
	{ "[]", "no JSON object" },
	{ "{\"id\":1,\"id\":2}", "no JSON object" },
	{ "{}", "needs an id" },
	{ "{\"id\":\"\"}", "id must be" },
	{ "{\"id\":\"../x\"}", "id must be" },
	{ "{\"id\":\".x\"}", "id must be" },
	{ "{\"id\":\"-x\"}", "id must be" },
	{ "{\"id\":\"a/b\"}", "id must be" },
	{ "{\"id\":\"a b\"}", "id must be" },
	{ "{\"id\":-1}", "id must be" },
	{ "{\"id\":1.5}", "id must be" },
	{ "{\"id\":null}", "id must be" },
	{ "{\"id\":\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\"}", "id must be" },
	{ "{\"id\":\"x\",\"type\":\"deploy\"}", "match or build" },
	{ "{\"id\":\"x\"}", "bots must be a list" },
	{ "{\"id\":\"x\",\"bots\":[]}", "bots must be a list" },
	{ "{\"id\":\"x\",\"bots\":[1]}", "bots are objects" },
	{ "{\"id\":\"x\",\"bots\":[{}]}", "a bot is one of" },
	{ "{\"id\":\"x\",\"bots\":[{\"code\":\"x\",\"url\":\"y\"}]}", "a bot is one of" },
	{ "{\"id\":\"x\",\"bots\":[{\"dir\":\"/etc\"}]}", "unknown key 'dir'" },
	{ "{\"id\":\"x\",\"bots\":[{\"agent\":\"../../etc\"}]}", "no digest and no name" },
	{ "{\"id\":\"x\",\"bots\":[{\"code\":\"x\",\"name\":\"a/b\"}]}", "bot's name" },
	{ "{\"id\":\"x\",\"bots\":[\"a\"],\"game\":\"../x\"}", "name of a game" },
	{ "{\"id\":\"x\",\"bots\":[\"a\"],\"game\":5}", "name of a game" },
	{ "{\"id\":\"x\",\"bots\":[\"a\"],\"policy\":\"game\"}", "unknown key 'policy'" },
	{ "{\"id\":\"x\",\"bots\":[\"a\"],\"clock\":{\"turn_ms\":60001}}", "turn_ms must be" },
	{ "{\"id\":\"x\",\"bots\":[\"a\"],\"clock\":{\"turn_ms\":0}}", "turn_ms must be" },
	{ "{\"id\":\"x\",\"bots\":[\"a\"],\"clock\":{\"first_ms\":1e99}}", "first_ms must be" },
	{ "{\"id\":\"x\",\"bots\":[\"a\"],\"clock\":{\"match_ms\":600001}}", "match_ms must be" },
	{ "{\"id\":\"x\",\"agent_ids\":[\"a\"],\"config\":{\"turn_time_limit\":61}}", "turn_ms must be" },
	{ "{\"id\":\"x\",\"agent_ids\":[\"a/b\"]}", "agent's id" },
	{ "{\"id\":\"x\",\"agent_ids\":[]}", "agent_ids must be" },
	{ "{\"id\":\"x\",\"agent_ids\":[\"a\"],\"config\":{\"game\":\"/etc\"}}", "name of a game" },
	{ "{\"id\":\"x\",\"p1\":\"a\",\"p2\":\"b\",\"p1_code\":\"x\"}", "p2_code must be" },
	{ "{\"id\":\"x\",\"p1\":\"a\",\"p2\":\"../b\",\"p1_code\":\"x\",\"p2_code\":\"y\"}", "p2 must be" },
	{ "{\"id\":\"x\",\"type\":\"build\"}", "what is built" },
	{ "{\"id\":\"x\",\"type\":\"build\",\"code\":\"x\",\"owner\":\"../x\"}", "owner's name" },
	{ "{\"id\":\"x\",\"type\":\"build\",\"code\":\"x\",\"agent_id\":\"../x\"}", "agent's id" },
	{ "{\"id\":\"x\",\"type\":\"build\",\"code\":\"x\",\"owner\":\"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\"}", "no SHA-256" },
	{ "{\"id\":\"x\",\"bots\":[\"a\"],\"reply_to\":\"queue:matches\"}", "reply_to must" },
	{ "{\"id\":\"x\",\"bots\":[\"a\"],\"reply_to\":\"match-results:a/b\"}", "reply_to must" },
	{ "{\"id\":\"x\",\"match\":5}", "match must be" },
	{ "{\"id\":\"x\",\"bots\":[\"a\"],\"faults\":{\"timeout\":\"skip\",\"bad-json\":{\"do\":\"again\",\"strikes\":3}}}", NULL },
	{ "{\"id\":\"x\",\"bots\":[\"a\"],\"faults\":{\"bad-json\":\"again\"}}", "again needs strikes" },
	{ "{\"id\":\"x\",\"bots\":[\"a\"],\"faults\":{\"bad-action\":{\"do\":\"again\",\"strikes\":1001}}}", "at most 1000" },
};

static struct job job;

static int
read_job(const char *text, char why[JOB_WHY_BYTES])
{
	job_free(&job);
	return job_read(&job, text, strlen(text), &bounds, why);
}

int
main(void)
{
	char why[JOB_WHY_BYTES];

	static char many[2 * 100002 + 3] = "[";

	for (size_t i = 0; i < 100001; i++)
		memcpy(many + 1 + 2 * i, "1,", 2);
	ok(read_job(many, why) && strstr(why, "more than 100000 values"), "too many values are not even taken apart");
	memset(many + 1, '"', 1);
	memset(many + 2, ',', 200000);
	ok(job_is_small(many, 200002), "commas in a string are none");
	for (size_t i = 0; i < sizeof(verdicts) / sizeof(*verdicts); i++) {
		int bad = read_job(verdicts[i].text, why);

		if (verdicts[i].why)
			ok(bad && strstr(why, verdicts[i].why), "%s: %s", verdicts[i].text, bad ? why : "it is taken");
		else
			ok(!bad, "%s%s%s", verdicts[i].text, bad ? ": " : "", bad ? why : "");
	}
	ok(read_job("{\"match_id\":12,\"job_id\":99,\"agent_ids\":[3,3,\"3-0\"],\"config\":{\"turn_time_limit\":2.5,\"seed\":4}}", why) == 0,
	    "numbers are as good as words");
	is_text(job.id, "12", "the id is the match's");
	is_text(job.bot[0].text, "3", "a number is looked for in the store");
	ok(strcmp(job.bot[0].name, job.bot[1].name) != 0 && strcmp(job.bot[0].name, job.bot[2].name) != 0, "names differ: %s %s %s",
	    job.bot[0].name, job.bot[1].name, job.bot[2].name);
	ok(js_member_number(js_get(job.match, "clock"), "turn_ms") == 2500, "seconds become milliseconds");
	ok(js_member_number(js_get(job.match, "clock"), "match_ms") == 600000, "a match without a bound gets the site's");
	ok(js_member_number(job.match, "seed") == 4, "a seed stays");
	ok(read_job("{\"id\":\"x\",\"bots\":[{\"name\":\"a\",\"code\":\"1\"}],\"files\":true,\"reply_to\":\"match-results:t\"}", why) == 0 &&
	    job.wants_files && strcmp(job.reply, "match-results:t") == 0, "where a result goes, and whether with its files");
	is_text(job.bot[0].language, "python", "code without a language is python");
	ok(read_job("{\"id\":\"good\",\"bots\":7}", why) == -1 && strcmp(job.id, "good") == 0, "a wrong job with a good id has it");
	ok(read_job("{\"id\":\"x\",\"bots\":[\"a\"],\"reply_to\":\"/tmp\"}", why) == -1 && !job.reply,
	    "and nobody's wrong reply_to gets its result");
	job_free(&job);
	return done_testing();
}
