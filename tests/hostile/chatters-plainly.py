#!/usr/bin/python3
# Fault: bad-json. It prints a line every 30 ms where each line is an answer.
import sys
import time

print("__READY__", flush=True)
sys.stdin.readline()
while True:
    print("still thinking", flush=True)
    time.sleep(0.03)
