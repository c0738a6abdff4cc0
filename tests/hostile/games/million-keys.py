#!/usr/bin/python3
# Fails: too many keys. Its message has a million keys.
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
sys.stdout.buffer.write(b'{"t":"frame","view":{' + b",".join(b'"%d":0' % key for key in range(1000000)) + b"}}" + b"\n")
sys.stdout.flush()
sys.stdin.read()
