#!/usr/bin/python3
# Fault: crash. It crashes before it is ready.
import os
import signal

os.kill(os.getpid(), signal.SIGSEGV)
