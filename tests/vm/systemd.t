#!/bin/sh
# Claim: under systemd the parent cgroup is a delegated unit's; jails run below it from any service, and outlive its
# restart; uninstalling leaves nothing. In a machine of its own: tests/vm/run -s tests/vm/systemd.t
. "$(dirname "$0")/../lib/tap.sh"
needs_jail
. "$(dirname "$0")/../lib/cured.sh"
UNIT=bot-jail-setup.service

is "make install enabled and started the unit" "$(systemctl is-enabled $UNIT) $(systemctl is-active $UNIT)" "enabled active"
run systemd-analyze verify $UNIT
is "systemd finds nothing wrong with it" "$RC $OUT" "0 "
parent=$(readlink /run/bot-jail/cgroup/unified)
like "the parent cgroup is below the unit's" "$parent" "^/sys/fs/cgroup/bot.slice/bot-jail.slice/$UNIT/"
run "$SETUP" --check
is "--check is content" "$RC" 0
HOST=$(inventory)

jail -p agent -- python3 -c "$(hog 700)"
is "limits are enforced" "$RC $(status reason)" "137 memory"
sleep 1
is "and a bot out of memory does not stop the unit" "$(systemctl is-active $UNIT)" active
jail -p agent -- id -u
is "a jail runs from this service" "$RC $OUT" "0 1000"
run systemd-run --quiet --pipe --wait --uid=nobody -p SupplementaryGroups=bot-jail "$JAIL" -p agent -- id -u
is "and from another user's" "$RC $OUT" "0 1000"
run systemd-run --quiet --pipe --wait --uid=nobody -p SupplementaryGroups=bot-jail -p NoNewPrivileges=yes "$JAIL" -p agent -- true
like "a service without new privileges is told so" "$RC $OUT" '^[1-9].*'

hold 1 -p agent -- sh -c 'cat; echo survived' >"$WORK/survivor" 2>&1
run "$SETUP"
is "bot-jail-setup by hand works" "$RC $OUT" "0 "
is "uses the same parent" "$(readlink /run/bot-jail/cgroup/unified)" "$parent"
is "reloads the unit" "$(systemctl is-active $UNIT)" active
run systemctl daemon-reload
jail -p agent -- echo new
is "while one jail runs, another starts" "$RC $OUT" "0 new"
release
wait $HELD
is "and the first lives to its end" "$? $(cat "$WORK/survivor")" "0 survived"
clean "jails under systemd"

hold 1 -p agent -- cat >"$WORK/ended" 2>&1
run systemctl restart $UNIT
is "the unit is restarted" "$RC $OUT" "0 "
wait $HELD
is "which ends jails" "$?" 143
release
jail -p agent -- echo new
is "and lets new ones start" "$RC $OUT" "0 new"

# The units of the gate and of workers find the accounts and folders that they name.
run systemctl enable --now match-gate.socket
is "the gate's socket is started" "$RC $(systemctl is-active match-gate.socket)" "0 active"
is "and answers, by the gate" "$(curl -s -o /dev/null -w '%{http_code}' http://127.0.0.1:8080/health/ready)" 200
run systemctl enable --now match-worker@1
is "a worker is started" "$RC $(systemctl is-active match-worker@1)" "0 active"
is "the store is for all of the group" "$(stat -c '%a %G' /var/lib/match-bots)" "2770 bot-jail"

run systemctl stop $UNIT
rm -rf /run/bot-jail
jail -p agent -- true
is "without the runtime folder a jail is refused" "$RC" 125
like "and its cure is named" "$ERR" 'bot-jail-setup'
run systemctl start $UNIT
jail -p agent -- true
is "as after a boot, the unit makes it anew" "$RC $ERR" "0 "

run make -C "$TOP" uninstall
is "make uninstall works" "$RC" 0
is "the unit is gone" "$(systemctl show -P LoadState $UNIT)" not-found
is "so are the others, and nothing of them is enabled" "$(systemctl is-active match-gate.socket match-gate.service match-worker@1.service | sort -u | tr '\n' ' ')$(find /etc/systemd/system -name 'match-*')" "inactive "
is "their accounts are gone with their folders" "$(getent passwd match-gate)$(ls -d /var/lib/match-gate 2>/dev/null)" ""
is "and so are the cgroups" "$(find /sys/fs/cgroup -name '*bot-jail*')" ""
is "and the files" "$(find / -xdev \( -path /mnt -o -path /tmp -o -path /media -o -path /proc -o -path "$TOP" \) -prune -o -name '*bot-jail*' ! -path '/etc/systemd/*' ! -path '/var/log/*' ! -path '/work/*' -print 2>/dev/null)" ""
is "and the group" "$(getent group bot-jail)" ""
done_testing
