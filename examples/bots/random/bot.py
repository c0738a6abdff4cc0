#!/usr/bin/python3
"""Plays any legal action of any game whose views have "legal". BOT_SEED makes it play the same way again."""
import json
import os
import random
import sys

dice = random.Random(os.environ.get("BOT_SEED"))
print("__READY__", flush=True)
for line in sys.stdin:
    print(json.dumps(dice.choice(json.loads(line)["legal"])), flush=True)
