#!/bin/sh
# bot-jail-tests [TEST...]: tries the jail of this host; see bot-jail-tests(8).
set -eu
top=/usr/lib/bot-jail/suite

case ${1:-} in
-h | --help)
	echo "usage: bot-jail-tests [TEST]..."
	echo "Try the jail of this host with attacks, or with those tests only. As root."
	echo
	cd $top/tests && for test in *.t; do sed -n "2s/^# Claim: /  ${test%.t}: /p" "$test"; done
	exit 0
	;;
esac
[ "$(id -u)" = 0 ] || { echo "bot-jail-tests: only root can do that: it acts as other users" >&2; exit 2; }
export TOP=$top BINDIR=/usr/bin SBINDIR=/usr/sbin
cd $top
[ $# != 0 ] || set -- $(cd tests && ls ./*.t)
for test; do
	test=${test##*/}
	shift
	[ -f "tests/${test%.t}.t" ] || { echo "bot-jail-tests: no such test: $test" >&2; exit 2; }
	set -- "$@" "tests/${test%.t}.t"
done
exec prove "$@" </dev/null
