#!/bin/sh
# Claim: every limit is really enforced, and how a jail ended is told by evidence.
. "$(dirname "$0")/lib/tap.sh"
needs_jail
install -d -m 755 "$WORK/bot"
install -m 755 "$TOP/build/tests/attack" "$WORK/bot/attack"
HOST=$(inventory)
MIB=1048576

within() { [ "$1" -ge "$2" ] 2>/dev/null && [ "$1" -le "$3" ] 2>/dev/null; }	# value, least, most
between() { # name, value, least, most
	if within "$2" "$3" "$4"; then result 1 "$1"; else
		result 0 "$1"
		explain "got $2, wanted $3 to $4"
	fi
}

attack() { jail -p agent -d bot="$WORK/bot" "$@"; }

# --- memory
jail -p agent -- python3 -c "$(hog 700)"
is "700M under agent: memory, 137" "$RC $(status reason)" "137 memory"
between "its peak is near 512M" "$(status memory_peak)" $((480 * MIB)) $((513 * MIB))
kills=1
[ ! -e /run/bot-jail/cgroup/memory ] || kills=0	# v1: the keeper, told that memory is short, may be faster than the kernel
between "the kernel's kills are counted" "$(status oom_kills)" $kills 5
is "no signal is claimed" "$(status signal)" null
jail -p agent -l memory=64M -- python3 -c "$(hog 100)"
is "a tighter request counts" "$RC $(status reason) $(status limits.memory)" "137 memory $((64 * MIB))"
jail -p agent -l memory=64M -- python3 -c "$(hog 30); print('fits')"
is "what fits runs" "$RC $OUT" "0 fits"
attack -l memory=64M -- ./attack hog_child
is "a child that hogs ends the whole jail" "$RC $(status reason)" "137 memory"
jail -p agent -l memory=64M -- sh -c 'head -c 90M /dev/zero >/tmp/x; echo $?'
is "a full /tmp counts as memory" "$RC $(status reason)" "137 memory"
jail -p agent -l memory=64M -- sh -c 'cat /usr/lib/x86_64-linux-gnu/*.so* | head -c 120M | wc -c'
is "page cache is reclaimed, not fatal" "$RC $(status reason)" "0 exited"

# --- processes
attack -l wall=1500ms -- ./attack forkbomb &
bomb=$!
sleep 0.5
start=$(date +%s%N)
as_user "$JAIL" -p agent -- true
ms=$((($(date +%s%N) - start) / 1000000))
wait $bomb
between "beside a fork bomb another jail starts in time (ms)" "$ms" 0 5000
attack -l wall=3s -- ./attack forkbomb
is "a fork bomb with setsid ends by its wall time" "$RC $(status reason)" "124 wall"
between "it had 100 processes, no more" "$(status processes_peak)" 90 100
between "and was gone in time (us)" "$(status wall_us)" 3000000 6000000
attack -l processes=10 -l wall=30s -- ./attack threadbomb
is "threads count: 1 and 9" "$OUT" "9 threads"
is "the limit is read back without init" "$(status limits.processes)" 10
attack -l processes=1 -- sh -c 'true & wait'
unlike "with one process there is no second" "$RC" '^0$'

# --- CPU
share() { # name, cpu-rate, spinners: the best of five, as a host that is busy itself does not give the CPU that is allowed
	share_least=$(($2 * 5)) share_most=$(($2 * 10 + $2 / 2))
	for _ in 1 2 3 4 5; do
		jail -p agent -l wall=3s -l cpu-rate="$2%" -- python3 -c "
import os
for i in range($3 - 1):
    if os.fork() == 0: break
while True: pass"
		permille=$(($(status cpu_us) * 1000 / $(status wall_us)))
		! within $permille $share_least $share_most || break
	done
	between "$1 (permille of one CPU)" $permille $share_least $share_most
}
share "50 % of a CPU with one thread, and 5 % more at most" 50 1
share "50 % of a CPU with four, and 5 % more at most" 50 4
share "20 % of a CPU with three, and 5 % more at most" 20 3
between "throttling is told (us)" "$(status throttled_us)" 100000 100000000

# --- time
lateness() { # name, field, options...: runs 11 times, median lateness in us
	lateness_name=$1 field=$2 limit_us=$3
	shift 3
	for _ in 1 2 3 4 5 6 7 8 9 10 11; do
		jail "$@"
		echo $(($(status "$field") - limit_us))
	done | sort -n >"$WORK/late"
	between "$lateness_name (median us late)" "$(sed -n 6p "$WORK/late")" 0 50000
	comment "lateness: $(tr '\n' ' ' <"$WORK/late")"
}
lateness "wall=100ms" wall_us 100000 -p agent -l wall=100ms -- sleep 9
is "out of time: 124" "$RC $(status reason)" "124 wall"
lateness "cpu-time=60ms" cpu_us 60000 -p aiclub -l cpu-time=60ms -- sh -c 'while :; do :; done'
jail -p aiclub -l cpu-time=60ms -- sh -c 'while :; do :; done'
is "out of CPU time: 124" "$RC $(status reason)" "124 cpu"
start=$(date +%s%N)
jail -p agent -l wall=500ms -- sleep 9
ms=$((($(date +%s%N) - start) / 1000000))
between "wall=500ms ends soon after that as seen from outside (ms)" "$ms" 500 8000
between "and after 500 ms by its own clock (us)" "$(status wall_us)" 500000 4000000
attack -l wall=300ms -- ./attack ignore_all
is "ignoring every signal helps nothing" "$RC $(status reason)" "124 wall"
attack -l wall=300ms -- ./attack stop_self
is "nor does stopping oneself" "$RC $(status reason)" "124 wall"
attack -l wall=300ms -- ./attack vfork_hang
is "nor an uninterruptible vfork" "$RC $(status reason)" "124 wall"

# --- files
jail -p agent -l tmp-size=1M -- sh -c 'head -c 2M /dev/zero >/tmp/x; wc -c </tmp/x'
is "/tmp has its size" "$(printf '%s' "$OUT" | tail -1)" $MIB
jail -p agent -l tmp-files=10 -- sh -c 'for i in 1 2 3 4 5 6 7 8 9 10 11 12 13; do touch /tmp/$i; done 2>/dev/null; ls /tmp | wc -l'
is "/tmp has its number of files" "$OUT" 10
jail -p agent -l tmp-size=0 -- sh -c 'echo x >/tmp/x; wc -c </tmp/x'
unlike "a /tmp of size 0 takes no byte" "$OUT" '^[1-9]'
jail -p agent -l tmp-files=0 -- sh -c 'touch /tmp/x && echo made'
is "a /tmp of 0 files takes none" "$OUT" ""
jail -p aiclub -- sh -c 'head -c 100M /dev/zero >/run/x; wc -c </run/x'
is "aiclub's /run has 16M" "$(printf '%s' "$OUT" | tail -1)" $((16 * MIB))
jail -p oceanmaster -- sh -c 'cp /usr/bin/true /tmp/t && /tmp/t && echo ran'
is "oceanmaster's /tmp is exec" "$OUT" ran
jail -p agent -- sh -c 'cp /usr/bin/true /tmp/t && /tmp/t && echo ran'
is "agent's is not" "$OUT" ""
attack -l open-files=64 -- ./attack fdbomb
is "descriptors are limited" "$(printf '%s' "$OUT" | head -1)" "64 descriptors"
attack -l pending-signals=20 -- ./attack timerbomb
between "queued signals and timers are limited" "$(printf '%s' "$OUT" | sed -n 's/ timers//p')" 10 20
jail -p agent -l file-size=1M -- sh -c 'head -c 2M /dev/zero >/tmp/x'
between "files are limited" "$RC" 1 255

# --- exact numbers of the presets
for line in "agent memory 536870912" "agent swap 0" "agent cpu-rate 50" "agent processes 100" "agent wall 300000" \
	"agent tmp-size 104857600" "aiclub memory 536870912" "aiclub cpu-rate 100" "aiclub processes 256" \
	"aiclub open-files 1024" "aiclub tmp-size 67108864" "aiclub run-size 16777216" "aiclub wall 600000" \
	"oceanmaster memory 104857600" "oceanmaster swap 0" "oceanmaster cpu-rate 20" "oceanmaster processes 20" \
	"oceanmaster wall 120000" "oceanmaster tmp-size 104857600" "arena memory 1073741824" "arena processes 1"; do
	set -- $line
	jail -p "$1" -- true
	is "$1 has $2 $3" "$(status "limits[\"$2\"]")" "$3"
done
jail -p agent -l memory=2G -- true
is "a looser limit is refused" "$RC $(status reason)" "125 refused"
is "in so many words" "$ERR" "bot-jail: memory=2G is looser than policy agent (512M)"
jail -p agent -l memory=512M -- true
is "an equal one passes" "$RC" 0
clean "limits"
done_testing
