"""What a bot of this event needs: `from arena_api import play`, then `play(choose)`.

choose(view) gets what the arena shows you, a dict, and returns one of view["legal"]. What you print goes to your
error log; the arena gets only what choose() returns.
"""
import json
import os
import sys


def play(choose):
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    for line in sys.stdin:
        answers.write(json.dumps(choose(json.loads(line))) + "\n")
        answers.flush()
