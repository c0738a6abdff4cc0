#!/usr/bin/python3
"""Takes all memory there is. Fault: memory."""
import sys

print("__READY__", flush=True)
sys.stdin.readline()
held = []
while True:
    held.append(bytearray(b"x" * (16 << 20)))
