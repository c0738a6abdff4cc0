#!/bin/sh
# Claim: what stands around a match works as its page says: verify, rejudge, explain, replay, exec, check, check-game,
# new, init, game_config.json, relay, playing oneself, and events. Mistakes are told in one line.
. "$(dirname "$0")/lib/tap.sh"
needs_match_run
HOST=$(inventory)
E=$WORK/examples
H=$WORK/home

run() { # arguments of match-run: output in $OUT, exit status in $RC
	RC=0
	OUT=$(cd "$H" && as_user "$BINDIR/match-run" "$@" 2>&1) || RC=$?
}
as_home() { (cd "$H" && as_user "$@"); }

# --- verify, rejudge, explain, replay
run -q -o game "$E/connect4.json"
run verify game
like "verify: a result is what its replay leads to" "$RC $OUT" '^0 [0-9]+ lines, unbroken; .*: finished$'
run verify game/result.json
is "verify: its file will do as well" "$RC" 0
tamper() { # name, file, sed script, pattern
	rm -rf "$H/bad"
	cp -R "$H/game" "$H/bad"
	sed -i "$3" "$H/bad/$2"
	run verify bad
	like "verify: $1" "$RC $OUT" "^1 match-run: .*$4"
}
tamper "a changed answer breaks the chain" replay.jsonl '7s/"column": 3/"column": 4/' 'replay.jsonl:[78]: the chain is broken'
tamper "so does a missing line" replay.jsonl '9d' 'replay.jsonl:9: the chain is broken'
tamper "a file that was cut short has another digest" replay.jsonl '$d' "the replay's digest"
tamper "another winner is not what the replay leads to" result.json 's/"winner": 0/"winner": 1/' 'the winner'
tamper "nor is another rank" result.json '0,/"rank": 1/s//"rank": 2/' 'a rank'
rm -rf "$H/forged"
cp -R "$H/game" "$H/forged"
"$TOP/tests/helpers/rechain.py" "$H/game/replay.jsonl" '"event":"end","ranks":[1,2]' '"event":"end","ranks":[2,1]' >"$H/forged/replay.jsonl"
run verify forged
like "verify: a chain that was made anew has another digest, too" "$RC $OUT" "^1 match-run: .*the replay's digest"
"$TOP/tests/helpers/rechain.py" "$H/game/replay.jsonl" '"no-deadline 0","pause 0"' '"no-deadline 0"' >"$H/forged/replay.jsonl"
run verify forged
like "verify: a replay that does what the rules do not is told with its line" "$RC $OUT" '^1 match-run: .*replay.jsonl:[0-9]+: by the rules'
run verify nowhere
like "verify: a missing result" "$RC $OUT" '^2 match-run: nowhere: No such file'

jq '.bots[0].dir = "bots/cheat-sleep" | .bots[0].command = ["python3","bot.py"] | .bots[0].policy = "agent" | .clock.turn_ms = 200' \
	"$E/connect4.json" >"$E/slow.json"
for _ in 1 2 3 4 5; do	# where something else took the CPU, the fair clock leaves him some time
	rm -rf "$H/slow"
	run -q -o slow "$E/slow.json"
	run explain slow
	case $OUT in *"too long, too"*) break ;; esac
done
like "explain: why, with the numbers" "$OUT" 'lost by timeout: no whole answer before the deadline \(no answer after [2-9][0-9]{2}\.[0-9]+ ms\).* It had 200.0 ms, by the wall clock.*By the fair clock that is [2-9][0-9]{2}\.[0-9]+ ms: too long, too.*used 3?[0-9.]+ MiB'
run explain game
like "explain: a match without a fault" "$OUT" '^connect4, 2 players, [0-9.]+ s\. alphabeta won: alphabeta has 4 in a row\.$'
run rejudge slow
like "rejudge: a sleeper is out of time by the fair clock, too" "$RC $OUT" 'out of time, by this clock, too'
like "rejudge: so the verdict stands" "$RC $OUT" '^0 '
run rejudge --clock=cpu slow/replay.jsonl
like "rejudge: by the cpu clock he was not" "$RC $OUT" '^1 .*'
like "rejudge: and that is told" "$OUT" 'was out of time, and would have had more'
run rejudge --clock=sun slow
like "rejudge: there are three clocks" "$RC $OUT" '^2 match-run: --clock is wall, cpu or fair'
run replay game
is "replay: every picture, one after the other" "$(printf '%s\n' "$OUT" | grep -c 'turn [0-9]*: ')" \
	"$(jq -s 'map(select(.frame)) | length' "$H/game/replay.jsonl")"
script=$(printf 'n\nn\nb\n3j\nq\n' | TERM=xterm timeout 10 script -qec "match-run replay $H/game" /dev/null 2>/dev/null | tr -d '\r' | grep -oE '^.*[0-9]+/[0-9]+  [0-9.]+ s' | grep -oE '[0-9]+/' | tr -d '\n')
like "replay: in a terminal, keys go on, back, and to a number" "$script" '^1/'
like "replay: as far as the third" "$script" '3/'

# --- formats
/usr/bin/python3 - "$TOP/runner/schemas" "$H/game" "$H/slow" >"$WORK/schema" 2>&1 <<'PY' || true
import json, sys, jsonschema
result, line = (json.load(open(f"{sys.argv[1]}/{name}.json")) for name in ("result", "replay-line"))
for folder in sys.argv[2:]:
    jsonschema.validate(json.load(open(f"{folder}/result.json")), result)
    for text in open(f"{folder}/replay.jsonl"):
        jsonschema.validate(json.loads(text), line)
print("valid")
PY
is "result.json and the replay are what their schemas say" "$(cat "$WORK/schema")" valid
is "match.log has typ, msg and tim in each line" "$(jq -s 'map(select((.typ | type == "string") and (.msg | type == "string") and (.tim | type == "number"))) | length' "$H/slow/match.log")" \
	"$(wc -l <"$H/slow/match.log")"
like "and tells of the fault" "$(cat "$H/slow/match.log")" '"typ":"error","msg":"alphabeta: timeout: no answer after'
as_home sh -c "exec 5>events; $BINDIR/match-run -q -o ev --events 5 $E/connect4.json" >/dev/null 2>&1
is "events: JSON lines of what happens" "$(jq -r .event "$H/events" | sort -u | tr '\n' ' ')" "answer ask end frame ready start "
is "events: and no views of players, which a rival may not see" "$(jq -c 'select(.event == "ask") | .view // empty' "$H/events")" ""
run -q --events 77 -o ev2 "$E/connect4.json"
like "events: a descriptor that is not open" "$RC $OUT" '^2 match-run: --events needs'

# --- playing oneself
RC=0
OUT=$(cd "$H" && printf '3\nnine\n99\n3\n3\n' | as_user "$BINDIR/match-run" play --human 0 -o me "$E/connect4.json" 2>&1) || RC=$?
like "human: asked with the game's move syntax" "$OUT" 'your move: the number of a column'
like "human: a mistake is told, and another try given" "$OUT" 'no: '
is "human: moves count as typed" "$(jq -c 'select(.event == "answer" and .player == 0) | .said' "$H/me/replay.jsonl" | head -n 2 | tr '\n' ' ')" '3 "nine" '
is "human: who leaves, loses" "$(jq -c '[.winner, .players[0].fault, .players[0].protocol]' "$H/me/result.json")" '[1,"early-exit","person"]'

# --- folders instead of a match file
run -q -o dirs -g "$E/games/tron" "$E/bots/random" "$E/bots/tron-space" "$E/bots/random"
is "-g: a game and bots without a match file" "$RC $(jq -c '[.players[].name]' "$H/dirs/result.json")" '0 ["random","tron-space","random.2"]'
run -q -g "$E/games/connect4" "$E/bots/random"
like "-g: too few for the game" "$RC $OUT" '^2 match-run: .*connect4 is for 2 players, and there are 1 bots'

# --- exec
mkdir "$H/agent"
cat >"$H/agent/agent.py" <<'PY'
import json, os, sys
data, text = os.environ.get("INPUT_DATA"), sys.stdin.read()
file = open(os.environ["BOT_INPUT"]).read() if "BOT_INPUT" in os.environ else None
if not text:
    sys.exit("no input")
try:
    job = json.loads(text)
except ValueError:
    sys.exit("input is not JSON")
print("working", file=sys.stderr)
if job == "spin":
    while True:
        pass
if job == "talk":
    print("not JSON")
else:
    print(json.dumps({"env": None if data is None else data == text, "file": file == text, "job": job if len(text) < 99 else "long"}, indent=4))
sys.exit(3 if job == "three" else 0)
PY
echo '{ "command": ["python3", "agent.py"] }' >"$H/agent/bot.json"
chown -R "$TEST_UID" "$H/agent"
job() { OUT=$(cd "$H" && as_user "$BINDIR/match-run" exec --log "log.$TAP_COUNT" agent "$@" 2>"$WORK/err"); RC=$?; }
job --input '{"a": 1}'
is "exec: the input in the environment, on stdin and in a file; a pretty-printed answer" "$RC $(printf %s "$OUT" | jq -c '[.status, .exit, .output]')" \
	'0 ["completed",0,{"env":true,"file":true,"job":{"a":1}}]'
is "exec: durations and memory are told" "$(printf %s "$OUT" | jq '.wall_ms > 0 and .cpu_ms > 0 and .memory_peak > 0')" true
like "exec: the log is kept apart" "$(cat "$H"/log.*)" '^working'
/usr/bin/python3 -c "print('[' + '1,' * 80000 + '1]')" >"$H/big.json"
job --input @big.json
is "exec: above 128 KiB it is not in the environment, and that is noted" "$RC $(printf %s "$OUT" | jq -c '[.output.env, .output.file, (.note | test("128 KiB"))]')" '0 [null,true,true]'
job --input '"three"'
is "exec: the exit status decides" "$RC $(printf %s "$OUT" | jq -c '[.status, .exit]')" '1 ["error",3]'
job --input '"talk"'
is "exec: an answer that is not JSON" "$RC $(printf %s "$OUT" | jq -c '[.status, (.error | test("not one JSON document"))]')" '1 ["error",true]'
job --input 'nonsense'
is "exec: invalid input is the agent's to report" "$RC $(printf %s "$OUT" | jq -c '[.status, .exit]')" '1 ["error",1]'
job
is "exec: and so is a missing one" "$RC $(printf %s "$OUT" | jq -c '[.status, .exit]')" '1 ["error",1]'
job --input '"spin"' --timeout 300
is "exec: out of time" "$RC $(printf %s "$OUT" | jq -c '[.status, .jail.reason]')" '1 ["timeout","wall"]'
job --input 1 --policy nonsense
is "exec: what cannot be had" "$RC $(printf %s "$OUT" | jq -c .status)" '2 "refused"'

# --- an event of the arena kind
run init event
like "init: lays out an event" "$RC $OUT" '^0 event is laid out'
is "init: with its folders" "$(cd "$H/event" && ls -d api maps bots sample_bots arena out/errors out/debug out/replays out/moves | wc -l)" 9
run init event
is "init: a second time there is nothing to do" "$RC $OUT" "0 nothing to do"
run -q -o arena1 event/game_config.json
is "game_config.json is played as it is" "$RC $(jq -r .outcome "$H/arena1/result.json")" "0 finished"
is "its files go into commit_paths" "$(cd "$H/event/out" && find . -type f | sort | tr '\n' ' ')" \
	"./debug/debug.txt ./errors/dice-error.txt ./errors/first-error.txt ./moves/moves.json ./replays/replay.json "
is "moves are a list" "$(jq 'length == ([.[].turn] | length) and (.[0].name == "first")' "$H/event/out/moves/moves.json")" true
run -q --format js -o arena2 event/game_config.json
is "or var ob" "$(head -n 1 "$H/event/out/replays/replay.js") $(tail -n 1 "$H/event/out/moves/moves.js")" "var ob = [ ];"
arena_wrong() { # name, jq edit, pattern
	jq "$2" "$H/event/game_config.json" >"$H/event/wrong.json"
	run -q -o wrong event/wrong.json
	like "game_config: $1" "$RC $OUT" "^2 match-run: event/wrong.json: $3"
	[ ! -e "$H/wrong" ] || result 0 "$1: something was started"
}
arena_wrong "a missing bot is named before anything starts" '.bots[1] = "<X>/bots/nobody.py"' 'bots\[1\]: there is no .*/event/bots/nobody.py'
arena_wrong "and a missing interpreter" '.bots[0] = ["cobol", "<X>/sample_bots/first.py"]' 'bots\[0\]: the interpreter cobol'
arena_wrong "and a missing folder for results" '.commit_paths.move = "<X>/out/nowhere"' 'commit_paths.move: there is no folder'
arena_wrong "and a missing map" '.map = "maps/none.json"' 'map: .*maps/none.json: No such file'
arena_wrong "and an unknown key" '.timout = 3' "unknown key 'timout'; there are bots, map"
run -q -o arena3 event/game_config.json
is "no copies of bots are left behind" "$(ls -d /tmp/match-run.* 2>/dev/null | xargs -r stat -c %u 2>/dev/null | grep -c "^$TEST_UID\$")" 0

# --- relay
cat >"$H/engine.py" <<'PY'
import json, subprocess, sys
def start(name):
    return subprocess.Popen(["match-relay", name], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
one, loud, nobody = start("one"), start("loud"), start("nobody")
print(one.stdout.readline().strip())
for _ in range(3):
    one.stdin.write('{"legal": [7]}\n')
    one.stdin.flush()
    print(one.stdout.readline().strip())
one.stdin.close()
print("one", one.wait())
print("loud", len(loud.stdout.read()) < 3_000_000, loud.wait() != 0)
print("nobody", nobody.wait())
PY
mkdir "$H/loud"
printf 'while True:\n    print("x" * 1000, end="")\n' >"$H/loud/bot.py"
cat >"$H/bots.json" <<JSON
{ "bots": [ { "name": "one", "dir": "$E/bots/random" }, { "name": "loud", "dir": "loud", "command": ["python3", "bot.py"], "policy": "agent" } ] }
JSON
RC=0
OUT=$(cd "$H" && as_user env PATH="$BINDIR:$PATH" "$BINDIR/match-run" relay -o relayed bots.json -- /usr/bin/python3 engine.py 2>"$WORK/err") || RC=$?
is "relay: an engine that knows nothing of jails has jailed bots" "$RC $(printf '%s' "$OUT" | tr '\n' ' ')" "0 __READY__ 7 7 7 one 0 loud True True nobody 75"
is "relay: they are capped, and each has its status line" "$(jq -c '[.sessions[] | [.name, .fault, .jail.reason]] | sort' "$H/relayed/relay.json")" \
	'[["loud","output-limit","killed"],["one",null,"exited"]]'
like "relay: and what was said is logged" "$(cat "$H"/relayed/one-*.log)" '^> \{"legal": \[7\]\}'
RC=0
OUT=$(as_user env -u MATCH_RELAY "$BINDIR/match-relay" one 2>&1) || RC=$?
like "relay: without an engine around it, it says so" "$RC $OUT" '^75 match-relay: MATCH_RELAY: not set'

# --- what strangers put into files
mkdir "$H/own"
printf 'import time\nprint("__READY__", flush=True)\ninput()\ntime.sleep(60)\n' >"$H/own/bot.py"
echo '{ "command": ["python3", "bot.py"], "policy": "python", "limits": ["wall=1s"] }' >"$H/own/bot.json"
jq -n --arg e "$E" '{ game: "\($e)/games/connect4", bots: ["own", "\($e)/bots/random"], clock: { turn_ms: 20000 } }' >"$H/own.json"
run -q -o own1 own.json
is "a bot whose own bot.json ends its jail loses by that" "$RC $(jq -c '[.outcome, .winner, .players[0].fault]' "$H/own1/result.json")" '1 ["client_error",1,"timeout"]'
echo '{ "command": ["python3", "bot.py"], "protocol": "./evil.dialect" }' >"$H/own/bot.json"
run -q -o own2 own.json
like "a bot.json cannot bring a dialect" "$RC $OUT" "^2 match-run: .*a bot.json can name what is installed"
printf '{ "command": ["python3", "bot.py"], "\\u001b]0;x": 1 }' >"$H/own/bot.json"
run -q -o own3 own.json
like "no escape of theirs reaches the terminal" "$RC $(printf %s "$OUT" | tr '\033' E)" "^2 match-run: .*unknown key ' \]0;x'"
arena_wrong "a name that leaves its place" '.bots[0] = { "name": "../x", "path": "sample_bots/first.py" }' 'bots\[0\] needs a name'
mkdir "$H/pipe"
cp "$H/game/result.json" "$H/pipe"
mkfifo "$H/pipe/replay.jsonl"
RC=0
OUT=$(cd "$H" && as_user timeout 5 "$BINDIR/match-run" verify pipe 2>&1) || RC=$?
like "a replay that is a pipe is none" "$RC $OUT" '^2 match-run: pipe/replay.jsonl: '
printf 'import os, time\nos.close(0)\ntime.sleep(1)\nprint("1")\n' >"$H/agent/agent.py"
/usr/bin/python3 -c "print('[' + '1,' * 200000 + '1]')" >"$H/big.json"
job --input @big.json
is "exec: an agent that closes its input is not waited for" "$RC $(printf %s "$OUT" | jq -c '[.status, .output]')" '0 ["completed",1]'

# --- mistakes
run
like "no arguments" "$RC $OUT" '^2 match-run: an argument is wanted'
run play
like "play without a file" "$RC $OUT" '^2 match-run: one match file is wanted'
run play --nonsense x
like "an option that there is not" "$RC $OUT" '^2 match-run: no such option: --nonsense'
run new bot cobol x
like "a kit that there is not, and those that there are" "$RC $OUT" '^2 match-run: there is no kit for bot cobol'
for command in play check check-game verify rejudge explain replay exec new init relay; do
	run $command --help
	like "$command --help" "$RC $OUT" "^0 usage: match-run $command "
done
clean "all of that"
done_testing
