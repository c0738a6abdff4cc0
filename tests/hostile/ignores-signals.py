#!/usr/bin/python3
# Fault: timeout. It ignores every signal and stays.
import signal
import sys
import time

for number in signal.valid_signals() - {signal.SIGKILL, signal.SIGSTOP}:
    try:
        signal.signal(number, signal.SIG_IGN)
    except OSError:
        pass    # the C library's own
print("__READY__", flush=True)
sys.stdin.readline()
while True:
    time.sleep(1000)
