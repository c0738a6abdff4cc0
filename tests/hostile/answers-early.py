#!/usr/bin/python3
# Fault: bad-action. It answers before it is asked.
import json
import sys

print("__READY__\n1", flush=True)
for line in sys.stdin:
    print(json.loads(line)["legal"][0], flush=True)
