#!/usr/bin/python3
"""Closes its output and stays. Fault: early-exit."""
import os
import sys
import time

print("__READY__", flush=True)
sys.stdin.readline()
os.close(1)
time.sleep(1000)
