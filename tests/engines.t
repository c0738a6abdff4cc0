#!/bin/sh
# Claim: Debian's chess and Go engines play whole legal games in jails, through dialects that are data files; with limits
# by nodes or depth the same seed gives the same moves.
. "$(dirname "$0")/lib/tap.sh"
needs_match_run
[ -d "$TOP/examples/games/chess/node_modules" ] || skip_all "chess.js is missing: packaging/deps test"
HOST=$(inventory)
E=$WORK/examples

play() { # name, arguments: the result in $R, exit status in $RC
	R=$WORK/home/$1/result.json
	rm -rf "$WORK/home/$1"
	name=$1
	shift
	RC=0
	(cd "$WORK/home" && as_user "$BINDIR/match-run" -q -o "$name" "$@") >"$WORK/out" 2>&1 || RC=$?
}
needs() { # engine: succeeds when it is installed
	[ "$1" = random ] || [ -x "/usr/games/$1" ] || { skip "$1 plays" "$1 is not installed"; return 1; }
}
moves() { jq -c 'select(.event == "answer") | .said' "$WORK/home/$1/replay.jsonl"; }

whole() { # game, first engine, second engine
	needs "$2" && needs "$3" || return 0
	play "$2-$3" -g "$E/games/$1" "$E/bots/$2" "$E/bots/$3"
	is "$1: $2 and $3 play a whole legal game" "$RC $(jq -c '[.outcome, (.players[].fault)]' "$R")" '0 ["finished",null,null]'
	is "$1: $2 and $3: neither is asked in vain" "$(jq '[.players[].turns] | (.[0] - .[1]) as $d | $d == 0 or $d == 1' "$R")" true
	ok "$1: $2 and $3: it verifies" "$BINDIR/match-run" verify "$WORK/home/$2-$3"
}
play shown "$E/chess-stockfish-gnuchess/match.json"
is "the README's chess match is played to its end" "$RC $(jq -c '[.outcome, (.players[].fault)]' "$R")" '0 ["finished",null,null]'
play again "$E/chess-stockfish-gnuchess/match.json"
is "the same seed gives the same moves" "$(moves shown | sha256sum)" "$(moves again | sha256sum)"
ok "and they are many" [ "$(moves shown | wc -l)" -gt 20 ]
like "the end tells the whole game as PGN" "$(jq -r 'select(.frame) | .frame.pgn // empty' "$WORK/home/shown/replay.jsonl" | tail -n 3)" '1\. [a-hNBRQKO]'
whole chess toga2 glaurung
whole chess fairymax phalanx
whole chess phalanx stockfish
whole go gnugo random
whole go gnugo gnugo

# A clock with a bank goes to the engine as its own: it must not run out.
jq '.clock = { bank_ms: 10000, increment_ms: 20 } | .game.options = { max_plies: 40 } | .bots |= map(.dir |= sub("^\\.\\."; ".")) | .game.dir |= sub("^\\.\\."; ".")
	| .bots[0].vars = { hash: "16", option: "Threads value 1" } | .bots[1] = { name: "other", dir: "./bots/stockfish",
	  vars: { hash: "16", option: "Threads value 1" } }' "$E/chess-stockfish-gnuchess/match.json" >"$E/bank.json"
play bank "$E/bank.json"
is "with a bank and increment engines keep their time" "$RC $(jq -c '[.players[].fault]' "$R")" '0 [null,null]'
clean "matches of engines"
done_testing
