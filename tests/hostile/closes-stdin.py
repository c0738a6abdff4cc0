#!/usr/bin/python3
# Fault: timeout. It closes its input after the first view and stays.
import json
import os
import sys
import time

print("__READY__", flush=True)
turn = json.loads(sys.stdin.readline())["turn"]
os.close(0)
print(turn, flush=True)
time.sleep(1000)
