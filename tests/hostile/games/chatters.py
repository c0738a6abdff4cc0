#!/usr/bin/python3
# Fails: longer than. It draws a picture every 10 ms and asks nobody.
import json
import sys
import time


def say(**message):
    print(json.dumps(message), flush=True)


def ask(turn, seat=0):
    say(t="ask", id=turn, to={str(seat): {"you": seat, "turn": turn, "legal": [turn]}})
    sys.stdin.readline()


def end():
    say(t="end", ranks=[1, 1], scores=[0, 0], why="over")


sys.stdin.readline()
say(t="ready")
while True:
    say(t="frame", view={"text": "still thinking"})
    time.sleep(0.01)
