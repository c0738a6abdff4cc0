#!/usr/bin/python3
# Fault: none. It leaves a FIFO, a device, a symbolic link and a huge sparse file where output may be looked for.
# match-run reads no file that a bot wrote, and fills no slot that a bot may write to: all of it must fail.
import json
import os
import stat
import sys


def sparse(path):
    fd = os.open(path, os.O_WRONLY | os.O_CREAT)
    os.ftruncate(fd, 1 << 40)


made = []
for folder in ("/bot", "/out", "/bot/games", "/", "/proc", "/usr"):
    for make in (os.mkfifo, lambda path: os.symlink("/etc/passwd", path), os.mkdir, sparse,
                 lambda path: os.mknod(path, stat.S_IFCHR | 0o666, os.makedev(1, 3))):
        try:
            make(folder + "/result.json")
            made.append(folder)
        except OSError:
            pass
print("made:", made, file=sys.stderr, flush=True)
print("__READY__", flush=True)
for line in sys.stdin:
    print(json.loads(line)["legal"][0], flush=True)
