#!/usr/bin/python3
"""What match-run adds to a turn, beside a bare relay of the same bytes between the same two programs, on the same CPU:
interleaved rounds, medians of medians, ratios. And its memory, and how soon a bot is dead. As root; `make bench`."""
import json
import os
import pathlib
import re
import select
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

BUILD, BINDIR = sys.argv[1:3]
ROUNDS = int(os.environ.get("TURN_ROUNDS", "5"))
DEATHS = int(os.environ.get("TURN_DEATHS", "50"))
MATCH_RUN = os.environ.get("MATCH_RUN", f"{BINDIR}/match-run")
USER = 54321  # an ordinary user, who needs no line in /etc/passwd
GROUP = int(subprocess.check_output(["getent", "group", "bot-jail"], text=True).split(":")[2])
CPUS = os.sched_getaffinity(0)
CPU = int(os.environ.get("BENCH_CPU", str(max(CPUS))))
SIZES = {64: 10000, 14000: 5000}  # bytes of a view: turns of a match
TURN_MS = 100  # of bots that never answer

# name: match.json beside its programs, at most so many times the relay's
WAYS = {
    "relay": None,
    "relay, jails": None,
    "wall": ({"clock": {"kind": "wall", "turn_ms": 10000}, "pause": "off"}, 2.5),
    "wall, pause": ({"clock": {"kind": "wall", "turn_ms": 10000}, "pause": "on"}, 4.0),
    "fair": ({"clock": {"kind": "fair", "turn_ms": 10000}, "pause": "off"}, None),
    "fair, pause": ({"clock": {"kind": "fair", "turn_ms": 10000}, "pause": "on"}, None),
}


def now_us():
    return time.clock_gettime_ns(time.CLOCK_MONOTONIC) / 1000


def as_user(argv, cpus, work, **more):
    return subprocess.Popen(argv, user=USER, group=USER, extra_groups=[GROUP], cwd=work, stdout=subprocess.DEVNULL,
                            preexec_fn=lambda: os.sched_setaffinity(0, cpus), **more)


class Match:
    """One match of match-run in a folder of its own."""
    count = 0

    def __init__(self, work, turns, size, mode, edits, cpu=None):
        Match.count += 1
        self.folder = pathlib.Path(work, f"match{Match.count}")
        document = {"game": {"dir": f"{work}/game", "command": ["./game", str(turns), str(size)], "policy": "c"},
                    "bots": [{"dir": f"{work}/bot", "command": ["./bot", *mode], "policy": "c"}],
                    "cpu": "off" if cpu is None else cpu, **edits}
        path = pathlib.Path(work, "match.json")
        path.write_text(json.dumps(document))
        self.process = as_user([MATCH_RUN, "-q", "-o", str(self.folder), str(path)], CPUS, work, stderr=subprocess.PIPE)
        self.peak_kb = 0

    def look(self):
        """Its resident memory so far, at most. Gone with the process, so somebody has to look while it runs."""
        try:
            text = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        except OSError:
            return
        found = re.search(r"^VmHWM:\s+(\d+) kB", text, re.M)
        name = re.search(r"^Name:\s+(\S+)", text, re.M)
        if found and name.group(1) == "match-run":  # and not yet this program
            self.peak_kb = max(self.peak_kb, int(found.group(1)))

    def wait(self, step=0.02):
        while True:
            try:
                self.process.wait(step)
                break
            except subprocess.TimeoutExpired:
                self.look()
        errors = self.process.stderr.read().decode()
        self.result = json.loads(pathlib.Path(self.folder, "result.json").read_text()) if self.folder.exists() else {}
        return errors

    def numbers(self):
        return numbers_in(pathlib.Path(self.folder, "game.err").read_text())

    def clean(self):
        shutil.rmtree(self.folder, ignore_errors=True)


def numbers_in(text):
    words = text.split()
    return {words[i]: float(words[i + 1]) for i in range(0, len(words) - 1, 2)}


def relay(work, turns, size, jails):
    words = [["./game", str(turns), str(size)], ["./bot"]]
    for i, name in enumerate(("game", "bot")):
        words[i] = [f"{BINDIR}/bot-jail", "-p", "c", "-d", f"bot={work}/{name}", "--", *words[i]] if jails else \
            [f"{work}/{name}/{name}", *words[i][1:]]
    process = as_user([f"{work}/relay", *words[0], ":", *words[1]], {CPU}, work, stderr=subprocess.PIPE, text=True)
    return numbers_in(process.communicate()[1])


def one(work, way, turns, size, peaks):
    if not WAYS[way]:
        return relay(work, turns, size, "jails" in way)
    match = Match(work, turns, size, [], WAYS[way][0], CPU)
    errors = match.wait()
    if match.result.get("outcome") != "finished":
        sys.exit(f"turns.py: {way}: {errors or match.result.get('why')}")
    peaks.append(match.peak_kb)
    numbers = match.numbers()
    match.clean()
    return numbers


def budget(what, value, unit, most):
    print(f"budget: {what}: {value:.2f}{unit} of at most {most}{unit}: {'kept' if value <= most else 'MISSED'}")
    return value <= most


def turn_table(work):
    kept, peaks = [], []
    for size, turns in SIZES.items():
        medians, p99s, means = ({way: [] for way in WAYS} for _ in range(3))
        for _ in range(ROUNDS):
            for way in WAYS:
                numbers = one(work, way, turns, size, peaks)
                for table, key in ((medians, "median"), (p99s, "p99"), (means, "mean")):
                    table[way].append(numbers[key])
        bare = statistics.median(medians["relay"])
        print(f"\na turn with a view of {size} bytes, {turns} turns a round\n"
              f"  {'':14}{'median':>9}{'p99':>9}{'x relay':>9}{'turns/s':>9}   range of medians")
        for way in WAYS:
            median, p99, mean = (statistics.median(table[way]) for table in (medians, p99s, means))
            print(f"  {way:14}{median:9.1f}{p99:9.1f}{median / bare:9.2f}{1e6 / mean:9.0f}   "
                  f"{min(medians[way]):.1f} to {max(medians[way]):.1f}")
        for way in WAYS:
            if WAYS[way] and WAYS[way][1]:
                # of each round by itself: what slows one slows the other
                ratio = statistics.median(m / r for m, r in zip(medians[way], medians["relay"]))
                kept.append(budget(f"{way}, {size} bytes", ratio, " x relay", WAYS[way][1]))
        sys.stdout.flush()
    print()
    kept.append(budget("memory of match-run, that match", max(peaks) / 1024, " MiB", 16))
    return kept


def memory_table(work):
    kept = []
    for mode in ("flood", "flood-log", "flood-early"):
        match = Match(work, 10, 64, [mode], {"clock": {"kind": "wall", "turn_ms": 2000}, "pause": "off"})
        match.wait(0.002)
        kept.append(budget(f"memory of match-run, bot that does {mode} (ended by "
                           f"{match.result['players'][0]['fault']})", match.peak_kb / 1024, " MiB", 16))
        match.clean()
    return kept


def children(pid):
    try:
        return [int(word) for word in pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


def jail_of(pid, word):
    """The keeper below match-run whose command line has the word, its pid 1, and the bot; or None, not yet."""
    for keeper in children(pid):
        try:
            argv = pathlib.Path(f"/proc/{keeper}/cmdline").read_bytes().split(b"\0")
        except OSError:
            continue
        if word.encode() in argv:
            for init in children(keeper):
                for bot in children(init):
                    return {"keeper": keeper, "jail": init, "bot": bot}
    return None


def death(work, mode, cpu):
    """Microseconds from the deadline to the ends of the bot, of its jail's pid 1 and of bot-jail. None: missed it."""
    match = Match(work, 1, 64, [mode], {"clock": {"kind": "wall", "turn_ms": TURN_MS}, "pause": "off"}, cpu)
    jail = None
    while not jail and match.process.poll() is None:
        jail = jail_of(match.process.pid, mode)
    ends, poll, names = {}, select.poll(), {}
    for name, pid in (jail or {}).items():
        try:
            fd = os.pidfd_open(pid)
        except OSError:
            continue
        names[fd] = name
        poll.register(fd, select.POLLIN)
    while names:
        ready = poll.poll()
        at = now_us()
        for fd, _ in ready:
            ends[names.pop(fd)] = at
            poll.unregister(fd)
            os.close(fd)
    match.wait()
    deadline = match.numbers()["first"] + 1000 * TURN_MS  # the game wrote its ask then: match-run saw it no sooner
    match.clean()
    return {name: at - deadline for name, at in ends.items()} if len(ends) == 3 else None


def bare_death():
    """The same for a sleeping child without a jail that this program kills when the time has come."""
    child = subprocess.Popen(["/usr/bin/sleep", "9"])
    fd, deadline = os.pidfd_open(child.pid), now_us() + 1000 * TURN_MS
    poll = select.poll()
    poll.register(fd, select.POLLIN)
    time.sleep(max(0, deadline - now_us()) / 1e6)
    child.kill()
    poll.poll()
    at = now_us()
    os.close(fd)
    child.wait()
    return {"bot": at - deadline, "jail": at - deadline, "keeper": at - deadline}


DEATH_WAYS = {
    "bare kill": None,
    "asleep": ("sleep", None, 5),
    "asleep, one CPU": ("sleep", CPU, 5),
    "computing, one CPU": ("spin", CPU, None),
}


def death_table(work):
    """Interleaved, beside a bare kill: what is slow for both is the machine's."""
    os.sched_setaffinity(0, CPUS - {CPU} or CPUS)
    found = {way: [] for way in DEATH_WAYS}
    for _ in range(DEATHS):
        for way, what in DEATH_WAYS.items():
            ends = death(work, *what[:2]) if what else bare_death()
            if ends:
                found[way].append(ends)
    print(f"\nmicroseconds from a deadline of {TURN_MS} ms to the end of the bot that missed it, of its jail and of "
          f"bot-jail; {DEATHS} rounds\n  {'':20}{'bot':>8}{'worst':>8}{'jail':>9}{'worst':>8}{'bot-jail':>10}{'worst':>8}"
          f"{'jail above 5 ms':>17}")
    kept = []
    for way, ends in found.items():
        if not ends:
            sys.exit(f"turns.py: {way}: no bot was seen to die")
        bot, jail, keeper = ([one[name] for one in ends] for name in ("bot", "jail", "keeper"))
        print(f"  {way:20}{statistics.median(bot):8.0f}{max(bot):8.0f}{statistics.median(jail):9.0f}{max(jail):8.0f}"
              f"{statistics.median(keeper):10.0f}{max(keeper):8.0f}{sum(us > 5000 for us in jail):10} of {len(jail)}")
    noise = max(one["jail"] for one in found["bare kill"]) / 1000
    for way, ends in found.items():
        if DEATH_WAYS[way] and DEATH_WAYS[way][2]:
            jail = [one["jail"] / 1000 for one in ends]
            kept.append(budget(f"dead, {way}, median", statistics.median(jail), " ms", DEATH_WAYS[way][2]))
            kept.append(budget(f"dead, {way}, worst, less the worst bare kill", max(0, max(jail) - noise), " ms",
                               DEATH_WAYS[way][2]))
    return kept


def main():
    work = tempfile.mkdtemp(prefix="bot-jail-turns.")
    os.chmod(work, 0o755)
    for name in ("game", "bot"):
        os.mkdir(f"{work}/{name}")
        shutil.copy(f"{BUILD}/bench/turn_{name}", f"{work}/{name}/{name}")
    shutil.copy(f"{BUILD}/bench/turn_relay", f"{work}/relay")
    for path, folders, files in os.walk(work):
        for entry in [path, *(f"{path}/{file}" for file in files)]:
            os.chown(entry, USER, USER)
    try:
        print(f"\nMicroseconds a turn, as the game sees it, from its ask to the answer; match-run and all on CPU {CPU}, "
              f"{ROUNDS} interleaved\nrounds. relay: a bare program by epoll between the same game and bot, without "
              "jails, parsing, clock or replay.")
        kept = turn_table(work) + memory_table(work) + death_table(work)
        print(f"\n{sum(kept)} of {len(kept)} budgets kept")
    finally:
        shutil.rmtree(work, ignore_errors=True)


main()
