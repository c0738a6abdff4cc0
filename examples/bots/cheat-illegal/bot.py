#!/usr/bin/python3
"""Plays where there is no column. Fault: bad-action."""
import sys

print("__READY__", flush=True)
for _ in sys.stdin:
    print('{"column": 99}', flush=True)
