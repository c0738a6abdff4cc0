#!/usr/bin/python3
# Fault: bad-json. Its answer has a key twice.
import sys

answer = b'{"turn":1,"turn":2}'
print("__READY__", flush=True)
for line in sys.stdin:
    sys.stdout.buffer.write(answer + b"\n")
    sys.stdout.flush()
