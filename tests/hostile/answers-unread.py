#!/usr/bin/python3
# Fault: timeout. It reads nothing and guesses when it is asked, while each view has 200 kB: they pile up.
# Match: {"pause": "on", "game": {"options": {"pad": 200000, "rounds": 60, "lax": true}}}
import time

print("__READY__", flush=True)
while True:
    time.sleep(0.2)    # it is stopped between its turns, so the next line comes when it is asked
    print(0, flush=True)
