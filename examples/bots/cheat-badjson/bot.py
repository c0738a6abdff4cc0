#!/usr/bin/python3
"""Answers something that is not JSON. Fault: bad-json."""
import sys

print("__READY__", flush=True)
sys.stdin.readline()
print("{column: 3", flush=True)
sys.stdin.read()
