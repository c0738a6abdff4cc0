# Plain GNU make, no configure. `make help` names the targets.
# Yours to set: PREFIX DESTDIR CC CFLAGS LDFLAGS WERROR, and JAIL_LIBC=musl or glibc.

VERSION  = 0.1.0
PREFIX   = /usr/local
BINDIR   = $(PREFIX)/bin
SBINDIR  = $(PREFIX)/sbin
DATADIR  = $(PREFIX)/share/bot-jail
MANDIR   = $(PREFIX)/share/man
CONFDIR  = /etc/bot-jail
STATEDIR = /var/lib/bot-jail
RUNDIR   = /run/bot-jail
UNITDIR  = /etc/systemd/system
B        = build

include build.mk
all: $B/bot-jail $B/bot-policy $B/bot-jail-setup $B/match-run
