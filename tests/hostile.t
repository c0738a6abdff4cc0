#!/bin/sh
# Claim: whatever a bot does, the match ends at its time limit, or as soon after as a busy machine can, it is named with its
# fault, its rival wins, no process is left, and match-run needs less than 16 MiB; whatever a game does, the match fails in
# time, and nobody loses by it.
#
# Data: the first lines of tests/hostile/*.py, one bot each, and of tests/hostile/games/*.py:
#   # Fault: timeout. What it does.     or none: the match finishes all the same
#   # Bot: {...}, # Rival, # Match      merged into its entry in the match file, its rival's, and the whole file
#   # Within: 900 ms                    instead of turn_ms and a second
#   # Fails: PATTERN. What it does.     of games: what the result's "why" must match; or Finishes
. "$(dirname "$0")/lib/tap.sh"
needs_match_run
cp -R "$TOP/tests/hostile" "$WORK/hostile"
chmod -R a+rX "$WORK/hostile"
cp "$TOP/tests/helpers/peak.py" "$WORK/peak.py"
chmod 644 "$WORK/peak.py"
HOST=$(inventory)
PEAK_KIB=16384
GAME_PEAK_KIB=49152	# a game may send lines of 16 MiB

header() { sed -n "s/^# $1: \{0,1\}//p" "$2" | head -1; }	# key, file
json() { text=$(header "$1" "$2"); printf '%s' "${text:-{\}}"; }

# The match file of a bot in a seat; further JSON is merged into it.
match_file() { # bot, seat, file, more
	source=$WORK/hostile/$1.py
	jq -n --arg bot "$1" --argjson seat "$2" --argjson turn "$TURN_MS" --argjson b "$(json Bot "$source")" \
		--argjson r "$(json Rival "$source")" --argjson m "$(json Match "$source")" --argjson more "${4:-{\}}" '
		def program($n; $p): { name: $n, dir: "hostile", command: ["python3", $p], policy: "python" };
		(program($bot; $bot + ".py") * $b) as $hostile | (program("rival"; "honest.py") * $r) as $rival |
		{ game: (program("turns"; "turns.py") * { dir: "hostile/games", policy: "game" }),
		  bots: (if $seat == 0 then [$hostile, $rival] else [$rival, $hostile] end),
		  clock: { ready_ms: 5000, turn_ms: $turn }, cpu: "off", seed: 1 } * $m * $more' >"$3"
}

# Leaves RESULT (a folder), RC, PEAK (KiB) and MS of match-run.
play() { # match file
	RESULT=$WORK/home/result
	rm -rf "$RESULT"
	as_user /usr/bin/python3 "$WORK/peak.py" "$WORK/home/peak" "$BINDIR/match-run" -q -o "$RESULT" "$1" >"$WORK/out" 2>&1
	read -r RC PEAK MS <"$WORK/home/peak"
}

# Processes that have that name in their environment, which every jail's have.
left() { # name
	grep -lsaz "^BOT_NAME=$1\$" /proc/[0-9]*/environ | wc -l
}

# What every match must keep; WHO is in seat SEAT, or -1: the game.
SOUND='
	def claim($right; $name): (if $right then "ok " else "not ok " end) + $who + ": " + $name;
	. as $result | ($result.players + [$result.game]) as $programs |
	claim(all($programs[]; .jail != null and .jail.teardown == null); "all jails are gone, as they say"),
	claim($ms - $result.match_us / 1000 < 5000; "match-run is done soon after the verdict (\($ms) ms in all)"),
	claim($peak < $peak_most; "match-run needed no more than \($peak_most) KiB (\($peak))")'

# The bot is named, in time; its rival wins.
BLAMED='
	[$replay[] | select(.event == "ask" and (.players | index($seat))) | .us] as $asks |
	($replay[0].match.rules.clock | if $asks == [] then .ready_us else .turn_us end) as $limit |
	($replay[] | select(.do // [] | index("finish")) | .us) as $over |
	(if $within > 0 then $within * 1000 else $limit + 1000000 end) as $most |
	claim($rc == 1 and .outcome == "client_error"; "a fault of a bot decides (\($rc) \(.outcome): \(.why))"),
	claim(.players[$seat].fault == $fault; "its fault is \($fault) (\(.players[$seat].fault): \(.players[$seat].why))"),
	claim(.winner == 1 - $seat and .players[1 - $seat].fault == null; "its rival wins"),
	# killed: a busy machine does not let it end in time when the match is over.
	claim(all(.players[1 - $seat], .game; .jail.reason == "exited" or .jail.reason == "killed");
		"nothing happens to its rival and the game"),
	($over - ($asks | last // 0)) as $took |
	claim($took <= $most; "the match ends in time: \($took) of \($most) us")'

# Nobody is to blame.
FINE='
	claim($rc == 0 and .outcome == "finished"; "the game decides (\($rc) \(.outcome): \(.why))"),
	claim([.players[].fault] == [null, null]; "nobody has a fault (\([.players[].why]))")'

FAILED='
	claim($rc == 75 and .outcome == "failed"; "the match failed (\($rc) \(.outcome))"),
	claim(.why | test($why); "why is told (\(.why))"),
	claim(.winner == null and [.players[].fault] == [null, null]; "nobody wins or loses by it (\([.players[].why]))"),
	# The time of a match counts from when all bots are ready.
	(.match_us - ([$replay[] | select(.do // [] | index("init-game")) | .us] | last // 0)) as $took |
	claim($took <= ($replay[0].match.rules.clock.match_us) + 2000000; "in time (\($took) us)")'

# Passes on the claims of jq programs about $RESULT.
claims() { # who, seat, expected fault or why, jq program...
	who=$1 seat=$2 wanted=$3
	shift 3
	program=$SOUND
	for more; do program="$program, ($more)"; done
	if ! [ -s "$RESULT/result.json" ]; then
		result 0 "$who: there is a result"
		explain "$(cat "$WORK/out")"
		return
	fi
	jq -r --slurpfile replay "$RESULT/replay.jsonl" --arg who "$who" --argjson seat "$seat" --argjson rc "$RC" \
		--argjson peak "$PEAK" --argjson peak_most "$PEAK_MOST" --argjson ms "$MS" --argjson within "${WITHIN:-0}" \
		--arg fault "$wanted" --arg why "$wanted" "$program" "$RESULT/result.json" >"$WORK/claims" 2>&1 ||
		echo "not ok $who: the result can be read" >>"$WORK/claims"
	while IFS= read -r line; do
		case $line in
		"ok "*) result 1 "${line#ok }" ;;
		*) result 0 "${line#not ok }" ;;
		esac
	done <"$WORK/claims"
	ok "$who: the replay leads to the result" as_user "$BINDIR/match-run" verify "$RESULT"
}

kept_log() { # name
	log=$RESULT/$1.err
	is "$1: its log is cut to 5 MiB" "$(($(stat -c %s "$log") <= 5 * 1048576 + 80))" 1
	is "$1: head and tail of its log are kept" "$(head -1 "$log") $(tail -1 "$log")" "head of the log tail of the log"
	like "$1: what is left out is told" "$(grep -a 'left out' "$log")" '^\[[0-9]+ bytes left out\]$'
}

# --- bots

PEAK_MOST=$PEAK_KIB
seat=0
for file in "$WORK"/hostile/*.py; do
	bot=${file##*/}
	bot=${bot%.py}
	fault=$(header Fault "$file" | sed 's/\..*//')
	WITHIN=$(header Within "$file" | sed 's/ .*//')
	seat=$((1 - seat))
	case $fault in timeout) TURN_MS=1000 ;; *) TURN_MS=10000 ;; esac	# where it does not end a turn, it leaves time for a busy machine
	match_file "$bot" $seat "$WORK/match.json"
	play "$WORK/match.json"
	case $fault in
	none) claims "$bot" $seat none "$FINE" ;;
	*) claims "$bot" $seat "$fault" "$BLAMED" ;;
	esac
	is "$bot: no process of it is left" "$(left "$bot")" 0
	log=$(cat "$RESULT/$bot.err" 2>/dev/null | head -c 300 | tr -d '\0')
	case $bot in
	stderr-8mib) kept_log "$bot" ;;
	reaches-out) is "$bot: it reached nothing" "$(printf '%s\n' "$log" | sort -u)" "reached: []" ;;
	writes-its-folder) is "$bot: it wrote nothing" "$log" "made: []" ;;
	talks-much)
		took=$(jq -s --argjson rival $((1 - seat)) '[.[] | select(.event == "answer" and .player == $rival) |
			.usage[0]] | sort | .[length / 2 | floor]' "$RESULT/replay.jsonl")
		ok "$bot: its rival does not pay for it ($took us for an answer after 20 ms)" [ "$took" -lt 500000 ]
		;;
	answers-unread) like "$bot: that is why" "$(jq -r ".players[$seat].why" "$RESULT/result.json")" 'does not read' ;;
	esac
done

match_file closes-stdout 0 "$WORK/match.json" '{"clock":{"turn_ms":500}}'
play "$WORK/match.json"
claims "closes-stdout, short of time" 0 early-exit "$BLAMED"

# One who thinks while it is not his turn, with and without pause: CPU time of his jail.
TURN_MS=1000
for pause in on off; do
	match_file burns-off-turn 1 "$WORK/match.json" "{\"pause\":\"$pause\",\"game\":{\"options\":{\"gap_ms\":500,\"rounds\":12}}}"
	play "$WORK/match.json"
	jq -s '.[0].players[1].jail.cpu_us' "$RESULT/result.json" >"$WORK/cpu-$pause"
	jq -s '[.[] | select(.event == "answer" and .player == 1) | .usage[1]] | add' "$RESULT/replay.jsonl" \
		>"$WORK/turns-$pause"
done
on=$(cat "$WORK/cpu-on") off=$(cat "$WORK/cpu-off")
ok "burns-off-turn: with pause its CPU stands still between its turns ($on us, $off without)" [ $((3 * on)) -lt "$off" ]
ok "burns-off-turn: and what is used is in its turns' numbers ($(cat "$WORK/turns-on") us of them)" \
	[ "$(cat "$WORK/turns-on")" -lt 1000000 ]
clean "hostile bots"

# --- games

PEAK_MOST=$GAME_PEAK_KIB
for file in "$WORK"/hostile/games/*.py; do
	game=${file##*/}
	game=${game%.py}
	why=$(header Fails "$file" | sed 's/\. .*//')
	case $why in "longer than"*) ms=3000 ;; *) ms=10000 ;; esac
	match_file honest 0 "$WORK/match.json" \
		'{"game":{"name":"game-'"$game"'","command":["python3","'"$game"'.py"]},"clock":{"match_ms":'"$ms"'},"caps":{"game":33554432}}'
	play "$WORK/match.json"
	who="the game $game"
	if grep -q '^# Finishes' "$file"; then claims "$who" -1 none "$FINE"; else claims "$who" -1 "$why" "$FAILED"; fi
	is "$who: no process of it is left" "$(left "game-$game")" 0
	case $game in
	stderr-8mib) kept_log game-stderr-8mib ;;
	floods) ok "$who: the replay does not fill the disk ($(stat -c %s "$RESULT/replay.jsonl") bytes)" \
		[ "$(stat -c %s "$RESULT/replay.jsonl")" -lt 70000000 ] ;;	# caps.game is 32 MiB here
	esac
done
clean "hostile games"
done_testing
