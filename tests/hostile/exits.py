#!/usr/bin/python3
# Fault: early-exit. It fails with a Python exception.
import sys

print("__READY__", flush=True)
sys.stdin.readline()
raise RuntimeError("I give up")
