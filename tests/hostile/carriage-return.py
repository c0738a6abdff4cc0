#!/usr/bin/python3
# Fault: bad-json. Its answer has a carriage return within, where a game's reader may see the end of a line.
import sys

print("__READY__", flush=True)
for line in sys.stdin:
    sys.stdout.write("[\r0]\n")
    sys.stdout.flush()
