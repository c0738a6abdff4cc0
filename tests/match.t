#!/bin/sh
# Claim: match-run plays a match as an ordinary user, writes a whole result and a replay that tells it, does the same
# again for the same seed, and says in one line what is wrong with a match file.
. "$(dirname "$0")/lib/tap.sh"
needs_match_run
HOST=$(inventory)
match() { # match file, options: output in $OUT, exit status in $RC
	RC=0
	OUT=$(cd "$WORK/home" && as_user "$BINDIR/match-run" "$@" 2>&1) || RC=$?
}
value() { jq -c -r "$1" "$WORK/home/$2/result.json"; }

match -w -o first "$WORK/examples/connect4.json"
is "the example is played to its end" "$RC" 0
like "the board is drawn turn by turn" "$OUT" 'turn 1: alphabeta plays [0-6]'
is "as often as there are turns" "$(printf '%s\n' "$OUT" | grep -c ' turn [0-9]*: ')" "$(jq -s 'map(select(.frame)) | length' "$WORK/home/first/replay.jsonl")"
like "the winner is told" "$OUT" '^alphabeta wins: alphabeta has 4 in a row$'
like "with time, CPU and memory" "$OUT" '^1 +alphabeta +[0-9.]+ +[0-9.]+ +[0-9.]+'
like "and where the files are" "$OUT" '^files are in first$'
is "result.json: outcome, winner, ranks, seed" "$(value '[.outcome, .winner, .ranks, .scores, .seed]' first)" '["finished",0,[1,2],[1,0],4]'
like "result.json: players have a status line each" "$(value '[.players[].jail.reason]' first)" '^\["(exited|killed)","(exited|killed)"\]$'	# killed: a busy bot does not end in time when it is over
is "result.json: and digests" "$(value '[.players[].digest, .game.digest, .replay.digest | length]' first)" "[64,64,64,64]"
is "the replay's digest is right" "$(value .replay.digest first)" "$(sha256sum "$WORK/home/first/replay.jsonl" | cut -d' ' -f1)"
is "logs are kept" "$(ls "$WORK/home/first" | tr '\n' ' ')" "alphabeta.err connect4.err match.log random.err replay.jsonl result.json "
is "all of it is the user's" "$(find "$WORK/home/first" ! -uid "$TEST_UID")" ""
is "no working folder is left" "$(ls -d "$WORK"/home/*.part-* 2>/dev/null)" ""
is "every line of the replay is JSON" "$(jq -s 'map(select(.event or .frame or .match)) | length' "$WORK/home/first/replay.jsonl")" \
	"$(wc -l <"$WORK/home/first/replay.jsonl")"

jq '.bots |= map(.dir = "bots/random") | .seed = 11' "$WORK/examples/connect4.json" >"$WORK/examples/dice.json"
moves() { jq -c 'select(.event == "answer") | .said' "$WORK/home/$1/replay.jsonl"; }
match -q -o a "$WORK/examples/dice.json"
match -q -o b "$WORK/examples/dice.json"
is "the same seed gives the same match" "$(moves a)" "$(moves b)"
is "and -q says nothing" "$OUT" ""
jq '.seed = 12' "$WORK/examples/dice.json" >"$WORK/examples/dice2.json"
match -q -o c "$WORK/examples/dice2.json"
ok "another seed gives another" [ "$(moves a)" != "$(moves c)" ]
ok "the two players of one match have different seeds" [ "$(moves a | sed -n 'p;n')" != "$(moves a | sed -n 'n;p')" ]

match -o first "$WORK/examples/connect4.json"
is "a result is never overwritten" "$RC $OUT" "2 match-run: first: File exists"
match "$WORK/examples/connect4.json"
like "without -o the folder is named after the match" "$OUT" 'files are in connect4-1$'

wrong() { # name, jq edit, pattern
	jq "$2" "$WORK/examples/connect4.json" >"$WORK/examples/wrong.json"
	match -q -o wrong "$WORK/examples/wrong.json"
	like "$1" "$RC $OUT" "^2 match-run: .*wrong.json: $3"
	[ -d "$WORK/home/wrong" ] && result 0 "$1: nothing was played"
}
wrong "an unknown key" '.bost = 1' "unknown key 'bost' in the match; did you mean 'bots'"
wrong "an unknown key of a bot" '.bots[1].polciy = "x"' "unknown key 'polciy' in bots\[1\]"
wrong "no bots" 'del(.bots)' 'bots must be an array of 1 to 16'
wrong "two bots of one name" '.bots[1].name = "alphabeta"' "two bots are called 'alphabeta'"
wrong "a name that is a path" '.bots[0].name = "../x"' 'bots\[0\] needs a name'
wrong "a missing folder" '.bots[0].dir = "bots/nobody"' "bots\[0\]: dir 'bots/nobody': No such file"
wrong "a folder that is a file" '.bots[0].dir = "connect4.json"' "bots\[0\]: dir 'connect4.json' is no folder"
wrong "no command" '.bots[0].command = []' 'bots\[0\]: command is empty'
wrong "a command that is no array" '.game.command = "python3"' 'command must be an array'
wrong "a clock without sense" '.clock.turn_ms = -5' 'clock.turn_ms must be a number of milliseconds'
wrong "a seed without sense" '.seed = "x"' 'seed must be an integer'
printf '{ "game": {},\n "bots": [,] }' >"$WORK/examples/wrong.json"
match -q "$WORK/examples/wrong.json"
like "what is not JSON is told with its line" "$RC $OUT" '^2 match-run: .*wrong.json:2: '
match -q "$WORK/examples/nowhere.json"
like "a missing file" "$RC $OUT" '^2 match-run: .*nowhere.json: No such file'
match -x "$WORK/examples/connect4.json"
like "a wrong option" "$RC $OUT" '^2 match-run: no such option'

ours() { # name, jq edit, pattern of why, exit status
	jq "$2" "$WORK/examples/connect4.json" >"$WORK/examples/ours.json"
	rm -rf "$WORK/home/ours"
	match -q -o ours "$WORK/examples/ours.json"
	is "$1: ours, not a bot's" "$RC $(value .outcome ours) $(value .winner ours)" "${4:-75} failed null"
	like "$1: told why" "$(value .why ours)" "$3"
}
ours "an unknown policy" '.bots[0].policy = "nonsense"' 'no policy is called nonsense' 2
ours "a looser limit" '.bots[0].limits = ["memory=9G"]' 'looser than policy python' 2
ours "a game that cannot start" '.game.command = ["python3", "nowhere.py"]' 'the game exited with status 2'
ours "a game that talks nonsense" '.game.command = ["echo", "hello"]' 'not JSON'
ours "a game that asks nobody" '.game.command = ["sh", "-c", "read x; echo \"{\\\"t\\\":\\\"ready\\\"}\"; echo \"{\\\"t\\\":\\\"ask\\\",\\\"id\\\":1,\\\"to\\\":{}}\"; read x"]' 'ask needs'
jq '.bots[0].command = ["python3", "nowhere.py"]' "$WORK/examples/connect4.json" >"$WORK/examples/lost.json"
match -q -o lost "$WORK/examples/lost.json"
is "a bot whose program is missing loses" "$RC $(value '[.outcome, .winner, .players[0].fault]' lost)" '1 ["client_error",1,"early-exit"]'
jq '.bots[0].command = ["nothing"]' "$WORK/examples/connect4.json" >"$WORK/examples/lost2.json"
match -q -o lost2 "$WORK/examples/lost2.json"
is "and so does one that cannot be executed" "$RC $(value '[.outcome, .winner, .players[0].fault]' lost2)" '1 ["client_error",1,"crash"]'

# An interrupted match leaves no partial result.
jq '.bots |= map(.dir = "bots/cheat-sleep") | .clock.turn_ms = 60000' "$WORK/examples/connect4.json" >"$WORK/examples/long.json"
ended_by() { # signal, folder of results: sent to match-run when all three jails run
	(cd "$WORK/home" && exec setpriv --reuid="$TEST_UID" --regid="$TEST_UID" --groups="$GROUP_ID" -- \
		"$BINDIR/match-run" -q -o "$2" "$WORK/examples/long.json") 2>/dev/null &
	await 60 has_jails 3
	kill "-$1" $!
	wait $! 2>/dev/null
	await 30 has_jails 0
}
ended_by KILL killed
is "a killed match-run leaves no result" "$(ls -d "$WORK/home/killed" 2>/dev/null)" ""
clean "nor any jail"
ended_by TERM stopped
is "a stopped one says so" "$(value '[.outcome, .why]' stopped)" '["failed","stopped by a signal"]'
clean "matches"
done_testing
