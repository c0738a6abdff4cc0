/* Owns the derivation of seeds. */
#include "seed.h"

#include "digest.h"

#include <stdlib.h>

#define HEX_IN_JSON 13	/* 52 bits: JSON numbers hold 53 */

/* A number as bytes, whatever this machine's order. */
static void
add_number(struct digest *digest, uint64_t number)
{
	char bytes[8];

	for (int i = 0; i < 8; i++)
		bytes[i] = (char)(number >> (8 * i));
	digest_add(digest, bytes, sizeof(bytes));
}

uint64_t
seed_of(uint64_t match, unsigned part)
{
	struct digest digest;
	char text[DIGEST_BYTES];

	digest_begin(&digest);
	digest_add(&digest, "match-run seed", 14);
	add_number(&digest, match);
	add_number(&digest, part);
	digest_end(&digest, text);
	text[HEX_IN_JSON] = '\0';
	return strtoull(text, NULL, 16);
}
