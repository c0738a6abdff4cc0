#!/usr/bin/python3
# Fault: bad-action. It speaks while it is not its turn.
# Match: {"pause": "off", "game": {"options": {"gap_ms": 200}}}
import json
import sys
import time

print("__READY__", flush=True)
for line in sys.stdin:
    turn = json.loads(line)["legal"][0]
    print(turn, flush=True)
    time.sleep(0.05)
    print(turn + 2, flush=True)
