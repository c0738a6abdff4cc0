#!/usr/bin/python3
"""What a match of a tournament costs beside its programs: match-tournament, match-run and three jails, against the same
three programs started bare and joined by pipes; whole runs in turn, per match. As root; `make bench`."""
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

BUILD, BINDIR = sys.argv[1:3]
MATCHES = int(os.environ.get("TOURNAMENT_MATCHES", "1000"))
ROUNDS = int(os.environ.get("TOURNAMENT_ROUNDS", "2"))
USER = 54321  # an ordinary user, who needs no line in /etc/passwd
GROUP = int(subprocess.check_output(["getent", "group", "bot-jail"], text=True).split(":")[2])
BUDGET_MS = 15

PYTHON_BOT = 'import sys\nprint("__READY__", flush=True)\nfor line in sys.stdin:\n    print(1, flush=True)\n'
# name: the bots' command, their policy, matches
KINDS = {"C bots": (["./bot"], "c", MATCHES), "Python bots": (["/usr/bin/python3", "bot.py"], "python", MATCHES // 5)}


def play_bare(work, command):
    """One match by hand: what a referee without clocks, logs and jails would do."""
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    game = subprocess.Popen(["./game"], cwd=f"{work}/game", **pipes)
    bots = [subprocess.Popen(command, cwd=f"{work}/bot", **pipes) for _ in range(2)]
    game.stdin.write(b'{"t":"init","players":[{"name":"a"},{"name":"b"}],"seed":1}\n')
    game.stdin.flush()
    game.stdout.readline()
    for bot in bots:
        bot.stdout.readline()
    for bot in bots:
        game.stdout.readline()
        bot.stdin.write(b"0\n")
        bot.stdin.flush()
        game.stdin.write(b'{"t":"acts"}\n' if bot.stdout.readline() else b"")
        game.stdin.flush()
    game.stdout.readline()
    for process in (*bots, game):
        process.stdin.close()
        process.stdout.close()
        process.wait()


def bare(work, command, matches, jobs):
    cpus = sorted(os.sched_getaffinity(0))
    start = time.monotonic()
    children = []
    for job in range(jobs):
        child = os.fork()
        if child == 0:
            os.sched_setaffinity(0, {cpus[job % len(cpus)]})    # as the tournament has it: a match, a CPU
            for _ in range(matches // jobs):
                play_bare(work, command)
            os._exit(0)
        children.append(child)
    for child in children:
        os.waitpid(child, 0)
    return (time.monotonic() - start) / matches * 1000


def tournament(work, command, policy, matches, jobs):
    bots = [{"name": f"b{i}", "dir": "bot", "command": command, "policy": policy} for i in range(5)]
    document = {"game": {"dir": "game", "command": ["./game"], "policy": "c", "turns": "one"}, "bots": bots,
                "sets": matches // 20}
    pathlib.Path(work, "t.json").write_text(json.dumps(document))
    # Nothing is removed before the end: ext4 steps over inodes that were freed in the last minutes, one by one.
    folder = tempfile.mktemp(prefix="t", dir=work)
    start = time.monotonic()
    subprocess.run([f"{BINDIR}/match-tournament", "run", "-q", "--no-report", "-j", str(jobs), "-o", folder,
                    f"{work}/t.json"], check=True, user=USER, group=USER, extra_groups=[GROUP])
    return (time.monotonic() - start) / matches * 1000


def main():
    work = tempfile.mkdtemp(prefix="bench-")
    os.chmod(work, 0o755)
    os.chown(work, USER, USER)
    for name in ("game", "bot"):
        os.mkdir(f"{work}/{name}")
        shutil.copy(f"{BUILD}/tests/short_{name}", f"{work}/{name}/{name}")
    pathlib.Path(work, "bot", "bot.py").write_text(PYTHON_BOT)
    cpus = len(os.sched_getaffinity(0))
    print(f"\nA match of a tournament, ms each (whole runs of {MATCHES} and {MATCHES // 5} matches, in turn)\n")
    print(f"{'':14}{'at a time':>10}{'bare':>10}{'tournament':>12}{'more':>8}")
    for kind, (command, policy, matches) in KINDS.items():
        for jobs in sorted({1, cpus}):
            runs = [(bare(work, command, matches, jobs), tournament(work, command, policy, matches, jobs))
                    for _ in range(ROUNDS)]
            alone, whole = (min(run[i] for run in runs) for i in range(2))
            print(f"{kind:14}{jobs:10}{alone:10.1f}{whole:12.1f}{whole - alone:8.1f}"
                  f"   {'kept' if whole - alone <= BUDGET_MS else 'MISSED'}: {BUDGET_MS}")
    shutil.rmtree(work)


main()
