#!/usr/bin/python3
# Fault: none. A thread of it burns CPU all the time, its rival's turns included.
# Match: {"game": {"options": {"gap_ms": 150}}}
import json
import sys
import threading


def burn():
    while True:
        pass


threading.Thread(target=burn, daemon=True).start()
print("__READY__", flush=True)
for line in sys.stdin:
    print(json.loads(line)["legal"][0], flush=True)
