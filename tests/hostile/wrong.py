#!/usr/bin/python3
# Fault: bad-action. Its answer is no legal one.
import sys

print("__READY__", flush=True)
for line in sys.stdin:
    print(-1, flush=True)
