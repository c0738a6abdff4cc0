/* What the keys of the policy language share: bot-policy(5). Only policy_*.c include it. */
#ifndef POLICY_KEYS_H
#define POLICY_KEYS_H

#include "policy.h"
#include "words.h"

#define NAME_CHARACTERS "abcdefghijklmnopqrstuvwxyz0123456789-"
#define COUNT(array) (sizeof(array) / sizeof(*(array)))

struct reader {
	struct policy *policy;
	policy_fetch *fetch;
	const void *where;
	struct findings *findings;
	struct origin at;
	int depth;
};

/* Says what is wrong with the present line. */
#define reader_error(reader, ...) policy_error((reader)->findings, &(reader)->at, __VA_ARGS__)

/* Says that a word is unknown, and which was probably meant; NULL: no idea. */
void reader_unknown(struct reader *reader, const char *what, const char *word, const char *best);

/* A copy that lives as long as the policy; "" after saying that there is no room. */
const char *reader_keep(struct reader *reader, const char *text);

/* Each takes one line's words, the key among them, and says what is wrong with them. */
void key_bind(struct reader *reader, const struct words *words);
void key_link(struct reader *reader, const struct words *words);
void key_file(struct reader *reader, const struct words *words);
void key_dir(struct reader *reader, const struct words *words);
void key_tmpfs(struct reader *reader, const struct words *words);
void key_proc(struct reader *reader, const struct words *words);
void key_dev(struct reader *reader, const struct words *words);
void key_slot(struct reader *reader, const struct words *words);
void key_allow(struct reader *reader, const struct words *words);
void key_deny(struct reader *reader, const struct words *words);

#endif
