#!/usr/bin/python3
# Fault: none. A child stops it and lets it go on, in its turn: that is its own affair.
import json
import os
import signal
import sys
import time

print("__READY__", flush=True)
for line in sys.stdin:
    if os.fork() == 0:
        os.kill(os.getppid(), signal.SIGSTOP)
        time.sleep(0.03)
        os.kill(os.getppid(), signal.SIGCONT)
        os._exit(0)
    os.wait()
    print(json.loads(line)["legal"][0], flush=True)
