#!/bin/sh
# Claim: the pages of a tournament work from the disk in a browser: no error, no request, replays step by buttons, keys and links, in
# light and dark and on a phone; what strangers wrote (names, logs, boards) is text in them; and the other forms are what they say.
. "$(dirname "$0")/lib/tap.sh"
needs_match_run
[ -x /usr/bin/chromedriver ] || skip_all "chromium and chromium-driver are not installed: packaging/deps test"
H=$WORK/home MT=$BINDIR/match-tournament
mkdir -p "$WORK/evil/game" "$WORK/evil/bot"
cat >"$WORK/evil/game/game.py" <<'P'
import json, sys
EVIL = "</script><script>document.title='owned'</script><img src=x onerror=\"document.title='owned'\">"
def say(**m): print(json.dumps(m), flush=True)
names = [p["name"] for p in json.loads(input())["players"]]
say(t="ready")
for turn in range(6):
    say(t="ask", id=turn, to={str(turn % 2): {"turn": turn, "legal": [EVIL]}})
    acts = json.loads(input())["acts"]
    say(t="frame", view=[{"board": [EVIL[:9], "<b>123456"], "text": EVIL + "\u202e"}, {"board": 7, "text": [EVIL]}, EVIL,
                         {"board": ["\u0000\u001b[31m"] * 3}, {"a": {"b": [[[[EVIL]]]]}}, {"board": ["x" * 300] * 300}][turn])
say(t="end", ranks=[1, 2], scores=[1, 0], why=EVIL)
sys.stdin.read()
P
cat >"$WORK/evil/bot/bot.py" <<'P'
import json, sys
print("__READY__", flush=True)
for line in sys.stdin:
    print("</pre><script>document.title='owned'</script> \x1b[31m \xff", file=sys.stderr, flush=True)
    print(json.dumps("<script>document.title='owned'</script>"), flush=True)
P
printf 'print("__READY__", flush=True)\ninput()\nraise ValueError("the last line of it")\n' >"$WORK/evil/bot/crash.py"
echo '{ "command": ["python3", "game.py"], "policy": "game", "players": [2, 2], "turns": "one" }' >"$WORK/evil/game/game.json"
echo '{ "command": ["python3", "bot.py"], "policy": "python" }' >"$WORK/evil/bot/bot.json"
chmod -R a+rX "$WORK"
jq -n --arg evil "$WORK/evil" '{ name: "<i>Cup</i> & \"quotes\"", game: { name: "evil", dir: "\($evil)/game" },
	bots: [{ name: "<script>alert(1)</script>", dir: "\($evil)/bot" }, { name: "\u202eb\" onclick=\"x", dir: "\($evil)/bot" }] }' >"$H/evil.json"
jq -n --arg e "$WORK/examples" --arg evil "$WORK/evil" '{ games: ["\($e)/games/connect4", "\($e)/games/tron"],
	bots: (["planner", "first"] | map({ name: ., dir: "\($e)/bots/allround", command: ["python3", "bot.py", .] })
		+ [{ name: "crashes", dir: "\($evil)/bot", command: ["python3", "crash.py"] }]), clock: { turn_ms: 60000 } }' >"$H/good.json"
run() {
	RC=0
	OUT=$(cd "$H" && as_user "$MT" "$@" 2>&1) || RC=$?
}
run run -q good.json
is "a tournament is played, and leaves pages" "$RC $OUT $(ls "$H/good/report")" "0  index.html
matches"
run run -q evil.json
is "one of strangers, too" "$RC $OUT" "0 "
[ -e "$H/evil/report/index.html" ] || comment "$(ls -R "$H/evil")"

# --- the pages themselves

pages=$(ls "$H"/*/report/index.html "$H"/*/report/matches/*.html)
is "no page has a script of anybody but ours, nor attributes that are one" \
	"$(for page in $pages; do grep -c '<script>' "$page"; done | sort -u | tr '\n' ' ')" "0 1 "
is "every page forbids all but its own style and script" \
	"$(for page in $pages; do grep -o 'default-src [^;]*; base-uri [^;]*; form-action [^;]*' "$page"; done | sort -u)" "default-src 'none'; base-uri 'none'; form-action 'none'"
is "nothing is loaded" "$(grep -lE '<[a-z][^>]* (src|srcset|data|poster)=|<link|@import|url\(' $pages)" ""
cat >"$WORK/pages.py" <<'P'
import glob
import os
import sys
import time

sys.path.insert(0, sys.argv[1])
from browser import Browser

folder, match, count = sys.argv[2], sys.argv[3], 0


def claim(true, name, more=""):
    global count
    count += 1
    print(f"{'ok' if true else 'not ok'} {count} - {name}")
    if not true:
        print(f"#   {str(more)[:400]}")


def wide(browser):
    return browser.evaluate("document.documentElement.scrollWidth - window.innerWidth")


with Browser() as browser:
    errors, titles = [], set()
    for page in glob.glob(f"{folder}/*/report/index.html") + glob.glob(f"{folder}/*/report/matches/*.html"):
        for dark in (False, True):
            browser.dark(dark)
            browser.open("file://" + page)
            errors += browser.errors()
            titles.add(browser.title())
        if "/matches/" in page:
            for _ in range(8):
                browser.keys("body", "Right")
            errors += browser.errors()
            if browser.attribute("html", "data-ready") != "1":
                errors.append(f"{page} is not ready")
    claim(not errors, "all pages load and step without an error, in light and dark", errors)
    claim("owned" not in titles, "no stranger's script has run", titles)

    browser.open(f"file://{folder}/evil/report/index.html")
    claim(browser.title() == '<i>Cup</i> & "quotes"', "a title is text", browser.title())
    names = browser.evaluate("[...document.querySelectorAll('.standings tbody th')].map(x => x.textContent)")
    claim("<script>alert(1)</script>" in names, "a bot named <script>alert(1)</script> is text", names)
    claim(browser.evaluate("document.querySelectorAll('main script, main img, [onclick]').length") == 0,
          "no element came out of a name")
    browser.click("a[href='matches/00001.html']")
    claim(browser.text("h1").startswith("<script>alert(1)</script>"), "a link leads to the match", browser.text("h1"))

    browser.open(f"file://{folder}/good/report/matches/{match}.html")
    step = lambda: int(browser.attribute("#viewer", "data-step"))
    browser.keys("body", "Home")
    claim(step() == 1, "Home is the first step", step())
    browser.click("#viewer .next, #viewer .on")
    first = step()
    claim(first > 1, "the button steps", first)
    browser.keys("body", "Right")
    second = step()
    claim(second > first, "the right arrow steps to the next picture", second)
    browser.keys("body", "Left")
    claim(step() == first, "the left one steps back", step())
    browser.keys("body", "End")
    last = step()
    claim(last > 10, "End is the last step", last)
    claim(f"{last} / {last}" in browser.text("#viewer .counter"), "and the counter says so", browser.text("#viewer .counter"))
    claim(browser.evaluate("document.querySelectorAll('#viewer svg.board g').length") > 0, "the board is drawn")
    claim("planner" in browser.text("#viewer .clocks"), "each player has a clock", browser.text("#viewer .clocks"))
    browser.open(f"file://{folder}/good/report/matches/{match}.html#step=5")
    until = time.time() + 10
    while step() != 5 and time.time() < until:
        time.sleep(0.1)
    claim(step() == 5, "a link leads to a step", step())
    browser.keys("body", "Space")
    browser.evaluate("new Promise(done => setTimeout(done, 2500))")
    claim(step() > 5, "space plays", step())
    claim(browser.evaluate("document.querySelector('#viewer [aria-live]') !== null"), "a screen reader is told of steps")

    browser.size(360, 740)
    for page in ("index.html", f"matches/{match}.html"):
        browser.open(f"file://{folder}/good/report/{page}")
        claim(wide(browser) <= 0, f"{page} fits a phone", wide(browser))
    browser.open(f"file://{folder}/good/report/index.html")
    claim("crashes" in browser.text("#failures"), "the gallery has who crashed", browser.text("#failures")[:300])
    claim(browser.evaluate("document.querySelector('#failures pre.log').textContent").endswith("the last line of it\n"),
          "with the end of its log")
    claim(browser.evaluate("document.querySelectorAll('svg.chart .dot').length") == 3, "ratings are a picture")
    claim(browser.evaluate("document.querySelectorAll('svg.histogram').length") >= 2, "times are, too")
    unnamed = browser.evaluate("[...document.querySelectorAll('table')].filter(t => !t.caption && !t.closest('[aria-label]')).length"
                               " + [...document.querySelectorAll('svg')].filter(s => !s.getAttribute('aria-label')).length")
    claim(unnamed == 0, "tables and pictures have names", unnamed)
print("# end")
P
long=$(as_user "$MT" plan "$H/good" | jq -r 'select(.game == "connect4" and .bots == ["planner", "first"]) | .match')
/usr/bin/python3 "$WORK/pages.py" "$TOP/tests/helpers" "$H" "$(printf %05d "$long")" >"$WORK/tap" 2>"$WORK/err"
relay "$WORK/tap" "$WORK/err"

# --- again, and elsewhere

before=$(cd "$H/good/report" && find . -type f -exec sha256sum {} + | sort)
run report good
is "report writes the same pages again" "$RC $(cd "$H/good/report" && find . -type f -exec sha256sum {} + | sort)" "0 $before"
is "and leaves no others" "$(ls "$H/good")" "matches
report
tournament.db"
install -d -o "$TEST_UID" "$H/precious"
as_user sh -c "echo mine >'$H/precious/file'"
run report -o precious good
like "a folder of something else is not replaced" "$RC $OUT $(cat "$H/precious/file")" '^2 match-tournament: .*/precious: File exists mine'
as_user sh -c "echo mine >'$H/precious/index.html'; mkdir '$H/pages.new'; echo mine >'$H/pages.new/file'; ln -s pages '$H/link'"
run report -o precious good
is "even with an index.html" "$RC $(cat "$H/precious/file")" "2 mine"
run report -o pages/ good
is "pages go anywhere, and take nothing with them" "$RC $(cat "$H/pages.new/file") $(ls "$H/pages")" "0 mine index.html
matches"
run report -o link good
is "a link stays one" "$RC $(readlink "$H/link")" "0 pages"
(cd "$H" && for n in 1 2 3 4; do as_user "$MT" report -o together good >/dev/null & done; wait)
is "several at once end with one of theirs, whole" "$(ls "$H/together/matches" | wc -l) $(ls -d "$H"/together* | wc -l)" "12 1"
rm "$H/good/matches/00002/replay.jsonl" && sed -i 5d "$H/good/matches/00003/replay.jsonl"
run report good
is "a match without replay, or with a damaged one, has a page all the same" "$RC $(ls "$H/good/report/matches" | wc -l)" "0 12"

# --- other forms

run report --format csv good
is "csv: a line for each seat, and a head" "$(printf '%s\n' "$OUT" | wc -l)" 25
run report --format csv evil
ok "csv: a spreadsheet's parser reads it" /usr/bin/python3 -c '
import csv, sys
rows = list(csv.DictReader(sys.argv[1].splitlines()))
assert len(rows) == 4 and rows[0]["bot"] == "<script>alert(1)</script>", rows' "$OUT"
run report --format json good
is "json: table and matches" "$(printf '%s' "$OUT" | jq -c '[(.table.standings | length), (.matches | length), .matches[0].seats[0].bot]')" '[3,12,"first"]'
run report --format pgn good
like "pgn: not of other games" "$RC $OUT" '^2 match-tournament: no match of .* is chess'
if [ -d "$TOP/examples/games/chess/node_modules" ]; then
	jq -n --arg e "$WORK/examples" '{ name: "Chess", game: { dir: "\($e)/games/chess", options: { max_plies: 12 },
		pool: [{ fen: null }, { fen: "4k3/4p3/8/8/8/8/4P3/4K3 b - - 0 11" }] },
		bots: [ "\($e)/bots/stockfish", "\($e)/bots/toga2" ], sets: 2 }' >"$H/chess.json"
	run run -q --no-report chess.json
	run report --format pgn chess
	is "pgn: of chess" "$RC $(printf '%s\n' "$OUT" | grep -c '^\[Result ') $(printf '%s\n' "$OUT" | grep -c '^1\. ') $(printf '%s\n' "$OUT" | grep -c '^11\.\.\. ') $(printf '%s\n' "$OUT" | grep -c '^\[SetUp "1"\]')" "0 4 2 2 2"
	printf '%s\n' "$OUT" >"$WORK/games.pgn"
	cat >"$WORK/examples/games/chess/read.js" <<'P'
const { Chess } = require("chess.js");
for (const game of require("fs").readFileSync(0, "utf8").split(/\n\n(?=\[Event)/)) {
	const chess = new Chess();
	chess.loadPgn(game.trim());
	console.log(chess.history().length, chess.getHeaders ? chess.getHeaders().White : chess.header().White);
}
P
	is "pgn: chess.js reads it" "$(node "$WORK/examples/games/chess/read.js" <"$WORK/games.pgn" 2>&1 | tr '\n' ' ')" \
		"12 stockfish 12 toga2 12 stockfish 12 toga2 "
else
	skip "pgn of chess" "chess.js is not there: npm ci in examples/games/chess"
fi
done_testing
