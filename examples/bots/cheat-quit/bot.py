#!/usr/bin/python3
"""Leaves in the middle of the match. Fault: early-exit."""
import sys

print("__READY__", flush=True)
sys.stdin.readline()
sys.exit("I have had enough")
