#!/usr/bin/python3
"""Never says that it is ready. Fault: no-ready."""
import time

time.sleep(1000)
