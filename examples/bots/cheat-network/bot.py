#!/usr/bin/python3
"""Asks a friend on the network. Fault: early-exit, for there is no network."""
import socket
import sys

print("__READY__", flush=True)
sys.stdin.readline()
try:
    friend = socket.create_connection(("127.0.0.1", 80), timeout=5)
    print("connected", file=sys.stderr)
except OSError as error:
    sys.exit(f"no network: {error}")
