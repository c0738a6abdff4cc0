#!/usr/bin/python3
"""Dies by a signal when it is asked. Fault: crash."""
import os
import sys

print("__READY__", flush=True)
sys.stdin.readline()
os.abort()
