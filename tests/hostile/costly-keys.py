#!/usr/bin/python3
# Fault: bad-action. Its answer is as costly to check as one may be: 1 MB of objects with 2000 keys.
import sys

keys = b",".join(b'"%x":0' % key for key in range(2000))
answer = b"[" + b",".join([b"{" + keys + b"}"] * 60) + b"]"
print("__READY__", flush=True)
for line in sys.stdin:
    sys.stdout.buffer.write(answer + b"\n")
    sys.stdout.flush()
