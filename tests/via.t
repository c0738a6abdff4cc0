#!/bin/sh
# Claim: a tournament that match-workers play, through any queue, is the same tournament; killed at any moment it goes on.
. "$(dirname "$0")/lib/tap.sh"
. "$(dirname "$0")/lib/brokers.sh"
needs_match_run
[ -x "$SBINDIR/match-worker" ] || skip_all "match-worker is not installed: make install"
trap 'stop_brokers; rm -rf "$WORK"' EXIT
trap 'exit 130' INT TERM HUP
HOST=$(inventory)
short_match
jq -n --arg short "$WORK/short" '
	{ game: { dir: "\($short)/game", command: ["./game"], policy: "c", turns: "one" }, format: "swiss", rounds: 3,
	  bots: [range(6) | { name: "b\(.)", dir: "\($short)/bot", command: ["./bot"], policy: "c" }], clock: { turn_ms: 60000 }, seed: 3 }' >"$WORK/cup.json"
chmod a+r "$WORK/cup.json"

tournament() { (cd "$WORK/home" && as_user "$BINDIR/match-tournament" "$@" 2>&1); }
standings() { tournament report --format json "$1" | jq -c '[.standings[]? | del(.cpu_ms, .wall_ms, .turn_ms)] | map([.bot // .name, .points])'; }
matches() { tournament plan "$1" | jq -c '[.match, .bots, .state]'; }
results() { for n in "$WORK/home/$1"/matches/*/result.json; do jq -c '[.seed, .ranks, .winner]' "$n"; done; }
begin_worker() { # queue, roots: its pid is in $WORKER
	as_user mkdir -p "$WORK/home/state"
	(cd "$WORK/home" && exec setpriv --reuid="$TEST_UID" --regid="$TEST_UID" --groups="$GROUP_ID" -- "$SBINDIR/match-worker" --state "$WORK/home/state" \
		--store "$WORK/home/store" --queue "$1" --roots "${2:-$WORK/short}" --lease 3) >>"$WORK/worker.log" 2>&1 </dev/null &
	WORKER=$!
}
end_worker() {
	kill -TERM "$WORKER"
	wait "$WORKER"
}

tournament run -q -o here "$WORK/cup.json"
PLAN=$(matches here)
RESULTS=$(results here)

same() { # name, queue
	begin_worker "$2"
	OUT=$(cd "$WORK/home" && setpriv --reuid="$TEST_UID" --regid="$TEST_UID" --clear-groups -- timeout 120 "$BINDIR/match-tournament" run -q --via "$2" -o "$1" "$WORK/cup.json" 2>&1; echo $?)
	is "$1: played by workers, by a user who may start no jail" "$OUT" 0
	is "$1: the plan is the same" "$(matches "$1")" "$PLAN"
	is "$1: so are all results" "$(results "$1")" "$RESULTS"
	is "$1: every match has its whole folder" "$(ls "$WORK/home/$1/matches/00001" | tr '\n' ' ')" "$(ls "$WORK/home/here/matches/00001" | tr '\n' ' ')"
	ok "$1: which agrees with itself" as_user "$BINDIR/match-run" verify "$WORK/home/$1/matches/00001"
	is "$1: again, nothing is left" "$(tournament run --via "$2" "$1" | grep -c '0 matches left')" 1
	# Killed now and then, both sides.
	for n in 1 2 3 4 5 6; do
		(cd "$WORK/home" && exec setpriv --reuid="$TEST_UID" --regid="$TEST_UID" --clear-groups -- timeout -s KILL "0.$((n * 2 - 1 > 9 ? 9 : n * 2 - 1))" "$BINDIR/match-tournament" run -q --via "$2" -o "$1-killed" "$WORK/cup.json") >/dev/null 2>&1 &
		wait $! 2>/dev/null
		[ "$n" != 3 ] || {
			kill -KILL "$WORKER"
			wait "$WORKER" 2>/dev/null
			begin_worker "$2"
		}
	done 2>/dev/null
	OUT=$(cd "$WORK/home" && as_user timeout 120 "$BINDIR/match-tournament" run -q --via "$2" -o "$1-killed" "$WORK/cup.json" 2>&1; echo $?)
	is "$1: killed six times, it ends" "$OUT" 0
	is "$1: with the same plan" "$(matches "$1-killed")" "$PLAN"
	is "$1: and the same results" "$(results "$1-killed")" "$RESULTS"
	end_worker
}

same spool "spool:$WORK/home/jobs"

# A worker that may not read those folders says so, and the tournament stops there, until it may.
begin_worker "spool:$WORK/home/jobs" /usr
OUT=$(tournament run -q --via "spool:$WORK/home/jobs" -o refused "$WORK/cup.json"; echo $?)
like "folders that the workers do not allow stop it, with the reason" "$(printf '%s' "$OUT" | tr '\n' ' ')" 'match [0-9]+ cannot be played there: .* is in none of the folders.* 75$'
end_worker
begin_worker "spool:$WORK/home/jobs"
OUT=$(tournament run -q --via "spool:$WORK/home/jobs" -o refused "$WORK/cup.json"; echo $?)
is "once they do, it goes on" "$OUT $(results refused | sha256sum)" "0 $(printf '%s\n' "$RESULTS" | sha256sum)"
end_worker
OUT=$(tournament run -q --via nonsense: -o none "$WORK/cup.json"; echo $?)
like "so does a queue that there is not" "$(printf '%s' "$OUT" | tr '\n' ' ')" "no queue 'nonsense:'.* 75$"

if command -v redis-server >/dev/null; then
	start_redis
	same redis "$REDIS_URL"
	is "redis: nothing stays in the place of its results" "$(redis keys 'match-results:*')" ""
else
	skip "redis" "redis-server is not installed"
fi
if [ -n "$RABBIT" ]; then
	start_rabbit
	same rabbit "$RABBITMQ_URL"
else
	skip "rabbit" "rabbitmq-server is not installed"
fi
stop_brokers
clean "tournaments by workers"
done_testing
