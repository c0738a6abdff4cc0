#!/usr/bin/python3
"""peak.py FILE COMMAND...: runs a command, and writes its exit status, its own peak resident KiB (not its children's,
as getrusage(2) would tell), and its milliseconds to FILE."""
import subprocess
import sys
import time

start, peak = time.monotonic(), 0
process = subprocess.Popen(sys.argv[2:])
while process.poll() is None:
    try:
        with open(f"/proc/{process.pid}/status") as status:
            # It only grows, but what execve(2) replaced was python's.
            peak = next((int(line.split()[1]) for line in status if line.startswith("VmHWM:")), peak)
    except OSError:
        pass
    time.sleep(0.003)
with open(sys.argv[1], "w") as file:
    print(process.returncode, peak, round(1000 * (time.monotonic() - start)), file=file)
