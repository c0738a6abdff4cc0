#!/usr/bin/python3
# Fault: timeout. It stops itself.
import os
import signal
import sys

print("__READY__", flush=True)
sys.stdin.readline()
os.kill(os.getpid(), signal.SIGSTOP)
