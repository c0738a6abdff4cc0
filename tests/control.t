#!/bin/sh
# Claim: through -c the caller gets the cgroup's files as descriptors, freezes, measures and kills with them, gets the
# tmpfs slot at the end, and nothing that he could do harm with.
. "$(dirname "$0")/lib/tap.sh"
needs_jail
mkdir -p /etc/bot-jail/policies
printf 'include agent\nslot tmp scratch /scratch 1M\n' >/etc/bot-jail/policies/scratch.policy
"$BINDIR/bot-policy" compile >"$WORK/out" 2>&1
trap 'rm -f /etc/bot-jail/policies/scratch.policy; "$BINDIR/bot-policy" compile >/dev/null 2>&1; rm -rf "$WORK"' EXIT
HOST=$(inventory)
as_user /usr/bin/python3 "$TOP/tests/helpers/control.py" "$JAIL" >"$WORK/tap" 2>"$WORK/err"
relay "$WORK/tap" "$WORK/err"
clean "control"
done_testing
