#!/usr/bin/python3
# Fault: timeout. It sleeps for ever.
import sys
import time

print("__READY__", flush=True)
sys.stdin.readline()
time.sleep(1000)
