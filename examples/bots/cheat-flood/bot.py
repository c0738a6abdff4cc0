#!/usr/bin/python3
"""Cheats by drowning the runner. Fault: output-limit."""
import sys

print("__READY__", flush=True)
sys.stdin.readline()
while True:
    sys.stdout.write("x" * 65536)
