#!/usr/bin/python3
"""rechain.py REPLAY OLD NEW: replaces a text in a replay and makes the chain of digests anew, as a forger would."""
import hashlib
import sys

path, old, new = sys.argv[1:]
before = hashlib.sha256(b"").hexdigest()
for line in open(path):
    body = line.rstrip("\n").replace(old, new)
    body = '{"prev":"' + before + '"' + body[body.index('",') + 1:]
    before = hashlib.sha256(body.encode()).hexdigest()
    print(body)
