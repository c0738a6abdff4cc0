#!/usr/bin/python3
"""Plays any legal column. BOT_SEED makes it play the same way again."""
import json
import os
import random
import sys

dice = random.Random(os.environ.get("BOT_SEED"))
print("__READY__", flush=True)
for line in sys.stdin:
    view = json.loads(line)
    print(json.dumps({"column": dice.choice(view["legal"])}), flush=True)
