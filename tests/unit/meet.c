/*
 * Claim: the plan of a jail is never looser than its policy or its request, equals the policy for an empty request,
 * and becomes no looser when either becomes tighter. A million random pairs; the seed is printed, and taken from
 * MEET_SEED.
 */
#include "plan.h"
#include "tap.h"
#include "value.h"

#include <stdlib.h>
#include <time.h>

#define PAIRS 1000000

static uint64_t state;

static uint64_t
draw(void)
{
	state ^= state << 13;
	state ^= state >> 7;
	return state ^= state << 17;
}

/* Values near each other, at the edges, and none: where a comparison could go wrong. */
static uint64_t
draw_value(void)
{
	switch (draw() % 6) {
	case 0:  return LIMIT_NONE;
	case 1:  return 0;
	case 2:  return LIMIT_NONE - 1 - draw() % 3;
	case 3:  return draw() % 4;
	case 4:  return (1ull << (draw() % 63)) + draw() % 2;
	default: return draw() % 1000;
	}
}

/* A record with two slots (one tmpfs) and three variables, the limits of which are drawn. */
static struct {
	struct record head;
	struct record_slot slot[2];
	struct record_env env[3];
	char strings[64];
} policy;

static void
make_policy(void)
{
	static const char strings[] = "PATH=/usr/bin\0BOT_*\0HOME\0in\0out\0in";

	memcpy(policy.strings, strings, sizeof(strings));
	policy.head.part[PART_SLOTS].offset = (uint32_t)((char *)policy.slot - (char *)&policy);
	policy.head.part[PART_SLOTS].count = 2;
	policy.head.part[PART_ENVS].offset = (uint32_t)((char *)policy.env - (char *)&policy);
	policy.head.part[PART_ENVS].count = 3;
	policy.head.part[PART_STRINGS].offset = (uint32_t)((char *)policy.strings - (char *)&policy);
	policy.head.part[PART_STRINGS].count = sizeof(policy.strings);
	strcpy(policy.head.name, "drawn");
	policy.env[1].text = 14;
	policy.env[2].text = 20;
	policy.slot[0] = (struct record_slot){ .name = 25, .place = 25, .kind = SLOT_RO };
	policy.slot[1] = (struct record_slot){ .name = 28, .place = 28, .kind = SLOT_TMP, .size = 1 };
}

static void
empty_request(struct request *request)
{
	memset(request, 0, sizeof(*request));
	for (int i = 0; i < LIMITS; i++)
		request->limit[i] = LIMIT_NONE;
}

struct tally {
	long granted, looser_than_policy, looser_than_request, looser_than_inherited, wrong_refusal, not_least, not_monotone;
};

static bool
is_looser(const struct request *request)
{
	for (int i = 0; i < LIMITS; i++)
		if (request->limit[i] != LIMIT_NONE && request->limit[i] > policy.head.limit[i])
			return true;
	return false;
}

static void
check_plan(const struct plan *plan, const struct request *request, const uint64_t inherited[LIMITS], struct tally *tally)
{
	for (int i = 0; i < LIMITS; i++) {
		uint64_t got = plan->limit[i], a = policy.head.limit[i], b = request->limit[i], c = inherited[i];
		uint64_t least = a < b ? a : b;

		least = least < c ? least : c;
		tally->looser_than_policy += got > a;
		tally->looser_than_request += got > b;
		tally->looser_than_inherited += got > c;
		tally->not_least += got != least;
	}
}

/* Tightens one limit of the request and meets again: nothing may have become looser. */
static void
check_monotone(const struct plan *before, struct request request, const uint64_t inherited[LIMITS], struct tally *tally)
{
	struct complaint complaint;
	struct plan after;
	int which = (int)(draw() % LIMITS);
	uint64_t now = before->limit[which];

	request.limit[which] = now == LIMIT_NONE || now == 0 ? now : now - 1 - draw() % now;
	if (plan_meet(&policy.head, &request, inherited, &after, &complaint)) {
		tally->not_monotone++;
		return;
	}
	for (int i = 0; i < LIMITS; i++)
		tally->not_monotone += after.limit[i] > before->limit[i];
}

static void
check_pair(struct tally *tally)
{
	struct request request;
	struct complaint complaint;
	struct plan plan;
	uint64_t inherited[LIMITS];

	empty_request(&request);
	for (int i = 0; i < LIMITS; i++) {
		policy.head.limit[i] = draw_value();
		inherited[i] = draw() % 2 ? LIMIT_NONE : draw_value();
		/* Mostly requests that can be granted, or hardly one would be. */
		if (draw() % 3 == 0)
			request.limit[i] = draw() % 40 ? policy.head.limit[i] / (1 + draw() % 3) : draw_value();
	}
	bool refused = plan_meet(&policy.head, &request, inherited, &plan, &complaint) != 0;
	tally->wrong_refusal += refused != is_looser(&request);
	if (refused)
		return;
	tally->granted++;
	check_plan(&plan, &request, inherited, tally);
	check_monotone(&plan, request, inherited, tally);
}

static void
test_empty(void)
{
	struct request request;
	struct complaint complaint;
	struct plan plan;
	uint64_t inherited[LIMITS];
	int differ = 0;

	empty_request(&request);
	for (int i = 0; i < LIMITS; i++) {
		inherited[i] = LIMIT_NONE;
		policy.head.limit[i] = draw_value();
	}
	ok(plan_meet(&policy.head, &request, inherited, &plan, &complaint) == 0, "an empty request is granted");
	for (int i = 0; i < LIMITS; i++)
		differ += plan.limit[i] != policy.head.limit[i] || plan.inherited[i];
	ok(differ == 0, "its plan equals the policy");
	is_text(plan.path, "/usr/bin", "PATH is the policy's");
	ok(plan.envp[0] && !plan.envp[1], "its environment is what the policy sets");
	ok(!plan_has_slot(&plan, 0) && plan_has_slot(&plan, 1), "a slot that is not filled is left out, a tmpfs never");
}

static int
meet_with(const char *env, const char *slot, struct plan *plan, struct complaint *complaint)
{
	static struct request request;
	uint64_t inherited[LIMITS];

	empty_request(&request);
	for (int i = 0; i < LIMITS; i++)
		inherited[i] = LIMIT_NONE;
	if (env)
		request.env[request.envs++] = env;
	if (slot) {
		snprintf(request.slot[0].name, NAME_BYTES, "%s", slot);
		request.slot[request.slots++].dir = "/x";
	}
	return plan_meet(&policy.head, &request, inherited, plan, complaint);
}

static void
test_names(void)
{
	struct complaint complaint;
	struct plan plan;

	ok(meet_with("BOT_SEED=1", NULL, &plan, &complaint) == 0, "a variable that a pattern lists is granted");
	ok(meet_with("HOME=/x", NULL, &plan, &complaint) == 0, "a variable that is listed by name is granted");
	ok(meet_with("HOMES=/x", NULL, &plan, &complaint) != 0, "a longer name is not");
	ok(meet_with("PATH=/x", NULL, &plan, &complaint) != 0, "a variable that the policy sets is not");
	is_text(complaint.text, "policy drawn does not list the variable PATH; see bot-policy show drawn", "the refusal names it");
	ok(meet_with(NULL, "in", &plan, &complaint) == 0 && plan.slot_dir[0], "a declared slot is filled");
	ok(meet_with(NULL, "other", &plan, &complaint) != 0, "an undeclared slot is refused");
	is_text(complaint.text, "policy drawn has no slot other; see bot-policy show drawn", "the refusal names it");
	ok(meet_with(NULL, "out", &plan, &complaint) != 0, "a tmpfs slot takes no directory");
}

static void
test_words(void)
{
	struct request request;
	struct complaint complaint;
	struct plan plan;
	uint64_t inherited[LIMITS];

	empty_request(&request);
	for (int i = 0; i < LIMITS; i++)
		inherited[i] = LIMIT_NONE;
	policy.head.limit[LIMIT_memory] = 512ull << 20;
	request.limit[LIMIT_memory] = 2ull << 30;
	ok(plan_meet(&policy.head, &request, inherited, &plan, &complaint) != 0, "a looser request is refused");
	is_text(complaint.text, "memory=2G is looser than policy drawn (512M)", "the refusal names limit, request and policy");
	request.limit[LIMIT_memory] = 512ull << 20;
	ok(plan_meet(&policy.head, &request, inherited, &plan, &complaint) == 0, "an equal request passes");
	policy.head.limit[LIMIT_memory] = 0;
	request.limit[LIMIT_memory] = 1;
	ok(plan_meet(&policy.head, &request, inherited, &plan, &complaint) != 0, "0 in a policy is none at all, not unlimited");
}

int
main(void)
{
	struct tally tally = { 0 };
	const char *seed = getenv("MEET_SEED");

	state = seed ? strtoull(seed, NULL, 10) : (uint64_t)time(NULL) * 2654435761u | 1;
	printf("# MEET_SEED=%llu\n", (unsigned long long)state);
	make_policy();
	for (long i = 0; i < PAIRS; i++)
		check_pair(&tally);
	ok(tally.granted > PAIRS / 10, "%ld of %d random pairs were granted", tally.granted, PAIRS);
	ok(tally.looser_than_policy == 0, "no plan is looser than its policy");
	ok(tally.looser_than_request == 0, "no plan is looser than its request");
	ok(tally.looser_than_inherited == 0, "no plan is looser than what was inherited");
	ok(tally.not_least == 0, "each limit is exactly the least of the three");
	ok(tally.wrong_refusal == 0, "refused is what is looser than the policy, and nothing else");
	ok(tally.not_monotone == 0, "a tighter request never makes a plan looser");
	test_empty();
	test_names();
	test_words();
	return done_testing();
}
