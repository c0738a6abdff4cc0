#!/usr/bin/python3
# Fails: [a-z]. It tells a player, who is stopped meanwhile, 8 MiB: no player is to blame for that.
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
ask(1, seat=1)
for _ in range(80):
    say(t="tell", to={"1": {"pad": "x" * 100000}})
ask(2, seat=0)
sys.stdin.read()
