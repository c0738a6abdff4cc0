#!/usr/bin/python3
# Fault: bad-json. Its answer is nested 100000 levels deep.
import sys

answer = b"[" * 100000 + b"]" * 100000
print("__READY__", flush=True)
for line in sys.stdin:
    sys.stdout.buffer.write(answer + b"\n")
    sys.stdout.flush()
