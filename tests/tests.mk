# Tests: unit tests in C become build/tests/*.t, scripts are tests/*.t; prove runs both.

UNITS   = filter meet policy record request value
RUNNER_UNITS = match
TESTED  = data/complaint data/limits data/outcome data/plan data/record data/steps data/value \
          parse/answers parse/filter parse/policy_compile parse/policy_lint parse/policy_read parse/proc_text \
          parse/request_parse parse/setup_conf parse/status_line parse/words system/policy_files
UNIT_TS = $(UNITS:%=$B/tests/%.t) $(RUNNER_UNITS:%=$B/tests/%.t)

$B/libjail.a: $(TESTED:%=$B/jail/%.o)
	@rm -f $@
	$Qar rc $@ $^
$B/librunner.a: $(filter-out %/match-run.o,$(match_run_o))
	@rm -f $@
	$Qar rc $@ $^
$(RUNNER_UNITS:%=$B/tests/%.t): $B/tests/%.t: tests/unit/%.c $B/librunner.a
	@mkdir -p $(@D)
	$Q$(CC) $(BASE) $(RUNNER_I) -iquote tests/lib $(CFLAGS) -o $@ $< $B/librunner.a -ljansson -lmd
$(UNITS:%=$B/tests/%.t): $B/tests/%.t: tests/unit/%.c $B/libjail.a
	@mkdir -p $(@D)
	$Q$(CC) $(BASE) $(JAIL_I) -iquote tests/lib $(CFLAGS) -o $@ $< $B/libjail.a -lseccomp -lmd

check-unit: $(UNIT_TS)
	prove $(UNIT_TS)

.PHONY: check-unit

# Programs that tests run, in jails and around them.
HELPERS = $(addprefix $B/tests/,argv0 attack complete ignoring inject spawning)
$(HELPERS): $B/tests/%: tests/helpers/%.c
	@mkdir -p $(@D)
	$Q$(CC) $(BASE) -o $@ $< -lpthread
