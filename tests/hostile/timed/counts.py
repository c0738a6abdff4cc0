#!/usr/bin/python3
"""A thread, a child and a grandchild with a session of its own count milliseconds, whatever the match does. The answer
says how far each was when the view came, and when the answer goes."""
import json
import mmap
import os
import struct
import sys
import threading
import time

shared = mmap.mmap(-1, 4096)


def count(index):
    for number in range(1 << 30):
        struct.pack_into("q", shared, 8 * index, number)
        time.sleep(0.001)


threading.Thread(target=count, args=(0,), daemon=True).start()
if os.fork() == 0:
    count(1)
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        count(2)
    os._exit(0)
os.wait()
print("__READY__", flush=True)
for line in sys.stdin:
    came = struct.unpack_from("3q", shared)
    turn = json.loads(line)["turn"]
    print(json.dumps({"turn": turn, "came": came, "goes": struct.unpack_from("3q", shared)}), flush=True)
