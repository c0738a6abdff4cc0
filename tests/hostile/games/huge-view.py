#!/usr/bin/python3
# Fails: [a-z]. It asks with a view of 6 MiB: no player is to blame for that.
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
say(t="ask", id=1, to={"0": {"you": 0, "turn": 1, "legal": [1], "pad": "x" * (6 << 20)}})
sys.stdin.read()
