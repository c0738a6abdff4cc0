#!/usr/bin/python3
# Fault: output-limit. It prints lines as fast as it can.
# Bot: {"prefix": "move "}
import sys

print("__READY__", flush=True)
sys.stdin.readline()
while True:
    sys.stdout.write("y\n" * 32768)
