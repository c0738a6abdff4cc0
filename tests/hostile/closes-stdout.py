#!/usr/bin/python3
# Fault: early-exit. It closes its output and stays.
import os
import sys
import time

print("__READY__", flush=True)
sys.stdin.readline()
os.close(1)
time.sleep(1000)
