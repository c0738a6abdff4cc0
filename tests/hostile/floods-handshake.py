#!/usr/bin/python3
# Fault: output-limit. It prints lines as fast as it can and never gets ready.
import sys

while True:
    sys.stdout.write("y\n" * 32768)
