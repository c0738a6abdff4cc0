#!/usr/bin/python3
# Finishes. It kills whatever it can reach, its init first, and goes on.
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
for pid in (1, -1):
    for number in (signal.SIGKILL, signal.SIGTERM, signal.SIGSTOP, signal.SIGSEGV):
        try:
            os.kill(pid, number)
        except OSError:
            pass
ask(1)
end()
sys.stdin.read()
