#!/bin/sh
# Claim: whichever system call of a launch fails, and wherever keeper, pid 1 or bot is killed: no program runs in half a
# jail, nothing hangs, and the host is as it was before.
. "$(dirname "$0")/lib/tap.sh"
needs_jail
[ "$(uname -m)" = x86_64 ] || skip_all "the tracer knows x86-64 only"
install -d -m 755 "$WORK/bot"
install -m 755 "$TOP/build/tests/complete" "$WORK/bot/complete"
stride=${FAULT_STRIDE:-4}
[ "${MUST_WORK:-}" != 1 ] || stride=1
/usr/bin/python3 "$TOP/tests/helpers/faults.py" "$TOP/build/tests/inject" "$JAIL" "$TEST_UID" "$GROUP_ID" "$WORK/bot" "$stride" \
	>"$WORK/tap" 2>"$WORK/err"
relay "$WORK/tap" "$WORK/err"
done_testing
