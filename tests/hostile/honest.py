#!/usr/bin/python3
# Fault: none. It plays by the rules.
import json
import sys

print("__READY__", flush=True)
for line in sys.stdin:
    print(json.loads(line)["legal"][0], flush=True)
