#!/usr/bin/python3
# Fault: output-limit. It speaks a thousand lines without being asked, where one would be tolerated.
# Match: {"faults": {"bad-action": "default"}}
import json
import sys

print("__READY__", flush=True)
for line in sys.stdin:
    print("\n".join(str(json.loads(line)["legal"][0]) for _ in range(1000)), flush=True)
