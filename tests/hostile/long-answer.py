#!/usr/bin/python3
# Fault: bad-action. Its answer is a string of 900 kB.
import sys

answer = b'"' + b"a" * 900000 + b'"'
print("__READY__", flush=True)
for line in sys.stdin:
    sys.stdout.buffer.write(answer + b"\n")
    sys.stdout.flush()
