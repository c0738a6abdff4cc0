#!/bin/sh
# Claim: match-run killed at any moment leaves no jail and no half result: its folder is not there, or whole. The next
# match is played as if nothing had been, and clears away what the killed ones could not.
. "$(dirname "$0")/lib/tap.sh"
needs_match_run
cp -R "$TOP/tests/hostile" "$WORK/hostile"
chmod -R a+rX "$WORK/hostile"
HOST=$(inventory)
cd "$WORK/home" || exit 1
jq -n '
	def bot($name): { name: $name, dir: "examples/bots/random", command: ["python3", "bot.py"], policy: "python" };
	{ game: { name: "connect4", dir: "examples/games/connect4", command: ["python3", "connect4.py"], policy: "game" },
	  bots: [bot("ann"), bot("bob")], clock: { ready_ms: 10000, turn_ms: 5000 }, seed: 1 }' >"$WORK/match.json"
as_user /usr/bin/python3 - "$BINDIR/match-run" "$WORK/match.json" >"$WORK/tap" 2>"$WORK/err" <<'P'
import collections, glob, hashlib, json, os, random, shutil, signal, subprocess, sys, time

runner, match = sys.argv[1:]
seed = int(os.environ.get("KILLED_SEED", time.time_ns() % 1000000))
print(f"# KILLED_SEED={seed}")
dice = random.Random(seed)


def claim(right, name):
    print(("ok " if right else "not ok ") + name, flush=True)


def start():
    return subprocess.Popen([runner, "-q", "-o", "result", match], stderr=subprocess.DEVNULL)


def wrong():
    """What is wrong with the folder, where there is one."""
    try:
        with open("result/result.json") as file:
            result = json.load(file)
        with open("result/replay.jsonl", "rb") as file:
            replay = file.read()
    except (OSError, ValueError) as error:
        return str(error)
    before = hashlib.sha256(b"").hexdigest()
    for line in replay.splitlines():
        if json.loads(line)["prev"] != before:
            return f"the replay's chain is broken: {line[:100]}"
        before = hashlib.sha256(line).hexdigest()
    if result["replay"]["digest"] != hashlib.sha256(replay).hexdigest():
        return "the replay's digest is wrong"
    if result["outcome"] != "finished" or sorted(os.listdir("result")) != files:
        return f"{result['outcome']}: {os.listdir('result')}"
    return None


def play():
    """A whole match: how long it took."""
    begin = time.monotonic()
    code = start().wait()
    return code, time.monotonic() - begin


files = ["ann.err", "bob.err", "connect4.err", "match.log", "replay.jsonl", "result.json"]
times = []
for _ in range(5):
    code, took = play()
    times.append(took)
    assert code == 0, code
    assert wrong() is None, wrong()
    shutil.rmtree("result")
usual = sorted(times)[2]
print(f"# a match takes {1000 * usual:.0f} ms")

whole, faults, most = 0, collections.Counter(), 0
for kill in range(200):
    process = start()
    # Half of them anywhere, half of them near the end, where the folder is made whole.
    time.sleep(dice.uniform(0, 1.1 * usual) if kill % 2 else max(0, dice.gauss(0.95 * usual, 0.05 * usual)))
    process.send_signal(signal.SIGKILL)
    process.wait()
    if os.path.exists("result"):
        whole += 1
        if wrong():
            faults[wrong()] += 1
        shutil.rmtree("result")
    most = max(most, len(glob.glob("result.part-*")))
claim(not faults, f"killed at 200 moments: no result ({200 - whole} times) or a whole one ({whole}) {dict(faults)}")
claim(whole < 200, "most of them were killed in time")
code, took = play()
claim(code == 0 and not wrong(), f"the next match is played ({code}, {1000 * took:.0f} ms)")
left = glob.glob("*.part-*") + glob.glob(".*")
claim(not left, f"and leaves none of their working folders ({len(left)} left)")
claim(most <= 2, f"which do not pile up meanwhile, either ({most} at a time)")
print("# end")
P
relay "$WORK/tap" "$WORK/err"
clean "200 killed matches"
done_testing
