#!/bin/sh
# Claim: every clock and every fault policy does, in real matches, what its name says; a late answer is never taken for
# the next turn's; on a machine that is too busy a bot loses by the wall clock and not by the fair one; a paused bot
# stands still with all that it started; and the replay has the numbers of every turn.
. "$(dirname "$0")/lib/tap.sh"
needs_match_run
cp -R "$TOP/tests/hostile" "$WORK/hostile"
chmod -R a+rX "$WORK/hostile"
HOST=$(inventory)

# Plays turns.py; seat 0 and 1 by their plans (see hostile/timed/plays.py), with more of a match file merged.
play() { # more, plan of seat 0, of seat 1
	jq -n --argjson more "$1" --arg first "${2:-{\}}" --arg second "${3:-{\}}" '
		def bot($name; $plan):
			{ name: $name, dir: "hostile/timed", command: ["python3", "plays.py", $plan], policy: "python" };
		{ game: { name: "turns", dir: "hostile/games", command: ["python3", "turns.py"], policy: "game" },
		  bots: [bot("ann"; $first), bot("bob"; $second)],
		  clock: { ready_ms: 20000, turn_ms: 1000 }, cpu: "off", seed: 1 } * $more' >"$WORK/match.json"
	RESULT=$WORK/home/result
	rm -rf "$RESULT"
	RC=0
	as_user "$BINDIR/match-run" -q -o "$RESULT" "$WORK/match.json" >"$WORK/out" 2>&1 || RC=$?
	[ ! -s "$WORK/out" ] || comment "$(cat "$WORK/out")"
}
value() { jq -c "$1" "$RESULT/result.json"; }
replay() { jq -c -s "$1" "$RESULT/replay.jsonl"; }
holds() { # name, jq program of the replay: true, or what it tells
	held=$(replay "$2")
	is "$1" "$held" true
}
ann() { value "[.players[0] | $1]"; }
verdict() { value '[.outcome, .winner, .players[0].fault, .players[1].fault]'; }
FINE='["finished",null,null,null]'
LOST='["client_error",1,"timeout",null]'
# Plays up to five times, until that is the verdict: what the host does meanwhile is not ours to say.
play_until() { # verdict, words of play
	wanted=$1
	shift
	for _ in 1 2 3 4 5; do
		play "$@"
		[ "$(verdict)" != "$wanted" ] || break
	done
}
# What the game heard in a turn.
heard() { replay "[.[] | .frame // empty | select(.turn == $1) | [.acts, .fail]] | last"; }
# How long seat 0 took for what ended the match, or was its last turn, in us, and that a limit was met; machines can be
# busy, so a second late is in time.
in_time() { # name, limit in ms
	holds "$1" "[.[] | select((.event == \"deadline\" or .event == \"answer\") and .player == 0)] | last | .usage[0] |
		if . >= $2 * 1000 and . <= $2 * 1000 + 1000000 then true else \"\\(.) us\" end"
}

# --- what a fault costs

late='{"sleep":{"1":1400}}'
play '{}' "$late"
is "late once: by default that is the end" "$RC $(verdict)" "1 $LOST"
in_time "late once: the end comes at the limit" 1000
is "late once: the game is not told of turns after it" "$(heard 2)" null

play '{"faults":{"timeout":"default"},"game":{"options":{"default":true}}}' "$late"
is "default: the match goes on" "$RC $(ann '.fault, .strikes, .turns')" "0 [null,1,2]"
is "default: the game hears its default action, and that it is one" "$(heard 1)" '[{"0":1},{"0":"timeout"}]'
is "default: the next answer is the bot's own" "$(heard 3)" '[{"0":3},{}]'

play '{"faults":{"timeout":"default"}}' "$late"
is "default, where the game has none: no action" "$RC $(heard 1)" '0 [{},{"0":"timeout"}]'

play '{"faults":{"timeout":"skip"},"game":{"options":{"default":true}}}' "$late"
is "skip: the match goes on" "$RC $(ann '.fault, .strikes, .turns')" "0 [null,1,2]"
is "skip: the game hears of no action" "$(heard 1)" '[{},{"0":"timeout"}]'
is "skip: the next answer counts" "$(heard 3)" '[{"0":3},{}]'

now_and_then='{"sleep":{"1":1400,"5":1400}}'
play '{"faults":{"timeout":{"do":"skip","strikes":2}},"game":{"options":{"rounds":8}}}' "$now_and_then"
is "strikes: the second one is the end, good answers between them or not" "$(verdict) $(ann .turns)" "$LOST [1]"
row='{"faults":{"timeout":{"do":"skip","strikes":2,"in_a_row":true}},"game":{"options":{"rounds":8}}}'
play "$row" "$now_and_then"
is "strikes in a row: a good answer wipes them out" "$RC $(ann '.fault, .turns')" "0 [null,2]"
play "$row" '{"sleep":{"3":1400,"5":1400}}'
is "strikes in a row: two of them are the end" "$(verdict) $(ann .turns)" "$LOST [1]"

again='{"faults":{"bad-action":"again"},"clock":{"turn_ms":1600}}'
play "$again" '{"wrong":{"1":2}}'
is "again: he is asked until the answer is right" "$RC $(verdict) $(heard 1)" "0 $FINE [{\"0\":1},{}]"
is "again: each mistake is a strike" "$(ann '.strikes, .turns')" '[2,3]'
play "$again" '{"sleep":{"1":600},"wrong":{"1":9}}'
is "again: only as long as his time lasts" "$RC $(verdict)" "1 $LOST"
holds "again: all answers of the turn are on one clock" '
	[.[] | select((.event == "answer" or .event == "deadline") and .player == 0) | .usage[0]] |
	if add >= 1600000 and add <= 2600000 and length >= 2 then true else . end'
play '{"faults":{"bad-action":{"do":"again","strikes":3}}}' '{"wrong":{"*":9}}'
is "again with strikes: the third mistake is the end" "$(ann '.fault, .strikes')" '["bad-action",3]'

# --- late answers are not taken for the next turn's

for pause in on off; do
	play '{"pause":"'$pause'","faults":{"timeout":"skip"},"clock":{"turn_ms":1000},
		"game":{"options":{"rounds":10,"together":true}}}' \
		'{"sleep":{"1":1200,"3":1200,"5":1400,"8":1200}}'
	is "late answers, pause $pause: nobody is blamed for one" "$RC $(value '[.players[].fault]')" '0 [null,null]'
	holds "late answers, pause $pause: no answer counts for another turn" \
		'all(.[] | .frame // empty; .turn as $turn | .bad == [] and all(.acts[]; . == $turn))'
	holds "late answers, pause $pause: those in time count" '[.[] | .frame // empty | select(.acts["0"]) | .turn] |
		if . == [2,4,6,7,9,10] then true else . end'
	holds "late answers, pause $pause: his rival has all turns" \
		'[.[] | .frame // empty | select(.acts["1"])] | length == 10'
done
play '{"faults":{"timeout":"skip"},"clock":{"turn_ms":100},"game":{"options":{"rounds":12,"together":true}}}' \
	'{"sleep":{"*":130}}'
is "always late: nobody is blamed" "$RC $(value '[.players[].fault]')" '0 [null,null]'
holds "always late: no answer counts for another turn" \
	'all(.[] | .frame // empty; .turn as $turn | .bad == [] and all(.acts[]; . == $turn))'

# --- how long a turn may be

play '{"clock":{"first_ms":3000}}' '{"sleep":{"*":1400}}'
is "first turn: it may take longer" "$(value '.players[0].turns')" 1
is "first turn: the second may not" "$RC $(verdict)" "1 $LOST"
in_time "first turn: the second one's limit" 1000

play '{"game":{"options":{"share_ms":{"0":2000}}}}' '{"sleep":{"1":1200,"3":3000}}'
is "the game's turn_ms comes before the operator's" "$RC $(verdict) $(ann .turns)" "1 $LOST [1]"
in_time "the game's turn_ms: the limit" 2000

spent() { # name, jq program of the time that he had: what he used is that much, and a second more at most
	holds "$1" "[.[] | select((.event == \"answer\" or .event == \"deadline\") and .player == 0)] |
		(map(select(.event == \"answer\")) | length) as \$turns | (map(.usage[0]) | add) as \$used | ($2) as \$had |
		if \$used >= \$had and \$used <= \$had + 1000000 then true else \"\\(\$used) us of \\(\$had), \\(\$turns) turns\" end"
}
play '{"clock":{"turn_ms":10000,"bank_ms":500},"game":{"options":{"rounds":40}}}' '{"sleep":{"*":120}}'
is "bank: it runs dry" "$RC $(verdict)" "1 $LOST"
spent "bank: all of it could be used, and no more" 500000
play '{"clock":{"turn_ms":10000,"bank_ms":1000,"increment_ms":60},"game":{"options":{"rounds":40}}}' \
	'{"sleep":{"*":120}}'
is "bank with increment: it runs dry later" "$RC $(verdict) $(value '.players[0].turns >= 5')" "1 $LOST true"
spent "bank with increment: each answer brings more" '1000000 + 60000 * $turns'
play '{"clock":{"bank_ms":5000}}' '{"sleep":{"3":2000}}'
is "bank: one turn is limited all the same" "$(verdict)" "$LOST"
in_time "bank: by turn_ms" 1000

play '{"clock":{"ready_ms":5000}}' '{"ready":600}'
is "ready: there is time for it" "$RC $(verdict)" "0 $FINE"
play '{"clock":{"ready_ms":2000}}' '{"ready":6000}'
is "ready: but not for ever" "$RC $(value '[.winner, .players[0].fault]')" '1 [1,"no-ready"]'
holds "ready: the limit" 'map(select(.event == "deadline" and .player == 0)) | last | .us |
	if . >= 2000000 and . <= 3000000 then true else . end'

play '{"clock":{"match_ms":2000},"game":{"options":{"rounds":100}}}' '{"sleep":{"*":100}}' '{"sleep":{"*":5}}'
is "match: at its end the slower one has lost" "$RC $(verdict)" "1 $LOST"
ok "match: it ends in time ($(value .match_us) us)" [ "$(value '.match_us <= 6000000')" = true ]
play '{"clock":{"match_ms":2000},"game":{"options":{"rounds":100,"gap_ms":60}}}' '{"sleep":{"*":5}}' '{"sleep":{"*":5}}'
is "match: where nobody used his share, nobody has lost" "$RC $(value '[.outcome, .winner]')" '75 ["failed",null]'
like "match: and that is told" "$(value .why)" 'longer than'

play '{"clock":{"kind":"cpu","turn_ms":150}}' '{"sleep":{"1":400}}'
is "cpu: who sleeps uses none" "$RC $(verdict)" "0 $FINE"
burner='"bots":[{"name":"ann","dir":"hostile/timed","command":["python3","burns.py"],"policy":"python"},
	{"name":"bob","dir":"hostile/timed","command":["python3","plays.py"],"policy":"python"}]'
play '{"clock":{"kind":"cpu","turn_ms":50},'"$burner}"
is "cpu: who burns 70 ms of it loses at 50" "$RC $(verdict)" "1 $LOST"
holds "cpu: the limit" '
	[.[] | select((.event == "deadline" or .event == "answer") and .player == 0)] | last | .usage[1] |
	if . >= 50000 and . <= 100000 then true else . end'

# --- a machine that is too busy

busy=
for _ in 1 2 3 4 5 6 7 8; do
	setsid sh -c 'while :; do :; done' &
	busy="$busy $!"
done
trap 'kill -9 $busy 2>/dev/null; rm -rf "$WORK"' EXIT
play_until "$LOST" '{"clock":{"turn_ms":100},"game":{"options":{"rounds":20,"share_ms":{"1":5000}}},'"$burner}"
is "busy: by the wall clock the machine's other work makes him lose" "$(verdict)" "$LOST"
play_until "$FINE" '{"clock":{"kind":"fair","turn_ms":200},"game":{"options":{"rounds":44,"share_ms":{"1":5000}}},'"$burner}"
is "busy: by the fair clock it does not, in 22 turns" "$RC $(verdict) $(ann .turns)" "0 $FINE [22]"
holds "busy: though most of them took more than 200 ms" \
	'[.[] | select(.event == "answer" and .player == 0) | .usage[0]] |
	if (map(select(. > 200000)) | length) > length / 2 then true else . end'
holds "busy: and each used 70 ms of CPU" \
	'[.[] | select(.event == "answer" and .player == 0) | .usage[1] | select(. < 65000)] | if . == [] then true else . end'
kill -9 $busy
wait 2>/dev/null
trap 'rm -rf "$WORK"' EXIT

# --- pause

counter='"bots":[{"name":"ann","dir":"hostile/timed","command":["python3","counts.py"],"policy":"python"},
	{"name":"bob","dir":"hostile/timed","command":["python3","plays.py"],"policy":"python"}]'
# Milliseconds that the thread, the child and the grandchild counted between an answer and the next view: the median of all.
counted() { # pause
	play '{"pause":"'"$1"'","game":{"options":{"rounds":8,"gap_ms":500}},'"$counter}"
	replay '[.[] | .frame // empty | .acts["0"] // empty] | [.[1:], .[:-1]] | transpose |
		[range(3) as $who | [.[] | .[0].came[$who] - .[1].goes[$who]] | sort | .[length / 2 | floor]]'
}
on=$(counted on)
is "pause: the match is played" "$(verdict)" "$FINE"
off=$(counted off)
is "pause off: the match is played" "$(verdict)" "$FINE"
seat=0
for who in "a thread" "a child" "a grandchild"; do
	stood=$(printf '%s' "$on" | jq ".[$seat]") ran=$(printf '%s' "$off" | jq ".[$seat]")
	ok "pause: $who stands still between turns (it counted $stood)" [ $((4 * stood)) -le "$ran" ]
	ok "pause off: $who goes on ($ran)" [ "$ran" -ge 80 ]
	seat=$((seat + 1))
done

# --- the numbers

play '{"game":{"options":{"rounds":12}}}' '{"sleep":{"*":20}}'
holds "every turn's numbers are in the replay" '[.[] | select(.event == "answer") | .usage] | length == 12 and
	all(.[]; length == 5 and all(.[]; type == "number" and . >= 0)) and (map(select(.[0] >= 20000)) | length >= 6)'
is "and add up to the result's" "$(replay '[.[] | select(.event == "answer" and .player == 0) | .usage[0]] | add')" \
	"$(value '.players[0].turn_us')"
clean "all of it"
done_testing
