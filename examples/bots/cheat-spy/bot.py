#!/usr/bin/python3
"""Looks for the rival's program, and for the runner's files. Fault: early-exit, for there is nothing to see."""
import os
import sys

print("__READY__", flush=True)
sys.stdin.readline()
seen = []
for top in ("/bot/..", "/home", "/root", "/tmp", "/var", "/run", "/srv", "/opt", "/proc/1/root", "/proc/1/cwd"):
    for folder, folders, files in os.walk(top):
        if folder == "/bot/..":
            folders[:] = [name for name in folders if name not in ("usr", "proc", "etc", "dev")]     # the system's
        seen += [os.path.realpath(os.path.join(folder, file)) for file in files]
processes = [name for name in os.listdir("/proc") if name.isdigit() and int(name) != os.getpid()]
sys.exit(f"files: {sorted(set(seen))} processes: {processes}")
