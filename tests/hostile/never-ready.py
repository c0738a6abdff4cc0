#!/usr/bin/python3
# Fault: no-ready. It never says that it is ready.
# Match: {"clock": {"ready_ms": 5000}}
import time

time.sleep(1000)
