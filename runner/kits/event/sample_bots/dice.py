"""Plays any legal move."""
import os
import random

from arena_api import play

dice = random.Random(os.environ.get("BOT_SEED"))
play(lambda view: dice.choice(view["legal"]))
