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
while IFS= read -r line; do
	case $line in
	"ok "*) result 1 "${line#ok }" ;;
	"not ok "*) result 0 "${line#not ok }" ;;
	*) comment "$line" ;;
	esac
done <"$WORK/tap"
is "the test program ran to its end" "$(tail -1 "$WORK/tap")$(cat "$WORK/err")" "# end"
clean "control"
done_testing
