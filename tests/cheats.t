#!/bin/sh
# Claim: a bot that cheats loses cleanly, each by the fault that its first lines name, its rival wins, the rival's jail
# and the runner are untouched, and nothing is left on the host.
. "$(dirname "$0")/lib/tap.sh"
needs_match_run
HOST=$(inventory)

play() { # cheat, seat, fault: leaves result.json in $RESULT
	other=$((1 - $2))
	# Only what is to be out of time is: a busy machine may take seconds to give a hog its memory.
	jq -n --arg cheat "cheat-$1" --argjson seat "$2" --argjson ms "$(case $3 in timeout | no-ready) echo 3000 ;; *) echo 30000 ;; esac)" '
		{ name: $cheat, dir: "bots/\($cheat)", command: ["python3", "bot.py"], policy: "agent", limits: ["memory=128M"] } as $c |
		{ name: "honest", dir: "bots/random", command: ["python3", "bot.py"], policy: "agent" } as $h |
		{ game: { dir: "games/connect4", command: ["python3", "connect4.py"], policy: "game" },
		  bots: (if $seat == 0 then [$c, $h] else [$h, $c] end), clock: { ready_ms: ([$ms, 5000] | max), turn_ms: $ms }, seed: 1 }' \
		>"$WORK/examples/match.json"
	rm -rf "$WORK/home/result"
	RC=0
	as_user "$BINDIR/match-run" -q -o "$WORK/home/result" "$WORK/examples/match.json" >"$WORK/out" 2>&1 || RC=$?
	RESULT=$WORK/home/result/result.json
}

ENDED='^(exited|killed)$'	# killed: when the match is over, a busy machine does not let it end in time
for bot in "$TOP"/examples/bots/cheat-*; do
	cheat=${bot##*/cheat-}
	fault=$(sed -n 's/.*Fault: \([a-z-]*\)[,.].*/\1/p' "$bot/bot.py")
	seat=$((TAP_COUNT % 2))
	play "$cheat" $seat "$fault"
	is "$cheat: the bot's fault decides" "$RC $(jq -r .outcome "$RESULT")" "1 client_error"
	is "$cheat: it is $fault" "$(jq -r ".players[$seat].fault" "$RESULT")" "$fault"
	is "$cheat: the rival wins" "$(jq -c '[.winner, .ranks]' "$RESULT")" \
		"$([ $seat = 0 ] && echo '[1,[2,1]]' || echo '[0,[1,2]]')"
	like "$cheat: nothing happened to the rival's jail" "$(jq -r ".players[$((1 - seat))].jail.reason" "$RESULT")" "$ENDED"
	like "$cheat: nor to the game's" "$(jq -r .game.jail.reason "$RESULT")" "$ENDED"
	like "$cheat: why is told" "$(jq -r ".players[$seat].why" "$RESULT")" '...'
	case $cheat in
	network) like "network: it was refused" "$(cat "$WORK/home/result/cheat-network.err")" 'no network: \[Errno 13\] Permission denied' ;;
	spy) like "spy: it saw its own program and nothing else" "$(cat "$WORK/home/result/cheat-spy.err")" \
		"^files: \['/bot/bot.py'\] processes: \[\]\$" ;;
	killer) is "killer: it killed nobody" "$(cat "$WORK/home/result/cheat-killer.err")" "killed: [1]" ;;	# init does not mind
	setuid) is "setuid: none was made" "$(cat "$WORK/home/result/cheat-setuid.err")" "made: []" ;;
	ptrace) is "ptrace: the call is named" "$(jq -r ".players[$seat].jail.syscall.name" "$RESULT")" ptrace ;;
	esac
done
ok "there are at least twelve" [ "$(ls -d "$TOP"/examples/bots/cheat-* | wc -l)" -ge 12 ]
clean "after all of them"
done_testing
