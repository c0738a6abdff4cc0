#!/bin/sh
# Claim: a jail never outlives its caller or its keeper; it is gone within 100 ms; and what a killed keeper could not
# clean up is cleaned by the next start.
. "$(dirname "$0")/lib/tap.sh"
needs_jail
HOST=$(inventory)

# How long until no process of a jail is left, in ms; 30000: for ever.
gone_after() {
	gone_start=$(date +%s%N)
	await 30 no_processes
	echo $((($(date +%s%N) - gone_start) / 1000000))
}

user() { echo "setpriv --reuid=$TEST_UID --regid=$TEST_UID --groups=$GROUP_ID --"; }	# a function would be another process
has_tree() { [ "$(jail_processes)" -ge 3 ]; }
wait_for_tree() {
	await 60 has_tree
}
start() { # bot-jail arguments: starts it and waits until the jail's processes run
	env --default-signal=HUP $(user) "$JAIL" "$@" >"$WORK/out" 2>&1 &	# under nohup it would be ignored
	keeper=$!
	wait_for_tree
}
tree='sleep 60 & (setsid sleep 60 &) ; sleep 60'

within() { # name, ms (100 are the aim; a busy machine and the look itself cost more, and by itself it would last a minute)
	if [ "$2" -le 10000 ]; then result 1 "$1 ($2 ms)"; else result 0 "$1 ($2 ms)"; fi
}

for signal in TERM=15 HUP=1; do
	number=${signal#*=} signal=${signal%=*}
	start -p agent -s 2 -- sh -c "$tree"
	kill -$signal $keeper
	within "$signal to the keeper ends the whole tree" "$(gone_after)"
	wait $keeper
	is "$signal: 128 + signal" $? $((128 + number))
	like "$signal: reason killed" "$(cat "$WORK/out")" "\"reason\":\"killed\",\"exit\":null,\"signal\":$number,"
done
start -p agent -- sh -c "$tree"		# in the background of a shell, which ignores INT and QUIT there
kill -INT $keeper
sleep 0.2
ok "a signal that the caller ignores is ignored" kill -0 $keeper
kill -TERM $keeper
wait $keeper
as_user "$TOP/build/tests/spawning" /usr/bin/timeout -s INT 5 "$JAIL" -p agent -s 2 -- sleep 60 >"$WORK/out" 2>&1
like "INT from a caller that does not ignore it ends the jail" "$(cat "$WORK/out")" '"reason":"killed","exit":null,"signal":2'

start -p agent -- sh -c "$tree"
kill -KILL $keeper
within "SIGKILL to the keeper ends the whole tree" "$(gone_after)"
wait $keeper 2>/dev/null
ok "its cgroup is left, for once" test "$(inventory)" != "$HOST"
jail -p agent -- true
is "the next start works" "$RC" 0
clean "the next start after SIGKILL"

start -p agent -l wall=4s -- sh -c "$tree"
kill -STOP $keeper
ok "a stopped keeper does not stretch the wall time: pid 1 has a timer, too" [ "$(gone_after)" -lt 20000 ]
kill -CONT $keeper
wait $keeper
is "and when it goes on it tells the truth" $? 124

# Frozen, and then its keeper is killed: the kernel ends it, because pid 1 asked for that.
as_user /usr/bin/python3 - "$JAIL" >"$WORK/tap" 2>"$WORK/err" <<'P'
import array, json, os, signal, socket, subprocess, sys, time
ours, theirs = socket.socketpair()
process = subprocess.Popen([sys.argv[1], "-p", "agent", "-c", str(theirs.fileno()), "--", "sleep", "60"], pass_fds=(theirs.fileno(),))
text, ancillary, _, _ = ours.recvmsg(65536, socket.CMSG_SPACE(256))
fds = array.array("i", ancillary[0][2])
files = dict(zip(json.loads(text)["cgroup"], fds))
time.sleep(0.3)
os.write(files["cgroup.freeze"], b"1")
time.sleep(0.1)
process.kill()
process.wait()
P
within "a frozen jail ends with its keeper$(cat "$WORK/err")" "$(gone_after)"
jail -p agent -- true
clean "a frozen jail and a killed keeper"

# Leftovers that cannot be removed are nobody else's trouble.
mkdir -p "/run/bot-jail/cgroup/unified/u$TEST_UID/0/stuck"
/usr/bin/python3 -c "
import struct
with open('/run/bot-jail/uids', 'r+b') as words: words.write(struct.pack('=I', $TEST_UID + 1))"
jail -p agent -- echo fine
is "a jail that cannot be cleared away does not hinder the next" "$RC $OUT" "0 fine"
rmdir "/run/bot-jail/cgroup/unified/u$TEST_UID/0/stuck"
jail -p agent -- true
clean "a stuck jail"

# The caller's death: a shell starts bot-jail and is killed.
$(user) sh -c "$JAIL -p agent -- sh -c '$tree' & wait" >/dev/null 2>&1 &
caller=$!
wait_for_tree
kill -KILL $caller
within "SIGKILL to the caller ends the jail" "$(gone_after)"
wait $caller 2>/dev/null
await 20 sh -c '! ps -e -o comm= | grep -qx bot-jail'
clean "the caller's death"

# One thread of the caller ends: PDEATHSIG would fire, a pidfd does not.
as_user /usr/bin/python3 -c "
import subprocess, threading, time
started = []
thread = threading.Thread(target=lambda: started.append(subprocess.Popen(['$JAIL', '-p', 'agent', '--', 'sleep', '1'])))
thread.start(); thread.join()
print(started[0].wait())" >"$WORK/out" 2>&1
is "the end of the thread that started it does not end the jail" "$(cat "$WORK/out")" 0

# A terminal that closes.
$(user) script -qec "$JAIL -p agent -- sh -c '$tree'" /dev/null >"$WORK/out" 2>&1 &
script=$!
wait_for_tree
kill -KILL $script
within "closing the terminal ends the jail" "$(gone_after)"
wait $script 2>/dev/null
is "a program in a terminal has it as standard input, but not as its own" \
	"$(as_user script -qec "$JAIL -p agent -- sh -c 'test -t 0 && echo tty; (exec </dev/tty) 2>/dev/null && echo own'" /dev/null | tr -d '\r')" tty

# A bot that leaves others behind ends with all of them.
jail -p agent -- sh -c '(setsid sleep 60 >/dev/null 2>&1 &) ; (trap "" TERM HUP; sleep 60) & exit 3'
is "when the program ends, so does everything it started" "$RC $(jail_processes)" "3 0"
start_ns=$(date +%s%N)
end_ns=$($(user) "$JAIL" -p agent -- sh -c 'exec >&- 2>&-; sleep 12' 2>/dev/null | { cat; date +%s%N; })
ms=$(((end_ns - start_ns) / 1000000))
ok "a closed standard output is seen at once: the keeper does not hold it ($ms ms)" [ "$ms" -lt 9000 ]
clean "lifetimes"
done_testing
