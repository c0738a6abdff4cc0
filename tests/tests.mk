# Tests: unit tests in C become build/tests/*.t, scripts are tests/*.t; prove runs both.

UNITS   = filter meet policy record request value
RUNNER_UNITS = clock dialog format job knockout match raw rating settings submission swiss utf8
TESTED  = $(LANGUAGE) data/outcome data/plan data/steps parse/proc_text parse/request_parse parse/setup_conf \
          parse/status_line
RUNNER_TESTED = $(RUNNER_BASE) $(RUNNER_PURE) pure/submission $(RATINGS) $(FORMATS) $(RUNNER_IO) io/job io/settings
UNIT_TS = $(UNITS:%=$B/tests/%.t) $(RUNNER_UNITS:%=$B/tests/%.t)
TEST_I  = -iquote tests/lib -iquote tests/fuzz

$B/libjail.a: $(TESTED:%=$B/jail/%.o)
	@rm -f $@
	$Qar rc $@ $^
$B/librunner.a: $(RUNNER_TESTED:%=$B/runner/%.o)
	@rm -f $@
	$Qar rc $@ $^
$(RUNNER_UNITS:%=$B/tests/%.t): $B/tests/%.t: tests/unit/%.c $B/librunner.a
	@mkdir -p $(@D)
	$Q$(CC) $(BASE) $(RUNNER_I) $(TEST_I) $(CFLAGS) -o $@ $< $B/librunner.a -ljansson -lmd -lm
$(UNITS:%=$B/tests/%.t): $B/tests/%.t: tests/unit/%.c $B/libjail.a
	@mkdir -p $(@D)
	$Q$(CC) $(BASE) $(JAIL_I) $(TEST_I) $(CFLAGS) -o $@ $< $B/libjail.a -lseccomp -lmd

# Programs that tests run, in jails and around them.
HELPERS = $(addprefix $B/tests/,argv0 attack complete ignoring inject short_bot short_game spawning)
$(HELPERS): $B/tests/%: tests/helpers/%.c
	@mkdir -p $(@D)
	$Q$(CC) $(BASE) -o $@ $< -lpthread

# --- the parsers and their unit tests once more, under ASan and UBSan; never installed, never setuid
ASAN    = -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
ASAN_TS = $(UNITS:%=$B/asan/%.t) $(RUNNER_UNITS:%=$B/asan/%.t)

$B/asan/jail/%.o: jail/%.c $B/flags
	@mkdir -p $(@D)
	$Q$(CC) $(BASE) $(ASAN) -U_FORTIFY_SOURCE $(JAIL_I) -c -o $@ $<
$B/asan/runner/%.o: runner/%.c $B/flags
	@mkdir -p $(@D)
	$Q$(CC) $(BASE) $(ASAN) -U_FORTIFY_SOURCE $(RUNNER_I) -c -o $@ $<
$B/asan/libjail.a: $(TESTED:%=$B/asan/jail/%.o)
	@rm -f $@
	$Qar rc $@ $^
$B/asan/librunner.a: $(RUNNER_TESTED:%=$B/asan/runner/%.o)
	@rm -f $@
	$Qar rc $@ $^
$(UNITS:%=$B/asan/%.t): $B/asan/%.t: tests/unit/%.c $B/asan/libjail.a
	$Q$(CC) $(BASE) $(ASAN) -U_FORTIFY_SOURCE $(JAIL_I) $(TEST_I) -o $@ $< $B/asan/libjail.a -lseccomp -lmd
$(RUNNER_UNITS:%=$B/asan/%.t): $B/asan/%.t: tests/unit/%.c $B/asan/librunner.a
	$Q$(CC) $(BASE) $(ASAN) -U_FORTIFY_SOURCE $(RUNNER_I) $(TEST_I) -o $@ $< $B/asan/librunner.a -ljansson -lmd -lm

asan: $(ASAN_TS)
	prove $(ASAN_TS)

# --- fuzzers, by libFuzzer
SANITIZE = -fno-sanitize-recover=all -fsanitize=address,undefined
FUZZ    = clang -std=gnu11 -g -O1 -w -MMD -MP $(SANITIZE) $(DEFINES) $(TEST_I)
FUZZERS = $(addprefix $B/fuzz/,argv policy record texts)
RUNNER_FUZZERS = $(addprefix $B/fuzz/,dialect job message raw)
FUZZ_SECONDS = 600

$B/fuzz/jail/%.o: jail/%.c $B/flags
	@mkdir -p $(@D)
	$Q$(FUZZ) -fsanitize=fuzzer-no-link $(JAIL_I) -c -o $@ $<
$B/fuzz/runner/%.o: runner/%.c $B/flags
	@mkdir -p $(@D)
	$Q$(FUZZ) -fsanitize=fuzzer-no-link $(RUNNER_I) -c -o $@ $<
$B/fuzz/libjail.a: $(TESTED:%=$B/fuzz/jail/%.o)
	@rm -f $@
	$Qar rc $@ $^
$B/fuzz/librunner.a: $(RUNNER_TESTED:%=$B/fuzz/runner/%.o)
	@rm -f $@
	$Qar rc $@ $^
$(FUZZERS): $B/fuzz/%: tests/fuzz/%.c $B/fuzz/libjail.a tests/fuzz/fuzz.h
	$Q$(FUZZ) -fsanitize=fuzzer $(JAIL_I) -o $@ $< $B/fuzz/libjail.a -lseccomp -lmd
$(RUNNER_FUZZERS): $B/fuzz/%: tests/fuzz/%.c $B/fuzz/librunner.a tests/fuzz/fuzz.h
	$Q$(FUZZ) -fsanitize=fuzzer $(RUNNER_I) -o $@ $< $B/fuzz/librunner.a -ljansson -lmd -lm

fuzz: $(FUZZERS) $(RUNNER_FUZZERS)
	FUZZ_SECONDS=$(FUZZ_SECONDS) prove --verbose tests/fuzz.t

# --- all of it. Without root, and without packages that are missing: what needs neither.
# Scripts that start no jails disturb nobody; the others look at what jails leave on this host.
ALONE   = $(addprefix tests/,fuzz.t layers.t)
SCRIPTS = $(filter-out $(ALONE),$(sort $(wildcard tests/*.t)))

check-build: $(PROGRAMS) $(UNIT_TS) $(ASAN_TS) $(HELPERS) $(FUZZERS) $(RUNNER_FUZZERS)
check-unit: $(UNIT_TS)
	prove $(UNIT_TS)
ifeq ($(shell id -u),0)
check: deps-test
	@$(MAKE) --no-print-directory -j $(shell nproc) check-build
	@$(MAKE) --no-print-directory install
else
check: check-build
endif
	prove --timer -j $(shell nproc) $(ALONE) $(UNIT_TS) $(ASAN_TS)
	tests/twice $(SCRIPTS)

# What depends on the kernel and its cgroups, on pure cgroup v2; and a host under systemd, and broken ones.
VM_SCRIPTS = $(addprefix tests/,attacks.t callers.t channels.t control.t jail.t lifetime.t limits.t match.t setup.t slots.t)
check-vm: all check-build
	tests/twice -e tests/vm/run $(VM_SCRIPTS) tests/vm/cures.t
	tests/twice -e 'tests/vm/run -s' tests/vm/systemd.t

# --- without running anything
SOURCES = $(wildcard jail/*/*.[ch] runner/*/*.[ch])
# The first takes what a call fills in for what it reads; the second does not know that POSIX has NULL a pointer.
CPPCHECK = cppcheck --quiet --error-exitcode=1 --enable=warning,portability --suppress=missingInclude \
           --suppress=ctuuninitvar --suppress=varFuncNullUB -D__x86_64__

lint:
	$(MAKE) --no-print-directory B=$B/lint WERROR=-Werror all
	$(CPPCHECK) $(DEFINES) $(subst -iquote ,-I,$(JAIL_I)) jail
	# It knows no cleanup attribute: of leaks, ASan tells.
	$(CPPCHECK) --suppress=memleak --suppress=resourceLeak $(DEFINES) $(subst -iquote ,-I,$(RUNNER_I)) runner
	@for page in man/*.[1-8]; do mandoc -Tlint -W warning $$page || exit; done
	@awk '{ gsub(/\t/, "        ") } length > 120 { print FILENAME ":" FNR ": longer than 120 columns"; bad = 1 } \
	    END { exit bad }' $(SOURCES)

.PHONY: asan check check-build check-unit check-vm fuzz lint

# --- what it costs
$B/bench/true:
	@mkdir -p $(@D)
	$Qprintf 'int main(void) { return 0; }\n' | musl-gcc -static -Os -x c -o $@ -
$B/helper/bench/limit.o: tests/bench/limit.c | $(HEADERS)/made
	@mkdir -p $(@D)
	$Q$(CC) $(BASE) $(HELPER_CFLAGS) $(JAIL_I) -c -o $@ $<
$B/bench/limit: $(addprefix $B/helper/,bench/limit.o data/record.o data/limits.o data/complaint.o)
	@mkdir -p $(@D)
	$Q$(HELPER_LINK)
TURNS = $(addprefix $B/bench/turn_,bot game relay)
$B/bench/rounds $(TURNS): $B/bench/%: tests/bench/%.c
	@mkdir -p $(@D)
	$Q$(CC) $(BASE) -o $@ $<

BENCH = $(addprefix $B/bench/,true limit rounds) $(TURNS) $(addprefix $B/tests/short_,bot game)
bench: install $(BENCH)
	@packaging/deps bench
	@/usr/bin/python3 tests/bench/bench.py $B $(BINDIR) $(STATEDIR)
	@/usr/bin/python3 tests/bench/turns.py $B $(BINDIR)
	@/usr/bin/python3 tests/bench/tournament.py $B $(BINDIR)
	@/usr/bin/python3 tests/bench/gate.py $(BINDIR) $(SBINDIR)

bench-vm: all $(BENCH)
	@packaging/deps bench
	@tests/vm/run tests/bench/in-vm

.PHONY: bench bench-vm
