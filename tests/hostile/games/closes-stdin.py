#!/usr/bin/python3
# Fails: [a-z]. It closes its input and waits for what it asked.
import json
import os
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
os.close(0)
say(t="ask", id=1, to={"0": {"you": 0, "turn": 1, "legal": [1]}})
time.sleep(1000)
