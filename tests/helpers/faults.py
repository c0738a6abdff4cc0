"""Fails every system call of a launch in turn, and kills it at each. Prints TAP-like "ok"/"not ok" lines.

Usage: faults.py INJECT BOT-JAIL UID GROUP FOLDER [STRIDE]
After each run the program's mark must be absent or say that the jail was complete; the launch must not hang; and one more
start, which cleans what a killed keeper could not, must work. After every few the host must be as before.
"""
import collections
import ctypes
import glob
import os
import re
import subprocess
import sys
import time

INJECT, JAIL, UID, GROUP, FOLDER = sys.argv[1:6]
STRIDE = int(sys.argv[6]) if len(sys.argv) > 6 else 1
LOOK = 20               # faults between two looks at the host: the kernel takes its time to clear a jail's keys away
MOUNTS = "7"            # / /proc /usr /tmp /bot /etc/alternatives /etc/ld.so.cache
ARGUMENTS = ["-p", "python", "-d", f"bot={FOLDER}", "-s", "3", "--", "./complete", MOUNTS]


def claim(right, name):
    print(("ok " if right else "not ok ") + name, flush=True)
    return right


def key_users():
    with open("/proc/key-users") as file:
        return [line for line in file if re.match(r" *19000", line)]


def processes():
    found = []
    for path in glob.glob("/proc/[0-9]*/status"):
        try:
            with open(path) as file:
                text = file.read()
        except OSError:
            continue
        uid = int(re.search(r"^Uid:\t(\d+)", text, re.M).group(1))
        if 1900000000 <= uid < 1900001000 and "\nState:\tZ" not in text:
            found.append(text.split("\n")[0])
    return found


def reap():
    """Orphans of a killed keeper come to us: zombies would hold their keys."""
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        pass


def inventory():
    for _ in range(3000):
        reap()
        if not key_users() and not processes():
            break
        time.sleep(0.01)
    with open("/proc/self/mountinfo") as file:
        mounts = [line.split()[2:6] for line in file]
    with open("/proc/locks") as file:
        locks = [line for line in file if "OFDLCK" in line]
    with open("/run/bot-jail/uids", "rb") as file:
        holders = file.read().strip(b"\0")
    ipc = [open(f"/proc/sysvipc/{name}").read() for name in ("shm", "sem", "msg")]
    groups = sorted(path for link in glob.glob("/run/bot-jail/cgroup/*") for path in glob.glob(link + "/u*/*") if os.path.isdir(path))
    return mounts, groups, locks, holders, processes(), key_users(), ipc, sorted(os.listdir("/dev/shm"))


def difference(before, after):
    names = ("mounts", "cgroups", "locks", "uid holders", "processes", "keys", "System V IPC", "/dev/shm")
    return ", ".join(f"{name}: {b} -> {a}" for name, b, a in zip(names, before, after) if a != b)


def run(role, number, error, counts=None):
    """(exit status, mark, status line, errors); exit status None: it hung."""
    out, status = os.path.join(FOLDER, "..", "mark"), os.path.join(FOLDER, "..", "status")
    command = [INJECT, UID, GROUP, str(role), str(number), error, JAIL, *ARGUMENTS]
    redirect = f'exec "$@" >{out} 2>{out}.err 3>{status}' + (f" 9>{counts}" if counts else "")
    process = subprocess.Popen(["/bin/sh", "-c", redirect, "sh", *command], stdin=subprocess.DEVNULL)
    try:
        code = process.wait(timeout=20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        code = None
    return code, *(open(path).read() for path in (out, status, out + ".err"))


def plain():
    return subprocess.run(["setpriv", f"--reuid={UID}", f"--regid={UID}", f"--groups={GROUP}", "--", JAIL, *ARGUMENTS[:4], "--",
                           "./complete", MOUNTS], capture_output=True, text=True)


def faults(roles):
    """Every fault there is: (name of the process, role, number of its call, error)."""
    names = ["keeper", "idmap", "pid 1", "bot"] if len(roles) == 4 else ["keeper", "pid 1", "bot"]
    for role, calls in enumerate(roles):
        for number in range(1, calls + 1, STRIDE):
            for error in ("EPERM", "ENOMEM", "EINTR", "KILL"):
                yield names[role], role, number, error


def complaints(error, code, mark, status, errors):
    """What was wrong with a launch that had this fault."""
    if code is None:
        yield "hung"
    if mark not in ("", "complete\n"):
        yield mark
    if mark == "" and error != "KILL":
        if code == 0:
            yield "exit status 0 without a jail"
        # A C library that cannot start crashes; pid 1 that cannot go on shows as a killed jail.
        if not (errors or code == 139 or '"reason":"killed"' in status):
            yield f"not a word about it ({code} {status})"
    again = plain()
    if again.stdout != "complete\n":
        yield f"the next start fails: {again.stderr}"


def inject(roles, before):
    """(what was counted, what was wrong)"""
    tally = collections.Counter()
    wrong = []
    for name, role, number, error in faults(roles):
        code, mark, status, errors = run(role, number, error)
        if code == 99:
            tally["did not come"] += 1      # the wait phase is not the same each time
            continue
        tally["points"] += 1
        tally["jail complete" if mark == "complete\n" else "no jail"] += 1
        point = f"{name} call {number} {error}"
        wrong += [f"{point}: {text}" for text in complaints(error, code, mark, status, errors)]
        if tally["points"] % LOOK == 0 and (after := inventory()) != before:
            wrong.append(f"the {LOOK} up to {point}: {difference(before, after)}")
            before = after
    if (after := inventory()) != before:
        wrong.append(f"the last: {difference(before, after)}")
    return tally, wrong


def main():
    ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)     # PR_SET_CHILD_SUBREAPER
    first = plain()
    if not claim(first.stdout == "complete\n", f"without a fault the jail is complete ({first.stdout.strip()}{first.stderr.strip()})"):
        return
    before = inventory()
    counts = os.path.join(FOLDER, "..", "counts")
    code, mark, _, errors = run(0, 0, "COUNT", counts)
    claim(code == 0 and mark == "complete\n", f"under the tracer, too ({code} {mark.strip()} {errors.strip()})")
    roles = [int(line.split()[1]) for line in open(counts)]
    claim(len(roles) in (3, 4), f"the processes of a launch, and their calls: {roles}")
    claim(sum(roles) > 100, f"there are over 100 points: {sum(roles)}")
    tally, wrong = inject(roles, before)
    print("# " + ", ".join(f"{name}: {count}" for name, count in tally.items()))
    claim(tally["points"] > 400 // STRIDE, f"{tally['points']} faults were injected")
    claim(tally["no jail"] > tally["points"] // 2, f"{tally['no jail']} of them left no jail at all")
    for text in wrong[:40]:
        print("# " + text)
    claim(not wrong, "after each: no half jail, no hang, a word about it, and the host as before")


main()
print("# end")
