#!/usr/bin/python3
"""Kills everything it sees. Fault: early-exit, for it sees nobody but itself."""
import os
import signal
import sys

print("__READY__", flush=True)
sys.stdin.readline()
killed = []
for pid in [-1, 1, *range(3, 40000)]:
    try:
        os.kill(pid, signal.SIGKILL)
        killed.append(pid)
    except OSError:
        pass
sys.exit(f"killed: {killed}")
