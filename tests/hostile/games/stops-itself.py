#!/usr/bin/python3
# Fails: longer than. It stops itself.
import json
import os
import signal
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
os.kill(os.getpid(), signal.SIGSTOP)
