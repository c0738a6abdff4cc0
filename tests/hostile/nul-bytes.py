#!/usr/bin/python3
# Fault: bad-json. There are NUL bytes in its answer.
import sys

answer = b"\0\0" + b"1\0"
print("__READY__", flush=True)
for line in sys.stdin:
    sys.stdout.buffer.write(answer + b"\n")
    sys.stdout.flush()
