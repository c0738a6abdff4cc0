/*
 * A real record with bytes changed, its sum put right: refused, or safe to read. Input: offset (4
 * bytes), byte, ...
 */
#include "fuzz.h"
#include "real_record.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static int bytes;
	struct complaint complaint;

	if (!bytes)
		bytes = make_real();
	PROMISE(bytes > 0);
	bent = real;
	for (; size >= 5; data += 5, size -= 5) {
		uint32_t at;

		memcpy(&at, data, sizeof(at));
		bent.bytes[at % (uint32_t)bytes] = (char)data[4];
	}
	bent.record.bytes = (uint32_t)bytes;
	bent.record.sum = record_sum(&bent.record);
	if (record_check(&bent.record, (size_t)bytes, &complaint) == 0)
		(void)use(&bent.record);
	return 0;
}
