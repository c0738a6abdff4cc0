#!/usr/bin/python3
"""Fills the machine with copies of itself, in sessions of their own. Fault: timeout."""
import os
import sys

print("__READY__", flush=True)
sys.stdin.readline()
while True:
    try:
        os.fork()
        os.setsid()
    except OSError:
        pass
