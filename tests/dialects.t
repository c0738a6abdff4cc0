#!/bin/sh
# Claim: a bot speaks as it is used to: any of several ready lines, answers behind a prefix, text that ends by a count or a
# line, or a script of its own; what it says besides goes to its log, and a match file can say it all.
. "$(dirname "$0")/lib/tap.sh"
needs_match_run
HOST=$(inventory)
H=$WORK/home
mkdir "$H/game" "$H/bot"

# The game asks three times with the view of its options, and tells all that was answered as scores.
cat >"$H/game/game.py" <<'PY'
import json, sys
init = json.loads(sys.stdin.readline())
print('{"t":"ready"}', flush=True)
heard = []
for turn in range(3):
    print(json.dumps({"t": "ask", "id": turn, "to": {"0": init["options"]["view"]}}), flush=True)
    line = sys.stdin.readline()
    if not line:
        sys.exit()
    heard.append(json.loads(line)["acts"].get("0"))
print(json.dumps({"t": "tell", "to": {"0": "told"}}), flush=True)
print(json.dumps({"t": "end", "ranks": [1], "scores": heard}), flush=True)
sys.stdin.read()
PY
echo '{ "command": ["python3", "game.py"], "policy": "game", "players": [1, 1] }' >"$H/game/game.json"
chown -R "$TEST_UID" "$H"

talk() { # name, view (JSON), program of the bot (python), more of the match file's bot (JSON), clock.ready_ms: scores in $OUT
	printf '%s\n' "$3" >"$H/bot/bot.py"
	jq -n --argjson view "$2" --argjson bot "$4" --argjson ready "${5:-30000}" '{ game: { dir: "game", options: { view: $view } },
		bots: [ { name: "b", dir: "bot", command: ["python3", "-u", "bot.py"], policy: "python" } + $bot ], clock: { ready_ms: $ready, turn_ms: 30000 } }' >"$H/match.json"
	rm -rf "$H/result"
	RC=0
	(cd "$H" && as_user "$BINDIR/match-run" -q -o result match.json) >"$WORK/out" 2>&1 || RC=$?
	OUT="$RC $(jq -c '.scores // .players[0].fault' "$H/result/result.json" 2>/dev/null || cat "$WORK/out")"
}
ECHO='
for line in sys.stdin:
    print(json.dumps({"n": json.loads(line)["n"]}))'

# json: ready lines
for ready in '__READY__' '"__READY__"' '__READY_V1__' "I'm Poppy!"; do
	talk "ready" '{"n":1}' "import sys, json
print('starting up')
print('''$ready''')$ECHO" '{ "ready": ["__READY__", "__READY_V1__", "I'"'"'m Poppy!"] }'
	is "json: ready by $ready" "$OUT" '0 [{"n":1},{"n":1},{"n":1}]'
done
talk "none" '{"n":1}' "import sys, json$ECHO" '{ "ready": [] }'
is "json: a bot that says nothing first" "$OUT" '0 [{"n":1},{"n":1},{"n":1}]'
talk "wrong" '{"n":1}' "import sys, json
print('hello')$ECHO" '{ "ready": ["__READY__"] }' 3000
is "json: another line is not ready" "$OUT" '1 "no-ready"'

# json: a prefix
talk "prefix" '{"n":2}' 'import sys, json
print("thinking", flush=True)
print("__READY__")
for line in sys.stdin:
    print("my log")
    print("$$$OUTPUT$$$:" + json.dumps(json.loads(line)["n"]))
    print("more of it")' '{ "prefix": "$$$OUTPUT$$$:" }'
is 'json: with $$$OUTPUT$$$: every other line is a log line' "$OUT" '0 [2,2,2]'
ok "json: and is kept in its log" [ "$(grep -c 'my log' "$H/result/b.err")" -ge 3 ]

# raw: text in, text out
talk "raw line" '"a view\nof two lines"' 'import sys
while True:
    a, b = sys.stdin.readline(), sys.stdin.readline()
    if not b: break
    print(a.strip() + "+" + b.strip())' '{ "protocol": "raw" }'
is "raw: a view is text, an answer one line of it" "$OUT" '0 ["a view+of two lines","a view+of two lines","a view+of two lines"]'
printf '# three lines\nturn:\n> {view}\n<< 3\n~ # *\n' >"$H/bot/three.dialect"
talk "raw lines" '"go"' 'import sys
for line in sys.stdin:
    print("# a remark\none\ntwo\nthree")' '{ "protocol": "bot/three.dialect" }'
is "a dialect of one's own: an answer of three lines, remarks dropped" "$OUT" '0 ["one\ntwo\nthree","one\ntwo\nthree","one\ntwo\nthree"]'
talk "ants" '"turn 1\na 1 2 0\ngo"' 'import sys
for line in sys.stdin:
    if line.strip() == "go":
        print("o 1 2 N\no 3 4 E\ngo")' '{ "protocol": "ants" }'
is "ants: orders up to go" "$OUT" '0 ["o 1 2 N\no 3 4 E","o 1 2 N\no 3 4 E","o 1 2 N\no 3 4 E"]'
talk "script" '{"x":4,"list":["a","b"],"gone":null}' 'import sys
print("name me")
assert sys.stdin.readline() == "hello 5 0\n"
print("ok")
for line in sys.stdin:
    word = line.split()
    if word[0] == "see":
        print("chatter")
        print("best", "".join(word[1:]), "ponder z")
    elif word[0] == "news":
        sys.stderr.write(line)' '{ "protocol": "bot/own.dialect", "vars": { "v": 5 } }'
is "a script that is not there is told" "$OUT" "2 $(cat "$WORK/out")"
cat >"$H/bot/own.dialect" <<'DIALECT'
start:
< name *
> hello {v} {seat}
< ok
turn:
>?gone never
>!gone see {x} {list}
< best {move} *
= {move}
tell:
> news {view}
DIALECT
cp "$H/bot/bot.py" "$H/bot/kept.py"
talk "script" '{"x":4,"list":["a","b"],"gone":null}' "$(cat "$H/bot/kept.py")" '{ "protocol": "bot/own.dialect", "vars": { "v": 5 } }'
is "a dialect of one's own: waits, fields, conditions, words" "$OUT" '0 ["4ab","4ab","4ab"]'
like "and tells" "$(cat "$H/result/b.err")" '^news told'
printf 'turn:\n> x\n' >"$H/bot/own.dialect"
talk "no answer" '1' 'pass' '{ "protocol": "bot/own.dialect" }'
like "a dialect without an answer is refused, with its line" "$(cat "$WORK/out")" 'own.dialect:[0-9]+: turn: waits for nothing'
printf 'turn:\n? x\n' >"$H/bot/own.dialect"
talk "no step" '1' 'pass' '{ "protocol": "bot/own.dialect" }'
like "so is a line that is no step" "$(cat "$WORK/out")" 'own.dialect:2: a line is a section'
talk "no dialect" '1' 'pass' '{ "protocol": "klingon" }'
like "and a dialect that there is not" "$(cat "$WORK/out")" "protocol 'klingon': .*klingon.dialect: No such file"
clean "many tongues"
done_testing
