#!/usr/bin/python3
# Finishes. It writes 8 MiB to its log.
import json
import sys


def say(**message):
    print(json.dumps(message), flush=True)


def ask(turn, seat=0):
    say(t="ask", id=turn, to={str(seat): {"you": seat, "turn": turn, "legal": [turn]}})
    sys.stdin.readline()


def end():
    say(t="end", ranks=[1, 1], scores=[0, 0], why="over")


sys.stdin.readline()
say(t="ready")
ask(1)
print("head of the log", file=sys.stderr)
for _ in range(8):
    sys.stderr.write(("x" * 63 + "\n") * 16384)
print("tail of the log", file=sys.stderr, flush=True)
end()
sys.stdin.read()
