#!/usr/bin/python3
# Fault: timeout. It answers late.
import json
import sys
import time

print("__READY__", flush=True)
for line in sys.stdin:
    time.sleep(3)
    print(json.loads(line)["legal"][0], flush=True)
