#!/usr/bin/python3
# Fault: timeout. It prints bytes and never ends the line.
import sys
import time

print("__READY__", flush=True)
sys.stdin.readline()
while True:
    print(1, end="", flush=True)
    time.sleep(0.005)
