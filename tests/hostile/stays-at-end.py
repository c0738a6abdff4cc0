#!/usr/bin/python3
# Fault: none. It prints and stays when the match is over.
import json
import sys

print("__READY__", flush=True)
for line in sys.stdin:
    print(json.loads(line)["legal"][0], flush=True)
while True:
    sys.stdout.write("more\n" * 10000)
