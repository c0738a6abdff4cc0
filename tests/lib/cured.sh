# Sourced after tap.sh: what bot-jail-setup --check says of a host that was broken, and whether its cure is one.

SETUP=$SBINDIR/bot-jail-setup
run() { RC=0; OUT=$("$@" 2>&1) || RC=$?; }

cured() { # fact, how to break it
	eval "$2"
	run "$SETUP" --check --json
	is "$1: broken ($2), --check exits 1" "$RC" 1
	cure=$(printf '%s' "$OUT" | jq -r "map(select(.fact == \"$1\" and .state == \"fail\")) | .[0].cure")
	unlike "$1: there is a cure" "$cure" '^null$'
	(cd "$TOP" && PATH=$BINDIR:$SBINDIR:$PATH sh -c "$cure") >"$WORK/out" 2>&1
	run "$SETUP" --check
	is "$1: cured by: $cure" "$RC" 0
	[ "$RC" = 0 ] || comment "$(cat "$WORK/out"; printf '%s\n' "$OUT" | grep -A1 '^fail')"
}
