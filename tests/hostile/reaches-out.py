#!/usr/bin/python3
# Fault: none. It tries to write to every descriptor that may be its rival's, and plays on.
import glob
import json
import os
import sys

print("__READY__", flush=True)
for line in sys.stdin:
    turn, reached = json.loads(line)["legal"][0], []
    for fd in range(3, 101):
        try:
            reached.append((fd, os.write(fd, b"1\n")))
        except OSError:
            pass
    for path in glob.glob("/proc/[0-9]*/fd/*") + [f"/proc/1/fd/{fd}" for fd in range(10)]:
        if path.startswith(f"/proc/{os.getpid()}/"):
            continue
        try:
            reached.append((path, os.write(os.open(path, os.O_WRONLY | os.O_NONBLOCK), b"1\n")))
        except OSError:
            pass
    print("reached:", reached, file=sys.stderr, flush=True)
    print(turn, flush=True)
