#!/usr/bin/python3
# Fails: longer than|more output|too much. It draws pictures as fast as it can: the replay must not fill the disk.
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
line = json.dumps({"t": "frame", "view": {"text": "x" * 60000}}) + "\n"
while True:
    sys.stdout.write(line)
