#!/usr/bin/python3
# Fault: early-exit. It leaves a daemon behind and exits.
import os
import signal
import sys
import time

print("__READY__", flush=True)
sys.stdin.readline()
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
        time.sleep(1000)
    os._exit(0)
os.wait()
os._exit(0)
