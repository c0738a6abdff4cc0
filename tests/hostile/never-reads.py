#!/usr/bin/python3
# Fault: timeout. It reads nothing, while each view has 200 kB.
# Match: {"game": {"options": {"pad": 200000}}}
import time

print("__READY__", flush=True)
time.sleep(1000)
