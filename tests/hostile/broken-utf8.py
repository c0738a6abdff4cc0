#!/usr/bin/python3
# Fault: bad-json. Its answer is not UTF-8.
import sys

answer = b'"\xff\xc3\xed\xa0\x80"'
print("__READY__", flush=True)
for line in sys.stdin:
    sys.stdout.buffer.write(answer + b"\n")
    sys.stdout.flush()
