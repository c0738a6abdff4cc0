#!/usr/bin/python3
"""Cheats by an answer that never ends: one byte now and then, so that a timer which output re-arms never fires.
Fault: timeout."""
import sys
import time

print("__READY__", flush=True)
sys.stdin.readline()
while True:
    sys.stdout.write(" ")
    sys.stdout.flush()
    time.sleep(0.03)
