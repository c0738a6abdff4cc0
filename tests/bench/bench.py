#!/usr/bin/python3
"""What a jail costs, beside its peers: interleaved rounds, medians and ratios. As root; `make bench`."""
import json
import os
import pathlib
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

BUILD, BINDIR, STATE = sys.argv[1:4]
ROUNDS = int(os.environ.get("BENCH_ROUNDS", "200"))
USER = 65534  # nobody
PATH = "/usr/bin:/bin"
GROUP = int(subprocess.check_output(["getent", "group", "bot-jail"], text=True).split(":")[2])
ADMIN = pathlib.Path("/etc/bot-jail/policies")
BARE = "bench-bare"
MOUNTS = 300


def bare_policy():
    """Policy c without the limits that a v1 controller enforces on a hybrid host."""
    base = (pathlib.Path("policies") / "base.policy").read_text()
    kept = [line for line in base.splitlines() if not re.match(r"limit (memory|swap|processes) ", line)]
    return "\n".join(["include usr", "include threads", *kept, ""])


def commands(folder, program, argv):
    """Each way to start it: name, uid, group, words. `argv` is what runs inside, in a folder that shows as /bot."""
    jail = [f"{BINDIR}/bot-jail", "-d", f"bot={folder}"]
    outside = [word.replace("./", f"{folder}/", 1) if word.startswith("./") else word for word in argv]
    full = [shutil.which(outside[0], path=PATH) or outside[0], *outside[1:]]
    found = [
        ("spawn", USER, GROUP, full),
        ("limit", 0, 0, [f"{BUILD}/bench/limit", f"{STATE}/{BARE}.record", folder, program, *argv[1:]]),
        ("bot-jail", USER, GROUP, [*jail, "-p", BARE, "--", *argv]),
        ("bot-jail-all", USER, GROUP, [*jail, "-p", "c" if argv[0] == "./true" else argv[0].replace("3", ""), "--", *argv]),
        ("unshare", USER, GROUP, ["/usr/bin/unshare", "-rmpinuCf", *full]),
    ]
    if bwrap := shutil.which("bwrap"):
        found.append(("bwrap", USER, GROUP, [
            bwrap, "--unshare-all", "--die-with-parent", "--new-session", "--ro-bind", "/usr", "/usr",
            "--symlink", "usr/bin", "/bin", "--symlink", "usr/lib", "/lib", "--symlink", "usr/lib64", "/lib64",
            "--proc", "/proc", "--dev", "/dev", "--tmpfs", "/tmp", "--ro-bind", folder, "/bot", "--chdir", "/bot",
            "--", *argv]))
    if firejail := shutil.which("firejail"):
        found.append(("firejail", 0, 0, [
            firejail, "--quiet", "--noprofile", "--net=none", "--private-dev", "--caps.drop=all", "--seccomp",
            "--nonewprivs", "--", *full]))
    if crun := shutil.which("crun"):
        bundle = make_bundle(folder, argv)
        run = ["--root", f"{bundle}/state", "run", "-b", bundle, f"bench{os.getpid()}"]
        found.append(("crun", 0, 0, [crun, *run]))
        found.append(("crun-no-group", 0, 0, [crun, "--cgroup-manager=disabled", *run]))
    return found


def make_bundle(folder, argv):
    """An OCI bundle with the same namespaces, mounts and a group, for crun."""
    bundle = tempfile.mkdtemp(prefix="bundle.", dir=pathlib.Path(folder).parent)
    os.chmod(bundle, 0o755)
    root = pathlib.Path(bundle, "rootfs")
    for name in ("usr", "proc", "dev", "tmp", "bot"):
        (root / name).mkdir(parents=True)
    for name in ("bin", "lib", "lib64"):
        (root / name).symlink_to(f"usr/{name}")
    own = {line.split(":")[1]: line.split(":")[2].strip() for line in open("/proc/self/cgroup")}
    bind = {"type": "bind", "options": ["rbind", "ro", "nosuid", "nodev"]}
    pathlib.Path(bundle, "config.json").write_text(json.dumps({
        "ociVersion": "1.0.2",
        "process": {"user": {"uid": 1000, "gid": 1000}, "args": [shutil.which(argv[0], path=PATH) or argv[0], *argv[1:]],
                    "env": ["PATH=/usr/bin:/bin"], "cwd": "/bot", "noNewPrivileges": True,
                    "capabilities": {}},
        "root": {"path": "rootfs", "readonly": True},
        "hostname": "jail",
        "mounts": [{"destination": "/usr", "source": "/usr", **bind}, {"destination": "/bot", "source": folder, **bind},
                   {"destination": "/proc", "type": "proc", "source": "proc"},
                   {"destination": "/dev", "type": "tmpfs", "source": "tmpfs", "options": ["nosuid", "mode=755"]},
                   {"destination": "/tmp", "type": "tmpfs", "source": "tmpfs", "options": ["nosuid", "nodev"]}],
        "linux": {"namespaces": [{"type": kind} for kind in
                                 ("pid", "network", "ipc", "uts", "mount", "cgroup", "user")],
                  "uidMappings": [{"containerID": 0, "hostID": 1900100000, "size": 65536}],
                  "gidMappings": [{"containerID": 0, "hostID": 1900100000, "size": 65536}],
                  "cgroupsPath": own.get("memory", own.get("", "")).rstrip("/") + "/bot-jail-bench",
                  "resources": {"memory": {"limit": 512 << 20}, "pids": {"limit": 64}}},
    }))
    return bundle


def rounds(found, count, gap_ms=0, loops=1, mounts=0):
    """Microseconds by name. A way that does not work here is told and left out."""
    text = "".join("\t".join(map(str, (name, uid, group, *words))) + "\n" for name, uid, group, words in found)
    argv = [f"{BUILD}/bench/rounds", str(count), str(gap_ms), str(loops)]
    if mounts:
        more = f"i=0; while [ $i -lt {mounts} ]; do mkdir -p /mnt/m/$i && mount -t tmpfs m /mnt/m/$i; i=$((i+1)); done"
        argv = ["unshare", "-m", "sh", "-c", f'mount -t tmpfs m /mnt && {more} && exec "$@"', "sh", *argv]
    result = subprocess.run(argv, input=text, text=True, capture_output=True, env={"PATH": PATH, "HOME": "/"})
    if result.returncode:
        broken = result.stderr.strip().split("\n")[-1].split(":")[0]
        rest = [row for row in found if row[0] != broken]
        print(f"# {broken} does not work here: {' / '.join(result.stderr.strip().splitlines()[-3:])}")
        return rounds(rest, count, gap_ms, loops, mounts) if len(rest) < len(found) else {}
    times = {}
    for line in result.stdout.splitlines():
        name, value = line.split()
        times.setdefault(name, []).append(float(value))
    return times


def table(title, times):
    print(f"\n{title}\n  {'':14}{'median':>9}{'p90':>9}{'p99':>9}   x limit  x bot-jail")
    limit, jail = (statistics.median(times.get(name, [0])) for name in ("limit", "bot-jail"))
    for name, values in times.items():
        values.sort()
        median, p90, p99 = (values[min(len(values) - 1, int(len(values) * part))] for part in (0.5, 0.9, 0.99))
        print(f"  {name:14}{median:9.0f}{p90:9.0f}{p99:9.0f}{median / limit if limit else 0:10.2f}"
              f"{median / jail if jail else 0:12.2f}")
    sys.stdout.flush()


def keeper_memory(folder):
    """Proportional memory of a waiting keeper, kB, and that of its pid 1: proc_pid_smaps(5)."""
    jail = subprocess.Popen([f"{BINDIR}/bot-jail", "-p", "c", "-d", f"bot={folder}", "--", "sleep", "5"],
                            user=USER, group=USER, extra_groups=[GROUP])
    time.sleep(1)
    init = int(open(f"/proc/{jail.pid}/task/{jail.pid}/children").read().split()[0])
    sizes = []
    for pid in (jail.pid, init):
        text = open(f"/proc/{pid}/smaps_rollup").read()
        sizes.append(int(re.search(r"^Pss: +(\d+) kB", text, re.M).group(1)))
    jail.kill()
    jail.wait()
    return sizes


def count_calls(folder, policy):
    """System calls from bot-jail's exec up to the bot's, by process."""
    with tempfile.NamedTemporaryFile("r") as trace:
        subprocess.run(["strace", "-f", "-qq", "-o", trace.name, "setpriv", f"--reuid={USER}", f"--regid={USER}",
                        f"--groups={GROUP}", f"{BINDIR}/bot-jail", "-p", policy, "-d", f"bot={folder}", "--", "./true"],
                       check=True)
        lines = [line for line in trace.read().splitlines() if "resumed>" not in line and "+++" not in line and "---" not in line]
    start = next(i for i, line in enumerate(lines) if f'execve("{BINDIR}/bot-jail"' in line)
    by = {}
    for line in lines[start:]:
        pid = line.split()[0]
        by[pid] = by.get(pid, 0) + 1
        if 'execve("./true"' in line:
            break
    return sum(by.values()), sorted(by.values(), reverse=True)


def main():
    work = tempfile.mkdtemp(prefix="bot-jail-bench.")
    os.chmod(work, 0o755)
    folder = f"{work}/bot"
    os.mkdir(folder)
    shutil.copy(f"{BUILD}/bench/true", folder)
    os.chown(folder, USER, USER)
    ADMIN.mkdir(parents=True, exist_ok=True)
    policy = ADMIN / f"{BARE}.policy"
    try:
        policy.write_text(bare_policy())
        subprocess.run([f"{BINDIR}/bot-policy", "compile"], check=True, stdout=subprocess.DEVNULL)
        print(f"Microseconds from start to end of a program that does nothing, {ROUNDS} interleaved rounds a table.\n"
              "limit: the same jail by our own bare program, without checks, deadlines, accounts. bot-jail: policy c without\n"
              "memory and process limits; bot-jail-all: with them, which on a hybrid host are v1's and cost an attach.")
        static = commands(folder, "./true", ["./true"])
        table("a static program, one after the other", rounds(static, ROUNDS))
        table("the same after 60 ms of idling", rounds(static, ROUNDS // 2, gap_ms=60))
        table(f"the same with {MOUNTS} more mounts on the host", rounds(static, ROUNDS // 2, mounts=MOUNTS))
        for loops in (2, 8):
            several = [row for row in static if "crun" not in row[0]]  # whose container's name would be taken
            table(f"time per start with {loops} loops at once", rounds(several, ROUNDS, loops=loops))
        for program, words in (("/usr/bin/python3", ["python3", "-c", "pass"]), ("/usr/bin/node", ["node", "-e", "0"])):
            if os.path.exists(program):
                table(" ".join(words), rounds(commands(folder, program, words), ROUNDS // 4))
        keeper, init = keeper_memory(folder)
        print(f"\nmemory while a jail runs, proportional (PSS): keeper {keeper} kB, its pid 1 {init} kB")
        for name in (BARE, "c"):
            total, parts = count_calls(folder, name)
            print(f"system calls of a launch, policy {name}: {total} (keeper, pid 1 and others: {parts})")
    finally:
        policy.unlink(missing_ok=True)
        subprocess.run([f"{BINDIR}/bot-policy", "compile"], check=True, stdout=subprocess.DEVNULL)
        shutil.rmtree(work, ignore_errors=True)


main()
