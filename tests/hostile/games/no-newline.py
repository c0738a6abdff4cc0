#!/usr/bin/python3
# Fails: longer than. It prints bytes and never ends the line.
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
while True:
    print(1, end="", flush=True)
    time.sleep(0.005)
