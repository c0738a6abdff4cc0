# How each program is built: objects by name, one flag set a program.

CC       = gcc
OPT      = -O2 -g
WARN     = -Wall -Wextra -Wshadow -Wmissing-prototypes -Wstrict-prototypes -Wformat=2 -Wvla \
           -Wno-format-truncation $(WERROR)	# a cut path names no file, and that is an error where it is used
HARDEN   = -fstack-protector-strong -fcf-protection=none
FORTIFY  = -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2
DEFINES  = -D_GNU_SOURCE -DVERSION='"$(VERSION)"' -DSTATE_DIR='"$(STATEDIR)"' -DRUN_DIR='"$(RUNDIR)"' \
           -DADMIN_DIR='"$(CONFDIR)/policies"' -DVENDOR_DIR='"$(DATADIR)/policies"' -DBIN_DIR='"$(BINDIR)"' -DDIALECT_DIR='"$(DATADIR)/dialects"' \
           -DKIT_DIR='"$(DATADIR)/kits"' -DPAGE_DIR='"$(DATADIR)/pages"' -DLANGUAGE_DIR='"$(DATADIR)/languages"' -DLIBEXEC_DIR='"$(LIBEXECDIR)"' \
           -DGAME_DIR='"$(DATADIR)/examples/games"' -DINSTALL_CURE='"$(INSTALL_CURE)"' -DOPENAPI_FILE='"$(DATADIR)/openapi.json"'
BASE     = -std=gnu11 $(OPT) $(WARN) $(HARDEN) $(DEFINES) -MMD -MP
JAIL_I   = $(addprefix -iquote jail/,data parse system act)
Q        = $(if $(V),,@printf '  %s\n' $@;)
RELRO    = -Wl,-z,relro,-z,now,-z,noexecstack

# --- bot-jail: static and position-independent, with musl where it can be had: a static program has no loader to
# attack, and musl's starts in a third of the time (HACKING.md, "One static helper").
JAIL_LIBC ?= $(if $(wildcard /usr/lib/*-linux-musl/rcrt1.o),musl,glibc)
TRIPLET  := $(shell $(CC) -dumpmachine)
MUSL     := $(patsubst %/rcrt1.o,%,$(wildcard /usr/lib/*-linux-musl/rcrt1.o))
HEADERS  = $B/kernel

ifeq ($(JAIL_LIBC),musl)
HELPER_CFLAGS = -fPIE -nostdinc -isystem /usr/include/$(notdir $(MUSL)) \
                -isystem $(shell $(CC) -print-file-name=include) -isystem $(HEADERS)
HELPER_LINK   = $(CC) -static-pie -nostdlib $(RELRO) $(LDFLAGS) -o $@ $(MUSL)/rcrt1.o $(MUSL)/crti.o $^ \
                -Wl,--start-group $(MUSL)/libc.a -lgcc -lgcc_eh -Wl,--end-group $(MUSL)/crtn.o
else
HELPER_CFLAGS = -fPIE $(FORTIFY)
HELPER_LINK   = $(CC) -static-pie $(RELRO) $(LDFLAGS) -o $@ $^
endif

HELPER = data/complaint data/limits data/outcome data/plan data/record data/steps data/value \
         parse/explain parse/plan_print parse/proc_text parse/request_parse parse/status_line \
         system/caller system/cgroup system/cgroup_files system/cgroup_limits system/file system/proc \
         system/record_load system/slots system/uids \
         act/bot act/control act/init act/keeper act/launch act/prove act/report act/tree program/bot-jail
LANGUAGE = data/complaint data/limits data/record data/value \
           parse/answers parse/filter parse/policy_calls parse/policy_compile parse/policy_lint parse/policy_read \
           parse/policy_tree parse/words system/policy_files
POLICY = $(LANGUAGE) parse/policy_show program/bot-policy
SETUP  = $(LANGUAGE) parse/setup_conf \
         system/collect system/file system/hierarchy system/parents system/record_load system/runtime system/uids \
         act/doctor act/doctor_host act/doctor_install act/hold program/bot-jail-setup

helper_o = $(HELPER:%=$B/helper/%.o)
policy_o = $(POLICY:%=$B/jail/%.o)
setup_o  = $(SETUP:%=$B/jail/%.o)

$B/bot-jail: $(helper_o)
	$Q$(HELPER_LINK) -Wl,-Map=$B/bot-jail.map
$B/bot-policy: $(policy_o)
	$Q$(CC) -pie $(RELRO) $(LDFLAGS) -o $@ $^ -lseccomp -lmd
$B/bot-jail-setup: $(setup_o)
	$Q$(CC) -pie $(RELRO) $(LDFLAGS) -o $@ $^ -lcap-ng -lcgroup -lseccomp -lmd -ljansson

# musl's headers lack the kernel's; glibc's own must not leak in.
$(HEADERS)/made:
	@mkdir -p $(HEADERS)
	@ln -sfn /usr/include/linux $(HEADERS)/linux
	@ln -sfn /usr/include/asm-generic $(HEADERS)/asm-generic
	@ln -sfn $(firstword $(wildcard /usr/include/$(TRIPLET)/asm /usr/include/asm)) $(HEADERS)/asm
	@touch $@

# Objects hold the paths: they are made anew when PREFIX or flags change.
export FLAGS_TEXT = $(BASE) $(HELPER_CFLAGS) $(CFLAGS)
$B/flags: FORCE
	@mkdir -p $B
	@printf '%s\n' "$$FLAGS_TEXT" | cmp -s - $@ || printf '%s\n' "$$FLAGS_TEXT" >$@
FORCE:

$B/helper/%.o: jail/%.c $B/flags | $(HEADERS)/made
	@mkdir -p $(@D)
	$Q$(CC) $(BASE) $(HELPER_CFLAGS) $(JAIL_I) $(CFLAGS) -c -o $@ $<
$B/jail/%.o: jail/%.c $B/flags
	@mkdir -p $(@D)
	$Q$(CC) $(BASE) -fPIE $(FORTIFY) $(JAIL_I) $(CFLAGS) -c -o $@ $<

-include $(shell find $B -type f -name '*.d' 2>/dev/null)

# --- the unprivileged programs
RUNNER_I  = $(addprefix -iquote runner/,base pure io queue prog)
RUNNER_BASE = base/buffer base/digest base/now base/utf8
RUNNER_PURE = pure/clock pure/dialect pure/dialog pure/judge pure/match pure/nearest pure/pattern pure/raw pure/seed
RATINGS     = pure/cholesky pure/elo pure/glicko2 pure/openskill pure/sprt
FORMATS     = pure/bracket pure/entry pure/format pure/groups pure/ladder pure/matching pure/points pure/robin pure/swiss pure/tables
RUNNER_IO = io/child io/feed io/folder io/game io/hear io/js io/log io/loop io/meter io/oneshot io/parcel io/party io/pin io/plan io/program \
            io/record io/replay io/result io/rules io/setup io/talk io/tree
MATCH_RUN_PROG = prog/arena prog/check prog/check_game prog/command prog/commands prog/drive prog/match-run prog/evidence prog/exec prog/explain \
            prog/new prog/play prog/rejudge prog/relay_run prog/report prog/show prog/verify prog/watch
MATCH_RUN = $(RUNNER_BASE) $(RUNNER_PURE) $(RUNNER_IO) $(MATCH_RUN_PROG)
match_run_o = $(MATCH_RUN:%=$B/runner/%.o)

$B/match-run: $(match_run_o)
	$Q$(CC) -pie $(RELRO) $(LDFLAGS) -o $@ $^ -ljansson -lmd

# --- queues: a library a driver, each known to its file alone
QUEUES = queue/queue queue/rabbit queue/redis queue/spool

# --- match-tournament
TOURNAMENT_IO = io/crew io/lineup io/rates io/room io/store io/tourney
TOURNAMENT_PROG = prog/change prog/chart prog/command prog/contests prog/course prog/cup prog/export prog/html prog/live prog/match-tournament \
            prog/page prog/plan_print prog/rate prog/report_write prog/run prog/standings prog/via prog/work_queue
MATCH_TOURNAMENT = $(RUNNER_BASE) $(RUNNER_PURE) $(RATINGS) $(FORMATS) $(RUNNER_IO) $(TOURNAMENT_IO) $(QUEUES) io/settings $(TOURNAMENT_PROG)
match_tournament_o = $(MATCH_TOURNAMENT:%=$B/runner/%.o)
$B/match-tournament: $(match_tournament_o)
	$Q$(CC) -pie $(RELRO) $(LDFLAGS) -o $@ $^ -ljansson -lmd -lsqlite3 -lhiredis -lrabbitmq -lm

# --- match-build, and what it runs in a jail: that one alone knows libarchive
MATCH_BUILD = $(RUNNER_BASE) pure/dialect pure/nearest pure/pattern pure/raw pure/submission \
            io/capture io/child io/depot io/folder io/gather io/js io/language io/oneshot io/parcel io/plan io/program io/tree \
            prog/build prog/build_store prog/command prog/match-build
match_build_o = $(MATCH_BUILD:%=$B/runner/%.o)
$B/match-build: $(match_build_o)
	$Q$(CC) -pie $(RELRO) $(LDFLAGS) -o $@ $^ -ljansson -lmd
match_unpack_o = $(addprefix $B/runner/,base/buffer.o base/utf8.o pure/submission.o prog/match-unpack.o)
$B/match-unpack: $(match_unpack_o)
	$Q$(CC) -pie $(RELRO) $(LDFLAGS) -o $@ $^ -larchive

# --- what does one job, for match-worker and match-gate
SITE = $(RUNNER_BASE) pure/dialect pure/nearest pure/pattern pure/raw io/js io/job io/program io/settings io/tree prog/command
PERFORM = $(SITE) io/capture io/depot io/folder prog/match-perform
match_perform_o = $(PERFORM:%=$B/runner/%.o)
$B/match-perform: $(match_perform_o)
	$Q$(CC) -pie $(RELRO) $(LDFLAGS) -o $@ $^ -ljansson -lmd

# --- match-worker
WORKER = $(SITE) $(QUEUES) io/backend io/crew io/notify prog/match-worker prog/service prog/work prog/work_queue prog/work_state
match_worker_o = $(WORKER:%=$B/runner/%.o)
$B/match-worker: $(match_worker_o)
	$Q$(CC) -pie $(RELRO) $(LDFLAGS) -o $@ $^ -ljansson -lmd -lhiredis -lrabbitmq -lcurl

# --- match-gate: one file knows libmicrohttpd
GATE = $(SITE) io/child io/crew io/http io/language io/notify io/oneshot io/parcel io/plan \
            prog/gate_metrics prog/gate_route prog/gate_run prog/match-gate prog/service
match_gate_o = $(GATE:%=$B/runner/%.o)
$B/match-gate: $(match_gate_o)
	$Q$(CC) -pie $(RELRO) $(LDFLAGS) -o $@ $^ -ljansson -lmd -lmicrohttpd -lm

$B/match-relay: $B/runner/prog/match-relay.o
	$Q$(CC) -pie $(RELRO) $(LDFLAGS) -o $@ $^
$B/runner/%.o: runner/%.c $B/flags
	@mkdir -p $(@D)
	$Q$(CC) $(BASE) -fPIE $(FORTIFY) $(RUNNER_I) $(CFLAGS) -c -o $@ $<
