#!/usr/bin/python3
# Fault: early-exit. It closes every descriptor and stays.
import os
import sys
import time

print("__READY__", flush=True)
sys.stdin.readline()
os.closerange(0, 1024)
time.sleep(1000)
