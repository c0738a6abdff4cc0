#!/bin/sh
# Claim: on a host broken in one way, bot-jail-setup --check names that way and prints a cure, which is run as it stands
# and cures it. In a machine of its own: tests/vm/run tests/vm/cures.t. Cures that say to reboot are not run.
. "$(dirname "$0")/../lib/tap.sh"
needs_jail
. "$(dirname "$0")/../lib/cured.sh"

run "$SETUP" --check
is "the host is well before" "$RC" 0
cured cgroup2 "umount -l /sys/fs/cgroup"
cured userns "sysctl -q -w user.max_user_namespaces=0"
cured nosuid "mount --bind $BINDIR $BINDIR; mount -o remount,bind,nosuid $BINDIR"
umount "$BINDIR"
cured helper "chmod 755 $JAIL"
cured helper "chown nobody $JAIL"
cured helper "rm $JAIL"
cured group "groupdel bot-jail"
GROUP_ID=$(getent group bot-jail | cut -d: -f3)
cured runtime "rm -r /run/bot-jail"
cured runtime "chmod 777 /run/bot-jail"
cured parent "rmdir /sys/fs/cgroup/bot-jail/* /sys/fs/cgroup/bot-jail"
cured policies "rm /var/lib/bot-jail/agent.record"
cured policies "echo >>/var/lib/bot-jail/agent.record"
cured policies "rm -r /usr/local/share/bot-jail"
cured policies "chown nobody /var/lib/bot-jail"

echo 'mallory:x:1900000005:100::/:/bin/sh' >>/etc/passwd
cured uids true
for file in subuid subgid; do
	cured uids "echo mallory:1899990000:65536 >>/etc/$file"
done

# Membership takes two steps, and the second is a new login.
useradd alice
alice() { setpriv --reuid=alice --regid=alice --init-groups "$@"; }
run alice "$SETUP" --check --json
is "one who is not in the group cannot start a jail" "$RC" 1
cure=$(printf '%s' "$OUT" | jq -r 'map(select(.fact == "group")) | .[0].cure')
is "and is told the cure" "$cure" "usermod -aG bot-jail alice"
setpriv --reuid=alice --regid=alice --clear-groups sleep 100 &	# a login older than the membership
sh -c "$cure"
run setpriv --reuid=alice --regid=alice --clear-groups "$SETUP" --check --json
is "in a login older than that the jail still fails" "$RC" 1
cure=$(printf '%s' "$OUT" | jq -r 'map(select(.fact == "group")) | .[0].cure')
is "and sg is named" "$cure" "sg bot-jail"
run setpriv --reuid=alice --regid=alice --clear-groups sh -c "$cure -c '$SETUP --check'"
is "which cures it" "$RC" 0
run alice "$SETUP" --check
is "and so does a new login" "$RC" 0
kill $!

run setpriv --no-new-privs "$SETUP" --check
like "no_new_privs around the shell is named" "$RC$OUT" 'no_new_privs is set in this shell'
run unshare --user --map-root-user "$SETUP" --check
like "and so is a user namespace" "$RC$OUT" 'inside a user namespace'
run setpriv --bounding-set -sys_admin "$SETUP" --check
like "and a capability that cannot be had" "$RC$OUT" 'setuid programs cannot get cap_sys_admin here'
done_testing
