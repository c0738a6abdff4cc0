#!/bin/sh
# Claim: for some seconds each, no input that a fuzzer finds makes a parser read what is not its own, overflow, hang or
# break a promise. FUZZ_SECONDS=600 for long; what is found is left in build/fuzz.
. "$(dirname "$0")/lib/tap.sh"
cd "$TOP" || exit 1
seconds=${FUZZ_SECONDS:-$([ "$(id -u)" = 0 ] && echo 3 || echo 1)}

for source in tests/fuzz/*.c; do
	name=$(basename "$source" .c)
	[ -x "build/fuzz/$name" ] || skip_all "the fuzzers are not built: make check-build, which takes clang"
	seeds=tests/fuzz/seeds/$name
	[ "$name" != policy ] || seeds=policies
	mkdir -p "build/fuzz/$name.found" "build/fuzz/$name.corpus"
	log=build/fuzz/$name.log
	"build/fuzz/$name" -max_total_time="$seconds" -timeout=5 -max_len=4096 -artifact_prefix="build/fuzz/$name.found/" \
		"build/fuzz/$name.corpus" $([ -d "$seeds" ] && echo "$seeds") >"$log" 2>&1
	status=$?
	is "$name: $(sed -n 's/^Done \([0-9]*\) runs.*/\1 runs/p' "$log")" "$status" 0
	[ "$status" = 0 ] || comment "$(tail -25 "$log")"
done
done_testing
