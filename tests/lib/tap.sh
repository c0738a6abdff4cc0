# TAP for shell tests: sourced, not run. Every test file says first what it claims, then calls these, then `done_testing`.
#   ok NAME COMMAND...          the command succeeds
#   is NAME GOT WANTED          two texts are equal
#   like NAME GOT PATTERN       a text holds an extended regular expression
#   unlike NAME GOT PATTERN     it does not
#   skip NAME REASON            counts as passed, or as failed when MUST_WORK=1
#   skip_all REASON             the same for the whole file

set -u
LC_ALL=C.UTF-8
export LC_ALL
TAP_COUNT=0

TEST_UID=${TEST_UID:-54321}	# an ordinary user, who needs no line in /etc/passwd
BINDIR=${BINDIR:-/usr/local/bin}
SBINDIR=${SBINDIR:-/usr/local/sbin}
TOP=${TOP:-$(cd "$(dirname "$0")/.." && pwd)}
JAIL=$BINDIR/bot-jail

result() { # 1 or 0, name
	TAP_COUNT=$((TAP_COUNT + 1))
	if [ "$1" = 1 ]; then echo "ok $TAP_COUNT - $2"; else
		echo "not ok $TAP_COUNT - $2"
		comment "not ok $TAP_COUNT - $2" >&2
	fi
}

comment() { printf '%s\n' "$*" | cut -c1-500 | head -20 | sed 's/^/#   /'; }

# Of a claim that failed: to stderr, too, where prove(1) lets it through.
explain() {
	comment "$@"
	comment "$@" >&2
}

ok() {
	ok_name=$1
	shift
	if ok_output=$("$@" 2>&1); then result 1 "$ok_name"; else
		result 0 "$ok_name"
		explain "failed: $*"
		explain "$ok_output"
	fi
}

is() {
	if [ "$2" = "$3" ]; then result 1 "$1"; else
		result 0 "$1"
		explain "got:    $2"
		explain "wanted: $3"
	fi
}

like() {
	if printf '%s\n' "$2" | grep -Eq -- "$3"; then result 1 "$1"; else
		result 0 "$1"
		explain "got:     $2"
		explain "pattern: $3"
	fi
}

unlike() {
	if printf '%s\n' "$2" | grep -Eq -- "$3"; then
		result 0 "$1"
		explain "got:     $2"
		explain "pattern: $3"
	else result 1 "$1"; fi
}

skip() {
	if [ "${MUST_WORK:-}" = 1 ]; then result 0 "$1 (cannot be skipped: $2)"; else
		TAP_COUNT=$((TAP_COUNT + 1))
		echo "ok $TAP_COUNT - $1 # SKIP $2"
	fi
}

skip_all() {
	if [ "${MUST_WORK:-}" = 1 ]; then
		echo "1..1"
		echo "not ok 1 - cannot be skipped: $1"
		exit 1
	fi
	echo "1..0 # SKIP $1"
	exit 0
}

# Waits up to so many seconds for a command to succeed.
await() { # seconds, command...
	await_until=$(($(date +%s) + $1))
	await_for=$1
	shift
	until "$@" >/dev/null 2>&1; do
		if [ "$(date +%s)" -ge "$await_until" ]; then
			comment "waited $await_for s in vain: $*" >&2
			return 1
		fi
		sleep 0.05
	done
}

done_testing() { echo "1..$TAP_COUNT"; }

# --- jails

needs_root() { [ "$(id -u)" = 0 ] || skip_all "needs root, to act as an ordinary user of its own"; }

needs_jail() {
	needs_root
	[ -u "$JAIL" ] || skip_all "bot-jail is not installed: make install"
	GROUP_ID=$(getent group bot-jail | cut -d: -f3)
	await 30 is_quiet
	"$SBINDIR/bot-jail-setup" --gc >/dev/null
	WORK=$(mktemp -d /tmp/bot-jail-test.XXXXXX)
	chmod 755 "$WORK"
	trap 'rm -rf "$WORK"' EXIT
	mkdir -m 700 "$WORK/home"
	chown "$TEST_UID:$TEST_UID" "$WORK/home"
}

# The same for tests of match-run, with the examples where that user can read them.
needs_match_run() {
	needs_jail
	[ -x "$BINDIR/match-run" ] || skip_all "match-run is not installed: make install"
	cp -R "$TOP/examples" "$WORK/examples"
	chmod -R a+rX "$WORK/examples"
}

# The shortest game there is, and a bot for it: programs in $WORK/short/game and $WORK/short/bot.
short_match() {
	mkdir -p "$WORK/short/game" "$WORK/short/bot"
	cp "$TOP/build/tests/short_game" "$WORK/short/game/game"
	cp "$TOP/build/tests/short_bot" "$WORK/short/bot/bot"
	chmod -R a+rX "$WORK/short"
}

# Runs a command as the ordinary user, in the group that may start jails.
as_user() { setpriv --reuid="$TEST_UID" --regid="$TEST_UID" --groups="$GROUP_ID" -- "$@"; }

# Starts a jail whose program has its input open until `release`: its pid is in $HELD. Waits until programs of that many jails
# run: machines take their time.
hold() { # how many there are then, words of bot-jail
	hold_count=$1
	shift
	[ -p "$WORK/held" ] || mkfifo -m 666 "$WORK/held"
	exec 9<>"$WORK/held"
	# No function: its shell would keep a copy of descriptor 9.
	setpriv --reuid="$TEST_UID" --regid="$TEST_UID" --groups="$GROUP_ID" -- "$JAIL" "$@" <"$WORK/held" 9>&- &
	HELD=$!
	await 60 has_jails "$hold_count"
}
release() { exec 9>&-; }
has_jails() {
	[ "$(ps -e -o uid= -o comm= | awk '$1 >= 1900000000 && $1 < 1900001000 && $2 != "bot-jail" { print $1 }' | sort -u | wc -l)" = "$1" ]
}

# Runs bot-jail as that user with its output in $OUT, its errors in $ERR, its status line in $STATUS, its exit status
# in $RC.
jail() {
	RC=0
	as_user "$JAIL" -s 3 "$@" >"$WORK/out" 2>"$WORK/err" 3>"$WORK/status" || RC=$?
	OUT='' ERR='' STATUS=''
	[ ! -s "$WORK/out" ] || OUT=$(cat "$WORK/out")
	[ ! -s "$WORK/err" ] || ERR=$(cat "$WORK/err")
	[ ! -s "$WORK/status" ] || read -r STATUS <"$WORK/status"
}

# One value of the status line, as jq writes it: `status reason`, `status limits.memory`.
status() { printf '%s' "$STATUS" | jq -c -r ".$1"; }

# Python that takes so many MiB, by one call: page faults one by one take minutes in a virtual machine.
hog() { echo "import mmap; x = mmap.mmap(-1, $1 << 20, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS | mmap.MAP_POPULATE)"; }

# Processes of jail uids that run. Zombies are dead: they only wait for the host's init, or for a stopped keeper, to take notice.
jail_processes() { ps -e -o uid= -o stat= | awk '$1 >= 1900000000 && $1 < 1900001000 && $2 !~ /^Z/' | wc -l; }
no_processes() { [ "$(jail_processes)" = 0 ]; }

# No jail is on its way out: a keeper takes cgroups away when it gets to it, the kernel keyrings, and init orphans.
is_quiet() { ! grep -q '^ *19000' /proc/key-users && ! ps -e -o uid= -o comm= | grep -qE '^ *19000| bot-jail$'; }

# What jails could leave on this host: mounts, cgroups, locks, processes of jail uids, keys, System V IPC.
inventory() {
	await 10 is_quiet
	awk '{ print $3, $4, $5, $6, $9, $10 }' /proc/self/mountinfo
	for link in /run/bot-jail/cgroup/*; do
		find -H "$link" -mindepth 2 -type d
	done
	grep OFDLCK /proc/locks
	ps -e -o uid= | awk '$1 >= 1900000000 && $1 < 1900001000' | sort | uniq -c
	awk '$6 + 0 >= 1900000000' /proc/keys
	awk '$1 + 0 >= 1900000000' /proc/key-users
	cat /proc/sysvipc/shm /proc/sysvipc/sem /proc/sysvipc/msg
	od -An -tx4 -v /run/bot-jail/uids | tr -d ' \n' | tr -d 0
	ls /dev/shm /dev/mqueue 2>/dev/null
	find /run/bot-jail ! -type l -printf '%p %m %u %g\n'
}

# Claims that a jail left nothing: take HOST=$(inventory) before.
clean() {
	clean_now=$(inventory)
	if [ "$clean_now" = "$HOST" ]; then result 1 "$1: nothing is left on the host"; else
		result 0 "$1: nothing is left on the host"
		printf '%s\n' "$HOST" >"$WORK/before"
		explain "$(printf '%s\n' "$clean_now" | diff "$WORK/before" -)"
	fi
}

# Passes on the claims of a helper, "ok CLAIM" or "not ok CLAIM" a line, which must end with "# end" and without errors.
relay() { # its output, its errors
	while IFS= read -r line; do
		case $line in
		"ok "*) result 1 "${line#ok }" ;;
		"not ok "*) result 0 "${line#not ok }" ;;
		*) echo "$line" | sed 's/^\(# \)\{0,1\}/# /' ;;
		esac
	done <"$1"
	is "the helper ran to its end" "$(tail -1 "$1")$(cat "$2")" "# end"
}
