/* Claim: limit values are read exactly as the manual says, and every mistake is told. */
#include "tap.h"
#include "value.h"

static const struct {
	const char *text;
	enum unit unit;
	uint64_t value;
} good[] = {
	{ "0", UNIT_BYTES, 0 },		{ "0", UNIT_TIME, 0 },		{ "0", UNIT_PERCENT, 0 },
	{ "512M", UNIT_BYTES, 512ull << 20 }, { "1K", UNIT_BYTES, 1024 }, { "2G", UNIT_BYTES, 2ull << 30 },
	{ "1T", UNIT_BYTES, 1ull << 40 }, { "7B", UNIT_BYTES, 7 },	{ "100", UNIT_COUNT, 100 },
	{ "50%", UNIT_PERCENT, 50 },	{ "250%", UNIT_PERCENT, 250 },	{ "500ms", UNIT_TIME, 500 },
	{ "3s", UNIT_TIME, 3000 },	{ "5m", UNIT_TIME, 300000 },	{ "1h", UNIT_TIME, 3600000 },
	{ "18446744073709551614", UNIT_COUNT, UINT64_MAX - 1 },
};

static const struct {
	const char *text;
	enum unit unit;
	const char *why;
} bad[] = {
	{ "", UNIT_BYTES, "is not a number" },		{ "M", UNIT_BYTES, "is not a number" },
	{ "-1M", UNIT_BYTES, "is not a number" },	{ "+1M", UNIT_BYTES, "is not a number" },
	{ " 1M", UNIT_BYTES, "is not a number" },	{ "0x10", UNIT_COUNT, "must be a plain number, without a unit" },
	{ "512", UNIT_BYTES, "needs one of the units B, K, M, G, T" },
	{ "512 M", UNIT_BYTES, "needs one of the units B, K, M, G, T" },
	{ "512MB", UNIT_BYTES, "needs one of the units B, K, M, G, T" },
	{ "512m", UNIT_BYTES, "needs one of the units B, K, M, G, T" },
	{ "1.5G", UNIT_BYTES, "needs one of the units B, K, M, G, T" },
	{ "10", UNIT_TIME, "needs one of the units ms, s, m, h" },	{ "10M", UNIT_TIME, "needs one of the units ms, s, m, h" },
	{ "50", UNIT_PERCENT, "needs a %, for percent of one CPU" },
	{ "10s", UNIT_COUNT, "must be a plain number, without a unit" },
	{ "99999999999999999999", UNIT_COUNT, "is too large" },
	{ "18446744073709551615", UNIT_COUNT, "is too large" },
	{ "18446744073709551616B", UNIT_BYTES, "is too large" },
	{ "16777216T", UNIT_BYTES, "is too large" },	{ "5124095576030432h", UNIT_TIME, "is too large" },
};

int
main(void)
{
	for (size_t i = 0; i < sizeof(good) / sizeof(*good); i++) {
		uint64_t value = 1;
		const char *why = value_parse(good[i].text, good[i].unit, &value);

		ok(!why && value == good[i].value, "'%s' is %llu", good[i].text, (unsigned long long)good[i].value);
	}
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		uint64_t value;
		const char *why = value_parse(bad[i].text, bad[i].unit, &value);

		is_text(why ? why : "nothing", bad[i].why, bad[i].text);
	}
	/* What is printed reads back as the same value. */
	int differ = 0;
	for (int unit = UNIT_BYTES; unit <= UNIT_TIME; unit++)
		for (uint64_t value = 0; value < 5000000; value += 1 + value / 7) {
			char text[VALUE_BYTES];
			uint64_t back;

			value_print(value, (enum unit)unit, text);
			differ += value_parse(text, (enum unit)unit, &back) != NULL || back != value;
		}
	ok(differ == 0, "printed values read back");
	return done_testing();
}
