#!/usr/bin/python3
"""Wants to look into other processes. Fault: syscall."""
import ctypes
import sys

print("__READY__", flush=True)
sys.stdin.readline()
ctypes.CDLL(None).ptrace(16, 1, 0, 0)
print('{"column": 3}', flush=True)
