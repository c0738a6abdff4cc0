#!/usr/bin/python3
# Fault: timeout. Sixteen processes of it spin on one CPU, so that each of them looks delayed by others.
# Match: {"clock": {"kind": "fair"}}
# Within: 5000 ms, where the clock gives up on a fair turn after 11 s
import os
import sys

print("__READY__", flush=True)
sys.stdin.readline()
os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
for _ in range(4):
    os.fork()
while True:
    pass
