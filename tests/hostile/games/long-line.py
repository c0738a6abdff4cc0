#!/usr/bin/python3
# Fails: a line longer. It prints one line of 600 MiB.
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
for _ in range(600):
    sys.stdout.write("1" * (1 << 20))
print(flush=True)
