#!/usr/bin/python3
# Fault: bad-action. It prints an answer every 30 ms, asked or not.
import json
import sys
import time

print("__READY__", flush=True)
turn = json.loads(sys.stdin.readline())["turn"]
while True:
    print(turn, flush=True)
    time.sleep(0.03)
