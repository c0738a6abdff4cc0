#!/usr/bin/python3
# Fault: bad-json. Its answer is an object with as many keys as a line may hold.
import sys

answer = b"{" + b",".join(b'"%d":0' % key for key in range(90000)) + b"}"
print("__READY__", flush=True)
for line in sys.stdin:
    sys.stdout.buffer.write(answer + b"\n")
    sys.stdout.flush()
