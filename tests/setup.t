#!/bin/sh
# Claim: bot-jail-setup makes the runtime folder and parent cgroups, twice as well as once; its ceilings hold; --gc
# clears dead jails and no live one; --check tells facts with cures, and nonsense is refused.
. "$(dirname "$0")/lib/tap.sh"
needs_jail
. "$(dirname "$0")/lib/cured.sh"

run "$SETUP"
is "it runs" "$RC $OUT" "0 "
HOST=$(inventory)
links=$(ls -l /run/bot-jail/cgroup)
run "$SETUP"
is "it runs twice" "$RC $OUT" "0 "
is "the links are the same" "$(ls -l /run/bot-jail/cgroup)" "$links"
clean "a second run"
own=$(sed -n 's/^[0-9]*:memory://p' /proc/self/cgroup)
if [ -n "$own" ]; then
	like "on a hybrid host memory is below our own memory cgroup" "$(readlink /run/bot-jail/cgroup/memory)" "^/sys/fs/cgroup/memory${own%/}/bot-jail\$"
fi
is "modes: $(stat -c '%n %a' /run/bot-jail/* | tr '\n' ' ')" "$(stat -c '%a %U' /run/bot-jail /run/bot-jail/root /run/bot-jail/uids /run/bot-jail/cgroup | tr '\n' ' ')" \
	"711 root 700 root 600 root 755 root "
as_user ls /run/bot-jail >/dev/null 2>&1
is "a user sees nothing of it" $? 2

hold 1 -p agent -- cat
run "$SETUP" --gc
is "--gc with a live jail removes nothing" "$RC $OUT" "0 removed 0 stale cgroups"
run "$SETUP"
is "setup with a live jail runs" "$RC $OUT" "0 "
release
wait $HELD
is "and the jail was not disturbed" $? 0
run "$SETUP" --gc
like "an empty caller's group is removed" "$RC $OUT" '^0 removed [1-9] stale'

mkdir -p /etc/bot-jail
cat >/etc/bot-jail/setup.conf <<'C'
# for the test
all    memory 1G
caller processes 30
caller jails 2
C
run "$SETUP"
is "a setup.conf is read" "$RC $OUT" "0 "
hold 1 -p agent -- cat
hold 2 -p agent -- cat
jail -p agent -- true
is "the third jail of a caller who may have two is refused" "$RC $(status reason)" "125 refused"
like "and told so" "$ERR" 'you have as many jails as one caller may'
release
wait
# More than fit, none of which ends by itself: the shell gives up at the first fork() that is refused.
jail -p agent -- sh -c 'i=0; while [ $i -lt 60 ]; do sleep 100 & i=$((i+1)); done; echo all 60'
like "the caller's processes are bounded together" "$RC$OUT$ERR" '^2.*Cannot fork'
memory=$(cat /run/bot-jail/cgroup/memory/memory.limit_in_bytes /run/bot-jail/cgroup/unified/memory.max 2>/dev/null)
is "the ceiling for all is set" "$memory" 1073741824
printf 'all memroy 1G\n' >/etc/bot-jail/setup.conf
run "$SETUP"
like "an unknown limit is told with its line" "$RC $OUT" "^1 .*setup.conf:1: 'memroy' is none of"
printf 'all memory 1\n' >/etc/bot-jail/setup.conf
run "$SETUP"
like "and so is a value without unit" "$RC $OUT" "^1 .*setup.conf:1: memory '1' needs one of the units"
printf 'caller jails many\n' >/etc/bot-jail/setup.conf
run "$SETUP"
like "and jails that are no number" "$RC $OUT" "^1 .*setup.conf:1: jails 'many' is no number"
rm /etc/bot-jail/setup.conf
"$SETUP" --gc >/dev/null
run "$SETUP"
is "without it the defaults are back" "$RC $OUT" "0 "
unlike "also in the kernel" "$(cat /run/bot-jail/cgroup/memory/memory.limit_in_bytes /run/bot-jail/cgroup/unified/memory.max 2>/dev/null)" '^1073741824$'

run "$SETUP" --check
is "--check is content" "$RC" 0
for fact in kernel sandbox cgroup2 memory pids cpu io swap userns seccomp runtime parent helper nosuid group uids policies jail; do
	like "--check tells $fact" "$OUT" "^(ok|warn) +$fact "
done
like "it started a jail" "$OUT" '^ok +jail +started one'
run "$SETUP" --check --json
is "--json is an array of objects" "$(printf '%s' "$OUT" | jq -c 'map(keys) | unique')" '[["cure","fact","state","text"]]'
is "of known states" "$(printf '%s' "$OUT" | jq -c 'map(.state) | unique - ["ok","warn","fail"]')" '[]'

# What was broken is named, with its cure, and the cure works. What needs a machine of its own is in vm/cures.t.
cured helper "chmod 755 $JAIL"
cured runtime "chmod 777 /run/bot-jail"
cured parent "rm /run/bot-jail/cgroup/unified"
cured policies "touch /usr/local/share/bot-jail/policies/agent.policy"
cured policies "chmod 777 /var/lib/bot-jail"

run "$SETUP" --frobnicate
like "a wrong option is refused" "$RC $OUT" '^2 .*no such option'
run "$SETUP" --json
is "--json alone, too" "$RC" 2
run as_user "$SETUP"
like "an ordinary user cannot set up" "$RC $OUT" '^1 .*only root can do that'
run as_user "$SETUP" --check
like "but may ask" "$OUT" '^ok +jail +started one'
clean "setup"
done_testing
