#!/usr/bin/python3
# Fault: none. It kills whatever it can reach, its init first, and plays on.
import json
import os
import signal
import sys

print("__READY__", flush=True)
for line in sys.stdin:
    for pid in (1, -1):
        for number in (signal.SIGKILL, signal.SIGTERM, signal.SIGSTOP, signal.SIGSEGV):
            try:
                os.kill(pid, number)
            except OSError:
                pass
    print(json.loads(line)["legal"][0], flush=True)
