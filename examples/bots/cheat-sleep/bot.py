#!/usr/bin/python3
"""Cheats by thinking for ever. Fault: timeout."""
import sys
import time

print("__READY__", flush=True)
sys.stdin.readline()
time.sleep(1000)
