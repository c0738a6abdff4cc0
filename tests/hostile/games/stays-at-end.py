#!/usr/bin/python3
# Finishes. It ignores every signal, prints and stays when the match is over.
import json
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
for number in signal.valid_signals() - {signal.SIGKILL, signal.SIGSTOP}:
    try:
        signal.signal(number, signal.SIG_IGN)
    except OSError:
        pass    # the C library's own
say(t="ready")
ask(1)
end()
while True:
    sys.stdout.write("more\n" * 10000)
