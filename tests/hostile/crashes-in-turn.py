#!/usr/bin/python3
# Fault: crash. It crashes in its turn.
import os
import signal
import sys

print("__READY__", flush=True)
sys.stdin.readline()
os.kill(os.getpid(), signal.SIGSEGV)
