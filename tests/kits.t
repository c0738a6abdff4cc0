#!/bin/sh
# Claim: every starter kit makes a bot that plays every example game at once, in the jail of its own policy, passes
# match-run check, and keeps its author's prints off the protocol; the example games and the game kit pass check-game.
. "$(dirname "$0")/lib/tap.sh"
needs_match_run
HOST=$(inventory)
E=$WORK/examples
H=$WORK/home
as_home() { (cd "$H" && as_user "$@"); }

needs_for() { # language: the program that its kit needs
	case $1 in
	python) echo /usr/bin/python3 ;; node) echo node ;; c) echo gcc ;; cpp) echo g++ ;; java) echo javac ;; shell) echo awk ;;
	esac
}
# Checks the kit of $language with a game: what it says and its exit status are in $WORK/GAME.
check() { { as_home "$BINDIR/match-run" check -g "$E/games/$1" "$language"; echo "exit $?"; } >"$WORK/$1" 2>&1; }
for language in python node c cpp java shell; do
	if ! command -v "$(needs_for $language)" >/dev/null; then
		skip "the kit for $language" "$(needs_for $language) is not installed"
		continue
	fi
	ok "$language: the kit is made" as_home "$BINDIR/match-run" new bot $language $language
	[ ! -e "$H/$language/Makefile" ] || ok "$language: it is built" as_home make -s -C $language
	for pair in "connect4 tron" "leduc go"; do
		for game in $pair; do check "$game" & done
		wait
		for game in $pair; do like "$language: it passes the check with $game" "$(tail -20 "$WORK/$game")" '^exit 0$'; done
	done
	as_home "$BINDIR/match-run" -q -o "$language-a" --seed 5 -g "$E/games/connect4" $language "$E/bots/random" 2>/dev/null
	as_home "$BINDIR/match-run" -q -o "$language-b" --seed 5 -g "$E/games/connect4" $language "$E/bots/random" 2>/dev/null
	is "$language: the same seed gives the same match" "$(jq -c .said "$H/$language-a/replay.jsonl" | sha256sum)" "$(jq -c .said "$H/$language-b/replay.jsonl" | sha256sum)"
	ok "$language: a second kit does not touch the first" sh -c "! setpriv --reuid=$TEST_UID --regid=$TEST_UID --clear-groups $BINDIR/match-run new bot $language $H/$language"
done
cmp -s "$TOP/runner/kits/bot-c/json.c" "$TOP/runner/kits/bot-cpp/json.c" && cmp -s "$TOP/runner/kits/bot-c/json.h" "$TOP/runner/kits/bot-cpp/json.h"
is "the two native kits have the same JSON reader" $? 0

printf 'import sys\nprint("hello from the author", flush=True)\n' >>"$H/python/matchbot.py"
ok "what the author prints does not reach the protocol" as_home "$BINDIR/match-run" check python

for game in connect4 tron leduc go; do
	ok "$game passes check-game" as_home "$BINDIR/match-run" check-game "$E/games/$game"
done
if [ -d "$E/games/chess/node_modules" ]; then
	ok "chess passes check-game" as_home "$BINDIR/match-run" check-game "$E/games/chess"
else
	skip "chess passes check-game" "chess.js is missing: packaging/deps test"
fi
ok "the game kit is made" as_home "$BINDIR/match-run" new game python mygame
ok "the game kit passes check-game" as_home "$BINDIR/match-run" check-game mygame

# check-game finds what it looks for
broken() { # name, sed script on leduc, claim that must fail
	rm -rf "$H/broken"
	cp -R "$E/games/$1" "$H/broken"
	sed -i "$3" "$H/broken/$1.py"
	RC=0
	OUT=$(as_home "$BINDIR/match-run" check-game broken 2>&1) || RC=$?
	like "check-game finds a game $2" "$RC $(printf '%s\n' "$OUT" | grep '^not ok' | head -n 1)" "^1 not ok [0-9]+ - $4"
}
broken connect4 "that does not say ready" 's/say(t="ready")/pass/' '2 players: it says that it is ready'
broken connect4 "whose chance is not the seed's" 's/^import json$/import json, time/; s/say(t="ready")/say(t="ready"); say(t="frame", view={"now": time.time()})/' 'the same seed'
broken connect4 "that does not end with its input" 's/sys.exit(0).*/__import__("time").sleep(60)/' 'it exits with 0'
broken connect4 "that dies of an odd action" 's/^def column_of.*/&\n    (lambda d: d if isinstance(d, int) else d["column"])(action)/' 'it takes any JSON'
clean "kits and checks"
done_testing
