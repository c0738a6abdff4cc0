#!/bin/sh
# Claim: what a program sees and is inside a jail is what bot-jail(1) says: an unprivileged identity of its own, five
# empty capability sets, the policy's files and environment, its own three descriptors, and nothing of the host.
. "$(dirname "$0")/lib/tap.sh"
needs_jail
HOST=$(inventory)

proc_status() { printf '%s\n' "$OUT" | sed -n "s/^$1:[[:space:]]*//p" | tr -s '[:space:]' ' ' | sed 's/ $//'; }

jail -p agent -- cat /proc/self/status
for set in CapInh CapPrm CapEff CapBnd CapAmb; do
	is "capability set $set is empty" "$(proc_status $set)" 0000000000000000
done
is "no_new_privs is set" "$(proc_status NoNewPrivs)" 1
is "a filter is loaded" "$(proc_status Seccomp)" 2
is "it is one filter" "$(proc_status Seccomp_filters)" 1
is "all four uids are 1000" "$(proc_status Uid)" "1000 1000 1000 1000"
is "all four gids are 1000" "$(proc_status Gid)" "1000 1000 1000 1000"
is "there are no groups" "$(proc_status Groups)" ""
is "no signal is blocked" "$(proc_status SigBlk)" 0000000000000000
is "no signal is ignored" "$(proc_status SigIgn)" 0000000000000000
is "the umask is sane" "$(proc_status Umask)" 0022
is "the program is pid 2" "$(proc_status Pid)" 2
is "its parent is the init of the jail" "$(proc_status PPid)" 1

jail -p agent -- id -u
is "id -u says 1000" "$OUT" 1000
hold 1 -p agent -- sh -c 'sleep 60 & cat; kill $!'
await 30 sh -c "ps -e -o uid= -o comm= | grep -cE '^ *19000.* (sleep|cat)$' | grep -qx 2"
uids=$(ps -e -o uid= -o comm= | awk '$1 >= 1900000000 && $1 < 1900001000 && $2 != "cat" { print $2 }' | sort | tr '\n' ' ')
like "the host sees a reserved uid" "$uids" 'sleep'
is "and the processes are three: init, sh, sleep" "$(printf '%s\n' "$uids" | wc -w)" 3
release
wait $HELD

jail -p agent -- ls /proc/self/fd
is "the only descriptors are its own (3 is that of ls itself)" "$(printf '%s' "$OUT" | tr '\n' ' ')" "0 1 2 3"
exec 5</etc/passwd 6</etc/hostname
jail -p agent -- ls /proc/self/fd
is "inherited descriptors are closed" "$(printf '%s' "$OUT" | tr '\n' ' ')" "0 1 2 3"
exec 5<&- 6<&-

jail -p agent -- env
is "the environment is the policy's" "$(printf '%s\n' "$OUT" | sort | tr '\n' ' ')" \
	"HOME=/tmp LANG=C.UTF-8 PATH=/usr/bin:/bin PYTHONDONTWRITEBYTECODE=1 "
jail -p agent -e BOT_SEED=7 -e INPUT_DATA='{"a": 1}' -- env
like "a variable that the policy lists is passed" "$OUT" '^BOT_SEED=7$'
like "with its value as it is" "$OUT" '^INPUT_DATA=\{"a": 1\}$'
jail -p agent -e LD_PRELOAD=/tmp/x.so -- env
is "one that it does not list is refused" "$RC" 125
like "by name" "$ERR" 'does not list the variable LD_PRELOAD'

jail -p agent -- ls /
is "the root is the policy's tree" "$(printf '%s' "$OUT" | tr '\n' ' ')" "bin dev etc lib lib64 proc sbin tmp usr"
jail -p agent -- ls /etc
is "/etc is the policy's" "$(printf '%s' "$OUT" | tr '\n' ' ')" "alternatives group ld.so.cache passwd"
jail -p agent -- ls /dev
is "/dev has its five devices and two links" "$(printf '%s' "$OUT" | tr '\n' ' ')" "fd full null random shm urandom zero"
jail -p agent -- cat /proc/self/mountinfo
is "mounts are the policy's" "$(printf '%s\n' "$OUT" | awk '{ print $5 }' | sort | tr '\n' ' ')" \
	"/ /etc/alternatives /etc/ld.so.cache /proc /tmp /usr "
is "all but /tmp are read-only" "$(printf '%s\n' "$OUT" | awk '$6 !~ /^ro/ { print $5 }')" /tmp
is "all are nosuid" "$(printf '%s\n' "$OUT" | awk '$6 !~ /nosuid/')" ""
is "all but the root, which has the devices, are nodev" "$(printf '%s\n' "$OUT" | awk '$6 !~ /nodev/ { print $5 }')" /
is "only /usr is exec" "$(printf '%s\n' "$OUT" | awk '$6 !~ /noexec/ { print $5 }')" /usr
is "none propagates" "$(printf '%s\n' "$OUT" | grep -cE 'shared:|master:')" 0
jail -p agent -- sh -c 'cat /proc/self/mountinfo | wc -l; cd /..; pwd; ls -d /oldroot /proc/1/root 2>&1 | grep -c "No such"'
is "no old root is left" "$(printf '%s' "$OUT" | tr '\n' ' ')" "6 / 2"
jail -p agent -- hostname
is "the host name is not the host's" "$OUT" jail
jail -p agent -- sh -c 'ls /proc | grep -c "^[0-9]"; ls /sys 2>&1; cat /proc/1/status 2>&1'
like "/proc shows own processes only" "$OUT" '^[234]$'
like "there is no /sys" "$OUT" "/sys': No such file"
like "init is hidden" "$OUT" '/proc/1/status: No such file'
jail -p agent -- sh -c 'cat /proc/net/dev 2>&1; cat /proc/self/net/dev'
unlike "there is no network device but a loopback that is down" "$OUT" 'eth|ens|wl'
jail -p agent -- python3 -c 'import socket
for family in socket.AF_INET, socket.AF_INET6, socket.AF_UNIX:
    try: socket.socket(family)
    except OSError as e: print(e.errno)'
is "every socket is refused with EACCES" "$(printf '%s' "$OUT" | tr '\n' ' ')" "13 13 13"
jail -p agent -- sh -c 'cat /proc/self/sessionid /proc/self/loginuid 2>&1 | head -2; ps -o sid= -p $$ 2>/dev/null; cut -d" " -f6,7 /proc/self/stat'
like "the session is the jail's and has no terminal" "$OUT" '^1 0$'

jail -p agent -- sh -c 'exit 7'
is "the exit status is the program's" "$RC $(status reason) $(status exit)" "7 exited 7"
jail -p agent -- sh -c 'kill -SEGV $$'
is "a signal is 128+N" "$RC $(status reason) $(status signal)" "139 signaled 11"
for claim in 124 125 126 127 137 159; do
	jail -p agent -- sh -c "exit $claim"
	is "a program that exits $claim is told apart by the status line" "$RC $(status reason)" "$claim exited"
done
jail -p agent -- nonsense
is "a missing program is 127" "$RC $(status reason) $(status step)" "127 setup exec"
like "and named" "$ERR" 'nonsense: not found in the jail \(PATH of policy agent is /usr/bin:/bin\)'
jail -p agent -- /etc/passwd
is "a program that cannot be executed is 126" "$RC $(status reason) $(status step)" "126 setup exec"
like "and named" "$ERR" '/etc/passwd: cannot be executed in the jail: Permission denied'
jail -p agent -- ../../../usr/bin/true
is "a path that climbs above the root stays in the jail" "$RC" 0
jail -p arena -- sh -c 'echo x >/tmp/x'
unlike "arena has nowhere to write" "$RC" '^0$'
jail -p noshell -- python3 -c 'import os, sys; sys.exit(os.system("true") >> 8)'
is "noshell answers 127 to os.system()" "$RC" 127

jail -p agent -n
is "-n exits 0" "$RC" 0
like "-n shows limits with what the kernel gave back" "$OUT" '^limit +memory +512M \(read back 512M\)$'
like "-n shows the steps" "$OUT" '^step +pivot '
is "-n shows every step" "$(printf '%s\n' "$OUT" | grep -c '^step')" "$(grep -c '^STEP(' "$TOP/jail/data/steps.def")"
as_user sh -c "ulimit -n 100; exec $JAIL -p agent -s 3 -- sh -c 'ulimit -n' 3>$WORK/home/status" >"$WORK/out" 2>&1
is "an inherited limit is met" "$(cat "$WORK/out")" 100
STATUS=$(cat "$WORK/home/status")
is "and listed" "$(status inherited) $(status 'limits["open-files"]')" '["open-files"] 100'
is "the status line is one JSON object" "$(printf '%s' "$STATUS" | jq -c 'type' | tr '\n' ' ')" '"object" '
for key in reason exit signal wall_us cpu_us user_us system_us memory_peak processes_peak oom_kills throttled_us syscall \
	step errno message teardown policy digest limits inherited; do
	is "the status line has $key" "$(printf '%s' "$STATUS" | jq "has(\"$key\")")" true
done
like "the policy's digest is a SHA-256" "$(status digest)" '^[0-9a-f]{64}$'
clean "jails"
done_testing
