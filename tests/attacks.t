#!/bin/sh
# Claim: every call of tests/helpers/attack.c is answered as tests/attacks.patterns says; what kills is named in the
# status line; and nothing is left on the host.
. "$(dirname "$0")/lib/tap.sh"
needs_jail
install -d -m 755 "$WORK/bot"
install -m 755 "$TOP/build/tests/attack" "$WORK/bot/attack"
HOST=$(inventory)

try() { # attack, wanted answer
	jail -p agent -d bot="$WORK/bot" -- ./attack "$1" </dev/null
	if [ "$2" = kill ]; then
		is "$1 kills the jail" "$RC $(status reason)" "159 syscall"
		unlike "$1 is told by number" "$(status syscall.number)" null
	else
		is "$1 is answered $2" "$RC $(status reason) $OUT" "0 exited $2"
	fi
}

host_takes_int80() { sh -c '"$0" int80; exit $?' "$TOP/build/tests/attack" >/dev/null 2>&1; [ $? != 139 ]; }

while read -r attack answer; do
	case $attack in
	'#'* | '') ;;
	int80) if grep -q 'User Mode Linux' /proc/cpuinfo; then
			comment "int80: user-mode-linux takes it for a call of 64 bits; natively it is tried"
		elif ! host_takes_int80; then
			# Some virtual machines' kernels have no such calls at all: then the processor ends the program.
			jail -p agent -d bot="$WORK/bot" -- ./attack int80 </dev/null
			is "int80 ends the program, as it does on this host without a jail" "$RC $(status reason)" "139 signaled"
		else
			try "$attack" "$answer"
		fi ;;
	*) try "$attack" "$answer" ;;
	esac
done <"$TOP/tests/attacks.patterns"

jail -p agent -d bot="$WORK/bot" -- ./attack ptrace
is "the status line names the call" "$(status syscall.name)" ptrace
like "and so does the message" "$(as_user "$JAIL" -p agent -d bot="$WORK/bot" -- ./attack ptrace 2>&1)" \
	'killed for system call ptrace \(101\)'

missing=$("$TOP/build/tests/attack" list | while read -r attack; do
	case $attack in *bomb | hog* | stop_self | vfork_hang | ignore_all) continue ;; esac
	grep -q "^$attack " "$TOP/tests/attacks.patterns" || echo "$attack"
done)
is "every attack has an answer in the patterns" "$missing" ""
clean "after $TAP_COUNT attacks"
done_testing
