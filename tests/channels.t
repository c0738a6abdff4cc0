#!/bin/sh
# Claim: two jails that run at the same time, and two that run one after the other with the same uid, can tell each
# other nothing through files, memory, keys, queues, signals or names.
. "$(dirname "$0")/lib/tap.sh"
needs_jail
HOST=$(inventory)

# One leaves what it can and waits; the other looks for it.
hold 1 -p agent -- python3 -c '
import os, sys
open("/tmp/note", "w").write("x")
open("/dev/shm/note", "w").write("x")
print(os.getpid(), flush=True)
sys.stdin.read()' >"$WORK/first" 2>&1
first=$HELD
await 30 test -s "$WORK/first"
is "the first jail runs" "$(cat "$WORK/first")" 2
jail -p agent -- sh -c 'ls -A /tmp /dev/shm/ | grep -v ":"; ls /proc | grep -c "^[0-9]"'
is "the second sees none of its files" "$(printf '%s\n' "$OUT" | grep -vE '^[0-9]*$' | tr -d '\n')" ""
like "and none of its processes" "$OUT" '^[23456]$'
jail -p agent -- python3 -c 'import os
try: os.kill(-1, 9)
except OSError as e: print(e.errno)'
ok "killing all that it sees does not reach the first" kill -0 $first
hold 2 -p agent -- cat
ok "two live jails have two uids" has_jails 2
release
wait $HELD
wait $first
is "the first ended by itself" $? 0

jail -p agent -- sh -c 'echo left >/tmp/x; mkdir /tmp/d; id -u'
jail -p agent -- ls -A /tmp
is "the next jail with the same uid finds an empty /tmp" "$OUT" ""
jail -p agent -- sh -c 'stat -c %Y / | head -1; cat /proc/uptime /proc/loadavg /proc/stat /proc/meminfo /proc/diskstats /proc/pressure/cpu /proc/kallsyms /proc/keys /proc/sys/kernel/random/boot_id 2>&1 | grep -c "No such file"'
is "nothing of the host can be read from /proc" "$(printf '%s\n' "$OUT" | tail -1)" 9
jail -p agent -- sh -c 'readlink /proc/self/ns/net /proc/self/ns/ipc /proc/self/ns/uts /proc/self/ns/user /proc/self/ns/pid /proc/self/ns/mnt /proc/self/ns/cgroup'
for ns in net ipc uts user pid mnt cgroup; do
	unlike "namespace $ns is not the host's" "$OUT" "^$(readlink /proc/self/ns/$ns | sed 's/[][]/\\&/g')\$"
done
clean "channels"
done_testing
