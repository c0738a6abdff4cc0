#!/usr/bin/python3
# Fault: bad-action. It answers twice.
import json
import sys

print("__READY__", flush=True)
for line in sys.stdin:
    turn = json.loads(line)["legal"][0]
    print(f"{turn}\n{turn + 2}", flush=True)
