# Plain GNU make, no configure. `make help` names the targets.
# Yours to set: PREFIX DESTDIR CC CFLAGS LDFLAGS WERROR V, and JAIL_LIBC=musl or glibc.

VERSION  = 0.1.0
PREFIX   = /usr/local
BINDIR   = $(PREFIX)/bin
SBINDIR  = $(PREFIX)/sbin
LIBEXECDIR = $(PREFIX)/lib/bot-jail
DATADIR  = $(PREFIX)/share/bot-jail
MANDIR   = $(PREFIX)/share/man
CONFDIR  = /etc/bot-jail
STATEDIR = /var/lib/bot-jail
RUNDIR   = /run/bot-jail
UNITDIR  = $(PREFIX)/lib/systemd/system
B        = build
# What the doctor says of a damaged installation; packages say otherwise.
INSTALL_CURE = make install

PROGRAMS = $B/bot-jail $B/bot-policy $B/bot-jail-setup $B/match-run $B/match-relay $B/match-tournament $B/match-build $B/match-unpack \
           $B/match-perform $B/match-worker $B/match-gate

# Programs whose words the shells complete.
COMPLETED = bot-jail bot-policy bot-jail-setup match-run match-tournament match-build match-worker match-gate

all: deps $(PROGRAMS)

include build.mk
include tests/tests.mk
-include packaging/packages.mk

help:
	@echo 'all        build the programs'
	@echo 'deps       install the Debian packages that building, running and testing take (as root)'
	@echo 'demo       build, install, and play one match (as root)'
	@echo 'check      every test that can run here (as root; without root: those that need none)'
	@echo 'check-vm   the jail tests on pure cgroup v2 and under systemd, in virtual machines'
	@echo 'bench      what a jail costs, beside its peers; bench-vm: the same on pure cgroup v2'
	@echo 'fuzz       fuzz the parsers, for long; asan: unit tests with ASan and UBSan'
	@echo 'lint size  static checks; code lines and libraries of the setuid helper'
	@echo 'deb rpm    packages into build/packages; check-packages, check-rpm: try them'
	@echo 'install    into $(DESTDIR)$(PREFIX); as root without DESTDIR also group, setuid bit, policies and cgroups'
	@echo 'uninstall  remove all of that'
	@echo 'dist clean a source archive; remove what was built'

# What is missing is installed by name; where nothing is, this takes a few milliseconds.
deps:
	@packaging/deps build
deps-test:
	@packaging/deps build test

# The setuid bit is set last: until then the helper is a program that refuses to run. With DESTDIR, owner, mode and
# group are the package's business.
install: all
	install -d $(DESTDIR)$(BINDIR) $(DESTDIR)$(SBINDIR) $(DESTDIR)$(DATADIR)/policies $(DESTDIR)$(UNITDIR) \
	    $(DESTDIR)$(LIBEXECDIR) $(addprefix $(DESTDIR)$(MANDIR)/man,1 5 7 8)
	install -m 755 $B/bot-policy $B/match-run $B/match-relay $B/match-tournament $B/match-build $(DESTDIR)$(BINDIR)
	install -m 755 $B/match-unpack $B/match-perform $(DESTDIR)$(LIBEXECDIR)
	install -m 755 $B/bot-jail-setup $B/match-worker $B/match-gate $(DESTDIR)$(SBINDIR)
	install -m 755 -T $B/bot-jail $(DESTDIR)$(BINDIR)/.bot-jail.new
	mv -f $(DESTDIR)$(BINDIR)/.bot-jail.new $(DESTDIR)$(BINDIR)/bot-jail
	install -m 644 policies/*.policy policies/*.set $(DESTDIR)$(DATADIR)/policies
	cp -R --no-preserve=ownership,mode examples $(DESTDIR)$(DATADIR)
	rm -rf $(DESTDIR)$(DATADIR)/kits
	cp -R --no-preserve=ownership,mode runner/kits runner/dialects runner/pages runner/languages $(DESTDIR)$(DATADIR)
	install -m 644 runner/openapi.json $(DESTDIR)$(DATADIR)
	for section in 1 5 7 8; do install -m 644 man/*.$$section $(DESTDIR)$(MANDIR)/man$$section || exit; done
	install -d $(DESTDIR)$(PREFIX)/share/bash-completion/completions $(DESTDIR)$(PREFIX)/share/zsh/site-functions
	for name in $(COMPLETED); do \
	    sort=match; case $$name in bot-*) sort=jail ;; esac; \
	    install -m 644 packaging/completions/$$sort.bash $(DESTDIR)$(PREFIX)/share/bash-completion/completions/$$name || exit; done
	install -m 644 packaging/completions/_jail packaging/completions/_match $(DESTDIR)$(PREFIX)/share/zsh/site-functions
	install -d $(DESTDIR)$(PREFIX)/lib/sysusers.d
	for unit in packaging/systemd/*.in; do \
	    sed 's|@SBINDIR@|$(SBINDIR)|; s|@BINDIR@|$(BINDIR)|' $$unit >$(DESTDIR)$(UNITDIR)/$$(basename $$unit .in) || exit; done
	install -m 644 packaging/systemd/*.slice packaging/systemd/*.socket packaging/systemd/*.timer $(DESTDIR)$(UNITDIR)
	install -m 644 packaging/systemd/sysusers.d/*.conf $(DESTDIR)$(PREFIX)/lib/sysusers.d
	$(if $(DESTDIR),,[ "$$(id -u)" != 0 ] || packaging/activate $(BINDIR) $(SBINDIR) $(STATEDIR) $(CONFDIR))

uninstall:
	packaging/deactivate $(SBINDIR) $(STATEDIR) $(RUNDIR) $(CONFDIR)
	rm -f $(addprefix $(BINDIR)/,bot-jail bot-policy match-run match-relay match-tournament match-build) $(addprefix $(SBINDIR)/,bot-jail-setup match-worker match-gate)
	for unit in packaging/systemd/*-*.*; do rm -f $(UNITDIR)/$$(basename $$unit .in); done
	rm -f $(addprefix $(PREFIX)/lib/sysusers.d/,bot-jail.conf match-worker.conf match-gate.conf)
	for page in man/*.[1-8]; do rm -f $(MANDIR)/man$${page##*.}/$${page##*/}; done
	rm -rf $(DATADIR) $(LIBEXECDIR)
	rm -f $(COMPLETED:%=$(PREFIX)/share/bash-completion/completions/%)
	rm -f $(addprefix $(PREFIX)/share/zsh/site-functions/,_jail _match)
	rmdir --ignore-fail-on-non-empty $(CONFDIR)/policies $(CONFDIR) 2>/dev/null || true
	[ ! -d /run/systemd/system ] || systemctl daemon-reload

demo: install
	@packaging/demo $(BINDIR) $(DATADIR)

# Counted are the sources that are linked into the helper; libcap-ng's and libc's are not ours.
size: $B/bot-jail
	@packaging/size $B/bot-jail.map $(HELPER:%=jail/%.c)

dist:
	git archive --prefix=bot-jail-$(VERSION)/ -o bot-jail-$(VERSION).tar.gz HEAD

clean:
	rm -rf $B

.PHONY: all help deps deps-test size install uninstall demo dist clean
.DEFAULT_GOAL = all
