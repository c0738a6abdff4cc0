#!/usr/bin/python3
# Fault: bad-json. There is half a surrogate pair in its answer.
import sys

answer = rb'"\ud800"'
print("__READY__", flush=True)
for line in sys.stdin:
    sys.stdout.buffer.write(answer + b"\n")
    sys.stdout.flush()
