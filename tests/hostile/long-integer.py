#!/usr/bin/python3
# Fault: bad-json. Its answer is an integer of 5000 digits.
import sys

answer = b"7" * 5000
print("__READY__", flush=True)
for line in sys.stdin:
    sys.stdout.buffer.write(answer + b"\n")
    sys.stdout.flush()
