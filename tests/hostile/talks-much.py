#!/usr/bin/python3
# Fault: none. It writes 128 kB of short lines to its log in each turn, while its rival is asked, too.
# Bot: {"prefix": "move "}
# Rival: {"dir": "hostile/timed", "command": ["python3", "plays.py", "{\"sleep\":{\"*\":20}}"]}
# Match: {"game": {"options": {"together": true, "rounds": 8}}, "clock": {"turn_ms": 2000}}
import json
import sys

print("__READY__", flush=True)
for line in sys.stdin:
    sys.stdout.write("y\n" * 65536)
    print("move", json.loads(line)["legal"][0], flush=True)
