#!/usr/bin/python3
"""Answers before it is asked, so that its next answer is there in no time. Fault: bad-action."""
import sys

print("__READY__", flush=True)
for _ in sys.stdin:
    print('{"column": 3}\n{"column": 3}', flush=True)
