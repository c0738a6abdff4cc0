#!/usr/bin/python3
# Fault: output-limit. Its answer is an object with a million keys.
import sys

answer = b"{" + b",".join(b'"%d":0' % key for key in range(1000000)) + b"}"
print("__READY__", flush=True)
for line in sys.stdin:
    sys.stdout.buffer.write(answer + b"\n")
    sys.stdout.flush()
