#!/bin/sh
# Claim: a tournament that is killed at any moment, again and again, and run again each time, counts every match once, ends with the
# very numbers of one that nobody disturbed, and leaves nothing behind. Its seed is printed.
. "$(dirname "$0")/lib/tap.sh"
needs_match_run
HOST=$(inventory)
short_match
chmod -R a+rX "$WORK"
jq -n --arg short "$WORK/short" '
	{ game: { dir: "\($short)/game", command: ["./game"], policy: "c", turns: "one" },
	  bots: [range(6) | { name: "b\(.)", dir: "\($short)/bot", command: ["./bot"], policy: "c" }], clock: { turn_ms: 60000 }, sets: 2, seed: 3 }' >"$WORK/cup.json"
jq '. + { format: "swiss", rounds: 5, sets: 2 } | .bots += (.bots[:4] | map(.name += "x"))' "$WORK/cup.json" >"$WORK/swiss.json"
cd "$WORK/home" || exit
as_user /usr/bin/python3 - "$BINDIR/match-tournament" "$WORK" >"$WORK/tap" 2>"$WORK/err" <<'P'
import json
import os
import pathlib
import random
import signal
import subprocess
import sys
import time

program, work = sys.argv[1:]
KILLS = 200
seed = int(os.environ.get("SEED", random.randrange(10**6)))
dice = random.Random(seed)
count = 0


def claim(true, name, more=""):
    global count
    count += 1
    print(f"{'ok' if true else 'not ok'} {count} - {name}")
    if not true:
        print(f"#   {more}")


def call(*words):
    return subprocess.run([program, *words], capture_output=True, text=True)


def numbers(folder):
    """All ratings to the last bit, and the plan with its states."""
    rates = [call("rate", "-s", system, "--format", "json", folder).stdout for system in ("elo", "bt", "glicko2", "openskill")]
    return rates, call("plan", folder).stdout, call("report", "--format", "csv", folder).stdout


def without_times(csv):
    return [[word for place, word in enumerate(line.split(",")) if place != 9] for line in csv.splitlines()]


def disturb(file, folder, report):
    """Runs it until it is finished; the kills that it took."""
    kills = 0
    while True:
        process = subprocess.Popen([program, "run", "-q", "-o", folder, *([] if report else ["--no-report"]), file],
                                   stderr=subprocess.PIPE, text=True, start_new_session=True)
        try:
            # On a slow machine it gets more time after a while, or it would never end.
            most = (0.25 if dice.random() < 0.8 else 0.8) * (1 + kills / 20)
            status = process.wait(dice.uniform(0, most))
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            process.wait()
            kills += 1
            continue
        return kills, status, process.stderr.read()


print(f"# seed {seed}")
for name in ("cup", "swiss"):
    calm = call("run", "-q", "--no-report", "-o", f"calm-{name}", f"{work}/{name}.json")
    claim(calm.returncode == 0, f"{name}: undisturbed, it ends with 0", calm.stderr)
calm = {name: numbers(f"calm-{name}") for name in ("cup", "swiss")}
claim(calm["cup"][1].count('"played"') == 60, "the first one has 60 matches")
kills, rounds, worst = 0, 0, []
while kills < KILLS and not worst:
    name = "swiss" if rounds % 3 == 2 else "cup"
    folder = f"cup{rounds}"
    took, status, errors = disturb(f"{work}/{name}.json", folder, rounds % 2)
    kills += took
    rounds += 1
    rates, plan, csv = numbers(folder)
    if status or errors:
        worst.append(f"{folder}: {status} {errors}")
    if rates != calm[name][0] or plan != calm[name][1] or without_times(csv) != without_times(calm[name][2]):
        worst.append(f"{folder}: other numbers than undisturbed")
    left = [path.name for path in pathlib.Path(folder, "matches").iterdir() if not path.name.isdigit()]
    played = sum(json.loads(line)["state"] == "played" and len(json.loads(line)["bots"]) > 1 for line in plan.splitlines())
    whole = len(list(pathlib.Path(folder, "matches").glob("*/result.json")))
    if left or whole != played:
        worst.append(f"{folder}: {whole} results of {played} matches, and {left}")
claim(not worst, f"killed {kills} times, {rounds} tournaments end as if nobody had", worst)
claim(kills >= KILLS, f"there were {KILLS} kills")
time.sleep(0.3)     # the last jails are still going
print("# end")
P
relay "$WORK/tap" "$WORK/err"
clean "all of it"
done_testing
