#!/usr/bin/python3
# Fault: bad-json. Its answer is a number beyond a double.
import sys

answer = b"1e999"
print("__READY__", flush=True)
for line in sys.stdin:
    sys.stdout.buffer.write(answer + b"\n")
    sys.stdout.flush()
