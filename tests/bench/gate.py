#!/usr/bin/python3
"""What match-gate and match-build cost: gate.py BINDIR SBINDIR. One-shot executions a second, and the latency of one beside the
same jail called directly, in turn; /health while 64 clients are served for 30 s; a submission unpacked, checked and stored."""
import http.client
import json
import multiprocessing
import os
import pathlib
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import zipfile
import grp

BINDIR, SBINDIR = sys.argv[1:3]
USER, GROUP = 54321, grp.getgrnam("bot-jail").gr_gid
AS_USER = {"user": USER, "group": USER, "extra_groups": [GROUP]}
ROUNDS, SECONDS, CLIENTS = 100, 30, 64


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def ask(connection, method, path, body=None):
    connection.request(method, path, None if body is None else json.dumps(body), {"Content-Type": "application/json"})
    answer = connection.getresponse()
    return answer.status, answer.read()


def timed(call):
    start = time.monotonic()
    call()
    return (time.monotonic() - start) * 1000


def latency(port, work):
    """By the gate and by bot-jail, in turn: medians in ms."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    pathlib.Path(work, "main.sh").write_text("echo hi\n")
    jail = [f"{BINDIR}/bot-jail", "-p", "shell", "-l", "wall=10s", "-d", f"bot={work}", "--", "sh", "main.sh"]
    body = {"code": "echo hi\n", "language": "shell", "timeout": 10}
    gate, alone = [], []
    for _ in range(ROUNDS):
        gate.append(timed(lambda: ask(connection, "POST", "/execute", body)))
        alone.append(timed(lambda: subprocess.run(jail, stdout=subprocess.DEVNULL, stdin=subprocess.DEVNULL, check=True, **AS_USER)))
    return statistics.median(gate), statistics.median(alone)


def clients(port, until, pipe):
    counts = [0] * (CLIENTS // 4)

    def one(number):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        while time.monotonic() < until:
            status, _ = ask(connection, "POST", "/execute", {"code": "echo hi\n", "language": "shell", "timeout": 10})
            counts[number] += status == 200
            if status == 429:
                time.sleep(0.1)

    threads = [threading.Thread(target=one, args=(number,)) for number in range(len(counts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    pipe.send(sum(counts))


def load(port):
    """Executions a second of all clients, and what /health took meanwhile, in ms, sorted."""
    until = time.monotonic() + SECONDS
    pipes = [multiprocessing.Pipe() for _ in range(4)]
    for pipe in pipes:
        multiprocessing.Process(target=clients, args=(port, until, pipe[1])).start()
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    health = []
    while time.monotonic() < until:
        health.append(timed(lambda: ask(connection, "GET", "/health")))
        time.sleep(0.02)
    return sum(pipe[0].recv() for pipe in pipes) / SECONDS, sorted(health)


def builds(work):
    """A new submission each time; medians in ms of a whole match-build, new and known ones."""
    fresh, known = [], []
    for number in range(20):
        archive = f"{work}/{number}.zip"
        with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as made:
            made.writestr("agent.py", f"print({number})\n")
            made.writestr("data.bin", bytes(range(256)) * 1000)
        command = [f"{BINDIR}/match-build", "-q", "-s", f"{work}/store", archive]
        for times in (fresh, known):
            times.append(timed(lambda: subprocess.run(command, stdout=subprocess.DEVNULL, check=True, env={"TMPDIR": work}, **AS_USER)))
    return statistics.median(fresh), statistics.median(known)


def main():
    work = tempfile.mkdtemp(prefix="bench-")
    os.chmod(work, 0o755)
    os.chown(work, USER, USER)
    port = free_port()
    log = open(f"{work}/log", "w")
    gate = subprocess.Popen([f"{SBINDIR}/match-gate", "--listen", f"127.0.0.1:{port}", "--state", f"{work}/gate", "--store", f"{work}/store",
                             "--waiting", "128"], stdin=subprocess.DEVNULL, stderr=log, **AS_USER)
    try:
        for _ in range(100):
            try:
                socket.create_connection(("127.0.0.1", port)).close()
                break
            except ConnectionError:
                time.sleep(0.1)
        by_gate, alone = latency(port, work)
        print(f"\nOne execution by match-gate, medians of {ROUNDS} in turn with the same jail called directly\n")
        print(f"{'bot-jail':14}{alone:8.1f} ms\n{'match-gate':14}{by_gate:8.1f} ms   {by_gate - alone:+.1f}")
        rate, health = load(port)
        print(f"\n{CLIENTS} clients for {SECONDS} s: {rate:.0f} executions a second; /health meanwhile, ms: median "
              f"{health[len(health) // 2]:.1f}, p99 {health[len(health) * 99 // 100]:.1f}, worst {health[-1]:.1f}")
    finally:
        gate.terminate()
        gate.wait()
    fresh, known = builds(work)
    print(f"\nA submission by match-build: {fresh:.0f} ms with unpacking, syntax check and storing; {known:.0f} ms when it is known")
    shutil.rmtree(work)


main()
