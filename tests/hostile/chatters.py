#!/usr/bin/python3
# Fault: timeout. It prints a line every 30 ms, and none of them is an answer.
# Bot: {"prefix": "move "}
import sys
import time

print("__READY__", flush=True)
sys.stdin.readline()
while True:
    print("still thinking", flush=True)
    time.sleep(0.03)
