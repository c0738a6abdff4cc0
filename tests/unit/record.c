/*
 * Claim: a record that is cut, damaged or bent is refused, and reading one never leaves its bytes (run under ASan by
 * `make asan`). Every byte of a real record is changed in turn, with its sum put right again.
 */
#include "real_record.h"
#include "tap.h"

static void
test_refusals(int bytes)
{
	struct complaint complaint;

	ok(record_check(&real.record, (size_t)bytes, &complaint) == 0, "a record as it was compiled is sound (%d bytes)", bytes);
	ok(record_check(&real.record, 10, &complaint) != 0, "a record of 10 bytes is refused");
	is_text(complaint.text, "not a compiled policy", "and told");
	ok(record_check(&real.record, (size_t)bytes - 8, &complaint) != 0, "a cut record is refused");
	is_text(complaint.text, "damaged", "and told");
	bent = real;
	bent.bytes[0] = 'B';
	ok(record_check(&bent.record, (size_t)bytes, &complaint) != 0, "another magic is refused");
	bent = real;
	bent.record.version++;
	ok(record_check(&bent.record, (size_t)bytes, &complaint) != 0, "another version is refused");
	is_text(complaint.text, "compiled for another version or architecture", "and told");
	bent = real;
	bent.record.arch ^= 1;
	ok(record_check(&bent.record, (size_t)bytes, &complaint) != 0, "another architecture is refused");
	bent = real;
	bent.record.limit[0]++;
	ok(record_check(&bent.record, (size_t)bytes, &complaint) != 0, "a changed limit is noticed");
}

/* As a vandal would who can compute the sum: whatever passes must still be safe to read. */
static void
test_bent(int bytes)
{
	struct complaint complaint;
	size_t sum = 0;
	long refused = 0, passed = 0;

	for (int at = 24; at < bytes; at++)
		for (int change = 1; change < 256; change = change * 3 + 1) {
			bent = real;
			bent.bytes[at] = (char)(bent.bytes[at] ^ change);
			bent.record.bytes = (uint32_t)bytes;
			bent.record.sum = record_sum(&bent.record);
			if (record_check(&bent.record, (size_t)bytes, &complaint)) {
				refused++;
				continue;
			}
			passed++;
			sum += use(&bent.record);
		}
	ok(refused > 100, "%ld of %ld bent records are refused", refused, refused + passed);
	ok(sum > 0, "the others can be read without harm");
}

static void
test_parts(int bytes)
{
	struct complaint complaint;
	long sound = 0;

	for (int part = 0; part < PARTS; part++) {
		static const uint32_t bad[] = { 1, 7, 4, 0, 0xfffffff8, 0x7ffffff8, RECORD_BYTES_MAX };

		for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
			bent = real;
			bent.record.part[part].offset = bad[i];
			bent.record.sum = record_sum(&bent.record);
			sound += record_check(&bent.record, (size_t)bytes, &complaint) == 0;
			bent = real;
			bent.record.part[part].count = bad[i] | 0x10000000;
			bent.record.sum = record_sum(&bent.record);
			sound += record_check(&bent.record, (size_t)bytes, &complaint) == 0;
		}
	}
	ok(sound == 0, "offsets and counts that lead out of the record are refused");
}

int
main(void)
{
	int bytes = make_real();

	if (!ok(bytes > 0, "policy agent compiles"))
		return done_testing();
	test_refusals(bytes);
	test_parts(bytes);
	test_bent(bytes);
	return done_testing();
}
