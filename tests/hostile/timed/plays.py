#!/usr/bin/python3
"""Plays turns.py by a plan, one JSON argument: {"sleep": {"3": 200, "*": 10}, "wrong": {"1": 2}, "ready": 500} sleeps
200 ms in turn 3 and 10 in any other, gives 2 wrong answers to turn 1, and is ready after 500 ms."""
import json
import sys
import time

plan = json.loads(sys.argv[1]) if len(sys.argv) > 1 else {}
asked = {}
time.sleep(plan.get("ready", 0) / 1000)
print("__READY__", flush=True)
for line in sys.stdin:
    turn = json.loads(line)["turn"]
    sleep, wrong = ({"*": 0, **plan.get(what, {})} for what in ("sleep", "wrong"))
    time.sleep(sleep.get(str(turn), sleep["*"]) / 1000)
    asked[turn] = asked.get(turn, 0) + 1
    print(turn if asked[turn] > wrong.get(str(turn), wrong["*"]) else -turn, flush=True)
