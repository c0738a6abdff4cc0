#!/usr/bin/python3
# Fault: none. It crashes when the match is over.
import json
import os
import signal
import sys

print("__READY__", flush=True)
for line in sys.stdin:
    print(json.loads(line)["legal"][0], flush=True)
os.kill(os.getpid(), signal.SIGSEGV)
