#!/bin/sh
# Claim: a tournament is played as its file says, whatever the format; it can be interrupted, watched, changed and resumed; the
# same results give the same numbers; and what is wrong is said in one line with an exit status that the manual page has.
. "$(dirname "$0")/lib/tap.sh"
needs_match_run
H=$WORK/home MT=$BINDIR/match-tournament
HOST=$(inventory)
short_match
echo '{ "command": ["./game"], "policy": "c", "players": [2, 16], "turns": "one" }' >"$WORK/short/game/game.json"
echo '{ "command": ["./bot"], "policy": "c" }' >"$WORK/short/bot/bot.json"
chmod -R a+rX "$WORK"

line() { printf '%s\n' "$OUT" | tr '\n' ' '; }		# all of $OUT in one
run() { # arguments: $OUT and $RC
	RC=0
	OUT=$(cd "$H" && as_user "$MT" "$@" 2>&1) || RC=$?
}
# Waits until a file has a line like that, but not for ever.
wait_for() { # file, pattern
	tries=0
	while ! grep -q "$2" "$1" 2>/dev/null && [ $tries -lt 1500 ]; do
		sleep 0.02
		tries=$((tries + 1))
	done
}
# A tournament file of so many bots with these members besides, as $H/NAME.json.
make() { # name, bots, more
	jq -n --arg short "$WORK/short" --argjson bots "$2" --argjson more "$3" '
		{ game: "\($short)/game", bots: [range($bots) | { name: "b\(.)", dir: "\($short)/bot" }], clock: { turn_ms: 60000 }, seed: 7 } * $more' >"$H/$1.json"
	chown "$TEST_UID" "$H/$1.json"
}
json() { (cd "$H" && as_user "$MT" show --format json "$1"); }
plan() { (cd "$H" && as_user "$MT" plan "$1") | jq -s -c "$2"; }
value() { jq -c "$1" "$H/$2"; }

# --- every format, from its file to its end

format() { # name, bots, more, matches (jq of the plan)
	make "$1" "$2" "$3"
	run run -q --no-report "$1.json"
	is "$1 is played to its end" "$RC $OUT" "0 "
	is "$1: its plan" "$(plan "$1" "$4")" true
	is "$1: all of it is settled" "$(json "$1" | jq -c '[.left, (.standings | length), (.standings | all(.rating < 10000 and .rating > -10000))]')" "[0,$2,true]"
	run run "$1.json"
	like "$1: nothing is left the second time" "$RC $(line)" '^0 .*0 matches left'
}
format round-robin 5 '{}' 'length == 20 and (map(.bots | sort | join(" ")) | group_by(.) | map(length) | unique == [2])'
format double-round-robin 4 '{"rounds":2}' 'length == 24'
format gauntlet 5 '{"format":"gauntlet","heroes":["b2"],"sets":2}' 'length == 16 and all(.bots | index("b2"))'
format swiss 7 '{"format":"swiss","rounds":3}' 'map(select(.bots | length == 1)) | length == 3'
format single-elimination 6 '{"format":"single-elimination","best_of":3}' '[.[].pairing] | unique | length >= 5'
format double-elimination 5 '{"format":"double-elimination","best_of":3}' '[.[].pairing] | unique | length >= 8'
format groups 8 '{"format":"groups","groups":2,"advance":2}' '[.[] | select(.round <= 3)] | length == 24'
format ladder 6 '{"format":"ladder","rounds":4}' 'length == 24 and ([.[].round] | unique == [1,2,3,4])'
format tables 7 '{"format":"tables","players":4,"rounds":5}' 'length == 20 and all(.bots | unique | length == 4)'
is "byes are no matches of the league" "$(json swiss | jq '[.standings[].byes] | add')" 3
is "rotations of a set have one seed, sets have their own" \
	"$(plan gauntlet 'group_by([.pairing, .set]) | map(map(.seed) | unique | length) | unique == [1]') $(plan gauntlet '[.[].seed] | unique | length')" "true 8"

make pool 2 '{"game":{"pool":[{"map":"a"},{"map":"b"},{"map":"c"}]},"sets":3}'
jq --arg short "$WORK/short" '.game.dir = "\($short)/game"' "$H/pool.json" >"$H/p" && mv "$H/p" "$H/pool.json"
run plan pool.json
is "positions of a pool take turns" "$(for n in 1 2 3 4 5 6; do as_user "$MT" plan -m $n "$H/pool.json" | jq -r .game.options.map; done | tr '\n' ' ')" "a a b b c c "

make test 2 '{"sets":200,"sprt":{"elo0":0,"elo1":400,"alpha":0.1,"beta":0.1}}'
run run -q --no-report -j 2 test.json
is "a sequential test ends a pairing before its last set" "$RC $(plan test 'map(select(.state == "dropped")) | length > 100')" "0 true"
run show test
like "and show tells how it stands" "$OUT" 'b0 +against b1 .* sets, ratio [-+][0-9.]+ \(-2\.20 to 2\.20\): (not that much )?stronger'
cp "$H/test.json" "$H/alone.json"
run run -q --no-report -j 1 alone.json
is "at the same match, however many run at a time" "$(plan test 'map([.match, .state])')" "$(plan alone 'map([.match, .state])')"
is "and with the same numbers" "$(json test | jq -c .standings)" "$(json alone | jq -c .standings)"

# --- tables of all kinds have numbers

make one 1 '{}'
run run --no-report one.json
like "one bot: nothing to play, and a place" "$RC $(line)" '^0 .* 1  b0 +0\.0 .*0 matches left'
for system in elo bt glicko2 openskill; do
	for name in round-robin one; do
		run rate -s $system --format json $name
		is "$system of $name: finite" "$RC $(printf %s "$OUT" | jq '.standings | all(.rating | . > -10000 and . < 10000)')" "0 true"
	done
done

# --- plan: other schedulers

run plan round-robin.json
is "plan of a file writes nothing, and prints all matches" "$RC $(printf '%s\n' "$OUT" | wc -l) $(cd "$H" && ls -d plan* 2>/dev/null)" "0 20 "
make cluster 4 '{}'
run plan -o cup -f todo cluster.json
is "plan -o begins it, -f writes match files" "$RC $(ls "$H/todo" | wc -l)" "0 12"
OUT=$(cd "$H" && mkdir -m 777 finished && as_user sh -c "cd '$H'; ls todo | sed 's/.json//' | xargs -P 2 -I N $BINDIR/match-run -q -o finished/N todo/N.json" 2>&1)
is "xargs plays them" "$OUT $(ls "$H/finished" | wc -l)" " 12"
mv "$H/finished/00003" "$H/aside"
run collect cup finished
is "collect counts what is there, and wants the rest" "$RC $OUT" "75 11 results counted, 0 refused, 1 matches left"
cp -R "$H/finished/00004" "$H/finished/00003" && chown -R "$TEST_UID" "$H/finished"
run collect cup finished
like "the result of another match is refused" "$RC $(line)" '^75 .*00003: the result of another match.* 1 refused, 1 matches left'
rm -rf "$H/finished/00003" && mv "$H/aside" "$H/finished/00003"
run collect cup finished
is "and the right one counts" "$RC $OUT" "0 1 results counted, 0 refused, 0 matches left"
run run -q --no-report cluster.json
is "as many times as it likes" "$(json cup | jq -c .standings)" "$(json cluster | jq -c .standings)"
cp "$TOP/examples/slurm-array" "$H/"
OUT=$(cd "$H" && as_user env PATH="$BINDIR:$PATH" sh -c '
	n=$(./slurm-array prepare swiss.json slurm); status=75
	while [ $status = 75 ]; do
		i=0; while [ $i -lt $n ]; do i=$((i + 1)); SLURM_ARRAY_TASK_ID=$i ./slurm-array play slurm || exit 9; done
		status=0; n=$(./slurm-array collect slurm) || status=$?; n=${n##*
}
	done
	echo $status' 2>&1)
is "the Slurm example plays a swiss, round by round" "$OUT $(json slurm | jq -c .standings)" "0 $(json swiss | jq -c .standings)"

# --- run: how it shows, stops and goes on

make lines 3 '{}'
run run --no-report lines.json
like "elsewhere than on a terminal each match is a line" "$(printf '%s\n' "$OUT" | grep -cE '^ *[0-9]+/6  #[0-9]+ +game +b[0-9] (1 - 0|0 - 1|1/2 - 1/2) b[0-9]$')" '^6$'
OUT=$(cd "$H" && as_user script -qec "$MT run --no-report -o tty lines.json" /dev/null | tr -d '\r')
like "on a terminal it is a table" "$OUT" 'lines: 6 of 6 matches'
make events 3 '{}'
OUT=$(cd "$H" && as_user sh -c "$MT run -q --no-report --events 3 events.json 3>&1 >/dev/null")
is "events are JSON lines" "$(printf '%s\n' "$OUT" | jq -s -c '[(map(select(.event == "match")) | length), .[0].event, .[-1].event]')" '[6,"start","finished"]'

slow='{"bots":['$(for n in 0 1 2 3; do printf '%s{"name":"s%s","dir":"%s","command":["./bot","100"]}' "$([ $n = 0 ] || echo ,)" $n "$WORK/short/bot"; done)']}'
make slow 4 "$slow"
(cd "$H" && exec setpriv --reuid="$TEST_UID" --regid="$TEST_UID" --groups="$GROUP_ID" -- "$MT" run --no-report -j 1 slow.json >"$WORK/slow" 2>&1) &
pid=$!
wait_for "$WORK/slow" ' 3/12 '
kill -TERM $pid
RC=0
wait $pid || RC=$?
is "TERM stops it with 75" "$RC" 75
like "and says so" "$(cat "$WORK/slow")" 'matches left.*stopped by a signal'
run run --until +1s --no-report slow.json
RC1=$RC
run run --no-report slow.json
is "later it goes on to the end" "$RC $(plan slow 'map(.state) | unique')" '0 ["played"]'
make night 4 "$slow"
run run --until "$(date -d '-1 min' '+%Y-%m-%d %H:%M')" --no-report night.json
like "a time that is over: nothing is played" "$RC $(line)" '^75 .*12 matches left.*its time is over'
run run --until tomorrow night.json
like "a time that is none" "$RC $OUT" '^2 match-tournament: --until needs HH:MM'
(cd "$H" && as_user "$MT" run -q --no-report -j 1 night.json) &
pid=$!
sleep 0.3
RC=0
OUT=$(cd "$H" && as_user "$MT" run -q --no-report night 2>&1) || RC=$?
wait $pid
like "two at once: the second waits for the first, or says who has it" "$RC $OUT" '^(0 $|75 .*another match-tournament runs it)'
run run --no-report -j 64 -o many lines.json
like "too many at a time is told, with the numbers" "$RC $OUT" '^0 .*64 matches at a time are too many: each reserves 1 CPU and [0-9.]+ GiB'

# --- bots that come and go

make league 3 '{}'
run run -q --no-report league.json
run add --name newcomer league "$WORK/short/bot"
like "a bot is added" "$RC $OUT" "^0 newcomer plays from the next part of the plan on"
run run -q --no-report league.json
is "and meets everybody" "$RC $(plan league '[.[] | select(.bots | index("newcomer"))] | length')" "0 6"
run add --name b1 league "$WORK/short/bot"
like "not under a name that there is" "$RC $OUT" "^2 match-tournament: .*two bots are called 'b1'"
run redo league b1
is "redo: its matches are to be played again" "$RC $OUT $(plan league 'map(select(.state == "planned")) | length')" "0 6 matches are to be played again 6"
run run -q --no-report league.json
is "and are" "$RC $(plan league 'map(select(.state == "planned")) | length')" "0 0"
run redo ladder b1
like "not where later rounds rest on them" "$RC $OUT" '^2 match-tournament: rounds of a ladder rest on each other'
run add league "$WORK/nowhere"
like "nor without a folder" "$RC $OUT" '^2 match-tournament: .*nowhere: No such file'
make short-league 4 '{"sets":2}'
run run -q --no-report --until +0s short-league.json
run plan -o short-league short-league.json
run withdraw short-league b3
run run -q --no-report short-league
is "a withdrawn bot plays no more" "$RC $(plan short-league '[.[] | select(.bots | index("b3")) | .state] | unique')" '0 ["dropped"]'
run show short-league
like "and is called so" "$OUT" 'b3 .*withdrawn'
run withdraw short-league nobody
like "nobody is not withdrawn" "$RC $OUT" "^2 match-tournament: there is no bot 'nobody'"
make hot 4 "$slow"
(cd "$H" && as_user "$MT" run --no-report -j 1 hot.json >"$WORK/hot" 2>&1) &
pid=$!
wait_for "$WORK/hot" ' 2/12 '
run withdraw hot s3
run add --name late hot "$WORK/short/bot"
wait $pid
is "both while it runs" "$? $(plan hot '[.[] | select(.bots | index("late"))] | length == 6') $(json hot | jq -c '[.left, (.standings[] | select(.bot == "s3") | .withdrawn)]')" "0 true [0,true]"
run add single-elimination "$WORK/short/bot"
like "an elimination takes none" "$RC $OUT" '^2 match-tournament: a single-elimination that has begun takes no more bots'

# --- what fails

make flaky 6 '{"game":{"command":["./game","20"]}}'
jq --arg short "$WORK/short" '.game.dir = "\($short)/game"' "$H/flaky.json" >"$H/p" && mv "$H/p" "$H/flaky.json"
run run --no-report flaky.json
failed=$(plan flaky 'map(select(.state == "failed")) | length')
ok "matches that the game fails are tried three times ($failed of 30)" [ "$failed" -gt 0 ]
is "each" "$(printf '%s\n' "$OUT" | grep -c 'and is tried again') $(printf '%s\n' "$OUT" | grep -c 'failed for good')" "$((2 * failed)) $failed"
like "then it is over with status 1" "$RC $(line)" "^1 .*$failed matches failed and count for nobody"
run run --no-report --again flaky
is "--again tries them once more" "$RC $(printf '%s\n' "$OUT" | grep -c 'failed for good')" "1 $failed"

# --- what is not the matches' fault

cp -R "$WORK/short/bot" "$H/gone-bot"
chown -R "$TEST_UID" "$H/gone-bot"
make gone 3 '{}'
jq --arg dir "$H/gone-bot" '.bots[2].dir = $dir' "$H/gone.json" >"$H/p" && mv "$H/p" "$H/gone.json"
run plan -o gone gone.json
rm "$H/gone-bot/bot"
run run -q --no-report gone
like "a bot that was not built is told before anything is played" "$RC $OUT" '^2 match-tournament: b2: its command ./bot cannot be executed .*: is it built\?$'
rm -r "$H/gone-bot"
run run -q --no-report gone
like "so is one whose folder is gone" "$RC $OUT" '^2 match-tournament: b2: '
run show gone
like "which keeps nobody from looking" "$RC $OUT" '^0 gone, round-robin of 3 bots'
run withdraw gone b2
like "or from withdrawing it" "$RC $OUT" '^0 b2 is withdrawn'
run run -q --no-report gone
is "and then it goes on" "$RC $(plan gone 'map(.state) | group_by(.) | map([.[0], length])')" '0 [["dropped",4],["played",2]]'
make tight 3 '{}'
jq '.bots[1].limits = ["memory=64G"]' "$H/tight.json" >"$H/p" && mv "$H/p" "$H/tight.json"
run run -q --no-report tight.json
like "a limit that is looser than the policy is told, too" "$RC $OUT" '^2 match-tournament: b1: bot-jail: memory=64G is looser than policy c'
cp -R "$WORK/short/bot" "$H/vanishing" && chown -R "$TEST_UID" "$H/vanishing"
make vanishing 4 "$slow"
jq --arg dir "$H/vanishing" '.bots[3].dir = $dir' "$H/vanishing.json" >"$H/p" && mv "$H/p" "$H/vanishing.json"
(cd "$H" && as_user "$MT" run --no-report -j 1 -o vanish vanishing.json >"$WORK/vanish" 2>&1; echo $? >"$WORK/vanish.rc") &
wait_for "$WORK/vanish" ' 2/12 '
mv "$H/vanishing" "$H/elsewhere"
wait
like "a folder that goes away meanwhile stops it" "$(cat "$WORK/vanish.rc") $(tail -1 "$WORK/vanish")" '^75 match-tournament: .*vanish: match [0-9]+ cannot be started: '
is "and costs no attempts" "$(sqlite3 "$H/vanish/tournament.db" 'SELECT sum(attempts) FROM match')" 0
mv "$H/elsewhere" "$H/vanishing"
run run -q --no-report vanish
is "when it is back, it goes on" "$RC $(plan vanish 'map(.state) | unique')" '0 ["played"]'
jq '.name = "evil\u001b[31m\nname" | .seed = 9' "$H/lines.json" >"$H/evil.json"
run run --no-report evil.json
like "a name with an escape in it does not reach a terminal" "$(printf %s "$OUT" | head -1 | cat -v)" '^evil *\[31m name: 6 matches left'
make many 1000 '{"rounds":1000}'
run plan many.json
like "a plan without end is refused" "$RC $OUT" '^2 match-tournament: many.json(:[0-9]+)?: 1000 bots make more than 1000000 matches'

cp -R "$WORK/short/bot" "$H/brief" && chown -R "$TEST_UID" "$H/brief"
make over 2 '{}'
jq --arg dir "$H/brief" '.bots[1].dir = $dir' "$H/over.json" >"$H/p" && mv "$H/p" "$H/over.json"
run run -q --no-report over.json
rm -r "$H/brief"
run run --no-report over
like "of a tournament that is over nothing need be there any more" "$RC $(line)" '^0 .*0 matches left'
mkdir "$H/empty" && chown "$TEST_UID" "$H/empty"
run run empty
like "a folder without a tournament stays as it is" "$RC $OUT $(ls -A "$H/empty")" '^2 match-tournament: empty: there is no tournament $'

# --- those who start it, look on or stop it

make deaf 4 '{}'
RC=0
as_user /usr/bin/python3 - "$MT" "$H" >"$WORK/tap" 2>"$WORK/err" <<'P' || RC=$?
import fcntl, os, signal, subprocess, sys, time
program, home = sys.argv[1:]
os.chdir(home)
count = 0
def claim(true, name):
    global count
    count += 1
    print(f"{'ok' if true else 'not ok'} {count} - {name}")
def run(*words, **more):
    return subprocess.run([program, "run", "--no-report", *words], timeout=60, **more)
claim(run("-q", "-o", "d1", "deaf.json", preexec_fn=lambda: signal.signal(signal.SIGCHLD, signal.SIG_IGN)).returncode == 0,
      "who ignores his children's ends can start it")
read, write = os.pipe()
fcntl.fcntl(write, fcntl.F_SETPIPE_SZ, 4096)
claim(run("-q", "--events", str(write), "-o", "d2", "deaf.json", pass_fds=[write]).returncode == 0,
      "nobody reads the events: it is played all the same")
fcntl.fcntl(write, fcntl.F_SETPIPE_SZ, 4096)
os.set_blocking(write, False)
try:
    while True:
        os.write(write, b"x" * 512)
except BlockingIOError:
    os.set_blocking(write, True)
claim(run("-o", "d3", "deaf.json", stdout=write).returncode == 0, "nor its output")
claim(run("-q", "-o", "d4", "deaf.json", close_fds=True, stdin=None,
          preexec_fn=lambda: (os.close(0), os.close(1), os.close(2))).returncode == 0, "without standard streams")
process = subprocess.Popen([program, "run", "-q", "--no-report", "-j", "1", "-o", "d5", "slow.json"], start_new_session=True)
while not os.path.isdir("d5/matches") or not os.listdir("d5/matches"):
    time.sleep(0.02)
os.killpg(process.pid, signal.SIGINT)
claim(process.wait(20) == 75, "interrupted with its whole group, it stops")
claim(run("-q", "d5").returncode == 0, "and goes on")
print("# end")
P
relay "$WORK/tap" "$WORK/err"
is "an interrupt costs no attempt" "$(sqlite3 "$H/d5/tournament.db" 'SELECT sum(attempts) FROM match')" 0

# --- results of strangers

run plan -o strange -f strange-todo cluster.json
mkdir -m 777 "$H/strange-done"
(cd "$H" && as_user sh -c "for n in 00004 00005 00006; do $BINDIR/match-run -q -o strange-done/\$n strange-todo/\$n.json; done; mkdir strange-done/00001; ln -s /etc strange-done/00002; mkdir strange-done/00003; mkfifo strange-done/00003/result.json")
run collect strange strange-done
like "links, pipes and halves do not keep others from counting" "$RC $(line)" '^75 .* 3 results counted, [12] refused, 9 matches left'
(cd "$H" && as_user cp -R finished/00001/. strange-done/00001/)
run collect strange strange-done
like "what is complete now counts now" "$RC $(line)" '^75 .* 1 results counted, [12] refused, 8 matches left'
is "nothing else was copied" "$(ls "$H/strange/matches" | tr '\n' ' ')" "00001 00004 00005 00006 "

# --- what is wrong: one line, and its status

wrong() { # name, jq program of the file, pattern, status
	jq "$2" "$H/lines.json" >"$H/wrong.json"
	run run wrong.json
	like "$1" "$RC $(printf '%s\n' "$OUT" | wc -l) $OUT" "^${4:-2} 1 match-tournament: $3"
	ok "$1: nothing is begun" [ ! -e "$H/wrong" ]
}
wrong "an unknown key, with its line and what was meant" '.fromat = "swiss"' "wrong.json:[0-9]+: unknown key 'fromat' in the tournament; did you mean 'format'\?"
wrong "one that is like none" '.zzz = 1' "wrong.json:[0-9]+: unknown key 'zzz' in the tournament; there are name, game"
wrong "two bots of a name" '.bots[1].name = "b0"' "wrong.json:[0-9]+: two bots are called 'b0'"
wrong "a folder that is missing" '.bots[1].dir = "nowhere"' "wrong.json: bots\[1\]: dir 'nowhere': No such file"
wrong "no bots" '.bots = []' 'wrong.json:[0-9]+: there are no bots'
wrong "more rounds than opponents" '. + { format: "swiss", rounds: 3 } | .bots = .bots[:2]' 'wrong.json:[0-9]+: a swiss of 3 rounds needs more opponents: there are 1'
wrong "a format that there is not" '.format = "cup"' 'wrong.json:[0-9]+: format must be one of round-robin, gauntlet'
wrong "a number of another format" '.groups = 3' 'wrong.json:[0-9]+: groups has no meaning for a round-robin'
wrong "a clock that match-run would refuse" '.clock = { turn: 3 }' "wrong.json: unknown key 'turn' in clock; did you mean 'turn_ms'"
wrong "a hero who does not play" '. + { format: "gauntlet", heroes: ["x"] }' "wrong.json:[0-9]+: heroes: there is no bot 'x'"
wrong "a game for more" '. + { format: "tables", players: 4 }' 'wrong.json:[0-9]+: tables of 4 players need more bots than 3'
printf '{ "game": 1,\n }' >"$H/wrong.json"
run run wrong.json
like "what is not JSON, with its line" "$RC $OUT" '^2 match-tournament: wrong.json:[12]: '
run run nothing.json
like "no file" "$RC $OUT" '^2 match-tournament: nothing.json: No such file'
run raet lines
like "a command that was meant" "$RC $OUT" "^2 match-tournament: there is no command 'raet'; did you mean 'rate'\?"
run show nothing
like "no tournament" "$RC $OUT" '^2 match-tournament: nothing: No such file'
jq '.seed = 8' "$H/lines.json" >"$H/lines2.json" && mv "$H/lines2.json" "$H/lines.json"
run run lines.json
like "another file for a tournament that has begun" "$RC $OUT" '^2 match-tournament: lines was begun with another file'
run run -o /nowhere/at/all events.json
like "a folder that cannot be made" "$RC $OUT" '^2 match-tournament: /nowhere/at/all: '

# --- completion: what the programs' own help says

complete() { # words: what bash offers for the last one
	bash -c '. "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMPREPLY=(); _match "$1" "${!#}"; echo "${COMPREPLY[*]}"' \
		- "$TOP/packaging/completions/match.bash" "$@"
}
is "completion of a command" "$(complete "$MT" wi)" withdraw
is "of an option" "$(complete "$MT" run --un)" --until
is "of an option without the command" "$(complete "$BINDIR/match-run" --se)" --seed

# --- a state that cannot be used is left as it is

spoil() { # name, command on the file, pattern
	rm -rf "$H/spoilt" && cp -R "$H/round-robin" "$H/spoilt" && (cd "$H/spoilt" && eval "$2") && chown -R "$TEST_UID" "$H/spoilt"
	was=$(sha256sum "$H/spoilt/tournament.db")
	for command in "run -q" show rate report plan; do
		run $command spoilt
		like "$1: $command refuses it" "$RC $OUT" "^2 match-tournament: .*tournament.db: $3"
	done
	is "$1: the file is as it was" "$(sha256sum "$H/spoilt/tournament.db")" "$was"
}
spoil "junk" 'head -c 40000 /dev/urandom >tournament.db' '(file is not a database|this is no tournament)'
spoil "a newer one" 'sqlite3 tournament.db "PRAGMA user_version = 9"' 'made by a newer match-tournament \(version 9, this one knows 1\)'
spoil "another program's" 'rm -f tournament.db*; sqlite3 tournament.db "CREATE TABLE x(y)"' "this is no tournament's"
spoil "with a view in it" 'sqlite3 tournament.db "ALTER TABLE match RENAME TO other; CREATE VIEW match AS SELECT * FROM other"' "this is no tournament's"
spoil "with a trigger" 'sqlite3 tournament.db "CREATE TRIGGER t AFTER UPDATE ON match BEGIN DELETE FROM match; END"' "this is no tournament's"
spoil "with numbers beyond all" 'sqlite3 tournament.db "UPDATE match SET round = 4294967299 WHERE number = 3"' 'damaged'
spoil "cut short" 'sqlite3 tournament.db "PRAGMA wal_checkpoint(TRUNCATE)" >/dev/null; truncate -s 12000 tournament.db' '(damaged|database disk image is malformed)'
spoil "with nonsense in it" 'sqlite3 tournament.db "UPDATE match SET bots = '"'0,99'"' WHERE number = 3"' 'damaged: match 3'

# --- no room

make full 6 '{"sets":30}'
mkdir "$WORK/disk" && mount -t tmpfs -o size=3m,mode=777 none "$WORK/disk" && {
	run run -q --no-report -o "$WORK/disk/cup" full.json
	like "a full disk stops it, with status 75" "$RC $OUT" '^75 match-tournament: .*(no space left|full)'
	before=$(as_user "$MT" plan "$WORK/disk/cup" | jq -s 'map(select(.state == "played")) | length')
	ok "some matches were played ($before)" [ "$before" -gt 0 ]
	is "none failed for it" "$(as_user "$MT" plan "$WORK/disk/cup" | jq -s 'map(select(.state == "failed")) | length')" 0
	mount -o remount,size=60m "$WORK/disk"
	run run -q --no-report "$WORK/disk/cup"
	is "with room it goes on to its end" "$RC $OUT $(as_user "$MT" plan "$WORK/disk/cup" | jq -s -c 'map(.state) | unique')" '0  ["played"]'
	run run -q --no-report full.json
	is "with the same ratings as one that had room" "$(as_user "$MT" show --format json "$WORK/disk/cup" | jq -c .standings)" "$(json full | jq -c .standings)"
	umount "$WORK/disk"
}
clean "all of it"
done_testing
