#!/usr/bin/python3
# Fault: output-limit. Its answer is one line of 600 MiB.
import sys

print("__READY__", flush=True)
sys.stdin.readline()
for _ in range(600):
    sys.stdout.write("1" * (1 << 20))
print(flush=True)
