/*
 * Owns how a policy becomes a record: parents before children, patterns as what they match on this
 * host, system calls as a filter. What fails here fails at the administrator's desk.
 */
#include "policy_compile.h"

#include "filter.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define OPS_MAX 256
#define STRINGS_MAX 32768
#define FILTER_MAX 4096
#define MATCHES_MAX 32

struct compiler {
	const struct policy *policy;
	const struct host *host;
	struct findings *findings;
	struct record_op op[OPS_MAX];
	int ops;
	char strings[STRINGS_MAX];
	size_t used;
};

static uint32_t
add_string(struct compiler *compiler, const char *text)
{
	size_t length = strlen(text) + 1;

	for (size_t at = 0; at < compiler->used; at += strlen(compiler->strings + at) + 1)
		if (strcmp(compiler->strings + at, text) == 0)
			return (uint32_t)at;
	if (compiler->used + length > STRINGS_MAX) {
		compiler->findings->errors++;
		compiler->findings->say("the policy has too much text");
		return 0;
	}
	memcpy(compiler->strings + compiler->used, text, length);
	compiler->used += length;
	return (uint32_t)(compiler->used - length);
}

static const char *
place_of(const struct compiler *compiler, int op)
{
	return compiler->strings + compiler->op[op].place;
}

static void
add_op(struct compiler *compiler, const struct policy_item *item, enum op_kind kind,
    const char *place, const char *text)
{
	if (compiler->ops == OPS_MAX) {
		policy_error(compiler->findings, &item->origin,
		    "more than %d files and directories", OPS_MAX);
		return;
	}
	struct record_op *op = &compiler->op[compiler->ops++];
	*op = (struct record_op){ .kind = kind, .flags = item->flags,
	    .place = add_string(compiler, place),
		.text = add_string(compiler, text), .number = item->number };
}

static bool
is_below(const char *place, const char *dir)
{
	size_t length = strlen(dir);

	return strncmp(place, dir, length) == 0 && place[length] == '/';
}

/* The last operation that covers this place with something of its own: a bind, a tmpfs, a slot. */
static int
covering_op(const struct compiler *compiler, const char *place)
{
	for (int i = compiler->ops - 1; i >= 0; i--)
		if (compiler->op[i].kind >= OP_BIND && is_below(place, place_of(compiler, i)))
			return i;
	return -1;
}

static bool
is_made(const struct compiler *compiler, const char *place)
{
	for (int i = 0; i < compiler->ops; i++)
		if (strcmp(place_of(compiler, i), place) == 0)
			return true;
	return false;
}

static void
add_parents(struct compiler *compiler, const struct policy_item *item, const char *place)
{
	static const struct policy_item plain;
	char parent[POLICY_PLACE_MAX];

	for (const char *slash = strchr(place, '/'); slash; slash = strchr(slash + 1, '/')) {
		snprintf(parent, sizeof(parent), "%.*s", (int)(slash - place), place);
		if (!is_made(compiler, parent)) {
			struct policy_item dir = plain;

			dir.origin = item->origin;
			add_op(compiler, &dir, OP_DIR, parent, "");
		}
	}
}

/* Below a bind only what the host has there can be covered: the bind is read-only. */
static bool
is_coverable(struct compiler *compiler, const struct policy_item *item, int cover,
    const char *place, char kind)
{
	const struct record_op *op = &compiler->op[cover];
	char host[2 * POLICY_PLACE_MAX + 2];

	snprintf(host, sizeof(host), "%s%s", compiler->strings + op->text,
	    place + strlen(place_of(compiler, cover)));
	if (op->kind == OP_BIND && item->kind == OP_BIND && compiler->host->kind(host) == kind)
		return true;
	policy_error(compiler->findings, &item->origin,
	    "/%s lies in /%s, where nothing can be made", place,
	    place_of(compiler, cover));
	return false;
}

static void
add_at(struct compiler *compiler, const struct policy_item *item, const char *place,
    const char *text, char kind)
{
	static const struct policy_item plain;
	int cover = covering_op(compiler, place);

	if (cover >= 0 && !is_coverable(compiler, item, cover, place, kind))
		return;
	if (cover < 0)
		add_parents(compiler, item, place);
	if (cover < 0 && (item->kind == OP_BIND || item->kind == OP_TMPFS ||
	    item->kind == OP_PROC) &&
	    !is_made(compiler, place)) {
		struct policy_item under = plain;

		under.origin = item->origin;
		add_op(compiler, &under, kind == 'f' ? OP_FILE : OP_DIR, place, "");
	}
	add_op(compiler, item, item->kind, place, text);
}

static void
add_bind(struct compiler *compiler, const struct policy_item *item, const char *path,
    const char *place)
{
	char kind = compiler->host->kind(path);

	if (kind)
		add_at(compiler, item, place, path, kind);
	else if (!item->optional)
		policy_error(compiler->findings, &item->origin,
		    "bind %s: there is no such file of root's alone on this host "
		    "(say 'optional' where that is all right)", path);
}

static void
add_pattern(struct compiler *compiler, const struct policy_item *item)
{
	char found[MATCHES_MAX][POLICY_PLACE_MAX];
	int n = compiler->host->expand(item->text, found, MATCHES_MAX);

	for (int i = 0; i < n; i++)
		add_bind(compiler, item, found[i], found[i] + 1);
	if (n == 0 && !item->optional)
		policy_error(compiler->findings, &item->origin,
		    "bind %s: nothing on this host matches", item->text);
	if (n > MATCHES_MAX)
		policy_error(compiler->findings, &item->origin, "bind %s: more than %d matches",
		    item->text, MATCHES_MAX);
}

static void
add_items(struct compiler *compiler)
{
	for (int i = 0; i < compiler->policy->items; i++) {
		const struct policy_item *item = &compiler->policy->item[i];

		if (item->kind != OP_BIND)
			add_at(compiler, item, item->place, item->text, 'd');
		else if (item->text[strlen(item->text) - 1] == '*')
			add_pattern(compiler, item);
		else
			add_bind(compiler, item, item->text, item->place);
	}
}

int
policy_rules(const struct policy *policy, struct rule rules[CALLS_MAX])
{
	int count = 0;

	for (int i = 0; i < CALLS_MAX; i++) {
		answers_rule(i, &policy->call[i].listing, &rules[i]);
		if (call_of_number(i))
			count = i + 1;
	}
	return count;
}

/* Names of the calls that can kill, for the status line. */
static int
collect_calls(struct compiler *compiler, const struct rule *rules, int count,
    struct record_call *calls)
{
	int n = 0;

	for (int i = 0; i < count; i++) {
		bool kills = rules[i].otherwise == ANSWER_KILL;

		for (int j = 0; j < rules[i].tests; j++)
			kills |= rules[i].test[j].answer == ANSWER_KILL;
		if (kills && call_of_number(i))
			calls[n++] = (struct record_call){ (uint32_t)i,
			    add_string(compiler, call_of_number(i)) };
	}
	return n;
}

/* Appends an array to the record; offsets stay multiples of 8. */
static void
append(struct record *record, size_t room, enum record_part part, const void *data, size_t size,
    int count,
    struct findings *findings)
{
	size_t bytes = size * (size_t)count, padded = (bytes + 7) & ~(size_t)7;

	if (record->bytes + padded > room) {
		findings->errors++;
		findings->say("the compiled policy is too large");
		return;
	}
	record->part[part].offset = record->bytes;
	record->part[part].count = (uint32_t)count;
	memset((char *)record + record->bytes, 0, padded);
	memcpy((char *)record + record->bytes, data, bytes);
	record->bytes += (uint32_t)padded;
}

static void
append_filter(struct compiler *compiler, struct record *record, size_t room)
{
	static struct rule rules[CALLS_MAX];
	static struct sock_filter program[FILTER_MAX];
	struct record_call calls[CALLS_MAX];
	int count = policy_rules(compiler->policy, rules),
	    length = filter_make(rules, count, program, FILTER_MAX);

	if (length < 0) {
		compiler->findings->errors++;
		compiler->findings->say("the filter is too large");
		return;
	}
	int n = collect_calls(compiler, rules, count, calls);
	append(record, room, PART_CALLS, calls, sizeof(*calls), n, compiler->findings);
	append(record, room, PART_FILTER, program, sizeof(*program), length, compiler->findings);
}

static void
append_small(struct compiler *compiler, struct record *record, size_t room)
{
	const struct policy *policy = compiler->policy;
	struct record_source sources[POLICY_SOURCES];
	struct record_slot slots[SLOTS_MAX];
	struct record_env envs[ENVS_MAX];

	for (int i = 0; i < policy->sources; i++) {
		const struct policy_source *from = &policy->source[i];

		sources[i] = (struct record_source){ add_string(compiler, from->name), from->vendor,
		    from->mtime_s,
			from->mtime_ns, from->size };
	}
	for (int i = 0; i < policy->slots; i++) {
		const struct policy_slot *from = &policy->slot[i];

		slots[i] = (struct record_slot){ add_string(compiler, from->name),
		    add_string(compiler, from->place),
			from->kind, from->flags, from->size };
	}
	for (int i = 0; i < policy->envs; i++)
		envs[i] = (struct record_env){ add_string(compiler, policy->env[i].text) };
	append(record, room, PART_SOURCES, sources, sizeof(*sources), policy->sources,
	    compiler->findings);
	append(record, room, PART_OPS, compiler->op, sizeof(*compiler->op), compiler->ops,
	    compiler->findings);
	append(record, room, PART_SLOTS, slots, sizeof(*slots), policy->slots, compiler->findings);
	append(record, room, PART_ENVS, envs, sizeof(*envs), policy->envs, compiler->findings);
}

int
policy_compile(const struct policy *policy, const struct host *host, struct record *record,
    size_t room,
    struct findings *findings)
{
	static struct compiler compiler;
	int before = findings->errors;

	compiler = (struct compiler){ .policy = policy, .host = host, .findings = findings };
	*record = (struct record){ .magic = RECORD_MAGIC, .version = RECORD_VERSION,
	    .bytes = sizeof(*record),
		.arch = NATIVE_ARCH, .limits = LIMITS, .admin_mtime_s = policy->admin_mtime_s,
		.admin_mtime_ns = policy->admin_mtime_ns };
	memcpy(record->name, policy->name, sizeof(record->name));
	for (int i = 0; i < LIMITS; i++)
		record->limit[i] = policy->limit[i].value;
	add_items(&compiler);
	append_small(&compiler, record, room);
	append_filter(&compiler, record, room);
	append(record, room, PART_STRINGS, compiler.strings, 1, (int)compiler.used, findings);
	return findings->errors == before ? (int)record->bytes : -1;
}

/* The digest says what the policy grants, so that two hosts with the same policy have the same. */
void
policy_seal(struct record *record, policy_hash *hash)
{
	struct record *copy = malloc(record->bytes);
	struct record_source *source;

	memset(record->digest, 0, sizeof(record->digest));
	record->sum = 0;
	if (copy) {
		memcpy(copy, record, record->bytes);
		source = (struct record_source *)((char *)copy + copy->part[PART_SOURCES].offset);
		copy->admin_mtime_s = copy->admin_mtime_ns = 0;
		for (uint32_t i = 0; i < copy->part[PART_SOURCES].count; i++)
			source[i] = (struct record_source){ .name = source[i].name };
		hash(copy, copy->bytes, record->digest);
		free(copy);
	}
	record->sum = record_sum(record);
}
