#!/usr/bin/python3
# Fault: none. It writes 8 MiB to its log in a turn.
import json
import sys

print("__READY__", flush=True)
for line in sys.stdin:
    turn = json.loads(line)["legal"][0]
    if turn < 3:
        print("head of the log", file=sys.stderr)
        for _ in range(8):
            sys.stderr.write(("x" * 63 + "\n") * 16384)
        print("tail of the log", file=sys.stderr, flush=True)
    print(turn, flush=True)
